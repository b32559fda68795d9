"""Times of wrong clocks: held back to the receipt, caught up with by whoever writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clock import MAX_AHEAD_MS, format_stamp, to_ms
from cockpit.domain.envelope import Op, Record, encode_body
from cockpit.domain.events import (
    Body,
    EntryAdded,
    EntryEdited,
    FieldSet,
    Message,
    Told,
)
from cockpit.domain.receipt import catch_up, hold_back, read_body, read_held, recorded_time
from tests.store.store_events import INC, START, minutes, opened

YEAR, DAY = timedelta(days=365), timedelta(days=1)
LATEST = START + timedelta(milliseconds=MAX_AHEAD_MS)


def received(
    body: Body, ahead: timedelta, *, skew: timedelta | None = None, stamp: datetime | None = None
) -> Record:
    """Return an event that the server got at nine, of a clock that runs ahead."""
    clock = format_stamp(to_ms(stamp or START + ahead), 0, "0000000a")
    known = None if skew is None else round(skew.total_seconds() * 1000)
    op = Op("1" * 32, INC, body.kind, clock, "0000000a", "ana", encode_body(body), known)
    return Record(op, to_ms(START))


def held(body: Body, ahead: timedelta = YEAR, **how: Any) -> Any:
    return read_body(received(body, ahead, **how))


def update(at: datetime, promise: datetime | None = None) -> EntryAdded:
    return EntryAdded(at, "We look into it.", msg=Message("sent", "customers", next_at=promise))


@pytest.mark.parametrize("ahead", [DAY, YEAR])
def test_what_a_clock_ahead_marks_as_done_was_done_by_its_receipt(ahead: timedelta) -> None:
    at = START + ahead
    assert held(update(at), ahead).at == START
    assert held(Told("board", at), ahead).at == START
    assert held(EntryAdded(at, "CPU at 95 %"), ahead).at == START
    assert held(opened(at=at), ahead).at == START
    assert held(FieldSet("status", "identified", at=at), ahead).at == START
    assert recorded_time(received(EntryEdited("2" * 32, "x"), ahead)) == LATEST


def test_a_difference_that_was_measured_says_when_it_was() -> None:
    """Written a while before it was received."""
    before = START - timedelta(hours=2)
    assert held(update(before + YEAR), skew=YEAR).at == before
    assert held(update(START + YEAR), skew=DAY).at == START
    assert held(update(START + YEAR), skew=-DAY).at == START


@pytest.mark.parametrize(
    ("ahead", "meant"),
    [(YEAR, minutes(30)), (DAY, minutes(30)), (timedelta(hours=1), minutes(90))],
)
def test_a_promise_keeps_the_clock_time_that_people_read(ahead: timedelta, meant: datetime) -> None:
    at = START + ahead
    assert held(update(at, at + timedelta(minutes=30)), ahead).msg.next_at == meant


@pytest.mark.parametrize("field", ["promise.customers", "pause.support", "back_at"])
def test_what_was_decided_of_times_ahead_loses_the_days(field: str) -> None:
    value = (minutes(20) + YEAR).isoformat()
    assert held(FieldSet(field, value, at=START + YEAR)).v == minutes(20).isoformat()


@pytest.mark.parametrize(
    ("obj", "field"),
    [("", "summary_at"), ("do:1", "asked_at"), ("entry:1", "at"), ("", "started_at")],
)
def test_a_field_that_is_a_time_is_no_later_than_its_receipt(obj: str, field: str) -> None:
    body = FieldSet(field, (START + YEAR).isoformat(), obj=obj)
    assert held(body).v == START.isoformat()
    card = FieldSet("card", {"name": "Sam", "since": (START + YEAR).isoformat()}, obj="sh:sam")
    assert held(card).v == {"name": "Sam", "since": START.isoformat()}


def test_other_values_stay_as_they_are() -> None:
    for value in ("open", "", None, 7, {"a": 1}, "not a time"):
        assert held(FieldSet("pause.customers", value)).v == value
    assert held(FieldSet("title", (START + YEAR).isoformat())).v == (START + YEAR).isoformat()


def test_what_a_right_clock_says_stays() -> None:
    """What was long ago, and what is to come: planned work, a meeting."""
    for at in (START - YEAR, minutes(-60), START, minutes(60), START + YEAR):
        for body in (EntryAdded(at, "x"), opened(at=at), FieldSet("status", "x", at=at)):
            assert held(body, timedelta()) == body
            assert read_held(received(body, timedelta())) == (body, False)
    assert held(update(minutes(-60), minutes(-30)), timedelta()).at == minutes(-60)


def test_what_a_person_typed_as_a_time_that_has_been_stays() -> None:
    assert held(update(minutes(-60))).at == minutes(-60)
    assert held(EntryAdded(minutes(-60), "x")).at == minutes(-60)


def test_a_clock_that_was_set_right_is_believed_although_its_stamps_run_on() -> None:
    """Stamps never go back, so that they stay ahead for long."""
    stamp = START + YEAR
    body = FieldSet("promise.customers", minutes(30).isoformat(), at=START)
    assert held(body, stamp=stamp) == body
    text = update(START, minutes(30))
    assert held(text, stamp=stamp) == text


def test_before_it_was_received_nothing_is_known() -> None:
    record = received(update(START + YEAR), YEAR)
    assert read_body(Record(record.op)) == update(START + YEAR)
    assert not read_held(Record(record.op))[1]
    assert read_held(record) == (read_body(record), True)


TIMES = st.datetimes(
    START.replace(year=2020, tzinfo=None), START.replace(year=2033, tzinfo=None)
).map(lambda at: at.replace(tzinfo=START.tzinfo))
SKEWS = st.none() | st.timedeltas(-2 * YEAR, 2 * YEAR)


@given(TIMES, TIMES, SKEWS)
def test_nothing_was_done_after_its_receipt(
    at: datetime, stamp: datetime, skew: timedelta | None
) -> None:
    for body in (update(at), Told("board", at)):
        found = held(body, skew=skew, stamp=stamp)
        assert found.at <= LATEST
        assert found.at == at or at > LATEST
        record = received(body, YEAR, skew=skew, stamp=stamp)
        assert hold_back(record.op, to_ms(START), found).at == found.at


EVER = st.datetimes().map(lambda at: at.replace(tzinfo=START.tzinfo))


@given(EVER, EVER, st.integers(0, 2**47 - 1), st.integers(-(2**63), 2**63 - 1), st.booleans())
def test_whatever_strangers_send_is_no_fault(
    at: datetime, other: datetime, stamp: int, skew: int, early: bool
) -> None:
    bodies: list[Body] = [
        update(at, other),
        EntryAdded(at, "x"),
        Told("board", at),
        opened(at=at),
        FieldSet("promise.customers", other.isoformat(), at=at),
        FieldSet("summary_at", other.isoformat()),
    ]
    for body in bodies:
        text = format_stamp(stamp, 0, "0000000a")
        op = Op("1" * 32, INC, body.kind, text, "0000000a", "them", encode_body(body), skew)
        assert read_body(Record(op, 0 if early else to_ms(START))) is not None


@pytest.mark.parametrize("behind", [DAY, YEAR])
def test_a_clock_behind_catches_up_with_what_it_takes_from_the_clock(behind: timedelta) -> None:
    now = START - behind
    ms = round(behind.total_seconds() * 1000)

    def caught(body: Body) -> Any:
        return catch_up(body, to_ms(now), ms)

    assert caught(update(now, now + timedelta(minutes=30))) == update(START, minutes(30))
    assert caught(Told("board", now)).at == START
    assert caught(opened(at=now)).at == START
    assert caught(FieldSet("summary_at", now.isoformat())).v == START.isoformat()
    moved = FieldSet("promise.customers", (minutes(30) - behind).isoformat(), at=now)
    assert caught(moved) == FieldSet("promise.customers", minutes(30).isoformat(), at=START)
    typed = EntryAdded(now - timedelta(minutes=10), "x")
    assert caught(typed) == typed
    edited = EntryEdited("2" * 32, "x")
    assert caught(edited) == edited
    planned = opened(at=START + YEAR)
    assert caught(planned) == planned
