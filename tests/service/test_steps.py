"""Ticks by hand, the affected area, and the summary for a hand-over."""

from __future__ import annotations

from datetime import UTC

import pytest

from cockpit.domain.playbook import Step
from cockpit.errors import InvalidInputError
from cockpit.service import handovers, steps, timeline
from cockpit.service.changes import set_field
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session
from cockpit.service.undo import redo, undo


@pytest.fixture
def by_hand(session: Session, monkeypatch: pytest.MonkeyPatch) -> str:
    """Return the id of a step that only a person can tell done."""
    from msgspec.structs import replace

    step = Step("call", "identify", "Call the owner", "commander")
    own = replace(session.playbook, steps=(step, *session.playbook.steps))
    monkeypatch.setattr(session, "playbook", own)
    return "call"


def test_a_tick_is_kept_taken_back_and_undone(session: Session, inc: str, by_hand: str) -> None:
    assert steps.tick(session, inc, "Call").steps == (by_hand,)
    before = session.reads.view(inc).last_op
    assert steps.tick(session, inc, by_hand).last_op == before
    assert undo(session, inc) == "Undone: the tick of “call”"
    assert session.reads.view(inc).steps == ()
    redo(session, inc)
    assert session.reads.view(inc).steps == (by_hand,)
    assert steps.tick(session, inc, by_hand, on=False).steps == ()


@pytest.mark.parametrize(
    ("step", "words"), [("acknowlege", "Did you mean acknowledge"), ("command", "ticks itself")]
)
def test_other_steps_are_not_ticked(session: Session, inc: str, step: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        steps.tick(session, inc, step)
    assert words in f"{refused.value.message} {refused.value.hint}"
    assert session.reads.view(inc).steps == ()


def test_the_affected_area_is_known_by_id_or_name(session: Session, inc: str) -> None:
    assert set_field(session, inc, "area", "Orders and Payments").area == "orders"
    assert read_timeline(session, inc)[-1].text == "Affected area: orders"
    with pytest.raises(InvalidInputError) as refused:
        set_field(session, inc, "area", "platfrom")
    assert "platform" in str(refused.value.hint)
    assert undo(session, inc)
    assert session.reads.view(inc).area == ""
    assert set_field(session, inc, "area", "orders").area == "orders"
    assert set_field(session, inc, "area", "nobody").area == ""


def test_the_summary_names_the_latest_decisions(
    session: Session, inc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handovers, "MOST_DECISIONS", 2)
    for text in ("wait", "revert", "page the vendor"):
        timeline.log(session, inc, text, kind="decision")
    timeline.log(session, inc, "seen 500s", kind="observation")
    found = handovers.summary(session, inc, UTC)
    lines = next(part.lines for part in found.parts if part.id == "decisions")
    assert lines == ("and 1 before", "09:00 revert", "09:00 page the vendor")
