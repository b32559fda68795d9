"""Keeps the rows of the timeline: one for an entry or a change, one for people told at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence, Set
from typing import Any

from msgspec import Struct

from cockpit.domain.clock import stamp_time
from cockpit.domain.envelope import Op, decode_leniently
from cockpit.domain.events import Told
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
_INSERT = compose(
    "INSERT INTO entry (inc, told,",
    ENTRY_COLUMNS,
    f") VALUES ({', '.join('?' * (len(_NAMES) + 2))}) RETURNING n",
)
_INSERT_NEW = compose(
    "INSERT INTO entry (n, inc, told,",
    ENTRY_COLUMNS,
    f") VALUES ({', '.join('?' * (len(_NAMES) + 3))})",
)
_UPDATE = compose("UPDATE entry SET", ", ".join(f"{name} = ?" for name in _NAMES), "WHERE n = ?")
_FIND_OP = compose("SELECT", OP_COLUMNS, "FROM op WHERE id = ? AND inc = ?")
_FIND = compose(
    "SELECT n, hidden,", ENTRY_COLUMNS, "FROM entry WHERE inc = ? AND id = ? AND told = ?"
)


class Kept(Struct, frozen=True):
    """What keeping a row changed: visible entries more (1), fewer (-1) or as many (0)."""

    delta: int = 0
    changed: bool = False
    is_message: bool = False


def make_line(connection: Connection, inc: str, op_id: str) -> tuple[Op, TimelineLine] | None:
    """Return an op of the incident with its own timeline line, None without one."""
    row = connection.row(_FIND_OP, (op_id, inc))
    if row is None:
        return None
    op = read_record(row).op
    body = decode_leniently(op)
    line = None if isinstance(body, Told) else describe(op, body)
    return None if line is None else (op, line)


def keep_new_entries(
    connection: Connection,
    inc: str,
    made: Sequence[tuple[Op, TimelineLine]],
    redacted: Set[str],
) -> list[Kept]:
    """Write the rows of ops that are new, all at once; `redacted` are ids of entries."""
    registers = _read_registers(connection, inc, [op.id for op, line in made if line.editable])
    entries = [
        entry_of(op, line, registers[op.id] if line.editable else {}, redacted=op.id in redacted)
        for op, line in made
    ]
    first = int(connection.value("SELECT max(n) FROM entry") or 0) + 1
    rows = ((n, inc, 0, *write_entry(entry)) for n, entry in enumerate(entries, first))
    connection.execute_many(_INSERT_NEW, rows)
    index_new_texts(connection, "entry", first, [entry.text for entry in entries])
    return [
        Kept(int(not entry.hidden), changed=True, is_message=entry.msg is not None)
        for entry in entries
    ]


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


def keep_entry(connection: Connection, op: Op, line: TimelineLine, *, redacted: bool) -> Kept:
    """Write the row of an entry as its corrections, star and redaction have it now."""
    registers = {}
    if line.editable:
        rows = connection.rows(
            "SELECT f, value FROM reg WHERE inc = ? AND obj = ?", (op.inc, entry_object(op.id))
        )
        registers = {field: read_json(value) for field, value in rows}
    return _keep(connection, op.inc, entry_of(op, line, registers, redacted=redacted), told=False)


def keep_told(connection: Connection, inc: str, act: str) -> Kept:
    """Write the row of the people told in one action, without those taken back.

    People told by an update have none: the update's own row says it.
    """
    marks = connection.rows(
        'SELECT told.op, name, told.at, told.t, told."by", ch, note, hidden, reg.value, via '
        "FROM told LEFT JOIN reg "
        "ON reg.inc = told.inc AND reg.obj = 'told:' || told.op AND reg.f = 'hidden' "
        "WHERE told.inc = ? AND act = ? ORDER BY told.t, told.op",
        (inc, act),
    )
    own, shown = [], []
    for mark in marks:
        hidden = bool(read_json(mark[8])) if mark[8] else False
        if hidden != bool(mark[7]):
            connection.execute("UPDATE told SET hidden = ? WHERE op = ?", (int(hidden), mark[0]))
        if not mark[9]:
            own.append(mark)
            shown.extend([] if hidden else [mark])
    if not own:
        return Kept()
    _, _, at, stamp, by, channel, note, *_ = (shown or own)[0]
    names = tuple(mark[1] for mark in (shown or own))
    entry = TimelineEntry(
        id=act,
        at=read_time(at),
        recorded_at=stamp_time(stamp),
        t=stamp,
        kind=EntryKind.COMMUNICATION.value,
        text=told_text(names, channel, note),
        author=by,
        hidden=not shown,
        editable=False,
    )
    return _keep(connection, inc, entry, told=True)


def _keep(connection: Connection, inc: str, entry: TimelineEntry, *, told: bool) -> Kept:
    row = write_entry(entry)
    found = connection.row(_FIND, (inc, entry.id, int(told)))
    is_message = entry.msg is not None
    if found is None:
        number = connection.value(_INSERT, (inc, int(told), *row))
        index_text(connection, "entry", number, entry.text)
        return Kept(int(not entry.hidden), changed=True, is_message=is_message)
    number, was_hidden, *old = found
    if tuple(old) == row:
        return Kept()
    connection.execute(_UPDATE, (*row, number))
    index_text(connection, "entry", number, entry.text, was=old[_NAMES.index("text")])
    return Kept(int(was_hidden) - int(entry.hidden), changed=True, is_message=is_message)
