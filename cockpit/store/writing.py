"""The one write door: new events get their stamp here, known ones are taken in once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC
from itertools import islice
from typing import TypeVar

import msgspec
from msgspec import Struct

from cockpit.domain.clock import clamp, format_stamp, next_stamp, parse_stamp, stamp_ms
from cockpit.domain.envelope import Op, Record, encode_body, encode_op, fits_surely
from cockpit.domain.events import Body, EntryAdded
from cockpit.domain.receipt import catch_up
from cockpit.errors import InvalidInputError
from cockpit.store.connection import Connection, compose
from cockpit.store.places import Place, place_new, read_places, workspaces_of
from cockpit.store.projections import Projector
from cockpit.store.rows import OP_COLUMNS, SHARED_COLUMNS, write_json, write_record

CHUNK = 500
"""How many events are taken in and projected at a time."""

_T = TypeVar("_T")
_IDS = re.compile(r"[0-9a-f]{32}/[0-9a-f]{32}/[0-9a-f]{8}")
_PLAIN = re.compile(_IDS.pattern + r"/[0-7][0-9a-f]{11}-[0-9a-f]{4}-[0-9a-f]{8}")
"""Ids and a stamp as nearly all events have them: with a time before the year 6000."""

_BEYOND = "The event's clock lies beyond the year 6000."
_INTEGERS = range(-(2**63), 2**63)
_TIMES = range(2**47)
"""Unix ms that a stamp may hold: until the year 6000."""

INSERT_OP = compose(
    f"INSERT INTO op (n, {OP_COLUMNS}, {SHARED_COLUMNS})",
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
)
"""Takes the rows of `rows.write_record`."""
_KEPT = "SELECT id, at FROM op WHERE id IN (SELECT value FROM json_each(?))"
_SET_CLOCK = "INSERT OR REPLACE INTO meta VALUES ('clock', ?)"


class NewEvent(Struct, frozen=True):
    """What a person did to an incident (`inc`); `id` is the op's, empty for a fresh one."""

    inc: str
    body: Body
    id: str = ""


class AppendResult(Struct, frozen=True):
    """Which ops were new, by id, and how many were here before."""

    added: tuple[str, ...]
    known: int


class Stamper:
    """Makes ops of new events, each later than everything that this machine has seen."""

    def __init__(self, device: str, now_ms: Callable[[], int], random_hex: Callable[[int], str]):
        """Keep the machine's name (8 hex), its clock and its source of ids."""
        self.device = device
        self._now_ms = now_ms
        self._random_hex = random_hex

    def stamp(
        self, last: str, events: Iterable[NewEvent], author: str, places: Mapping[str, Place]
    ) -> tuple[tuple[Op, ...], list[Body]]:
        """Return the ops of `events` with their bodies; `last` is the clock's last stamp, or empty.

        places: where their incidents are shared: there an author is known by the member's name,
        what is known of the clocks is noted, and one that runs behind goes by the server's.
        """
        ops: list[Op] = []
        bodies: list[Body] = []
        now = self._now_ms()
        if last:
            parse_stamp(last)
        for event in events:
            place = places.get(event.inc)
            behind = place.behind_ms(now) if place else 0
            body = catch_up(event.body, now, behind) if behind else event.body
            last = next_stamp(last, now + behind, self.device)
            bodies.append(body)
            ops.append(
                Op(
                    event.id or self._random_hex(16),
                    event.inc,
                    event.body.kind,
                    last,
                    self.device,
                    place.member or author if place else author,
                    _encode(body),
                    place.skew_ms if place else None,
                )
            )
        return tuple(ops), bodies

    def witness(self, last: str, records: Iterable[Record]) -> str:
        """Return the clock after seeing others' ops; a clock far ahead does not drag it along."""
        now = self._now_ms()
        # Whoever is held back is at most as late as before: mostly the latest decides at once.
        for each in sorted(records, key=lambda each: each.op.t, reverse=True):
            if each.op.t <= last:
                break
            received = now if each.received_ms is None else each.received_ms
            last = max(last, format_stamp(*clamp(each.op.t, received), self.device))
        return last


def write_events(
    connection: Connection,
    stamper: Stamper,
    events: Sequence[NewEvent],
    author: str,
    share: str | None = None,
) -> tuple[Op, ...]:
    """Append new events inside the open transaction and return their ops.

    share: where incidents that begin now are shared, see `places.find_share`.
    """
    place_new(connection, ((event.inc, event.body) for event in events), share)
    places = read_places(connection, (event.inc for event in events))
    ops, bodies = stamper.stamp(read_clock(connection), events, author, places)
    records = [Record(op) for op in ops]
    for record in records:
        check_record(record)
    _insert(connection, records, places, map(_plain, bodies))
    if ops:
        keep_clock(connection, ops[-1].t)
    return ops


def append_records(
    connection: Connection, stamper: Stamper, records: Iterable[Record]
) -> AppendResult:
    """Take in ops that were made elsewhere, inside the open transaction; known ones stay.

    Raises InvalidInputError with the record's number, counted from 1.
    """
    added: list[str] = []
    known = number = 0
    clock = read_clock(connection)
    for chunk in chunked(records):
        for record in chunk:
            number += 1
            _check_numbered(record, number)
        clock = stamper.witness(clock, chunk)
        fresh, old = _divide(connection, chunk)
        _insert(connection, fresh, read_places(connection, (each.op.inc for each in fresh)))
        _receive(connection, old)
        added.extend(record.op.id for record in fresh)
        known += len(chunk) - len(fresh)
    if number:
        keep_clock(connection, clock)
    return AppendResult(tuple(added), known)


def next_numbers(connection: Connection, count: int) -> range:
    """Return the places in this file that the next `count` events get."""
    first = int(connection.value("SELECT max(n) FROM op") or 0) + 1
    return range(first, first + count)


def read_clock(connection: Connection) -> str:
    """Return the last stamp that this machine gave or saw, empty for none."""
    return str(connection.value("SELECT value FROM meta WHERE key = 'clock'") or "")


def keep_clock(connection: Connection, clock: str) -> None:
    """Keep the last stamp that this machine gave or saw."""
    connection.execute(_SET_CLOCK, (clock,))


def check_record(record: Record) -> None:
    """Raise InvalidInputError for an op that must not be kept: malformed or above 64 KiB."""
    op = record.op
    if not _PLAIN.fullmatch(f"{op.id}/{op.inc}/{op.dev}/{op.t}"):
        _check_names(op)
    if op.v not in _INTEGERS or (op.skew or 0) not in _INTEGERS:
        raise InvalidInputError("The event holds a number that is too large.")
    if (record.received_ms or 0) not in _TIMES:
        raise InvalidInputError(_BEYOND)
    if fits_surely(op):
        return
    try:
        encode_op(op)
    except (UnicodeError, ValueError, TypeError) as error:
        raise InvalidInputError("The text holds half a character.", "Type it again.") from error


def _check_names(op: Op) -> None:
    if not _IDS.fullmatch(f"{op.id}/{op.inc}/{op.dev}"):
        raise InvalidInputError("The event's id, incident or device is malformed.")
    if stamp_ms(op.t) not in _TIMES:
        raise InvalidInputError(_BEYOND)


def chunked(source: Iterable[_T]) -> Iterator[list[_T]]:
    """Yield what comes in lists of at most `CHUNK`."""
    left = iter(source)
    while chunk := list(islice(left, CHUNK)):
        yield chunk


def _encode(body: Body) -> str:
    try:
        return encode_body(body)
    except (UnicodeError, ValueError, TypeError, OverflowError) as error:
        raise InvalidInputError(
            "The text holds half a character, or a value that JSON has no word for.",
            "Type it again.",
        ) from error


def _check_numbered(record: Record, number: int) -> None:
    try:
        check_record(record)
        _check_json(record.op.d)
    except InvalidInputError as error:
        raise InvalidInputError(f"Record {number}: {error.message}", error.hint) from error


def _check_json(text: str) -> None:
    try:
        msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInputError(f"Its body is not well-formed: {error}.") from error


def _divide(
    connection: Connection, chunk: Sequence[Record]
) -> tuple[list[Record], list[tuple[Record, int | None]]]:
    """Return the records that are new, and the others with the receive time kept so far."""
    by_id = {record.op.id: record for record in reversed(chunk)}
    kept: dict[str, int | None] = dict(connection.rows(_KEPT, (write_json(list(by_id)),)))
    ordered = dict.fromkeys(record.op.id for record in chunk)
    fresh = [by_id[op_id] for op_id in ordered if op_id not in kept]
    return fresh, [(by_id[op_id], kept[op_id]) for op_id in ordered if op_id in kept]


def _insert(
    connection: Connection,
    records: Sequence[Record],
    places: Mapping[str, Place],
    bodies: Iterable[Body | None] = (),
) -> None:
    spaces = workspaces_of(places)
    numbers = next_numbers(connection, len(records))
    rows = (
        write_record(n, record, spaces.get(record.op.inc, ""))
        for n, record in zip(numbers, records, strict=True)
    )
    connection.execute_many(INSERT_OP, rows)
    Projector(connection).add(numbers, records, bodies)


def _plain(body: Body) -> Body | None:
    """Return a body that its JSON says again word for word, None for one that is to be read."""
    if isinstance(body, EntryAdded) and body.msg is None and body.src is None:
        return body if body.at.tzinfo is UTC else None
    return None


def _receive(connection: Connection, old: Iterable[tuple[Record, int | None]]) -> None:
    """Note when the server received ops that were written here; merging goes by that."""
    news = [record for record, kept in old if kept is None and record.received_ms is not None]
    if news:
        rows = [(record.received_ms, record.op.id) for record in news]
        connection.execute_many("UPDATE op SET at = ? WHERE id = ?", rows)
        Projector(connection).receive(news)
