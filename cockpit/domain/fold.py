"""The pure fold: events of one incident, in any order, to the same frozen view."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from cockpit.domain.assembly import IncidentRows, RegisterKey, assemble
from cockpit.domain.clock import effective_ms
from cockpit.domain.envelope import Record
from cockpit.domain.events import (
    Body,
    EntryEdited,
    EntryRedacted,
    FieldSet,
    IncidentOpened,
    TextSnapshot,
    TextUpdated,
    Told,
)
from cockpit.domain.receipt import read_body, recorded_time
from cockpit.domain.reference import format_reference
from cockpit.domain.registers import Candidate, candidate, entry_object, resolve
from cockpit.domain.timeline import TimelineLine, describe, entry_of, told_text
from cockpit.domain.view import IncidentView, OutgoingMessage, TimelineEntry, ToldMark
from cockpit.errors import IncidentNotFoundError


class Folded(Struct, frozen=True):
    """An incident as its events say: the view, and the whole timeline in order."""

    view: IncidentView
    entries: tuple[TimelineEntry, ...]


def fold(
    records: Iterable[Record], *, ref: str = "", section_texts: Mapping[str, str] | None = None
) -> Folded:
    """Return what the events of one incident say; duplicates and order do not matter.

    ref: the reference where a clash gave it a suffix; section_texts: merged text by section id
    (merging text needs a library that the fold does not load).
    Raises IncidentNotFoundError while the event that opened the incident is missing.
    """
    return _Fold(records).finish(ref, section_texts or {})


def order_key(entry: TimelineEntry) -> tuple[Any, ...]:
    """Return what the timeline is sorted by: when it happened, the clock stamp, the id."""
    return (entry.at, entry.t, entry.id)


class _Fold:
    """Collects the events of one incident by what they touch."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records = {record.op.id: record for record in records}
        self.bodies = {key: read_body(each) for key, each in self.records.items()}
        self.candidates: dict[RegisterKey, list[Candidate]] = defaultdict(list)
        self.redacted: set[str] = set()
        self.sections: set[str] = set()
        for key, body in self.bodies.items():
            self._collect(self.records[key], body)
        found = {key: resolve(each) for key, each in self.candidates.items()}
        self.registers = {key: each for key, each in found.items() if each is not None}

    def _collect(self, record: Record, body: Body | None) -> None:
        if isinstance(body, FieldSet | EntryEdited):
            each = candidate(record.op, body, record.received_ms)
            self.candidates[each.obj, each.f].append(each)
        elif isinstance(body, EntryRedacted):
            self.redacted.add(body.entry)
        elif isinstance(body, TextUpdated | TextSnapshot):
            self.sections.add(body.s)

    def finish(self, ref: str, section_texts: Mapping[str, str]) -> Folded:
        first, opened = self._opened()
        entries = self._entries()
        latest = max(self.records.values(), key=lambda each: (each.op.t, each.op.id))
        rows = IncidentRows(
            id=first.op.inc,
            ref=ref or format_reference(opened.prefix, opened.number),
            opened_op=first.op,
            declared_at=recorded_time(first),
            opened=opened,
            registers=self.registers,
            history=tuple(each for many in self.candidates.values() for each in many),
            told=self._told(),
            messages=self._messages(entries),
            section_texts={section: section_texts.get(section, "") for section in self.sections},
            entry_count=sum(not entry.hidden for entry in entries),
            unknown_ops=sum(not record.op.known for record in self.records.values()),
            last_op=latest.op.id,
        )
        return Folded(assemble(rows), entries)

    def _opened(self) -> tuple[Record, IncidentOpened]:
        found = [
            (effective_ms(record.op.t, record.received_ms), key, record, body)
            for key, record in self.records.items()
            if isinstance(body := self.bodies[key], IncidentOpened)
        ]
        if not found:
            raise IncidentNotFoundError("The event that opened this incident is not here yet.")
        _, _, record, body = min(found, key=lambda each: each[:2])
        return record, body

    def _flag(self, obj: str, field: str) -> bool:
        register = self.registers.get((obj, field))
        return bool(register.value) if register else False

    def _told(self) -> tuple[ToldMark, ...]:
        marks = [
            ToldMark(key, body.sh, body.at, self.records[key].op.by, body.ch, body.note, body.via)
            for key, body in self.bodies.items()
            if isinstance(body, Told) and not self._flag(f"told:{key}", "hidden")
        ]
        return tuple(sorted(marks, key=lambda mark: (mark.at, mark.id)))

    def _entries(self) -> tuple[TimelineEntry, ...]:
        entries = []
        actions: dict[str, list[tuple[Record, TimelineLine]]] = defaultdict(list)
        for key, record in self.records.items():
            body = self.bodies[key]
            line = describe(record, body)
            if line is None:
                continue
            if isinstance(body, Told):
                actions[line.id].append((record, line))
            else:
                entries.append(self._entry(record, line))
        entries.extend(self._told_entry(each) for each in actions.values())
        return tuple(sorted(entries, key=order_key))

    def _entry(self, record: Record, line: TimelineLine) -> TimelineEntry:
        registers = (
            {
                field: self.registers[obj, field].value
                for obj, field in self.registers
                if obj == entry_object(record.op.id)
            }
            if line.editable
            else {}
        )
        return entry_of(record, line, registers, redacted=record.op.id in self.redacted)

    def _told_entry(self, told: list[tuple[Record, TimelineLine]]) -> TimelineEntry:
        told = sorted(told, key=lambda each: (each[0].op.t, each[0].op.id))
        shown = [each for each in told if not self._flag(f"told:{each[0].op.id}", "hidden")]
        first, line = (shown or told)[0]
        names = tuple(each.name for _, each in (shown or told))
        text = told_text(names, line.channel, line.note)
        return TimelineEntry(
            id=line.id,
            at=line.at,
            recorded_at=recorded_time(first),
            t=first.op.t,
            kind=line.kind,
            text=text,
            author=first.op.by,
            hidden=not shown,
            editable=False,
        )

    def _messages(self, entries: tuple[TimelineEntry, ...]) -> tuple[OutgoingMessage, ...]:
        return tuple(
            OutgoingMessage(
                entry.id, entry.at, entry.author, entry.text, entry.msg, entry.corrected
            )
            for entry in entries
            if entry.msg is not None and not entry.hidden
        )
