"""Lost data and breaches: customers hear sooner than usual, at any severity."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from cockpit.domain.cadence import ClockState, RingClock
from cockpit.domain.vocabulary import Ring
from cockpit.service import promises, undo
from cockpit.service.changes import set_field
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session
from cockpit.service.suggestions import suggestions
from cockpit.service.updates import compose, sent
from tests.service.conftest import MovedClock

SOON = timedelta(minutes=15)


def customers(session: Session, inc: str) -> RingClock:
    return next(each for each in promises.ring_clocks(session, inc) if each.ring is Ring.CUSTOMERS)


def opened(session: Session, severity: str, criterion: str = "") -> str:
    return declare(session, Declaration("Wrong names", severity, criterion=criterion)).id


@pytest.mark.parametrize("severity", ["SEV3", "SEV4"])
def test_lost_data_brings_the_first_word_forward(session: Session, severity: str) -> None:
    inc = opened(session, severity, "data-loss")
    running = customers(session, inc)
    assert running.due_at == session.clock() + SOON
    assert (running.extended, running.reason) == (0, "Data was lost, of any kind")


def test_a_word_that_is_due_sooner_stays(session: Session) -> None:
    inc = opened(session, "SEV1", "unauthorised-change")
    running = customers(session, inc)
    assert (running.due_at, running.reason) == (session.clock() + timedelta(minutes=5), "")


def test_it_is_found_out_later(session: Session, clock: MovedClock) -> None:
    inc = opened(session, "SEV4")
    assert customers(session, inc).state is ClockState.NOT_STARTED
    clock.move(90)
    set_field(session, inc, "criterion", "data-loss")
    assert customers(session, inc).due_at == session.clock() + SOON
    undo.undo(session, inc)
    assert customers(session, inc).state is ClockState.NOT_STARTED


def test_a_promise_that_was_made_counts(session: Session, clock: MovedClock) -> None:
    inc = opened(session, "SEV3")
    sent(session, compose(session, inc))
    promised = customers(session, inc).due_at
    clock.move(1)
    set_field(session, inc, "kind", "data")
    assert customers(session, inc).due_at == promised


def test_customers_are_told_whatever_the_share(session: Session) -> None:
    inc = opened(session, "SEV3", "data-loss")
    set_field(session, inc, "impact", "1%")
    found = suggestions(session.reads.view(inc), session.playbook, session.clock())
    (text,) = (each.text for each in found if each.id == "status-page")
    assert text == "Data was lost, of any kind: tell customers at once, however few they are."


def test_the_promise_is_what_the_list_of_incidents_counts_too(session: Session) -> None:
    from cockpit.domain.cadence import summary_clock

    inc = opened(session, "SEV4", "data-loss")
    (line,) = (each for each in session.reads.summaries() if each.id == inc)
    due: datetime | None = summary_clock(line, session.playbook, session.clock()).due_at
    assert due == session.clock() + SOON
