"""The visible workflow: every fact that a step waits for is one the program can see."""

from __future__ import annotations

import pytest

from cockpit.domain.fold import fold
from cockpit.domain.playbook import Playbook
from cockpit.domain.workflow import is_done, next_step, progress
from tests.domain.incident_events import (
    START,
    default_playbook,
    field,
    minutes,
    opened,
    told,
    update,
)

CARD = {"name": "Support", "ring": 2, "power": "low", "interest": "high"}

FACTS = {
    "stage:acknowledged": field(10, "stage", "contained", minutes(1)),
    "field:criterion": field(11, "criterion", "system-down", minutes(1)),
    "field:impact": field(12, "impact", "high", minutes(1)),
    "role:commander": field(13, "role.commander", "ops", minutes(1)),
    "told:support": told(14, "support", minutes(1)),
    "sent:customers": update(15, "We are aware.", minutes(1)),
    "status:identified": field(16, "status", "monitoring", minutes(1)),
    "pm:owner": field(17, "owner", "ops", minutes(1), obj="pm"),
    "pm:meeting": field(18, "meeting_at", "2026-03-09T10:00:00+00:00", minutes(1), obj="pm"),
    "pm:reviewed": field(19, "review", "published", minutes(1), obj="pm"),
    "actions:any": field(20, "title", "x", minutes(1), obj="act:1"),
}


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return default_playbook()


@pytest.mark.parametrize("fact", sorted(FACTS))
def test_a_fact_holds_once_its_event_is_there(fact: str) -> None:
    card = field(2, "card", CARD, START, obj="sh:support")
    assert not is_done(fact, fold([opened(), card]).view)
    assert is_done(fact, fold([opened(), card, FACTS[fact]]).view)


def test_every_step_of_the_playbook_waits_for_a_known_fact(playbook: Playbook) -> None:
    known = {fact.partition(":")[0] for fact in FACTS} | {"declared", ""}
    assert {step.done_when.partition(":")[0] for step in playbook.steps} <= known


def test_a_late_step_comes_next(playbook: Playbook) -> None:
    view = fold([opened(severity="SEV1")]).view
    early = next_step(view, playbook, minutes(1))
    assert early is not None
    assert (early.step.id, early.late) == ("acknowledge", False)
    late = [each.step.id for each in progress(view, playbook, minutes(500)) if each.late]
    assert "acknowledge" in late


def test_learning_is_due_only_after_it_is_over(playbook: Playbook) -> None:
    view = fold([opened()]).view
    learning = [each for each in progress(view, playbook, minutes(50_000)) if each.late]
    assert all(each.step.front != "learn" for each in learning)
