"""A ring that was told in person has heard from us: its countdown begins again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.cadence import ClockState, RingClock, clocks
from cockpit.domain.cadence_report import report
from cockpit.domain.envelope import Record
from cockpit.domain.fold import fold
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import Ring
from tests.domain.incident_events import default_playbook, field, minutes, opened, told, update

PEOPLE = ("ann", "ben")


def board(*records: Record, ring: Ring = Ring.EXECUTIVES) -> IncidentView:
    """Return an incident with two people in a ring, and what happened."""
    card = {"ring": int(ring), "power": "high", "interest": "high"}
    people = [
        field(2 + place, "card", {"name": name, **card}, minutes(0), obj=f"sh:{name}")
        for place, name in enumerate(PEOPLE)
    ]
    return fold([opened(severity="SEV1"), *people, *records]).view


def clock(view: IncidentView, now: float, ring: Ring = Ring.EXECUTIVES) -> RingClock:
    playbook = default_playbook()
    return next(each for each in clocks(view, playbook, minutes(now)) if each.ring is ring)


def test_a_ring_has_heard_once_everybody_in_it_was_told() -> None:
    some = board(told(10, "ann", minutes(4)))
    assert (clock(some, 20).state, clock(some, 20).last_at) == (ClockState.OVERDUE, None)
    everybody = board(told(10, "ann", minutes(4)), told(11, "ben", minutes(9), ch="phone"))
    assert clock(everybody, 20).last_at == minutes(9)
    assert clock(everybody, 20).due_at == minutes(39)


def test_an_update_that_told_some_of_them_is_the_word_itself() -> None:
    sent = update(10, "We know.", minutes(4), audience="executives", next_at=minutes(20))
    view = board(
        sent, *(told(11 + n, who, minutes(4), via=sent.op.id) for n, who in enumerate(PEOPLE))
    )
    assert (clock(view, 10).due_at, clock(view, 10).promised) == (minutes(20), True)


def test_who_was_told_before_an_update_is_asked_for_again_after_it() -> None:
    sent = update(11, "We know.", minutes(5), audience="executives", next_at=minutes(20))
    view = board(told(10, "ann", minutes(4)), sent, told(12, "ben", minutes(9)))
    assert clock(view, 10).due_at == minutes(20)


def test_customers_hear_from_us_by_updates_alone() -> None:
    marks = [told(10 + place, name, minutes(2)) for place, name in enumerate(PEOPLE)]
    view = board(*marks, ring=Ring.CUSTOMERS)
    assert clock(view, 10, Ring.CUSTOMERS).state is ClockState.OVERDUE


def test_the_report_counts_a_ring_told_in_time_as_kept() -> None:
    view = board(told(10, "ann", minutes(4)), told(11, "ben", minutes(9)))
    ring = report(view, default_playbook(), minutes(30)).ring(Ring.EXECUTIVES)
    assert ring is not None
    assert (ring.updates, ring.kept, ring.missed) == (0, 1, 0)
    assert ring.first_word == timedelta(minutes=9)


MARKS = st.lists(st.tuples(st.integers(1, 200), st.sampled_from(PEOPLE)), max_size=12)


@given(MARKS, st.integers(0, 240))
def test_the_last_word_agrees_with_a_slow_reference(marks: list[tuple[int, str]], now: int) -> None:
    marks.sort()
    view = board(*(told(10 + n, who, minutes(at)) for n, (at, who) in enumerate(marks)))
    heard: int | None = None
    missing = set(PEOPLE)
    for at, who in marks:
        missing -= {who}
        if not missing:
            heard, missing = at, set(PEOPLE)
    found = clock(view, now)
    assert found.last_at == (None if heard is None else minutes(heard))
    assert found.due_at == (minutes(15) if heard is None else minutes(heard + 30))


@pytest.mark.parametrize("ring", [Ring.CORE, Ring.SUPPORT, Ring.EXECUTIVES, Ring.EMPLOYEES])
def test_an_empty_ring_has_heard_nothing(ring: Ring) -> None:
    assert clock(fold([opened(severity="SEV1")]).view, 1, ring).last_at is None
