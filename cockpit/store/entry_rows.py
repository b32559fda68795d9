"""Keeps the rows of the timeline: one for an entry or a change, one for people told at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from itertools import chain
from typing import Any

from msgspec import Struct

from cockpit.domain.clock import effective_ms, from_ms
from cockpit.domain.envelope import Record
from cockpit.domain.events import Told
from cockpit.domain.receipt import read_body
from cockpit.domain.registers import entry_object
from cockpit.domain.timeline import TimelineLine, describe, entry_of, told_text
from cockpit.domain.view import TimelineEntry
from cockpit.domain.vocabulary import EntryKind
from cockpit.store.connection import Connection, compose
from cockpit.store.rows import (
    ENTRY_COLUMNS,
    OP_COLUMNS,
    read_json,
    read_record,
    read_time,
    write_entry,
)
from cockpit.store.word_index import index_new_texts, index_text

_NAMES = ENTRY_COLUMNS.split(", ")
_NONE: Mapping[str, Any] = {}
_INSERT = compose(
    "INSERT INTO entry (n, inc, told,",
    ENTRY_COLUMNS,
    f") VALUES ({', '.join('?' * (len(_NAMES) + 3))})",
)
_UPDATE = compose("UPDATE entry SET", ", ".join(f"{name} = ?" for name in _NAMES), "WHERE n = ?")
_FIND_OP = compose("SELECT", OP_COLUMNS, "FROM op WHERE id = ? AND inc = ?")
_FIND = compose(
    "SELECT inc, id, told, n, hidden,", ENTRY_COLUMNS, "FROM entry WHERE (inc, id, told) IN"
)
_TOLD = compose(
    'SELECT told.inc, act, told.op, name, told.at, told.t, told."by", ch, note, hidden,',
    "reg.value, via, op.at FROM told JOIN op ON op.id = told.op LEFT JOIN reg",
    "ON reg.inc = told.inc AND reg.obj = 'told:' || told.op AND reg.f = 'hidden'",
    "WHERE (told.inc, act) IN",
)


class Kept(Struct, frozen=True, gc=False):
    """What keeping a row changed: visible entries more (1), fewer (-1) or as many (0)."""

    inc: str
    delta: int = 0
    is_message: bool = False


class _Mark(Struct, gc=False):
    """Somebody who was told: the columns of `_TOLD` after the first two."""

    op: str
    name: str
    at: str
    t: str
    by: str
    channel: str
    note: str
    was_hidden: int
    hidden: str | None
    via: str
    received: int | None

    @property
    def is_hidden(self) -> bool:
        return bool(read_json(self.hidden)) if self.hidden else False


def make_line(connection: Connection, inc: str, op_id: str) -> tuple[Record, TimelineLine] | None:
    """Return an event of the incident with its own timeline line, None without one."""
    row = connection.row(_FIND_OP, (op_id, inc))
    if row is None:
        return None
    record = read_record(row)
    body = read_body(record)
    line = None if isinstance(body, Told) else describe(record, body)
    return None if line is None else (record, line)


def make_entries(
    connection: Connection,
    inc: str,
    made: Sequence[tuple[Record, TimelineLine]],
    redacted: Set[str],
) -> list[tuple[str, TimelineEntry]]:
    """Return the entries of events as their corrections, stars and redactions have them now.

    redacted: ids of entries.
    """
    registers = _read_registers(
        connection, inc, [each.op.id for each, line in made if line.editable]
    )
    return [
        (
            inc,
            entry_of(each, line, registers.get(each.op.id, _NONE), redacted=each.op.id in redacted),
        )
        for each, line in made
    ]


def insert_entries(
    connection: Connection, entries: Sequence[tuple[str, TimelineEntry]], *, told: bool = False
) -> list[Kept]:
    """Write rows that are not there yet, all at once; each entry with its incident."""
    if not entries:
        return []
    first = int(connection.value("SELECT max(n) FROM entry") or 0) + 1
    rows = (
        (n, inc, int(told), *write_entry(entry)) for n, (inc, entry) in enumerate(entries, first)
    )
    connection.execute_many(_INSERT, rows)
    index_new_texts(connection, "entry", first, [entry.text for _, entry in entries])
    return [
        Kept(inc, int(not entry.hidden), is_message=entry.msg is not None) for inc, entry in entries
    ]


def keep_entries(
    connection: Connection, entries: Sequence[tuple[str, TimelineEntry]], *, told: bool = False
) -> list[Kept]:
    """Write rows, some of which may be there already."""
    found = {
        (inc, entry): rest
        for inc, entry, _, *rest in connection.rows_for(
            _FIND, [(inc, entry.id, int(told)) for inc, entry in entries]
        )
    }
    kept = insert_entries(
        connection, [each for each in entries if (each[0], each[1].id) not in found], told=told
    )
    for inc, entry in entries:
        if (inc, entry.id) not in found:
            continue
        number, was_hidden, *old = found[inc, entry.id]
        row = write_entry(entry)
        if tuple(old) == row:
            continue
        connection.execute(_UPDATE, (*row, number))
        index_text(connection, "entry", number, entry.text, was=old[_NAMES.index("text")])
        delta = int(was_hidden) - int(entry.hidden)
        kept.append(Kept(inc, delta, is_message=entry.msg is not None))
    return kept


def keep_told(connection: Connection, acts: Sequence[tuple[str, str]]) -> list[Kept]:
    """Write the rows of people told in one action each, without those taken back.

    People told by an update have none: the update's own row says it.
    """
    marks: dict[tuple[str, str], list[_Mark]] = {act: [] for act in acts}
    for inc, act, *columns in connection.rows_for(_TOLD, acts):
        marks[inc, act].append(_Mark(*columns))
    changed = [
        (int(each.is_hidden), each.op)
        for each in chain.from_iterable(marks.values())
        if each.is_hidden != bool(each.was_hidden)
    ]
    connection.execute_many("UPDATE told SET hidden = ? WHERE op = ?", changed)
    entries = (
        (inc, _told_entry(act, own))
        for (inc, act), several in marks.items()
        if (own := [each for each in several if not each.via])
    )
    return keep_entries(connection, list(entries), told=True)


def _told_entry(act: str, own: list[_Mark]) -> TimelineEntry:
    own.sort(key=lambda each: (each.t, each.op))
    shown = [each for each in own if not each.is_hidden]
    first, *_ = told = shown or own
    return TimelineEntry(
        id=act,
        at=read_time(first.at),
        recorded_at=from_ms(effective_ms(first.t, first.received)),
        t=first.t,
        kind=EntryKind.COMMUNICATION.value,
        text=told_text(tuple(each.name for each in told), first.channel, first.note),
        author=first.by,
        hidden=not shown,
        editable=False,
    )


def _read_registers(
    connection: Connection, inc: str, entries: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Return the registers of entries by field, none for those that have none."""
    marks = ", ".join("?" * len(entries))
    query = compose("SELECT obj, f, value FROM reg WHERE inc = ? AND obj IN (", marks, ")")
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    objects = [entry_object(entry) for entry in entries]
    for obj, field, value in connection.rows(query, (inc, *objects)) if objects else ():
        found[obj.removeprefix(entry_object(""))][field] = read_json(value)
    return found
