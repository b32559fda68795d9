"""The hand-over sheet: read from the whole state, and kept as given by one action."""

from __future__ import annotations

from datetime import UTC, timedelta

from cockpit.domain.handover import handover_text
from cockpit.service import handovers, response_work, timeline
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session
from cockpit.service.undo import redo, undo
from tests.service.conftest import MovedClock


def test_a_summary_that_was_given_is_kept_word_for_word(
    session: Session, inc: str, clock: MovedClock
) -> None:
    response_work.ask(session, inc, "restart the cache", "ana")
    clock.move(30)
    found = handovers.give(session, inc)
    last = read_timeline(session, inc)[-1]
    assert last.kind == "communication"
    assert last.text == f"State summary: {handover_text(found, UTC)}".rstrip("\n")
    assert "! ana is 20 min late: restart the cache" in last.text
    assert session.reads.view(inc).summary_at == clock.now
    assert session.reads.view(inc).messages == ()


def test_one_undo_takes_the_summary_back(session: Session, inc: str, clock: MovedClock) -> None:
    handovers.give(session, inc)
    first = clock.now
    clock.move(240)
    handovers.give(session, inc)
    undo(session, inc)
    assert session.reads.view(inc).summary_at == first
    assert [each.text[:13] for each in read_timeline(session, inc)].count("State summary") == 1
    undo(session, inc)
    assert session.reads.view(inc).summary_at is None
    redo(session, inc)
    assert session.reads.view(inc).summary_at == first
    assert first == clock.now - timedelta(minutes=240)


def test_decisions_that_do_not_fit_are_counted(session: Session, inc: str) -> None:
    for number in range(150):
        timeline.log(session, inc, f"decided {number}", kind="decision")
    found = handovers.summary(session, inc, UTC)
    lines = next(part.lines for part in found.parts if part.id == "decisions")
    assert lines[-1] == "09:00 decided 149"
    shown = len(lines) - 1
    assert lines[0] == f"and {150 - shown} before"
