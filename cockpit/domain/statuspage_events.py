"""Statuspage incidents as events: what is new in a file compared with what is known already.

The incident's record without its updates stays in `src.raw` of the event that opened it, each
update's record in `src.raw` of its entry. What a later file says differently is kept in the
register `raw` of the incident or entry, so that the records can be put together again. What makes
a record too large for an event follows in registers `raw.<field>.<number>`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from cockpit.domain.envelope import Op, decode_body
from cockpit.domain.events import (
    Body,
    ComponentChange,
    EntryAdded,
    EntryEdited,
    FieldSet,
    IncidentOpened,
    Message,
    Source,
)
from cockpit.domain.foreign_event import incident_id, make_event, stamp_after, stamp_at
from cockpit.domain.html_text import html_to_text
from cockpit.domain.record_pieces import add_piece, cut_record
from cockpit.domain.registers import entry_object
from cockpit.domain.statuspage import (
    PLANNED,
    SEVERITIES,
    STATUSES,
    PageUpdate,
    ParsedIncident,
    to_utc,
)
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import EntryKind, MessageState, PublicStatus, Ring, Stage

FORMAT = "statuspage"
CHANNEL = "status-page"
_MOST_COMPONENTS = 100
"""The most components that a message names; the record has them all."""

_VOLATILE = ("updated_at", "components")
"""Fields of an incident that change whenever the page does, and say nothing about the incident."""


Pieces = tuple[tuple[str, Any], ...]


class KnownUpdate(Struct):
    """An imported update: its entry, its present text and record, and the stamp of that."""

    entry: str
    text: str
    text_op: str
    raw: dict[str, Any]
    t: str


class Known(Struct):
    """What earlier imports made of an incident; `last` has the op of each register's value."""

    raw: dict[str, Any] | None = None
    t: str = ""
    stage: str = ""
    last: dict[tuple[str, str], str] = {}
    updates: dict[str, KnownUpdate] = {}


class Addition(Struct, frozen=True):
    """The events that one incident of a file adds, and how many updates are new or changed."""

    inc: str
    events: tuple[Op, ...]
    is_new: bool
    updates: int
    changed: int


def inc_of(parsed: ParsedIncident) -> str:
    """Return the incident's id here."""
    return incident_id(FORMAT, parsed.record.id)


def read_known(events: Iterable[Op]) -> Known:
    """Return what the imported `events` of one incident say; others' events are left out."""
    known = Known()
    by_entry: dict[str, KnownUpdate] = {}
    decoded = [(each, decode_body(each)) for each in events if each.by == FORMAT]
    decoded.sort(key=lambda each: (each[0].t, each[1].f if isinstance(each[1], FieldSet) else ""))
    for event, body in decoded:
        if isinstance(body, EntryAdded) and body.src:
            update = KnownUpdate(event.id, body.text, event.id, body.src.raw, event.t)
            known.updates[body.src.id] = by_entry[entry_object(event.id)] = update
    for event, body in decoded:
        if isinstance(body, IncidentOpened) and body.src:
            known.raw, known.t = known.raw or body.src.raw, max(known.t, event.t)
        elif isinstance(body, EntryEdited) and entry_object(body.entry) in by_entry:
            update = by_entry[entry_object(body.entry)]
            update.text, update.text_op, update.t = body.text, event.id, max(update.t, event.t)
        elif isinstance(body, FieldSet):
            known.last[body.obj, body.f] = event.id
            _note_field(known, by_entry.get(body.obj), event, body)
    return known


def _note_field(known: Known, update: KnownUpdate | None, event: Op, body: FieldSet) -> None:
    if update:
        update.raw = _raw_after(update.raw, body)
        update.t = max(update.t, event.t)
    elif not body.obj and body.f != "status":
        known.raw = _raw_after(known.raw or {}, body)
        known.stage = str(body.v) if body.f == "stage" else known.stage
        known.t = max(known.t, event.t)


def _raw_after(raw: dict[str, Any], body: FieldSet) -> dict[str, Any]:
    if body.f == "raw":
        return dict(body.v)
    return add_piece(raw, body.f[4:], body.v) if body.f.startswith("raw.") else raw


def additions(parsed: ParsedIncident, known: Known, number: int, prefix: str) -> Addition:
    """Return what a file's incident adds to what is known of it.

    number, prefix: its reference when it is new. Raises InvalidInputError when a record is larger
    than an event may be.
    """
    return _Writer(parsed, known).write(number, prefix)


class _Writer:
    """Collects the events that one incident adds."""

    def __init__(self, parsed: ParsedIncident, known: Known) -> None:
        self.parsed = parsed
        self.record = parsed.record
        self.known = known
        self.inc = inc_of(parsed)
        self.events: list[Op] = []
        self.updates = 0
        self.changed = 0
        self.status: str | None = None
        self.status_op = ""
        self.status_stamp = ""

    def write(self, number: int, prefix: str) -> Addition:
        is_new = self.known.raw is None
        if is_new:
            self._open(number, prefix)
        for update in self.parsed.ordered:
            self._add_update(update)
        self._finish()
        if not is_new:
            self._change_incident()
        return Addition(self.inc, tuple(self.events), is_new, self.updates, self.changed)

    def _add(self, body: Body, stamp: str) -> Op:
        event = make_event(self.inc, body, stamp, FORMAT)
        self.events.append(event)
        return event

    def _set(
        self, field: str, value: Any, stamp: str, *, obj: str = "", reason: str = "", act: str = ""
    ) -> None:
        base = self.known.last.get((obj, field), "")
        self._add(FieldSet(field, value, obj=obj, base=base, reason=reason, act=act), stamp)

    def _set_raw(self, raw: dict[str, Any], stamp: str, obj: str = "", act: str = "") -> None:
        rest, pieces = cut_record(raw)
        self._set("raw", rest, stamp, obj=obj, act=act)
        self._set_pieces(pieces, stamp, obj, act)

    def _set_pieces(self, pieces: Pieces, stamp: str, obj: str = "", act: str = "") -> None:
        for name, value in pieces:
            self._set(f"raw.{name}", value, stamp, obj=obj, act=act)

    def _open(self, number: int, prefix: str) -> None:
        record = self.record
        severity, impact = SEVERITIES[record.impact or "none"]
        rest, pieces = cut_record(self.parsed.raw)
        opened = IncidentOpened(
            title=title_of(record.name),
            severity=severity.value,
            number=number,
            at=to_utc(record.at),
            prefix=prefix,
            src=Source(FORMAT, record.id, rest),
        )
        act = self._add(opened, stamp_at(record.created_at)).id
        self._set_pieces(pieces, stamp_at(record.created_at, 1), act=act)
        reason = f"Statuspage impact: {record.impact}" if record.impact else ""
        body = FieldSet("impact", impact.value, reason=reason, at=to_utc(record.at), act=act)
        self._add(body, stamp_at(record.created_at, 1))
        if _is_planned(self.parsed):
            self._add(FieldSet("kind", "planned", act=act), stamp_at(record.created_at, 1))
        earliest = min((each.at for each in self.parsed.ordered), default=record.at)
        if earliest < record.at:
            reason = "the first update is dated before the start"
            value = to_utc(earliest).isoformat()
            self._set("started_at", value, stamp_at(record.created_at, 1), reason=reason, act=act)

    def _add_update(self, update: PageUpdate) -> None:
        raw = self.parsed.raw_updates[update.id]
        text = clean_input(html_to_text(update.body or ""))
        known = self.known.updates.get(update.id)
        if known is None:
            act = self._add_entry(update, text, raw)
        else:
            act = known.entry
            if raw != known.raw:
                self._change_update(update, known, text, raw)
        status = STATUSES[update.status].value
        if status != self.status:
            self._set_status(status, update.at, act)

    def _add_entry(self, update: PageUpdate, text: str, raw: dict[str, Any]) -> str:
        rest, pieces = cut_record(raw)
        stamp = stamp_at(update.created_at, 2)
        entry = EntryAdded(
            to_utc(update.at),
            text,
            EntryKind.COMMUNICATION.value,
            message_of(update),
            Source(FORMAT, update.id, rest),
        )
        op = self._add(entry, stamp).id
        self._set_pieces(pieces, stamp, entry_object(op), op)
        self.updates += 1
        return op

    def _change_update(
        self, update: PageUpdate, known: KnownUpdate, text: str, raw: dict[str, Any]
    ) -> None:
        stamp = stamp_after(known.t, update.updated_at or update.created_at)
        edit = None
        if text != known.text:
            edit = self._add(EntryEdited(known.entry, text, known.text_op), stamp).id
        act, obj = edit or "", entry_object(known.entry)
        before = msgspec.convert(known.raw, PageUpdate)
        if update.at != before.at:
            self._set("at", to_utc(update.at).isoformat(), stamp, obj=obj, act=act)
        self._set_raw(raw, stamp, obj, act)
        self.changed += 1

    def _set_status(self, status: str, at: datetime, act: str) -> None:
        """Go on from the status before: a file with the same updates makes the same events."""
        body = FieldSet(
            "status", status, base=self.status_op, was=self.status, at=to_utc(at), act=act
        )
        stamp = stamp_after(self.status_stamp, at, 3)
        self.status, self.status_op, self.status_stamp = status, self._add(body, stamp).id, stamp

    def _finish(self) -> None:
        """Make status and stage end where the record itself says that they are."""
        record = self.record
        last = max([record.at, *(each.at for each in record.incident_updates)])
        status = STATUSES[record.status]
        at = (record.resolved_at if status is PublicStatus.RESOLVED else None) or last
        if self.status != status.value:
            self._set_status(status.value, max(at, last), self.inc)
        stage = Stage.RESOLVED.value if status is PublicStatus.RESOLVED else ""
        if record.status == "postmortem":
            stage = Stage.POSTMORTEM.value
        if not stage and self.known.stage in ("", Stage.ACKNOWLEDGED.value):
            return
        stage = stage or Stage.ACKNOWLEDGED.value
        if stage != self.known.stage:
            at = to_utc(max(at, last))
            base = self.known.last.get(("", "stage"), "")
            stamp = stamp_after(max(self.known.t, self.status_stamp), at, 4)
            self._add(FieldSet("stage", stage, base=base, at=at), stamp)

    def _change_incident(self) -> None:
        before, record = self.known.raw or {}, self.record
        if _lasting(before) == _lasting(self.parsed.raw):
            return
        stamp = stamp_after(self.known.t, record.updated_at or record.created_at)
        if before.get("name") != record.name:
            self._set("title", title_of(record.name), stamp)
        if before.get("impact") != record.impact:
            severity, impact = SEVERITIES[record.impact or "none"]
            reason = f"Statuspage impact: {record.impact}"
            self._set("severity", severity.value, stamp, reason=reason)
            self._set("impact", impact.value, stamp, reason=reason)
        self._set_raw(self.parsed.raw, stamp)


def message_of(update: PageUpdate) -> Message:
    """Return what makes an update an outgoing text: sent to customers by the status page."""
    components = tuple(
        ComponentChange(each.name, each.new_status, each.old_status)
        for each in (update.affected_components or ())[:_MOST_COMPONENTS]
    )
    return Message(
        MessageState.SENT,
        Ring.CUSTOMERS.audience,
        (CHANNEL,),
        status=STATUSES[update.status].value,
        components=components,
    )


def title_of(name: str) -> str:
    """Return a record's name as one line."""
    return " ".join(clean_input(name).split())


def _is_planned(parsed: ParsedIncident) -> bool:
    record = parsed.record
    words = (record.status, *(each.status for each in record.incident_updates))
    return record.impact == "maintenance" or any(word in PLANNED for word in words)


def _lasting(raw: dict[str, Any]) -> dict[str, Any]:
    """Return what an incident's record says of the incident itself."""
    lasting = {name: value for name, value in raw.items() if name not in _VOLATILE}
    names = [each.get("name") for each in raw.get("components") or () if isinstance(each, dict)]
    return {**lasting, "components": sorted(map(str, names))}
