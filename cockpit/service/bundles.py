"""Bundles: events from one cockpit to another as a file, merged as a server's would be."""

from __future__ import annotations

import gzip
import tempfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

import msgspec
from msgspec import Struct

from cockpit.domain.clock import stamp_ms, to_ms
from cockpit.domain.envelope import Op, Record
from cockpit.domain.visible import make_visible
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.service.session import Session
from cockpit.service.whole_files import write_whole
from cockpit.sync.bundle import (
    MAX_BYTES,
    UNCHANGED,
    check_bundle,
    read_bundle,
    too_large,
    write_bundle,
)
from cockpit.sync.sealing import Envelopes, HeldError, OpenEnvelopes, unknown_key

_PACKED = b"\x1f\x8b"
_LATEST = timedelta(days=1)
_LEVEL = 6
_PIECE = 1024 * 1024
_NAMED = 5
_FRAME = 2
"""The lines of a bundle that are no events."""

_T = TypeVar("_T")


class Seals(Protocol):
    """Finds how incidents' events are sealed; an incident of an open workspace is not."""

    def of_incident(self, inc: str) -> Envelopes | None:
        """Return what seals an incident's events, None where they stand in the open."""

    def of_key(self, kid: str) -> Envelopes | None:
        """Return what opens events that were sealed with a key, None where it is not here."""


class Writable(Protocol):
    """What takes bytes, one piece after the other."""

    def write(self, data: bytes, /) -> object:
        """Take a piece."""


class Bundle(Struct, frozen=True):
    """What goes into a bundle: incidents, and how many stay out unless somebody names them.

    since: only events recorded from then on. private, drills, unknown: left out because nobody
    named them; unknown ones are those whose beginning is not here.
    """

    incidents: tuple[str, ...]
    since: datetime | None = None
    private: int = 0
    drills: int = 0
    unknown: int = 0

    @property
    def sentence(self) -> str:
        """Say what was left out, empty for nothing."""
        parts = [
            f"{count:,} {word if count == 1 else words}"
            for count, word, words in (
                (self.private, "private incident", "private incidents"),
                (self.drills, "drill", "drills"),
                (self.unknown, "incident without its beginning", "incidents without beginnings"),
            )
            if count
        ]
        return f"Left out: {', '.join(parts)}; name those that belong in." if parts else ""


class BundleReport(Struct, frozen=True):
    """What a bundle brought: events, and the incidents by what they are to us.

    new, changed: references; unknown: how many incidents came without their beginning.
    """

    events_new: int = 0
    events_known: int = 0
    new: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unknown: int = 0

    @property
    def sentence(self) -> str:
        """Return the report for a person."""
        if not self.events_new:
            known = (
                f"all {_events(self.events_known)} are here already" if self.events_known else ""
            )
            return f"Nothing new: {known or 'the bundle is empty'}."
        parts = [
            f"{len(refs):,} {what} ({_some(refs)})"
            for refs, what in ((self.new, "new"), (self.changed, "with news"))
            if refs
        ]
        if self.unknown:
            parts.append(f"{self.unknown:,} whose beginning is still to come")
        known = f" Here already: {_events(self.events_known)}." if self.events_known else ""
        return f"Brought in {_events(self.events_new)}. Incidents: {', '.join(parts)}.{known}"


def choose(
    session: Session, incidents: Sequence[str] = (), since: datetime | None = None
) -> Bundle:
    """Return what goes into a bundle: the incidents named, or all but private ones and drills."""
    if incidents:
        return Bundle(tuple(dict.fromkeys(incidents)), since)
    known = (*session.reads.summaries(), *session.reads.deleted())
    private = [each for each in known if each.private]
    drills = [each for each in known if each.drill and not each.private]
    chosen = tuple(each.id for each in known if not (each.private or each.drill))
    unknown = len(session.reads.event_counts()) - len(known)
    return Bundle(chosen, since, len(private), len(drills), unknown)


def export_file(
    session: Session,
    bundle: Bundle,
    path: Path,
    *,
    force: bool = False,
    seals: Seals | None = None,
) -> int:
    """Write a bundle to `path` in one step and return its number of events.

    Packed by gzip where the name ends in `.gz`. Raises ExportRefusedError in words; the file is
    then as it was.
    """
    count = 0

    def write(file: BinaryIO) -> None:
        nonlocal count
        if path.suffix.lower() != ".gz":
            count = export_stream(session, bundle, file, seals=seals)
            return
        with gzip.GzipFile("", "wb", _LEVEL, file, mtime=0) as packed:
            count = export_stream(session, bundle, packed, seals=seals)

    write_whole(path, write, force=force)
    return count


def export_stream(
    session: Session, bundle: Bundle, stream: Writable, *, seals: Seals | None = None
) -> int:
    """Write a bundle to a stream, and return its number of events."""
    opened = OpenEnvelopes()

    def encode(op: Op) -> bytes:
        seal = seals.of_incident(op.inc) if seals else None
        return (seal or opened).encode(op)

    lines = 0
    for line in write_bundle(_records(session, bundle), encode):
        stream.write(line)
        lines += 1
    return lines - _FRAME


def import_file(session: Session, path: Path, *, seals: Seals | None = None) -> BundleReport:
    """Merge the events of the bundle at `path`, all of them or none; known ones stay as they are.

    Raises ImportRefusedError in words, with the record's number where one is wrong.
    """
    try:
        with path.open("rb") as file:
            return import_stream(session, file, seals=seals)
    except OSError as error:
        why = error.strerror or str(error)
        raise ImportRefusedError(f"The file {path} cannot be read: {why}.", UNCHANGED) from error


def import_stream(
    session: Session, stream: BinaryIO, *, seals: Seals | None = None
) -> BundleReport:
    """Merge the events of a stream, as `import_file` does.

    The stream is read to its end and checked before the database is locked.
    """
    with _rewindable(session, stream) as file:
        _read_whole(file, check_bundle)
        return _read_whole(file, lambda plain: _merge(session, plain, seals))


def _records(session: Session, bundle: Bundle) -> Iterator[Record]:
    first = 0 if bundle.since is None else to_ms(bundle.since)
    for inc in bundle.incidents:
        for record in session.reads.ops(inc):
            if stamp_ms(record.op.t) >= first:
                yield record


def _merge(session: Session, file: BinaryIO, seals: Seals | None) -> BundleReport:
    before = session.reads.event_counts()
    records = read_bundle(file, _Opener(seals).decode, to_ms(session.clock() + _LATEST))
    try:
        result = session.store.append(records)
    except InvalidInputError as error:
        raise ImportRefusedError(error.message, f"{error.hint} {UNCHANGED}".strip()) from error
    known = (*session.reads.summaries(), *session.reads.deleted())
    refs = {each.id: each.ref for each in known}
    after = session.reads.event_counts()
    touched = [inc for inc, count in after.items() if count != before.get(inc)]
    return BundleReport(
        len(result.added),
        result.known,
        tuple(refs[inc] for inc in touched if inc in refs and inc not in before),
        tuple(refs[inc] for inc in touched if inc in refs and inc in before),
        sum(inc not in refs for inc in touched),
    )


class _Kid(Struct):
    kid: str = ""


class _Opener:
    """Reads envelopes of both kinds, with whatever key each was sealed with."""

    def __init__(self, seals: Seals | None) -> None:
        self._seals = seals
        self._open = OpenEnvelopes()
        self._kids = msgspec.json.Decoder(_Kid)

    def decode(self, envelope: bytes) -> Op:
        kid = self._kids.decode(envelope).kid
        if not kid:
            return self._open.decode(envelope)
        seal = self._seals.of_key(kid) if self._seals else None
        if seal is None:
            raise HeldError("no_key", *unknown_key(make_visible(kid[:16])))
        return seal.decode(envelope)


@contextmanager
def _rewindable(session: Session, stream: BinaryIO) -> Iterator[BinaryIO]:
    """Yield what a stream holds as a file that can be read twice; a pipe is put aside first."""
    if stream.seekable():
        yield stream
        return
    session.paths.create()
    with tempfile.TemporaryFile(dir=session.paths.data_dir) as aside:
        size = 0
        while piece := stream.read(_PIECE):
            size += len(piece)
            if size > MAX_BYTES:
                raise too_large()
            aside.write(piece)
        yield aside


def _read_whole(file: BinaryIO, read: Callable[[BinaryIO], _T]) -> _T:
    """Return what `read` makes of the file from its beginning, unpacked where it is packed."""
    file.seek(0)
    packed = file.read(2) == _PACKED
    file.seek(0)
    if not packed:
        return read(file)
    try:
        with gzip.GzipFile(fileobj=file, mode="rb") as plain:
            return read(plain)  # type: ignore[arg-type]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ImportRefusedError(
            "The packed bundle is broken: it was not copied whole.", f"Copy it again. {UNCHANGED}"
        ) from error


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"


def _some(refs: Sequence[str]) -> str:
    more = f" and {len(refs) - _NAMED:,} more" if len(refs) > _NAMED else ""
    return ", ".join(refs[:_NAMED]) + more
