"""The envelope that every event travels in: JSON, canonical (UTF-8, sorted keys), at most 64 KiB.

`{"by","d","dev","id","inc","k","skew","t","v"}`: final, sync adds no field. Unknown kinds and
larger versions are kept as they came (`d` and `extra` verbatim), never refused.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Raw, Struct

from cockpit.domain.events import BODY_TYPES, Body
from cockpit.errors import InvalidInputError

VERSION = 1
MAX_BYTES = 64 * 1024
_LONGEST_ESCAPE = len(r"\u0000")
_FRAME_BYTES = 512
"""More than an envelope has beside its author, kind and body."""

_FIELDS = ("by", "d", "dev", "id", "inc", "k", "skew", "t", "v")


class Op(Struct, frozen=True, gc=False):
    """One immutable event: who, where, when (hybrid logical clock), and its body as JSON.

    id: 32 hex digits; inc: the incident's id, 32 hex; k: kind; t: hybrid logical clock, 12 hex
    ms + 4 hex counter + 8 hex device joined by "-"; dev: 8 hex; by: member id; d: canonical JSON
    of the body; skew: client minus server clock in ms, None if never measured; extra: fields of a
    later version, by name.
    """

    id: str
    inc: str
    k: str
    t: str
    dev: str
    by: str
    d: str
    skew: int | None = None
    v: int = VERSION
    extra: dict[str, Any] = {}

    @property
    def known(self) -> bool:
        """Say whether this program understands the event's kind and version."""
        return self.k in BODY_TYPES and self.v <= VERSION


class Record(Struct, frozen=True, gc=False):
    """An op as it is kept: with the server's receive time in ms, None before it was synced."""

    op: Op
    received_ms: int | None = None


class _Envelope(Struct, forbid_unknown_fields=True):
    """An envelope of this version, which nearly all are: read at once."""

    id: str
    inc: str
    k: str
    t: str
    dev: str
    by: str
    d: Raw
    skew: int | None = None
    v: int = VERSION


_decode = msgspec.json.Decoder(_Envelope).decode


def encode_body(body: Body) -> str:
    """Return the canonical JSON of `body`."""
    return msgspec.json.encode(body, order="sorted").decode()


def decode_body(op: Op) -> Body | None:
    """Return the typed body, or None for a kind or version that this program does not know.

    Raises InvalidInputError (with the path of the wrong field) when a known kind is malformed.
    """
    if not op.known:
        return None
    try:
        return msgspec.json.decode(op.d, type=BODY_TYPES[op.k])  # type: ignore[return-value]
    except msgspec.ValidationError as error:
        raise InvalidInputError(f"Event {op.id} ({op.k}) is malformed: {error}") from error


def decode_leniently(op: Op) -> Body | None:
    """Return the typed body, None for an unknown kind and for a malformed body of a known one."""
    try:
        return decode_body(op)
    except InvalidInputError:
        return None


def encode_op(op: Op) -> bytes:
    """Return the canonical envelope; raises InvalidInputError above 64 KiB."""
    fields: dict[str, Any] = {
        "v": op.v,
        "id": op.id,
        "inc": op.inc,
        "k": op.k,
        "t": op.t,
        "dev": op.dev,
        "by": op.by,
        "skew": op.skew,
        "d": Raw(op.d.encode()),
        **op.extra,
    }
    data = msgspec.json.encode(fields, order="sorted")
    if len(data) > MAX_BYTES:
        raise InvalidInputError(
            f"That is {len(data):,} bytes; one event holds at most {MAX_BYTES:,}.",
            "Shorten it, or attach it as a file.",
        )
    return data


def fits_surely(op: Op) -> bool:
    """Say whether the envelope is small enough and plain text, as nearly all are, at a glance."""
    length = len(op.by) + len(op.k) + len(op.d)
    return (
        not op.extra
        and _LONGEST_ESCAPE * length < MAX_BYTES - _FRAME_BYTES
        and op.d.isascii()
        and op.by.isascii()
        and op.k.isascii()
    )


def decode_op(data: bytes | str) -> Op:
    """Return the op of an envelope; raises InvalidInputError with the path of the wrong field."""
    try:
        return _make_op(_decode(data))
    except msgspec.DecodeError:
        return _decode_other(data)


def _make_op(envelope: _Envelope) -> Op:
    return Op(
        envelope.id,
        envelope.inc,
        envelope.k,
        envelope.t,
        envelope.dev,
        envelope.by,
        _canonical(envelope.d),
        envelope.skew,
        envelope.v,
    )


def _canonical(body: Raw) -> str:
    return msgspec.json.encode(msgspec.json.decode(body), order="sorted").decode()


def _decode_other(data: bytes | str) -> Op:
    """Return the op of an envelope with fields of a later version."""
    try:
        fields = msgspec.json.decode(data, type=dict[str, Raw])
        plain = {
            name: msgspec.json.decode(fields[name])
            for name in fields
            if name != "d" and name in _FIELDS
        }
        extra = {name: msgspec.json.decode(fields[name]) for name in fields if name not in _FIELDS}
        body = _canonical(fields["d"])
        return msgspec.convert({**plain, "d": body, "extra": extra}, Op)
    except (msgspec.DecodeError, KeyError) as error:
        raise InvalidInputError(f"This is not an event: {error}") from error
