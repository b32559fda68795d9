"""The sections and action items of an imported post-mortem as events, once each.

A section that nobody has changed here follows a later version of the document; one that was edited
here stays as it is, and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from typing import Any

from msgspec import Struct

from cockpit.domain.envelope import Op, decode_body
from cockpit.domain.events import Body, FieldSet, TextUpdated
from cockpit.domain.foreign_event import make_event, stamp_after, stamp_at
from cockpit.domain.text_merge import MAX_CLIENT_ID, SectionDocument
from cockpit.domain.view import ActionItem
from cockpit.domain.written_postmortem import (
    FORMAT,
    WrittenAction,
    WrittenPostmortem,
    WrittenSection,
)

_USUAL = ActionItem("", "")
_PIECE = 12_000
"""Characters of one update: with four bytes each, in base64, it stays below an event's most."""


class SectionEvents(Struct, frozen=True):
    """What a document's sections and actions add, and the titles of sections edited here."""

    events: tuple[Op, ...]
    changed: int
    kept: tuple[str, ...]


class _Known(Struct):
    """What earlier imports of the document made: texts by section, values by register."""

    imported: dict[str, list[str]] = {}
    values: dict[tuple[str, str], object] = {}
    last: dict[tuple[str, str], str] = {}
    t: str = ""


def section_events(
    written: WrittenPostmortem,
    inc: str,
    known: Sequence[Op],
    updates: Callable[[str], tuple[str, ...]],
    shown: Callable[[str], str] = str,
) -> SectionEvents:
    """Return the events of the sections and action items that are not known yet.

    known: the incident's events so far; updates: all text updates of a section, by its id; shown:
    how the document shows a text.
    """
    before = _read(known)
    stamp = stamp_at(written.incident.at, 5)
    events: list[Op] = []
    changed, kept = 0, []

    def add(body: Body) -> None:
        events.append(make_event(inc, body, stamp_after(before.t, written.incident.at, 5), FORMAT))

    for place, section in enumerate(written.sections):
        for field, value in _headings(section, place).items():
            _set(add, before, f"sec:{section.id}", field, value)
        texts = updates(section.id)
        own = before.imported.get(section.id, [])
        if shown(_merge(texts)) == section.text:
            continue
        if _merge(texts) != _merge(own):
            kept += [section.title] if section.text != _merge(own) else []
            continue
        found = tuple(_write(section, inc, texts))
        changed += bool(found and own)
        bodies = [TextUpdated(section.id, update) for update in found]
        events += [make_event(inc, body, stamp, FORMAT) for body in bodies]
    for action in written.actions:
        obj = f"act:{action.id}"
        for field, value in _fields(action).items():
            if value and (field != "state" or (obj, field) not in before.values):
                _set(add, before, obj, field, value)
    return SectionEvents(tuple(events), changed, tuple(kept))


def _headings(section: WrittenSection, place: int) -> dict[str, str]:
    """Return the registers of a section: its heading, and its place among those of its own."""
    return {"title": section.title} | ({} if section.known else {"pos": f"{place:04d}"})


def _fields(action: WrittenAction) -> dict[str, Any]:
    """Return the registers of an action item; empty ones are not said."""
    kind = "" if action.kind == _USUAL.kind else action.kind
    state = "" if action.state == _USUAL.state else action.state
    return {
        "title": action.title,
        "link": action.link,
        "owner": action.owner,
        "due": action.due,
        "kind": kind,
        "state": state or ("done" if action.done else ""),
        "automate": action.automate,
    }


def _set(add: Callable[[Body], None], known: _Known, obj: str, field: str, value: Any) -> None:
    if known.values.get((obj, field)) != value:
        add(FieldSet(field, value, obj=obj, base=known.last.get((obj, field), "")))


def _read(events: Sequence[Op]) -> _Known:
    known = _Known()
    for event in events:
        if event.by != FORMAT:
            continue
        known.t = max(known.t, event.t)
        body = decode_body(event)
        if isinstance(body, TextUpdated):
            known.imported.setdefault(body.s, []).append(body.u)
        elif isinstance(body, FieldSet) and body.obj:
            known.values[body.obj, body.f] = body.v
            known.last[body.obj, body.f] = event.id
    return known


def _merge(updates: Sequence[str]) -> str:
    return SectionDocument(updates, 0).text


def _write(section: WrittenSection, inc: str, texts: Sequence[str]) -> Iterator[str]:
    """Yield the updates that make a section's text the document's, each small enough to keep."""
    # What was there before is part of it: a text that comes back must not write as the same client.
    digest = sha256("\0".join((FORMAT, inc, section.id, section.text, *texts)).encode()).digest()
    document = SectionDocument(texts, 1 + int.from_bytes(digest[:8], "big") % MAX_CLIENT_ID)
    stops = [*range(_PIECE, len(section.text), _PIECE), len(section.text)]
    for stop in stops:
        if update := document.replace(section.text[:stop]):
            yield update
