"""Which injects of a drill have come at a minute: each once, in order, and only when it may."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.drill import (
    ENDING,
    Inject,
    Scenario,
    due,
    due_minute,
    end_minute,
    facts_of,
    solved_minute,
)

FACTS = ("stage:contained", "told:support", "status:resolved")

minutes = st.integers(0, 60).map(float)
injects = st.builds(
    Inject,
    text=st.just("something"),
    by=st.just("support"),
    at=minutes,
    after=st.sampled_from(("", *FACTS)),
    wait=minutes,
    latest=minutes,
    unless=st.sampled_from(("", *FACTS)),
    solves=st.booleans(),
)
scenarios = st.builds(
    Scenario,
    id=st.just("made-up"),
    title=st.just("Made up"),
    severity=st.just("SEV2"),
    minutes=st.integers(1, 60).map(float),
    injects=st.lists(injects, min_size=1, max_size=8).map(tuple),
    ends=st.sampled_from(FACTS),
)
moments = st.dictionaries(st.sampled_from(FACTS), minutes)


def names(scenario: Scenario, minute: float, held: dict[str, float]) -> list[str]:
    return [each.name for each in due(scenario, minute, held)]


@given(scenarios, moments, minutes, minutes)
def test_what_has_come_stays_and_comes_once(
    scenario: Scenario, held: dict[str, float], one: float, other: float
) -> None:
    first, second = sorted((one, other))
    before, after = names(scenario, first, held), names(scenario, second, held)
    assert len(after) == len(set(after))
    assert set(before) <= set(after)


@given(scenarios, moments, minutes)
def test_nothing_comes_before_its_time_or_after_the_end(
    scenario: Scenario, held: dict[str, float], minute: float
) -> None:
    came = due(scenario, minute, held)
    ordered = [each.minute for each in came]
    assert ordered == sorted(ordered)
    for each in came:
        assert each.minute <= minute
        if each.name != ENDING:
            assert each.minute <= end_minute(scenario, held) <= scenario.minutes


@given(scenarios, moments)
def test_it_says_once_that_it_is_over_and_nothing_follows(
    scenario: Scenario, held: dict[str, float]
) -> None:
    end = end_minute(scenario, held)
    assert names(scenario, end, held)[-1] == ENDING
    assert names(scenario, end + 1000, held) == names(scenario, end, held)
    assert ENDING not in names(scenario, end - 0.001, held)


@given(injects)
def test_without_conditions_it_comes_at_its_minute(inject: Inject) -> None:
    plain = Inject(inject.text, inject.by, inject.at)
    assert due_minute(plain, {}) == inject.at


def test_a_condition_is_waited_for_but_not_for_ever() -> None:
    inject = Inject("t", "b", 9, after="asked", wait=4, latest=18)
    assert due_minute(inject, {}) == 18
    assert due_minute(inject, {"asked": 2.0}) == 9
    assert due_minute(inject, {"asked": 10.0}) == 14
    assert due_minute(inject, {"asked": 17.0}) == 18
    patient = Inject("t", "b", 9, after="asked", wait=4)
    assert due_minute(patient, {}) is None


def test_a_question_that_was_answered_before_is_not_asked() -> None:
    inject = Inject("what's the status?", "b", 7, unless="told:executives")
    assert due_minute(inject, {"told:executives": 6.0}) is None
    assert due_minute(inject, {"told:executives": 7.5}) == 7


def test_resolving_it_too_early_does_not_end_it() -> None:
    fixed = Inject("works", "b", 20, solves=True)
    scenario = Scenario("s", "S", "SEV2", 45, (fixed, Inject("late", "b", 30)))
    assert solved_minute(scenario, {}) == 20
    assert end_minute(scenario, {}) == 45
    assert end_minute(scenario, {"status:resolved": 3.0}) == 20
    assert end_minute(scenario, {"status:resolved": 25.0}) == 25
    assert names(scenario, 60, {"status:resolved": 25.0}) == ["inject-0001", ENDING]


def test_the_facts_that_are_asked_about_are_named_once() -> None:
    one = Inject("t", "b", after="asked", unless="told:core")
    two = Inject("t", "b", unless="asked")
    assert facts_of(Scenario("s", "S", "SEV2", 1, (one, two))) == (
        *("status:resolved", "asked", "told:core"),
    )
