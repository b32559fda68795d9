"""A bundle: events as a file, for where no server can be reached.

Lines of JSON, each ended by a line feed. The first is `{"format":"cockpit-bundle","version":1}`,
then one `[received, envelope]` for each event (received: when a server took it, in Unix ms, or
null), at last `{"events":N,"sha256":"…"}`, the digest of all lines before it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import BinaryIO

import msgspec
from msgspec import Raw, Struct

from cockpit.domain.envelope import Op, Record
from cockpit.domain.wire import MAX_ENVELOPE_BYTES
from cockpit.errors import ImportRefusedError, InvalidInputError

FORMAT = "cockpit-bundle"
VERSION = 1
UNCHANGED = "Nothing was brought in."
MAX_BYTES = 2 * 1024**3
"""The most bytes of a bundle that are read, unpacked: about six million events."""

_MAX_LINE = MAX_ENVELOPE_BYTES + 64


class Header(Struct, frozen=True):
    """The first line."""

    format: str
    version: int


class End(Struct, frozen=True):
    """The last line: how many events stand before it, and the digest of all those lines."""

    events: int
    sha256: str


class _Line(Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    received: int | None
    envelope: Raw


_lines = msgspec.json.Decoder(_Line)


def write_bundle(records: Iterable[Record], encode: Callable[[Op], bytes]) -> Iterator[bytes]:
    """Yield the lines of a bundle; `encode` returns an event's envelope, sealed or in the open."""
    line = _json(Header(FORMAT, VERSION))
    digest, count = sha256(line), 0
    yield line
    for record in records:
        line = _json((record.received_ms, Raw(encode(record.op))))
        digest.update(line)
        count += 1
        yield line
    yield _json(End(count, digest.hexdigest()))


def check_bundle(stream: BinaryIO) -> int:
    """Return how many events a bundle holds; raises ImportRefusedError where it is not whole.

    Reads the stream to its end without looking into the events.
    """
    return sum(1 for _ in _read_lines(stream))


def read_bundle(
    stream: BinaryIO, decode: Callable[[bytes], Op], latest_ms: int
) -> Iterator[Record]:
    """Yield the events of a bundle; `decode` returns the op of an envelope.

    latest_ms: receive times after this (Unix ms) are refused. Raises ImportRefusedError with the
    record's number, or at the end where the bundle is not whole: use nothing of it then.
    """
    for number, line in enumerate(_read_lines(stream), start=1):
        try:
            found = _lines.decode(line)
            if found.received is not None and not 0 <= found.received <= latest_ms:
                raise InvalidInputError("it was received before 1970 or after now.")
            op = decode(bytes(found.envelope))
        except InvalidInputError as error:
            raise _wrong_record(number, error.message, error.hint) from error
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise _wrong_record(number, f"{error}.") from error
        yield Record(op, found.received)


def too_large() -> ImportRefusedError:
    """Return what to say of a bundle above `MAX_BYTES`."""
    return ImportRefusedError(
        f"The bundle is larger than {MAX_BYTES // 1024**3} GB.",
        f"Export fewer incidents at once. {UNCHANGED}",
    )


def _read_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines between the first and the last, which are checked."""
    line = stream.readline(_MAX_LINE)
    _check_header(line)
    digest, size, count = sha256(line), len(line), 0
    while True:
        line = stream.readline(_MAX_LINE)
        size += len(line)
        if not line.endswith(b"\n") or size > MAX_BYTES:
            raise _broken_off(line, size, count)
        if line.startswith(b"{"):
            break
        digest.update(line)
        count += 1
        yield line
    _check_end(line, count, digest.hexdigest())
    if stream.read(1):
        raise ImportRefusedError(
            f"The bundle goes on after its end, which is after record {count:,}.", UNCHANGED
        )


def _check_header(line: bytes) -> None:
    try:
        header = msgspec.json.decode(line, type=Header)
        known = header.format == FORMAT
    except (msgspec.MsgspecError, ValueError, RecursionError):
        known = False
    if not known:
        raise ImportRefusedError(
            "That is no bundle of events.",
            f"cockpit sync export makes one; for other files there is cockpit import. {UNCHANGED}",
        )
    if header.version != VERSION:
        raise ImportRefusedError(
            f"The bundle's version is {header.version}; this program reads {VERSION}.",
            f"Update the program. {UNCHANGED}",
        )


def _check_end(line: bytes, count: int, digest: str) -> None:
    try:
        end = msgspec.json.decode(line, type=End)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _wrong_record(count + 1, "it is neither an event nor the bundle's end.") from error
    if end != End(count, digest):
        raise ImportRefusedError(
            f"The bundle was changed after it was written: its digest does not fit "
            f"its {count:,} events.",
            f"Copy it again. {UNCHANGED}",
        )


def _broken_off(line: bytes, size: int, count: int) -> ImportRefusedError:
    if size > MAX_BYTES:
        return too_large()
    if len(line) == _MAX_LINE:
        return _wrong_record(count + 1, f"it is longer than {MAX_ENVELOPE_BYTES // 1024} KiB.")
    return ImportRefusedError(
        f"The bundle breaks off after record {count:,}: it was not copied whole.",
        f"Copy it again. {UNCHANGED}",
    )


def _wrong_record(number: int, why: str, hint: str = "") -> ImportRefusedError:
    return ImportRefusedError(f"Record {number:,}: {why}", f"{hint} {UNCHANGED}".strip())


def _json(value: object) -> bytes:
    return msgspec.json.encode(value, order="sorted") + b"\n"
