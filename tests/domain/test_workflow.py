"""The visible workflow: every fact that a step waits for is one the program can see."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.fold import fold
from cockpit.domain.playbook import Playbook, Step
from cockpit.domain.workflow import (
    is_done,
    late_words,
    next_step,
    owner_words,
    present_step,
    progress,
)
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
    facts = [fact for step in playbook.steps for fact in step.done_when.split(" or ")]
    assert {fact.partition(":")[0] for fact in facts} <= known


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


def _by_hand(playbook: Playbook) -> Playbook:
    """Return a playbook whose first step only a person can tell done."""
    step = Step("call", "identify", "Call the owner", "commander", due_minutes=5)
    return replace(playbook, steps=(step, *playbook.steps))


def test_a_step_that_the_program_cannot_see_is_ticked_by_a_person(playbook: Playbook) -> None:
    own = _by_hand(playbook)
    view = fold([opened()]).view
    first = next_step(view, own, minutes(6))
    assert first is not None
    assert (first.step.id, first.late, first.by_hand) == ("call", True, True)
    assert late_words(first, minutes(7)) == "2 min late"
    ticked = fold([opened(), field(30, "step.call", True, minutes(6))]).view
    assert ticked.steps == ("call",)
    assert progress(ticked, own, minutes(7))[0].done
    again = [opened(), field(30, "step.call", True, minutes(6))]
    again.append(field(31, "step.call", None, minutes(7)))
    assert fold(again).view.steps == ()


@given(order=st.permutations(range(4)))
def test_ticks_mean_the_same_in_any_order(order: list[int]) -> None:
    records = [
        opened(),
        field(30, "step.call", True, minutes(1)),
        field(31, "step.call", False, minutes(2)),
        field(32, "step.walk", True, minutes(3)),
    ]
    assert fold([records[place] for place in order]).view.steps == ("walk",)


def test_any_of_several_facts_ticks_a_step(playbook: Playbook) -> None:
    owner = next(each for each in playbook.steps if each.id == "owner")
    assert not is_done(owner.done_when, fold([opened()]).view)
    for name, value in (("area", "orders"), ("role.expert", "kim")):
        assert is_done(owner.done_when, fold([opened(), field(9, name, value, minutes(1))]).view)


def test_what_comes_next_is_of_the_present_fronts(playbook: Playbook) -> None:
    over = fold([opened(), field(9, "status", "resolved", minutes(60))]).view
    found = next_step(over, playbook, minutes(70))
    assert found is not None
    assert found.step.front == "learn"
    assert not any(
        each.late for each in progress(over, playbook, minutes(70)) if each.step.front != "learn"
    )
    closed = fold([opened(), field(9, "stage", "closed", minutes(60))]).view
    assert present_step(closed, playbook, minutes(70)) is None


def test_whose_a_step_is_names_the_person(playbook: Playbook) -> None:
    view = fold([opened(), field(9, "role.commander", "kim", minutes(1))]).view
    state = progress(view, playbook, minutes(1))[0]
    assert owner_words(state, view, playbook) == "Incident manager: kim"
    assert owner_words(state, fold([opened()]).view, playbook) == "Incident manager"


@pytest.mark.parametrize(
    ("stages", "owed"),
    [(["fixed"], False), (["worked-around"], True), (["worked-around", "fixed"], False)],
)
def test_debt_is_owed_by_a_workaround_only(
    playbook: Playbook, stages: list[str], owed: bool
) -> None:
    records = [opened(), field(40, "status", "resolved", minutes(60))]
    for place, stage in enumerate(stages):
        records.append(field(20 + place, "stage", stage, minutes(10 + place)))
    view = fold(records).view
    assert is_done("actions:debt", view) is not owed


@pytest.mark.parametrize(("severity", "drill"), [("SEV4", False), ("SEV2", True)])
def test_nobody_waits_for_a_post_mortem_that_is_not_needed(
    playbook: Playbook, severity: str, drill: bool
) -> None:
    records = [
        opened(severity=severity, drill=drill),
        field(9, "status", "resolved", minutes(60)),
    ]
    view, later = fold(records).view, minutes(30 * 1440)
    steps = {each.step.id: each for each in progress(view, playbook, later)}
    assert not any(steps[each].late for each in ("postmortem-owner", "meeting", "process"))
    assert steps["actions"].due_at is not None
    coming = next_step(view, playbook, later)
    assert coming is None or not coming.step.done_when.startswith("pm:")


def test_the_meeting_is_due_as_soon_as_its_severity_says(playbook: Playbook) -> None:
    rules = [replace(each, meeting_within_days=3) for each in playbook.severities]
    over = fold([opened(), field(9, "status", "resolved", minutes(60))]).view
    for own, days in ((playbook, 7), (replace(playbook, severities=tuple(rules)), 3)):
        steps = {each.step.id: each for each in progress(over, own, minutes(70))}
        assert steps["meeting"].due_at == minutes(60 + days * 1440)
