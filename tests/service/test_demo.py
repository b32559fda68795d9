"""The demo: complete, relative to now, and added once."""

from __future__ import annotations

import pytest

from cockpit.domain.cadence import ClockState, clocks
from cockpit.domain.stakeholder_board import CellState, board
from cockpit.domain.vocabulary import PublicStatus, Ring, Severity, Stage
from cockpit.errors import ExportRefusedError
from cockpit.service import demo, exports
from cockpit.service.session import Session
from tests.service.conftest import MovedClock


def test_the_demo_has_an_open_outage_a_watched_one_and_history(session: Session) -> None:
    assert demo.fill(session) == 5
    first, second, *others = session.reads.summaries()
    assert (first.severity, first.is_open) == (Severity.SEV1, True)
    assert first.entry_count >= 15
    assert (second.severity, second.status) == (Severity.SEV3, PublicStatus.MONITORING)
    assert {each.stage for each in others} == {Stage.CLOSED, Stage.POSTMORTEM}
    assert not any(each.is_open for each in others)


def test_the_demo_is_added_once(session: Session, clock: MovedClock) -> None:
    demo.fill(session)
    before = [record.op.id for record in session.reads.ops()]
    clock.move(90)
    assert demo.fill(session) == 0
    assert [record.op.id for record in session.reads.ops()] == before


def test_one_update_is_due_soon_and_one_is_overdue(session: Session, clock: MovedClock) -> None:
    demo.fill(session)
    found = session.reads.summaries(only_open=True)
    states = {
        (each.severity, clock.ring): clock.state
        for each in found
        for clock in clocks(session.reads.view(each.id), session.playbook, session.clock())
    }
    assert states[Severity.SEV1, Ring.CUSTOMERS] is ClockState.DUE_SOON
    assert states[Severity.SEV1, Ring.EXECUTIVES] is ClockState.OVERDUE
    assert states[Severity.SEV3, Ring.CUSTOMERS] is ClockState.OVERDUE


def test_nothing_in_the_demo_happens_in_the_future_or_clashes(session: Session) -> None:
    demo.fill(session)
    for each in session.reads.summaries():
        view = session.reads.view(each.id)
        assert view.rivals == ()
        assert view.unknown_ops == 0
        for record in session.reads.ops(each.id):
            assert record.op.t[:12] <= f"{int(session.clock().timestamp() * 1000):012x}"


def test_stakeholders_on_the_board_were_told(session: Session) -> None:
    demo.fill(session)
    view = session.reads.view(session.reads.summaries()[0].id)
    told = {mark.stakeholder for mark in view.told}
    assert {"support-analysts", "chief-executive", "customers"} <= told
    assert told <= {person.id for person in view.stakeholders}
    late = board(view, session.playbook, session.clock()).to_tell()
    assert 0 < len([cell for cell in late if cell.state is CellState.LATE]) <= 3


def test_a_demo_of_an_hour_ago_is_stale(session: Session, clock: MovedClock) -> None:
    assert not demo.is_stale(session)
    demo.fill(session)
    assert not demo.is_stale(session)
    clock.move(75)
    assert demo.is_stale(session)


def test_reviewed_post_mortems_hold_what_people_wrote(session: Session) -> None:
    demo.fill(session)
    oldest = session.reads.summaries()[-1]
    text = exports.export_incident(session, oldest.id, "md")
    assert "The renewal job ran, failed and reported success" in text
    assert "definitive fix is still owed" in text


@pytest.mark.parametrize("fmt", [each for each in exports.FORMATS if each != "public"])
def test_every_demo_incident_can_be_exported(session: Session, fmt: str) -> None:
    demo.fill(session)
    for each in session.reads.summaries():
        assert each.title in exports.export_incident(session, each.id, fmt)


def test_the_public_form_of_what_nobody_finished_is_refused_with_the_place(
    session: Session,
) -> None:
    demo.fill(session)
    newest = session.reads.summaries()[0]
    with pytest.raises(ExportRefusedError, match="line 1: Still open"):
        exports.export_incident(session, newest.id, "public")


def test_every_text_stands_in_the_playbooks_words(session: Session) -> None:
    people = {each.id for each in session.playbook.stakeholders}
    channels = {each.id for each in session.playbook.channels}
    criteria = {each.id for each in session.playbook.criteria}
    for incident in demo.read_incidents():
        assert incident.criterion in criteria
        assert list(incident.events) == sorted(incident.events, key=lambda each: each.at)
        for event in incident.events:
            assert set(event.tell) <= people
            assert {*event.channels, *filter(None, [event.channel])} <= channels
            assert ("{next}" in event.text) == bool(event.next_in)


def test_no_two_action_items_begin_alike(session: Session) -> None:
    demo.fill(session)
    ids = [
        item.id[:6]
        for each in session.reads.summaries()
        for item in session.reads.view(each.id).actions
    ]
    assert len(ids) == len(set(ids)) > 1
