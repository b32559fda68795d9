"""Suggestions: the playbook offers, a person decides."""

from __future__ import annotations

from cockpit.service import handovers, promises
from cockpit.service.changes import set_field
from cockpit.service.session import Session
from cockpit.service.suggestions import suggestions
from cockpit.service.updates import compose, sent
from tests.service.conftest import MovedClock


def _ids(session: Session, inc: str) -> set[str]:
    found = suggestions(session.reads.view(inc), session.playbook, session.clock())
    return {each.id for each in found}


def test_nobody_answers_for_ten_minutes(session: Session, inc: str, clock: MovedClock) -> None:
    assert "escalate" not in _ids(session, inc)
    clock.move(10)
    assert "escalate" in _ids(session, inc)
    set_field(session, inc, "stage", "acknowledged")
    assert "escalate" not in _ids(session, inc)


def test_a_high_impact_asks_for_the_status_page(session: Session, inc: str) -> None:
    set_field(session, inc, "impact", "40%")
    assert "status-page" in _ids(session, inc)
    sent(session, compose(session, inc))
    assert "status-page" not in _ids(session, inc)


def test_an_incident_that_lasts_is_offered_the_next_level(
    session: Session, inc: str, clock: MovedClock
) -> None:
    clock.move(241)
    found = suggestions(session.reads.view(inc), session.playbook, session.clock())
    offer = next(each for each in found if each.id == "raise")
    assert (offer.field, offer.value) == ("severity", "SEV1")
    set_field(session, inc, "stage", "contained")
    assert "raise" not in _ids(session, inc)


def test_a_long_shift_is_offered_a_hand_over(session: Session, inc: str, clock: MovedClock) -> None:
    clock.move(241)
    assert "hand-over" in _ids(session, inc)
    set_field(session, inc, "commander", "day shift")
    assert "hand-over" not in _ids(session, inc)


def test_a_resolved_incident_is_left_alone(session: Session, inc: str, clock: MovedClock) -> None:
    clock.move(600)
    set_field(session, inc, "status", "resolved")
    assert _ids(session, inc) == set()


def test_two_hours_without_news_are_offered_a_slower_rhythm(
    session: Session, inc: str, clock: MovedClock
) -> None:
    clock.move(5)
    sent(session, compose(session, inc))
    for _ in range(4):
        clock.move(29)
        sent(session, compose(session, inc, stage="no news"))
        assert "slow-down" not in _ids(session, inc)
    clock.move(4)
    found = suggestions(session.reads.view(inc), session.playbook, session.clock())
    offer = next(each for each in found if each.id == "slow-down")
    assert offer.text == "No news for 2h: announce updates every 60 min from now on?"
    assert (offer.field, offer.value) == ("update", "slower rhythm")
    promises.set_rhythm(session, inc, "customers", 60, "nothing new is expected")
    assert "slow-down" not in _ids(session, inc)


def test_news_or_a_pause_keep_the_rhythm(session: Session, inc: str, clock: MovedClock) -> None:
    clock.move(150)
    assert "slow-down" not in _ids(session, inc), "customers have heard nothing at all yet"
    sent(session, compose(session, inc))
    clock.move(119)
    set_field(session, inc, "impact", "low")
    clock.move(2)
    assert "slow-down" not in _ids(session, inc)
    clock.move(120)
    assert "slow-down" in _ids(session, inc)
    promises.pause(session, inc, "customers", "waiting for the vendor")
    assert "slow-down" not in _ids(session, inc)


def test_a_state_summary_is_asked_for_every_four_hours(
    session: Session, inc: str, clock: MovedClock
) -> None:
    clock.move(239)
    assert "summary" not in _ids(session, inc)
    clock.move(1)
    found = suggestions(session.reads.view(inc), session.playbook, session.clock())
    offer = next(each for each in found if each.id == "summary")
    assert offer.text.startswith("No state summary for 4h:")
    handovers.give(session, inc)
    assert "summary" not in _ids(session, inc)
    clock.move(240)
    assert "summary" in _ids(session, inc)
    set_field(session, inc, "scribe", "ana")
    assert "summary" in _ids(session, inc)
    set_field(session, inc, "commander", "day shift")
    assert "summary" not in _ids(session, inc)
