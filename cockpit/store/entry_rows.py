"""Keeps the rows of the timeline: one for an entry or a change, one for people told at once."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from itertools import chain
from typing import Any

from msgspec import Struct

from cockpit.domain.clock import effective_time
from cockpit.domain.envelope import Record
from cockpit.domain.events import Body, EntryAdded, Told
from cockpit.domain.receipt import read_body
from cockpit.domain.registers import entry_object
from cockpit.domain.timeline import TimelineLine, describe, entry_of, told_text, written_line
from cockpit.domain.view import TimelineEntry
from cockpit.domain.vocabulary import EntryKind
from cockpit.store.connection import Connection, Row, compose
from cockpit.store.rows import (
    ENTRY_COLUMNS,
    OP_COLUMNS,
    read_json,
    read_record,
    read_time,
    write_entry,
    write_json,
    write_plain_entry,
)
from cockpit.store.word_index import index_new_texts, index_text

_NAMES = ENTRY_COLUMNS.split(", ")
_TEXT, _HIDDEN, _MSG = (_NAMES.index(name) for name in ("text", "hidden", "msg"))
_NONE: Mapping[str, Any] = {}
_INSERT = compose(
    "INSERT INTO entry (n, inc, told,",
    ENTRY_COLUMNS,
    f") VALUES ({', '.join('?' * (len(_NAMES) + 3))})",
)
_UPDATE = compose("UPDATE entry SET", ", ".join(f"{name} = ?" for name in _NAMES), "WHERE n = ?")
_FIND_OP = compose("SELECT n,", OP_COLUMNS, "FROM op WHERE id = ? AND inc = ?")
_FIND = compose("SELECT n,", ENTRY_COLUMNS, "FROM entry WHERE n IN")
_FIND_TOLD = "SELECT inc, id, n FROM entry WHERE told = 1 AND (inc, id) IN"
_TOLD = compose(
    'SELECT told.inc, act, told.op, name, told.at, told.t, told."by", ch, note, hidden,',
    "reg.value, via, op.at, op.n FROM told JOIN op ON op.id = told.op LEFT JOIN reg",
    "ON reg.inc = told.inc AND reg.obj = 'told:' || told.op AND reg.f = 'hidden'",
    "WHERE (told.inc, act) IN",
)
_HAS_CHANGED = "SELECT 1 FROM reg WHERE inc = ? AND obj >= 'entry:' AND obj < 'entry;' LIMIT 1"
_CHANGES = "SELECT obj, f, value FROM reg WHERE inc = ? AND obj IN (SELECT value FROM json_each(?))"

Shown = EntryAdded | TimelineLine
"""What an event shows in the timeline: what was written, or the line that says what it changed."""

Made = tuple[int, Record, Shown]
"""An event that shows by itself, with its number."""

Placed = tuple[int, str, Row]
"""The number, the incident and the columns `ENTRY_COLUMNS` of an entry."""


class Kept(Struct, frozen=True, gc=False):
    """What keeping rows changed: how many visible entries more an incident has, or fewer."""

    inc: str
    delta: int
    has_message: bool


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
    n: int

    @property
    def is_hidden(self) -> bool:
        return bool(read_json(self.hidden)) if self.hidden else False


def find_shown(connection: Connection, inc: str, op_id: str) -> Made | None:
    """Return an event of the incident that shows by itself, None without one."""
    row = connection.row(_FIND_OP, (op_id, inc))
    if row is None:
        return None
    record = read_record(row[1:])
    shown = shown_by(record, read_body(record))
    return None if shown is None else (row[0], record, shown)


def shown_by(record: Record, body: Body | None) -> Shown | None:
    """Return what an event shows by itself; people told together have a row in common."""
    if isinstance(body, EntryAdded):
        return body
    return None if isinstance(body, Told) else describe(record, body)


def make_rows(
    connection: Connection, inc: str, made: Sequence[Made], redacted: Set[str]
) -> list[Placed]:
    """Return the rows of events as their corrections, stars and redactions have them now.

    redacted: ids of entries.
    """
    written = [each.op.id for _, each, shown in made if isinstance(shown, EntryAdded)]
    registers = _read_registers(connection, inc, written)
    return [
        (n, inc, write_plain_entry(each, shown))
        if not (each.op.id in registers or each.op.id in redacted)
        else (n, inc, _write_changed(each, shown, registers.get(each.op.id, _NONE), redacted))
        for n, each, shown in made
    ]


def insert_rows(
    connection: Connection, rows: Sequence[Placed], *, told: bool = False
) -> list[Kept]:
    """Write rows that are not there yet, all at once."""
    if not rows:
        return []
    connection.execute_many(_INSERT, ((n, inc, int(told), *row) for n, inc, row in rows))
    index_new_texts(connection, "entry", ((n, row[_TEXT]) for n, _, row in rows))
    deltas = Counter(inc for _, inc, row in rows if not row[_HIDDEN])
    messages = {inc for _, inc, row in rows if row[_MSG] is not None}
    incs = dict.fromkeys(inc for _, inc, _ in rows)
    return [Kept(inc, deltas[inc], inc in messages) for inc in incs]


def keep_rows(connection: Connection, rows: Sequence[Placed], *, told: bool = False) -> list[Kept]:
    """Write rows, some of which may be there already."""
    found = {each[0]: each[1:] for each in connection.rows_for(_FIND, [(n,) for n, _, _ in rows])}
    kept = insert_rows(connection, [each for each in rows if each[0] not in found], told=told)
    for n, inc, row in rows:
        old = found.get(n)
        if old is None or old == row:
            continue
        connection.execute(_UPDATE, (*row, n))
        index_text(connection, "entry", n, row[_TEXT], was=old[_TEXT])
        delta = int(old[_HIDDEN]) - int(row[_HIDDEN])
        kept.append(Kept(inc, delta, row[_MSG] is not None))
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
    own = {act: [each for each in several if not each.via] for act, several in marks.items()}
    there = {row[:2]: row[2] for row in connection.rows_for(_FIND_TOLD, acts)}
    rows = [
        (there.get((inc, act)) or several[0].n, inc, write_entry(_told_entry(act, several)))
        for (inc, act), several in own.items()
        if several
    ]
    return keep_rows(connection, rows, told=True)


def _write_changed(
    record: Record, shown: Shown, registers: Mapping[str, Any], redacted: Set[str]
) -> Row:
    line = written_line(record.op, shown) if isinstance(shown, EntryAdded) else shown
    return write_entry(entry_of(record, line, registers, redacted=record.op.id in redacted))


def _told_entry(act: str, own: list[_Mark]) -> TimelineEntry:
    own.sort(key=lambda each: (each.t, each.op))
    shown = [each for each in own if not each.is_hidden]
    first, *_ = told = shown or own
    return TimelineEntry(
        id=act,
        at=read_time(first.at),
        recorded_at=effective_time(first.t, first.received),
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
    found: dict[str, dict[str, Any]] = defaultdict(dict)
    if not entries or connection.value(_HAS_CHANGED, (inc,)) is None:
        return found
    objects = write_json([entry_object(entry) for entry in entries])
    for obj, field, value in connection.rows(_CHANGES, (inc, objects)):
        found[obj.removeprefix(entry_object(""))][field] = read_json(value)
    return found
