"""What earlier imports of a format made of an incident, read back from their events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.envelope import Op, decode_body
from cockpit.domain.events import EntryAdded, EntryEdited, FieldSet, IncidentOpened
from cockpit.domain.record_pieces import add_piece
from cockpit.domain.registers import entry_object


class KnownEntry(Struct):
    """An imported entry: its present text, time and record, and the stamp of these."""

    entry: str
    text: str
    text_op: str
    at: datetime
    raw: dict[str, Any]
    t: str


class Known(Struct):
    """What earlier imports made of an incident; `last` has the op of each register's value.

    raw: the incident's record, None while nothing is known; values: registers of the incident.
    """

    raw: dict[str, Any] | None = None
    t: str = ""
    start: datetime | None = None
    values: dict[str, Any] = {}
    last: dict[tuple[str, str], str] = {}
    entries: dict[str, KnownEntry] = {}

    @property
    def stage(self) -> str:
        """Return the inner stage, empty while none was set."""
        return str(self.values.get("stage", ""))


def read_known(events: Iterable[Op], source: str) -> Known:
    """Return what the `events` say that imports of the format `source` made; others are left out.

    What people changed here is no part of it: an import compares a file with the file before.
    """
    known = Known()
    by_entry: dict[str, KnownEntry] = {}
    decoded = [(each, decode_body(each)) for each in events if each.by == source]
    decoded.sort(key=lambda each: (each[0].t, each[1].f if isinstance(each[1], FieldSet) else ""))
    for event, body in decoded:
        if isinstance(body, EntryAdded) and body.src:
            entry = KnownEntry(event.id, body.text, event.id, body.at, body.src.raw, event.t)
            known.entries[body.src.id] = by_entry[entry_object(event.id)] = entry
    for event, body in decoded:
        if isinstance(body, IncidentOpened) and body.src:
            _note_opening(known, event, body, body.src.raw)
        elif isinstance(body, EntryEdited) and entry_object(body.entry) in by_entry:
            entry = by_entry[entry_object(body.entry)]
            entry.text, entry.text_op, entry.t = body.text, event.id, max(entry.t, event.t)
        elif isinstance(body, FieldSet):
            known.last[body.obj, body.f] = event.id
            _note_field(known, by_entry.get(body.obj), event, body)
    return known


def _note_opening(known: Known, event: Op, body: IncidentOpened, raw: dict[str, Any]) -> None:
    known.raw = known.raw or raw
    known.t = max(known.t, event.t)
    known.start = known.start or body.at
    known.values = {"title": body.title, "severity": body.severity} | known.values


def _note_field(known: Known, entry: KnownEntry | None, event: Op, body: FieldSet) -> None:
    if entry:
        entry.raw = _raw_after(entry.raw, body)
        entry.at = datetime.fromisoformat(body.v) if body.f == "at" else entry.at
        entry.t = max(entry.t, event.t)
    elif not body.obj and body.f != "status":
        known.raw = _raw_after(known.raw or {}, body)
        if not body.f.startswith("raw"):
            known.values[body.f] = body.v
        if body.f == "started_at":
            known.start = datetime.fromisoformat(body.v)
        known.t = max(known.t, event.t)


def _raw_after(raw: dict[str, Any], body: FieldSet) -> dict[str, Any]:
    if body.f == "raw":
        return dict(body.v)
    return add_piece(raw, body.f[4:], body.v) if body.f.startswith("raw.") else raw
