"""What is owed to a post-mortem: said from the resolution on, until somebody has reviewed it."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.fold import fold
from cockpit.domain.playbook import Playbook
from cockpit.domain.review import (
    REVIEW_STATES,
    REVIEWED,
    Lesson,
    all_owed,
    lesson_of,
    meeting_deadline,
    meeting_event,
    nudges,
)
from cockpit.domain.view import ActionItem, PostmortemState
from cockpit.domain.vocabulary import Severity
from tests.domain.incident_events import START, default_playbook, field, minutes, opened

OVER = START
DAY = timedelta(days=1)
HELD = OVER + 2 * DAY


def lesson(**fields: object) -> Lesson:
    known = {"title": "Checkout fails", "severity": Severity.SEV2, "over_at": OVER, **fields}
    return Lesson("ab" * 16, "INC-3", 3, **known)  # type: ignore[arg-type]


def pm(owner: str = "ana", **fields: object) -> PostmortemState:
    return PostmortemState(owner=owner, **fields)  # type: ignore[arg-type]


def owed(
    found: Lesson, days: float = 0, playbook: Playbook | None = None
) -> list[tuple[str, bool]]:
    now = OVER + days * DAY
    return [(each.id, each.late) for each in nudges(found, playbook or default_playbook(), now)]


def test_owner_and_date_are_asked_for_from_the_resolution_on() -> None:
    assert owed(lesson()) == [("owner", False), ("meeting", False)]
    assert owed(lesson(), 6.9) == [("owner", False), ("meeting", False)]
    assert owed(lesson(), 7) == [("owner", True), ("meeting", True)]
    first, second = nudges(lesson(), default_playbook(), OVER)
    assert first.sentence == "The post-mortem has no owner."
    assert first.how == "cockpit set INC-3 pm.owner NAME"
    assert second.sentence == "The post-mortem meeting is due by 2026-03-11, and has no date."
    late = nudges(lesson(), default_playbook(), OVER + 8 * DAY)[1]
    assert late.sentence == "The post-mortem meeting was due by 2026-03-11, and has no date."


def test_a_draft_is_owed_after_the_meeting_only() -> None:
    planned = lesson(postmortem=pm(meeting_at=HELD))
    assert owed(planned, 1) == []
    assert owed(planned, 2.01) == []
    assert owed(planned, 2.1) == [("draft", True)]


def test_a_review_is_late_once_as_long_as_the_meeting_has_passed_again() -> None:
    waiting = lesson(postmortem=pm(meeting_at=HELD, review="in review"))
    assert owed(waiting, 3) == [("review", False)]
    assert owed(waiting, 9) == [("review", True)]


def test_a_meeting_after_its_deadline_is_said() -> None:
    found = lesson(postmortem=pm(meeting_at=OVER + 9 * DAY))
    assert owed(found, 1) == [("meeting", False)]
    assert owed(found, 9.5) == [("draft", True)]
    assert owed(replace(found, waivers={"meeting": "agreed"}), 1) == []


@pytest.mark.parametrize("review", REVIEWED)
def test_nothing_is_owed_once_it_was_reviewed(review: str) -> None:
    assert owed(lesson(postmortem=PostmortemState(review=review)), 30) == []


def test_waived_checks_are_not_asked_for() -> None:
    waived = lesson(waivers={"owner": "no need", "meeting": "no need"})
    assert owed(waived, 1) == []
    assert owed(waived, 8) == [("draft", True)]


def test_action_items_need_an_owner_and_a_date_even_after_the_review() -> None:
    items = (
        ActionItem("1", "a", owner="ana", due="2026-04-01"),
        ActionItem("2", "b", owner="ana"),
        ActionItem("3", "c", due="2026-04-01"),
        ActionItem("4", "d", owner="ana", due="soon"),
        ActionItem("5", "e", state="done"),
        ActionItem("6", "f", state="dropped"),
    )
    found = lesson(actions=items, postmortem=pm(review="published"))
    assert owed(found) == [("actions", False)]
    assert owed(found, 7) == [("actions", True)]
    sentence = nudges(found, default_playbook(), OVER)[0].sentence
    assert sentence == "3 action items have no owner or no due date."
    one = nudges(replace(found, actions=items[:2]), default_playbook(), OVER)[0].sentence
    assert one == "1 action item has no owner or no due date."


@pytest.mark.parametrize(
    "fields", [{"imported": True}, {"drill": True}, {"severity": Severity.SEV4}]
)
def test_nobody_is_asked_where_none_is_needed(fields: dict[str, object]) -> None:
    assert owed(lesson(**fields, actions=(ActionItem("1", "a"),)), 30) == []


def test_drills_can_need_one_too() -> None:
    settings = replace(default_playbook().postmortem, needed_for=("SEV2", "drill"))
    playbook = replace(default_playbook(), postmortem=settings)
    assert owed(lesson(drill=True), playbook=playbook)
    assert owed(lesson(drill=True, severity=Severity.SEV1), playbook=playbook) == []


def test_a_severity_can_have_its_own_deadline() -> None:
    rules = [
        replace(each, meeting_within_days=3 if each.id == "SEV2" else 0)
        for each in default_playbook().severities
    ]
    playbook = replace(default_playbook(), severities=tuple(rules))
    assert meeting_deadline(lesson(), playbook) == OVER + 3 * DAY
    assert meeting_deadline(lesson(severity=Severity.SEV1), playbook) == OVER + 7 * DAY
    assert owed(lesson(postmortem=pm()), 3, playbook) == [("meeting", True)]


lessons = st.builds(
    lesson,
    over_at=st.integers(-30, 30).map(lambda days: OVER + days * DAY),
    severity=st.sampled_from(Severity),
    drill=st.booleans(),
    imported=st.booleans(),
    waivers=st.dictionaries(st.sampled_from(["owner", "meeting"]), st.just("why")),
    postmortem=st.builds(
        pm,
        owner=st.sampled_from(["", "ana"]),
        meeting_at=st.one_of(st.none(), st.integers(-30, 30).map(lambda days: OVER + days * DAY)),
        review=st.sampled_from([*REVIEW_STATES, "odd"]),
    ),
)


@given(st.lists(lessons, max_size=6), st.integers(-30, 60))
def test_late_ones_come_first_and_none_is_empty(found: list[Lesson], days: int) -> None:
    now = OVER + days * DAY
    listed = all_owed(found, default_playbook(), now)
    assert [each.late for each in listed] == sorted((each.late for each in listed), reverse=True)
    for each in listed:
        assert each.nudges
        assert all(nudge.late == (now >= nudge.due_at) for nudge in each.nudges)
        assert len({nudge.id for nudge in each.nudges}) == len(each.nudges)
    assert sum(bool(nudges(each, default_playbook(), now)) for each in found) == len(listed)


def test_a_meeting_becomes_an_event() -> None:
    assert meeting_event(lesson(), default_playbook()) is None
    found = meeting_event(lesson(postmortem=pm(meeting_at=HELD)), default_playbook())
    assert found is not None
    assert (found.uid, found.start, found.minutes) == (
        f"postmortem-{'ab' * 16}@incident-cockpit",
        HELD,
        60,
    )
    assert found.summary == "Post-mortem INC-3: Checkout fails"
    assert "Owner: ana." in found.description
    private = meeting_event(
        lesson(postmortem=pm(meeting_at=HELD), private=True), default_playbook()
    )
    assert private is not None
    assert private.private
    assert b"Checkout" not in msgspec.json.encode(private)
    assert b"ana" not in msgspec.json.encode(private)


def test_there_is_no_lesson_while_it_goes_on() -> None:
    going_on, over = fold([opened()]), fold([opened(), field(2, "status", "resolved", minutes(60))])
    assert going_on.view is not None
    assert over.view is not None
    assert lesson_of(going_on.view) is None
    found = lesson_of(over.view)
    assert found is not None
    assert (found.title, found.over_at) == ("Checkout fails", minutes(60))
