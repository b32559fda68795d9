"""The review of a post-mortem: states, who and when, what is owed, the calendar file."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest

from cockpit.errors import ExportRefusedError, InvalidInputError
from cockpit.service.changes import set_field
from cockpit.service.incidents import Declaration, declare
from cockpit.service.postmortems import write_section
from cockpit.service.reviews import calendar, list_owed, owed_to, set_meeting, set_review
from cockpit.service.session import Session
from cockpit.service.undo import redo, undo
from tests.service.conftest import START, MovedClock


@pytest.fixture
def over(session: Session, inc: str, clock: MovedClock) -> str:
    """An incident that was resolved after an hour."""
    clock.move(60)
    set_field(session, inc, "status", "resolved")
    return inc


def test_a_review_keeps_who_and_when(session: Session, over: str, clock: MovedClock) -> None:
    set_review(session, over, "in-review")
    at = clock.move(30)
    pm = set_review(session, over, "reviewed").postmortem
    assert (pm.review, pm.reviewed_by, pm.reviewed_at) == ("reviewed", "ops", at)
    clock.move(30)
    pm = set_review(session, over, "published").postmortem
    assert (pm.review, pm.reviewed_by, pm.reviewed_at) == ("published", "ops", at)


def test_several_can_have_reviewed_it(session: Session, over: str) -> None:
    assert set_review(session, over, "reviewed", by=" ana,  ben ").postmortem.reviewed_by == (
        "ana, ben"
    )
    assert set_field(session, over, "pm.reviewed_by", "chris").postmortem.reviewed_by == "chris"
    with pytest.raises(InvalidInputError, match="not reviewed by anybody"):
        set_review(session, over, "draft", by="ana")


def test_back_in_draft_it_was_not_reviewed(session: Session, over: str) -> None:
    set_review(session, over, "reviewed")
    pm = set_review(session, over, "draft").postmortem
    assert (pm.review, pm.reviewed_by, pm.reviewed_at) == ("draft", "", None)


def test_one_undo_takes_the_state_and_the_name_back(session: Session, over: str) -> None:
    set_field(session, over, "pm.review", "reviewed")
    reviewed = session.reads.view(over).postmortem
    undo(session, over)
    pm = session.reads.view(over).postmortem
    assert (pm.review, pm.reviewed_by, pm.reviewed_at) == ("draft", "", None)
    redo(session, over)
    assert session.reads.view(over).postmortem == reviewed


def test_the_state_that_holds_changes_nothing(session: Session, over: str) -> None:
    before = session.reads.view(over).last_op
    assert set_review(session, over, "draft").last_op == before
    reviewed = set_review(session, over, "reviewed").last_op
    assert set_review(session, over, "reviewed").last_op == reviewed != before
    with pytest.raises(InvalidInputError, match="in review"):
        set_review(session, over, "in reviw")


def test_what_is_owed_goes_as_it_is_done(session: Session, over: str, clock: MovedClock) -> None:
    (owed,) = list_owed(session)
    assert [each.id for each in owed.nudges] == ["owner", "meeting"]
    assert owed_to(session, session.reads.view(over)) == owed
    set_field(session, over, "pm.owner", "ana")
    set_meeting(session, over, clock() + timedelta(days=1))
    assert list_owed(session) == ()
    clock.move(2 * 24 * 60)
    assert [each.id for each in list_owed(session)[0].nudges] == ["draft"]
    set_review(session, over, "reviewed")
    assert list_owed(session) == ()


def test_an_open_incident_owes_nothing_yet(session: Session, inc: str) -> None:
    assert list_owed(session) == ()
    assert owed_to(session, session.reads.view(inc)) is None


def test_a_moved_meeting_stays_one_event(session: Session, over: str) -> None:
    set_meeting(session, over, START + timedelta(days=3))
    first = icalendar.Calendar.from_ical(calendar(session, over)).events[0]
    set_meeting(session, over, START + timedelta(days=4))
    second = icalendar.Calendar.from_ical(calendar(session, over)).events[0]
    assert first["UID"] == second["UID"]
    assert second.decoded("DTSTART") == START + timedelta(days=4)
    assert str(second["SUMMARY"]) == "Post-mortem INC-1: Checkout fails"


def test_all_meetings_ahead_are_one_file(session: Session, over: str, clock: MovedClock) -> None:
    other = declare(session, Declaration("Search is stale", "SEV3")).id
    set_field(session, other, "status", "resolved")
    set_meeting(session, over, START + timedelta(days=3))
    set_meeting(session, other, START + timedelta(days=2))
    found = icalendar.Calendar.from_ical(calendar(session)).events
    assert [str(each["SUMMARY"])[12:17] for each in found] == ["INC-2", "INC-1"]
    clock.move(2.5 * 24 * 60)
    assert len(icalendar.Calendar.from_ical(calendar(session)).events) == 1
    clock.move(24 * 60)
    with pytest.raises(InvalidInputError, match="lies ahead"):
        calendar(session)
    assert calendar(session, over)


def test_a_meeting_without_a_date_is_no_file(session: Session, inc: str) -> None:
    with pytest.raises(InvalidInputError, match="once it is over"):
        calendar(session, inc)
    set_field(session, inc, "status", "resolved")
    with pytest.raises(InvalidInputError, match="has no date"):
        calendar(session, inc)


def test_a_public_form_is_published_once_nothing_stands_in_its_way(
    session: Session, over: str
) -> None:
    write_section(session, over, "what_happened", "The disk of db-07 was full.")
    with pytest.raises(ExportRefusedError, match="internal name"):
        set_review(session, over, "published")
    assert session.reads.view(over).postmortem.review == "draft"
    write_section(session, over, "what_happened", "A disk was full.")
    write_section(session, over, "what_we_did", "We made room.")
    assert set_review(session, over, "published").postmortem.review == "published"
