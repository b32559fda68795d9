"""Changes: with a reason, checked, and refused with the nearest right value."""

from __future__ import annotations

import pytest

from cockpit.domain.events import FieldSet
from cockpit.domain.vocabulary import Impact, PublicStatus, Stage
from cockpit.errors import InvalidInputError
from cockpit.service.action_items import add_action
from cockpit.service.changes import set_field, settle
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session
from cockpit.store.database import NewEvent
from tests.service.conftest import START, MovedClock


def test_a_change_is_recorded_with_its_reason(session: Session, inc: str) -> None:
    view = set_field(session, inc, "severity", "sev1", reason="payments too")
    assert view.severity == "SEV1"
    assert read_timeline(session, inc)[-1].text == "Severity: SEV2 → SEV1 (payments too)"


def test_status_and_stage_are_two_fields(session: Session, inc: str) -> None:
    set_field(session, inc, "status", "identified")
    view = set_field(session, inc, "stage", "worked around")
    assert (view.status, view.stage) == (PublicStatus.IDENTIFIED, Stage.WORKED_AROUND)


def test_the_status_may_go_back(session: Session, inc: str, clock: MovedClock) -> None:
    set_field(session, inc, "status", "resolved")
    assert session.reads.view(inc).resolved_at == START
    clock.move(5)
    view = set_field(session, inc, "status", "investigating", reason="errors are back")
    assert (view.resolved_at, view.is_open) == (None, True)


@pytest.mark.parametrize(
    ("share", "impact"),
    [(0, "low"), (4.9, "low"), (5, "medium"), (30, "medium"), (30.1, "high"), (100, "high")],
)
def test_impact_follows_the_share_of_customers(session: Session, share: float, impact: str) -> None:
    assert session.playbook.impact(share).id == impact


def test_a_percentage_sets_share_and_impact(session: Session, inc: str) -> None:
    view = set_field(session, inc, "impact", "34%")
    assert (view.share, view.impact) == (34.0, Impact.HIGH)


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("status", "identifyed", "identified"),
        ("stage", "contaned", "contained"),
        ("severity", "7", "SEV4"),
        ("share", "140", "0 to 100"),
        ("statsu", "x", "status"),
        ("role.comander", "x", "role.commander"),
        ("started_at", "yesterdy", ""),
        ("title", " ", "title"),
    ],
)
def test_wrong_values_name_the_nearest_right_one(
    session: Session, inc: str, field: str, value: str, expected: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        set_field(session, inc, field, value)
    assert expected in str(refused.value)


def test_a_role_is_handed_over_and_given_up(session: Session, inc: str, clock: MovedClock) -> None:
    set_field(session, inc, "role.comms", "night shift")
    clock.move(60)
    view = set_field(session, inc, "comms", "day shift", reason="hand-over")
    holder = next(each for each in view.roles if each.role == "comms")
    assert (holder.person, holder.since) == ("day shift", clock.now)
    assert set_field(session, inc, "comms", "nobody").holder("comms") == ""


def test_the_same_value_again_adds_nothing(session: Session, inc: str) -> None:
    before = session.reads.view(inc).last_op
    assert set_field(session, inc, "severity", "SEV2", reason="").severity == "SEV2"
    set_field(session, inc, "status", "identified")
    once = session.reads.view(inc).last_op
    assert set_field(session, inc, "status", "identified").last_op == once
    assert before != once


def test_an_incident_is_not_closed_while_something_is_left(session: Session, inc: str) -> None:
    set_field(session, inc, "severity", "SEV4")
    set_field(session, inc, "stage", "worked-around")
    with pytest.raises(InvalidInputError, match="no debt item says how"):
        set_field(session, inc, "stage", "closed")
    assert session.reads.view(inc).stage is Stage.WORKED_AROUND
    add_action(session, inc, "replace the pool", kind="debt", due="2026-04-01")
    assert set_field(session, inc, "stage", "closed").stage is Stage.CLOSED
    assert set_field(session, inc, "stage", "closed").stage is Stage.CLOSED


def test_rival_values_are_shown_and_settled(session: Session, inc: str) -> None:
    for value in ("SEV1", "SEV3"):
        session.write(lambda _, value=value: [NewEvent(inc, FieldSet("severity", value))])
    assert [each.value for each in session.reads.view(inc).rivals] == ["SEV1"]
    view = settle(session, inc, "", "severity", "SEV1")
    assert (view.severity, view.rivals) == ("SEV1", ())


def test_a_headline_is_an_entry_too(session: Session, inc: str) -> None:
    view = set_field(session, inc, "cause", "a full disk")
    assert view.cause == "a full disk"
    assert read_timeline(session, inc)[-1].text == "a full disk"
