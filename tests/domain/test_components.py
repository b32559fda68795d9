"""Components: the latest word about each one counts, whoever said it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.components import (
    STATES,
    find_component,
    offered_components,
    parse_state,
    untold_changes,
)
from cockpit.domain.envelope import Record
from cockpit.domain.events import ComponentChange
from cockpit.domain.fold import fold
from cockpit.domain.playbook import Component
from cockpit.errors import InvalidInputError
from tests.domain.incident_events import default_playbook, field, minutes, opened, update

NAMES = ("API", "Pages")
STEPS = st.lists(
    st.tuples(
        st.sampled_from(("said", "said inside", "set", "copied")),
        st.sampled_from(NAMES),
        st.sampled_from((*STATES, "")),
    ),
    max_size=8,
)


def said(number: int, name: str, state: str, *, audience: str = "customers") -> Record:
    change = ComponentChange(name, state)
    return update(number, "…", minutes(number), audience=audience, components=(change,))


def events(steps: list[tuple[str, str, str]]) -> list[Record]:
    """Return an event for each step, a minute apart."""
    found = [opened()]
    for number, (way, name, state) in enumerate(steps, 10):
        if way == "set":
            found.append(field(number, f"component.{name}", state, minutes(number)))
        elif state and way == "copied":
            change = ComponentChange(name, state)
            found.append(update(number, "…", minutes(number), state="copied", components=(change,)))
        elif state:
            audience = "customers" if way == "said" else "support"
            found.append(said(number, name, state, audience=audience))
    return found


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("ok", "operational"),
        ("Operational", "operational"),
        ("degraded", "degraded_performance"),
        ("degraded performance", "degraded_performance"),
        ("partial", "partial_outage"),
        ("Major-Outage", "major_outage"),
        ("maintenance", "under_maintenance"),
    ],
)
def test_a_state_is_named_in_full_or_short(word: str, state: str) -> None:
    assert parse_state(word) == state


def test_a_wrong_state_names_the_nearest() -> None:
    with pytest.raises(InvalidInputError, match="Did you mean partial"):
        parse_state("partail")


@given(STEPS, st.randoms(use_true_random=False))
def test_the_latest_word_counts(steps: list[tuple[str, str, str]], chance: random.Random) -> None:
    found = events(steps)
    expected: dict[str, str] = {}
    by_hand: dict[str, str] = {}
    at_hand: dict[str, int] = {}
    for place, (way, name, state) in enumerate(steps):
        if way == "set":
            by_hand[name], at_hand[name] = state, place
        elif way != "copied" and state:
            expected[name] = state
    for name, state in by_hand.items():
        later = [
            each
            for each, (way, other, told) in enumerate(steps)
            if other == name and told and way in ("said", "said inside") and each > at_hand[name]
        ]
        if state and not later:
            expected[name] = state
    chance.shuffle(found)
    assert fold(found).view.components == expected


@given(STEPS)
def test_what_customers_do_not_know_yet_is_told_and_then_known(
    steps: list[tuple[str, str, str]],
) -> None:
    found = events(steps)
    view = fold(found).view
    told = dict.fromkeys(NAMES, "operational")
    told |= {name: state for way, name, state in steps if way == "said" and state}
    news = untold_changes(view)
    assert {each.name: each.new for each in news} == {
        name: state for name, state in view.components.items() if told[name] != state
    }
    after = fold([*found, update(99, "…", minutes(99), components=news)]).view
    assert untold_changes(after) == ()
    assert after.components == view.components


def test_areas_stand_in_for_components_that_nobody_listed() -> None:
    view = fold([opened(), said(10, "API", "partial_outage")]).view
    playbook = default_playbook()
    assert "Orders and payments" in offered_components(view, playbook)
    assert offered_components(view, playbook)["API"] == "partial_outage"
    assert find_component(view, playbook, "orders") == "Orders and payments"
    assert find_component(view, playbook, "api") == "API"
    assert find_component(view, playbook, "Some  thing") == "Some thing"
    listed = replace(playbook, components=(Component("checkout", "Checkout API"),))
    assert find_component(view, listed, "checkout") == "Checkout API"
    assert find_component(view, listed, "API") == "API"
    with pytest.raises(InvalidInputError, match="Did you mean Checkout API"):
        find_component(view, listed, "Chekout API")
    with pytest.raises(InvalidInputError):
        find_component(view, playbook, " ")
