"""Closing: what is left is said, waived with a reason, and both can be undone."""

from __future__ import annotations

import pytest

from cockpit.domain.vocabulary import Stage
from cockpit.errors import InvalidInputError
from cockpit.service.changes import set_field
from cockpit.service.closing import checks, close, unwaive, waive
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session
from cockpit.service.undo import redo, undo
from tests.service.conftest import MovedClock


def _waive_all(session: Session, inc: str) -> list[str]:
    left = [each.id for each in checks(session, inc) if each.is_left]
    for each in left:
        waive(session, inc, each, "an exercise in closing")
    return left


def test_closing_says_what_is_left_and_how_to_waive_it(session: Session, inc: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        close(session, inc)
    assert "Nobody owns the post-mortem. (owner)" in str(refused.value)
    assert "--waive owner=REASON" in str(refused.value)
    set_field(session, inc, "pm.owner", "ana")
    assert "owner" not in [each.id for each in checks(session, inc) if each.is_left]


def test_what_is_waived_stands_in_the_timeline_and_lets_it_close(
    session: Session, inc: str
) -> None:
    assert _waive_all(session, inc) == ["owner", "meeting"]
    view = close(session, inc, reason="found nothing")
    assert view.stage is Stage.CLOSED
    assert view.waivers == dict.fromkeys(("meeting", "owner"), "an exercise in closing")
    texts = [each.text for each in read_timeline(session, inc)]
    assert "Closing check “owner” waived: an exercise in closing" in texts
    assert texts[-1] == "Stage: detected → closed (found nothing)"
    assert close(session, inc).last_op == view.last_op


def test_closing_and_waiving_are_undone_and_done_again(session: Session, inc: str) -> None:
    _waive_all(session, inc)
    close(session, inc)
    undo(session, inc)
    assert session.reads.view(inc).stage is Stage.DETECTED
    undone = undo(session, inc)
    assert "the waiver of meeting" in undone
    assert [each.id for each in checks(session, inc) if each.is_left] == ["meeting"]
    redo(session, inc)
    assert not [each for each in checks(session, inc) if each.is_left]


def test_a_waived_check_can_be_asked_for_again(session: Session, inc: str) -> None:
    waive(session, inc, "Owner", "  the team  owns it\n")
    assert session.reads.view(inc).waivers == {"owner": "the team owns it"}
    before = session.reads.view(inc).last_op
    assert unwaive(session, inc, "owner").waivers == {}
    assert unwaive(session, inc, "owner").last_op != before
    assert read_timeline(session, inc)[-1].text == "Closing check “owner” asked for again"


@pytest.mark.parametrize(
    ("check", "reason", "words"),
    [
        ("owner", " ", "needs a reason"),
        ("ownr", "x", "Did you mean owner"),
        ("debt", "x", "nothing to waive"),
        ("owner", "x" * 501, "at most 500"),
    ],
)
def test_what_cannot_be_waived_is_refused_in_words(
    session: Session, inc: str, check: str, reason: str, words: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        waive(session, inc, check, reason)
    assert words in str(refused.value)
    assert session.reads.view(inc).waivers == {}


def test_the_rest_of_an_incidents_life_leads_to_its_end(
    session: Session, inc: str, clock: MovedClock
) -> None:
    from cockpit.service import updates
    from cockpit.service.people import tell

    updates.sent(session, updates.compose(session, inc, stage="investigating"))
    clock.move(40)
    assert {each.id for each in checks(session, inc) if each.is_left} == {
        *("public-word", "audiences", "owner", "meeting")
    }
    clock.move(5)
    updates.sent(session, updates.compose(session, inc, stage="resolved"))
    everybody = [each.id for each in session.reads.view(inc).stakeholders]
    tell(session, inc, everybody)
    set_field(session, inc, "pm.owner", "ana")
    set_field(session, inc, "pm.meeting_at", "2026-03-09 10:00")
    assert close(session, inc).stage is Stage.CLOSED
