"""Takes in a page of a workspace's history, its place with it: all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any

from msgspec import Struct

from cockpit.domain.envelope import Record
from cockpit.domain.remotes import Arrival, Intake, Outcome
from cockpit.errors import InvalidInputError
from cockpit.store.connection import Connection, compose
from cockpit.store.hidings import find_hiding
from cockpit.store.places import place_arrived
from cockpit.store.projections import Projector
from cockpit.store.rows import OP_COLUMNS, read_record, write_json, write_record
from cockpit.store.writing import (
    INSERT_OP,
    Stamper,
    check_record,
    keep_clock,
    next_numbers,
    read_clock,
)

UNREADABLE = "malformed"
_OPS = compose("SELECT", OP_COLUMNS, "FROM op WHERE id IN (SELECT value FROM json_each(?))")
_KEPT = "SELECT id, ws, seq, at FROM op WHERE id IN (SELECT value FROM json_each(?))"
_CONFIRM = "UPDATE op SET ws = ?, seq = ?, at = ?, relayed_by = ? WHERE id = ?"
_LET_GO = "DELETE FROM held WHERE id IN (SELECT value FROM json_each(?))"
_HOLD = "INSERT OR IGNORE INTO held (id, ws, code, words, at) VALUES (?, ?, ?, ?, ?)"


class _Kept(Struct, frozen=True):
    """How an event stands here: its workspace, its place there, and when the server got it."""

    ws: str
    seq: int | None
    at: int | None


def take_page(
    connection: Connection, stamper: Stamper, ws: str, rows: Sequence[Arrival], now_ms: int
) -> Intake:
    """Take in the events of a page inside the open transaction; those that are here stay.

    An event that another workspace brought first stays that one's. Nothing is changed when the
    page contradicts what is here (`Outcome.DIFFERS`).
    """
    kept = _find(connection, [row.id for row in rows])
    if _differs(connection, ws, rows, kept):
        return Intake(Outcome.DIFFERS)
    fresh, faults = _divide(row for row in rows if row.id not in kept)
    if hiding := find_hiding(connection, [row for row, _ in fresh], stamper.device):
        away = {row.id for row in hiding}
        fresh, faults = [each for each in fresh if each[0].id not in away], faults + hiding
    if fresh:
        records = [record for _, record in fresh]
        numbers = next_numbers(connection, len(records))
        clock = stamper.witness(read_clock(connection), records)
        keep_clock(connection, clock)
        place_arrived(connection, (record.op.inc for record in records), ws)
        connection.execute_many(
            INSERT_OP,
            (
                write_record(n, record, ws, row.seq, row.relayed_by)
                for n, (row, record) in zip(numbers, fresh, strict=True)
            ),
        )
        Projector(connection).add(numbers, records)
    confirmed = _confirm(connection, ws, rows, kept)
    _let_go(connection, rows, {row.id for row in faults})
    connection.execute_many(_HOLD, ((row.id, ws, row.fault, row.words, now_ms) for row in faults))
    return Intake(Outcome.TAKEN, len(fresh), confirmed)


def _find(connection: Connection, ids: Sequence[str]) -> dict[str, _Kept]:
    rows = connection.rows(_KEPT, (write_json(ids),))
    return {row[0]: _Kept(*row[1:]) for row in rows}


def _differs(
    connection: Connection, ws: str, rows: Sequence[Arrival], kept: dict[str, _Kept]
) -> bool:
    """Say whether the server gives an event another place, or a place to another event."""
    if not rows:
        return False
    if any(
        each.ws == ws and each.seq not in (None, row.seq)
        for row in rows
        if (each := kept.get(row.id))
    ):
        return True
    places = {row.seq: row.id for row in rows}
    taken = connection.rows(
        "SELECT seq, id FROM op WHERE ws = ? AND seq BETWEEN ? AND ?",
        (ws, min(places), max(places)),
    )
    return any(places.get(seq, op_id) != op_id for seq, op_id in taken)


def _divide(rows: Iterable[Arrival]) -> tuple[list[tuple[Arrival, Record]], list[Arrival]]:
    """Return the events that can be kept, and those that cannot, with the reason."""
    fresh, faults = [], []
    for row in rows:
        if row.op is None:
            if row.fault:
                faults.append(row)
            continue
        record = Record(row.op, row.at)
        try:
            check_record(record)
        except InvalidInputError as error:
            faults.append(_refuse(row, error))
        else:
            fresh.append((row, record))
    return fresh, faults


def _refuse(row: Arrival, error: InvalidInputError) -> Arrival:
    return Arrival(row.seq, row.at, row.relayed_by, row.id, None, UNREADABLE, error.message)


def _confirm(
    connection: Connection, ws: str, rows: Sequence[Arrival], kept: dict[str, _Kept]
) -> int:
    """Note where the server put events that were here; merging goes by when it got them."""
    news: list[tuple[Any, ...]] = []
    later: dict[str, int] = {}
    confirmed = 0
    for row in rows:
        each = kept.get(row.id)
        if each is None or each.ws not in ("", ws) or (each.seq, each.at) == (row.seq, row.at):
            continue
        confirmed += each.seq is None
        news.append((ws, row.seq, row.at, row.relayed_by, row.id))
        if each.at != row.at:
            later[row.id] = row.at
    connection.execute_many(_CONFIRM, news)
    if later:
        known = (read_record(row) for row in connection.rows(_OPS, (write_json(list(later)),)))
        again = {op_id for op_id in later if kept[op_id].at is not None}
        Projector(connection).receive(known, again)
    return confirmed


def _let_go(connection: Connection, rows: Sequence[Arrival], away: Set[str]) -> None:
    """Set nothing aside any longer that came after all; `away` are those that did not."""
    if connection.value("SELECT 1 FROM held LIMIT 1") is None:
        return
    came = [row.id for row in rows if not (row.id in away or "\0" in row.id)]
    connection.execute(_LET_GO, (write_json(came),))
