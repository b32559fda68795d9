"""Incidents of other programs as events: what a file adds to what is known already.

A reader of a format turns each of its records into a `ForeignIncident` (with its `ForeignEntry`s,
in the order in which they happened) and hands it to `additions` with what `read_known` says of the
events stored so far; `service.importers.foreign` does both for a whole file and makes the report.

- The same record always makes the same events, so a second import adds nothing. Ids of incidents
  and entries must therefore come from the record, and be the same in every later file.
- A text that a later file tells differently becomes an edit of its entry, with its history; what
  people did here since stays. What a later file leaves out stays too.
- `raw` keeps the record as it was: of the incident without its entries in `src.raw` of the event
  that opened it, of each entry in `src.raw` of the entry. What a later file says differently is
  kept in the register `raw` of the incident or entry; what makes a record too large for an event
  follows in registers `raw.<field>.<number>`.
- An entry with a `msg` counts as a text that was sent: `public_message` makes one, with the time
  of the next update that the text itself promises.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.envelope import Op
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
from cockpit.domain.foreign_known import Known, KnownEntry
from cockpit.domain.promise import promised_time
from cockpit.domain.record_pieces import cut_record
from cockpit.domain.registers import entry_object
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import EntryKind, MessageState, PublicStatus, Ring, Stage

STATUS_PAGE = "status-page"
"""The channel of texts that stood on a status page."""

_MOST_COMPONENTS = 100
"""The most components that a message names; the record has them all."""

_Pieces = tuple[tuple[str, Any], ...]


class ForeignFormat(Struct, frozen=True):
    """A format: its name, and what in an incident's record says something of the incident itself.

    `lasting` returns the record without fields that change whenever the page does.
    """

    name: str
    lasting: Callable[[dict[str, Any]], dict[str, Any]] = dict


class ForeignEntry(Struct, frozen=True):
    """A fact of an incident: `at` when it happened, `id` unique in the incident and lasting.

    status: the public status that it brought, empty for none; recorded_at, changed_at: when the
    other program wrote it first and last, `at` where it does not say.
    """

    id: str
    at: datetime
    text: str
    raw: dict[str, Any]
    msg: Message | None = None
    kind: EntryKind = EntryKind.COMMUNICATION
    status: str = ""
    recorded_at: datetime | None = None
    changed_at: datetime | None = None


class ForeignIncident(Struct, frozen=True):
    """An incident as another program tells it; `place` names its record in words, for refusals.

    at: when it began; reason: where severity and impact come from, in words; status and stage:
    where it is now, empty where the other program does not say; ended_at: when it came to that
    status, and ended_reason why another time than the record's is taken; kind: `planned` or empty.
    """

    place: str
    id: str
    title: str
    severity: str
    at: datetime
    raw: dict[str, Any]
    entries: tuple[ForeignEntry, ...] = ()
    impact: str = ""
    reason: str = ""
    status: str = ""
    stage: str = ""
    ended_at: datetime | None = None
    ended_reason: str = ""
    kind: str = ""
    recorded_at: datetime | None = None
    changed_at: datetime | None = None


class Addition(Struct, frozen=True):
    """The events that one incident of a file adds, and how many entries are new or changed.

    updates: the new entries that are texts which were sent.
    """

    inc: str
    events: tuple[Op, ...]
    is_new: bool
    entries: int
    updates: int
    changed: int


def additions(
    form: ForeignFormat, incident: ForeignIncident, known: Known, number: int, prefix: str
) -> Addition:
    """Return what an incident adds to what is known of it.

    number, prefix: its reference when it is new. Raises InvalidInputError when a record is larger
    than an event may be.
    """
    return _Writer(form, incident, known).write(number, prefix)


def public_message(
    text: str, at: datetime, status: str, components: Sequence[ComponentChange] = ()
) -> Message:
    """Return what makes a text (of the time `at`) one that customers read on a status page."""
    return Message(
        MessageState.SENT,
        Ring.CUSTOMERS.audience,
        (STATUS_PAGE,),
        status=status,
        next_at=promised_time(text, at),
        components=tuple(components[:_MOST_COMPONENTS]),
    )


def title_of(name: str) -> str:
    """Return a record's name as one line."""
    return " ".join(clean_input(name).split())


class _Writer:
    """Collects the events that one incident adds."""

    def __init__(self, form: ForeignFormat, incident: ForeignIncident, known: Known) -> None:
        self.form = form
        self.incident = incident
        self.known = known
        self.inc = incident_id(form.name, incident.id)
        self.events: list[Op] = []
        self.entries = self.updates = self.changed = 0
        self.status: str | None = None
        self.status_op = ""
        self.status_stamp = ""

    def write(self, number: int, prefix: str) -> Addition:
        is_new = self.known.raw is None
        if is_new:
            self._open(number, prefix)
        for entry in self.incident.entries:
            self._add_entry(entry)
        self._finish()
        if not is_new:
            self._change_incident()
        counts = self.entries, self.updates, self.changed
        return Addition(self.inc, tuple(self.events), is_new, *counts)

    def _add(self, body: Body, stamp: str) -> Op:
        event = make_event(self.inc, body, stamp, self.form.name)
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

    def _set_pieces(self, pieces: _Pieces, stamp: str, obj: str = "", act: str = "") -> None:
        for name, value in pieces:
            self._set(f"raw.{name}", value, stamp, obj=obj, act=act)

    def _open(self, number: int, prefix: str) -> None:
        incident = self.incident
        at = _utc(incident.at)
        rest, pieces = cut_record(incident.raw)
        recorded_at = incident.recorded_at or incident.at
        stamp = stamp_at(recorded_at, 1)
        opened = IncidentOpened(
            title=incident.title,
            severity=incident.severity,
            number=number,
            at=at,
            prefix=prefix,
            src=Source(self.form.name, incident.id, rest),
        )
        act = self._add(opened, stamp_at(recorded_at)).id
        self._set_pieces(pieces, stamp, act=act)
        if incident.impact:
            body = FieldSet("impact", incident.impact, reason=incident.reason, at=at, act=act)
            self._add(body, stamp)
        if incident.kind:
            self._add(FieldSet("kind", incident.kind, act=act), stamp)
        earliest = self._start()
        if earliest < incident.at:
            reason = "the first update is dated before the start"
            self._set("started_at", _utc(earliest).isoformat(), stamp, reason=reason, act=act)

    def _start(self) -> datetime:
        ats = {name: each.at for name, each in self.known.entries.items()}
        ats.update({each.id: each.at for each in self.incident.entries})
        return min([self.incident.at, *ats.values()])

    def _add_entry(self, entry: ForeignEntry) -> None:
        known = self.known.entries.get(entry.id)
        if known is None:
            act = self._note(entry)
        else:
            act = known.entry
            was_redacted = not known.text and not known.raw
            if entry.raw != known.raw and not was_redacted:
                self._change_entry(entry, known)
        if entry.status and entry.status != self.status:
            self._set_status(entry.status, entry.at, act)

    def _note(self, entry: ForeignEntry) -> str:
        rest, pieces = cut_record(entry.raw)
        stamp = stamp_at(entry.recorded_at or entry.at, 2)
        source = Source(self.form.name, entry.id, rest)
        body = EntryAdded(_utc(entry.at), entry.text, entry.kind.value, entry.msg, source)
        op = self._add(body, stamp).id
        self._set_pieces(pieces, stamp, entry_object(op), op)
        self.entries += 1
        self.updates += entry.msg is not None
        return op

    def _change_entry(self, entry: ForeignEntry, known: KnownEntry) -> None:
        stamp = stamp_after(known.t, entry.changed_at or entry.recorded_at or entry.at)
        act, obj = "", entry_object(known.entry)
        if entry.text != known.text:
            act = self._add(EntryEdited(known.entry, entry.text, known.text_op), stamp).id
        if entry.at != known.at:
            self._set("at", _utc(entry.at).isoformat(), stamp, obj=obj, act=act)
        self._set_raw(entry.raw, stamp, obj, act)
        self.changed += 1

    def _set_status(self, status: str, at: datetime, act: str, reason: str = "") -> None:
        """Go on from the status before: a file with the same entries makes the same events."""
        base, was = self.status_op, self.status
        body = FieldSet("status", status, base=base, was=was, reason=reason, at=_utc(at), act=act)
        stamp = stamp_after(self.status_stamp, at, 3)
        self.status, self.status_op, self.status_stamp = status, self._add(body, stamp).id, stamp

    def _finish(self) -> None:
        """Make status and stage end where the record itself says that they are."""
        incident = self.incident
        last = max([incident.at, *(each.at for each in incident.entries)])
        at = max(incident.ended_at or last, last)
        if incident.status and self.status != incident.status:
            self._set_status(incident.status, at, self.inc, incident.ended_reason)
        if not incident.stage and self.known.stage in ("", Stage.ACKNOWLEDGED.value):
            return
        stage = incident.stage or Stage.ACKNOWLEDGED.value
        if stage != self.known.stage:
            base = self.known.last.get(("", "stage"), "")
            stamp = stamp_after(max(self.known.t, self.status_stamp), at, 4)
            self._add(FieldSet("stage", stage, base=base, at=_utc(at)), stamp)

    def _change_incident(self) -> None:
        incident, known = self.incident, self.known
        stamp = stamp_after(known.t, incident.changed_at or incident.recorded_at or incident.at)
        start = self._start()
        if known.start and start != known.start:
            self._set("started_at", _utc(start).isoformat(), stamp)
        if self.form.lasting(known.raw or {}) == self.form.lasting(incident.raw):
            return
        found = {"title": incident.title, "kind": incident.kind}
        judged = {"severity": incident.severity, "impact": incident.impact}
        for field, value in (found | judged).items():
            if value and value != known.values.get(field):
                reason = incident.reason if field in judged else ""
                self._set(field, value, stamp, reason=reason)
        self._set_raw(incident.raw, stamp)


def resolved_stage(status: str) -> str:
    """Return the inner stage that goes with a public status: resolved, or none in particular."""
    return Stage.RESOLVED.value if status == PublicStatus.RESOLVED.value else ""


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC)
