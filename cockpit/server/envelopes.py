"""Events as they arrive: what the server reads of them, and what a redaction leaves."""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from cockpit.domain.envelope import MAX_BYTES
from cockpit.domain.wire import MAX_ENVELOPE_BYTES, Rejected
from cockpit.server.engine import RefusedError
from cockpit.server.members import Grant

Id = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
_ID = re.compile("[0-9a-f]{32}")
_MARK = re.compile("(about|redact):([0-9a-f]{32})")
_ENTRY = "entry:"
_KEPT = {
    "entry.add": ("at", "kind", "msg", "act"),
    "entry.edit": ("entry", "base", "act", "undoes"),
    "reg.set": ("obj", "f", "base", "over", "reason", "at", "act", "undoes"),
}
"""Kinds that hold an entry's text → what of their body a redaction leaves."""

_TEXT = {"entry.add": "text", "entry.edit": "text", "reg.set": "v"}


class Envelope(Struct):
    """The part of an event that the server looks at; everything else is stored as it came."""

    id: Id
    inc: Id
    t: Annotated[str, Meta(pattern=r"^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8}\Z")]
    dev: Annotated[str, Meta(pattern=r"^[0-9a-f]{8}\Z")]
    by: Annotated[str, Meta(max_length=200)]
    v: Annotated[int, Meta(ge=1)]
    k: Annotated[str, Meta(max_length=100)] = ""
    d: Any = None
    c: str = ""
    x: str = ""


class _Identity(Struct):
    id: Id


class NewOp(Struct, frozen=True):
    """An event to store; about: the entry whose text it carries, or takes away (`redacts`)."""

    id: str
    inc: str
    about: str
    redacts: bool
    relayed_by: str | None
    body: str


_decode = msgspec.json.Decoder(Envelope).decode


def read_op(raw: Raw, by: Grant) -> NewOp | Rejected:
    """Return the event to store, or why it is rejected; by: what whoever brings it may do.

    Raises RefusedError (400) for what has not even an id.
    """
    try:
        envelope = _decode(raw)
        body = bytes(raw).decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Rejected(_id_of(raw), "malformed", str(error)[:200])
    most = MAX_ENVELOPE_BYTES if envelope.c else MAX_BYTES
    if len(raw) > most:
        return Rejected(envelope.id, "too_large", f"One event holds at most {most:,} bytes.")
    if by.sealed and (not envelope.c or envelope.k or envelope.d is not None):
        return Rejected(envelope.id, "unsealed", "This workspace takes encrypted events only.")
    if by.inc and envelope.inc != by.inc:
        return Rejected(envelope.id, "role", "A guest writes in one incident only.")
    about, redacts = _subject(envelope)
    relayed_by = None if envelope.by == by.member else by.member
    return NewOp(envelope.id, envelope.inc, about, redacts, relayed_by, body)


def is_id(text: str) -> bool:
    """Say whether a text is an id: 32 hex digits."""
    return bool(_ID.fullmatch(text))


def is_about(body: str, entry: str) -> bool:
    """Say whether a stored event carries the text of an entry."""
    return _subject(_decode(body))[0] == entry


def blank(body: str) -> str:
    """Return an envelope without the text of the entry that it is about."""
    fields = msgspec.json.decode(body)
    kind, data = fields.get("k"), fields.get("d")
    fields.pop("c", None)
    if isinstance(data, dict):
        left = {name: data[name] for name in _KEPT.get(kind, ()) if name in data}
        source = data.get("src")
        if kind == "entry.add" and isinstance(source, dict):
            left["src"] = {name: source[name] for name in ("format", "id") if name in source}
        fields["d"] = {**left, _TEXT.get(kind, "text"): ""}
    return msgspec.json.encode(fields, order="sorted").decode()


def _id_of(raw: Raw) -> str:
    try:
        return msgspec.json.decode(raw, type=_Identity).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(400, "malformed", f"An event has no id: {error}") from error


def _subject(envelope: Envelope) -> tuple[str, bool]:
    """Return the entry whose text an event carries or, with True, takes away."""
    if found := _MARK.fullmatch(envelope.x):
        return found[2], found[1] == "redact"
    data: dict[str, Any] = envelope.d if isinstance(envelope.d, dict) else {}
    if envelope.k == "entry.add":
        return envelope.id, False
    if envelope.k in ("entry.edit", "entry.redact"):
        entry = data.get("entry")
    elif envelope.k == "reg.set" and data.get("f") == "text":
        entry = str(data.get("obj")).removeprefix(_ENTRY)
    else:
        return "", False
    if isinstance(entry, str) and is_id(entry):
        return entry, envelope.k == "entry.redact"
    return "", False
