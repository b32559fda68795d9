"""Builders for the tests of the store: a store on a clock that stands still, and events."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from cockpit.domain.clock import format_stamp, to_ms
from cockpit.domain.envelope import Op, Record, encode_body
from cockpit.domain.events import Body, EntryAdded, FieldSet, IncidentOpened
from cockpit.domain.view import TimelineEntry, TimelineFilter
from cockpit.store.database import NewEvent, Store

INC = "ab" * 16
START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
EVERY = TimelineFilter(hidden=True)


_SEEDS = count(1000)


class TickingClock:
    """A clock that goes on by one second whenever it is read; `ms` may be set."""

    def __init__(self, ms: int = to_ms(START)) -> None:
        self.ms = ms

    def __call__(self) -> int:
        self.ms += 1000
        return self.ms


def open_store(path: Path, *, clock: Callable[[], int] | None = None, **how: Any) -> Store:
    """Open a store whose ids come from a seed of its own and whose clock ticks."""
    rng = random.Random(next(_SEEDS))
    return Store.open(
        path,
        now_ms=clock or TickingClock(),
        random_hex=lambda size: rng.randbytes(size).hex(),
        **how,
    )


def minutes(number: float) -> datetime:
    return START + timedelta(minutes=number)


def opened(title: str = "Checkout fails", **fields: Any) -> IncidentOpened:
    return IncidentOpened(**{"severity": "SEV2", "number": 42, "at": START, **fields}, title=title)


def declare(store: Store, title: str = "Checkout fails", inc: str = INC, **fields: Any) -> Op:
    """Open an incident and return the event."""
    return put(store, opened(title, **fields), inc=inc)


def put(store: Store, body: Body, inc: str = INC) -> Op:
    """Write one event and return it."""
    return store.write(lambda _: [NewEvent(inc, body)], author="ops")[0]


def note(store: Store, text: str, at: datetime = START, inc: str = INC, **fields: Any) -> Op:
    """Write a timeline entry and return its event."""
    return put(store, EntryAdded(at, text, **fields), inc=inc)


def flag(store: Store, obj: str, field: str, value: Any) -> Op:
    """Set a register of an entry or a told mark."""
    return put(store, FieldSet(field, value, obj=obj))


def record(
    number: int, body: Body, *, inc: str = INC, ms: int | None = None, device: str = "0000000a"
) -> Record:
    """Return an event of another machine with that number as its id."""
    stamp = format_stamp(to_ms(START) if ms is None else ms, number % 0xFFFF, device)
    return Record(Op(f"{number:032x}", inc, body.kind, stamp, device, "them", encode_body(body)))


def whole(
    store: Store, inc: str = INC, wanted: TimelineFilter = EVERY
) -> tuple[TimelineEntry, ...]:
    """Return all entries that a filter lets through."""
    return store.reads.timeline(inc, wanted, 0, 10**6)


def texts(store: Store, inc: str = INC, wanted: TimelineFilter | None = None) -> list[str]:
    """Return the texts of the entries that show."""
    return [each.text for each in whole(store, inc, wanted or TimelineFilter())]


def count_ops(store: Store) -> int:
    """Return how many events are kept."""
    return sum(1 for _ in store.reads.ops())
