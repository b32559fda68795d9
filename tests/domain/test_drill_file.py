"""Scenarios as people write them: the shipped ones hold, a mistake is told with its line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit import resources
from cockpit.domain.drill import due, facts_of, solved_minute
from cockpit.domain.drill_file import parse_scenario
from cockpit.errors import PlaybookError

SHIPPED = tuple(name for name in resources.data_names("drills") if name.endswith(".toml"))

GOOD = """\
title = "Nobody can pay"
severity = "SEV2"
minutes = 30

[[injects]]
at = 2
by = "support"
text = "A customer calls"
"""


def test_at_least_three_are_shipped_of_different_kinds() -> None:
    found = [parse_scenario(resources.data_file(f"drills/{name}"), name, name) for name in SHIPPED]
    assert len(found) >= 3
    assert len({each.kind for each in found}) >= 3
    assert {each.severity for each in found} >= {"SEV1", "SEV2"}


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_one_asks_answers_conditions_and_is_solved(name: str) -> None:
    scenario = parse_scenario(resources.data_file(f"drills/{name}"), name, "it")
    assert scenario.about
    assert scenario.injects[0].at == 0
    assert any(each.answer == "executives" for each in scenario.injects)
    assert any(each.after for each in scenario.injects)
    assert any(each.unless for each in scenario.injects)
    solved = solved_minute(scenario, {})
    assert solved is not None, "it must be solved even if nobody does anything"
    assert solved < scenario.minutes


@pytest.mark.parametrize("name", SHIPPED)
def test_everything_of_a_shipped_one_can_come(name: str) -> None:
    """All conditions met early, every question left open: nothing is out of reach."""
    scenario = parse_scenario(resources.data_file(f"drills/{name}"), name, "it")
    waited = [each.after for each in scenario.injects if each.after]
    held = {fact: 1.0 for fact in facts_of(scenario) if fact in waited}
    unheld = {fact for each in scenario.injects for fact in [each.unless] if fact}
    held = {fact: minute for fact, minute in held.items() if fact not in unheld}
    assert len(due(scenario, scenario.minutes, held)) == len(scenario.injects) + 1


def test_a_good_one_is_read() -> None:
    scenario = parse_scenario(GOOD, "own.toml", "own")
    assert (scenario.id, scenario.ends, scenario.injects[0].kind) == (
        *("own", "status:resolved", "observation"),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('severity = "SEV2"', 'severity = "SEV9"', "own.toml, line 2: “SEV9” is not a severity"),
        ("at = 2", "at = -2", "own.toml, line 5: Minutes count from the start"),
        ("at = 2", "at = 31", "own.toml, line 5: This comes after the drill's 30 minutes"),
        ("at = 2", 'at = "2"', "own.toml, line 6: Expected a number."),
        ("at = 2", "att = 2", "own.toml, line 6: “att” is not a key here"),
        ('by = "support"', 'by = " "', "own.toml, line 5: An inject needs a text"),
        ('by = "support"', "", "own.toml, line 5: “by” is missing"),
        ("at = 2", 'kind = "rumour"', "own.toml, line 6: “rumour” is not a kind of entry"),
        ("at = 2", 'after = "stage:fine"', "own.toml, line 6: “fine” is not a stage"),
        ("at = 2", 'unless = "tolled:core"', "own.toml, line 6: “tolled” is not a fact"),
        ("at = 2", 'unless = "told:cores"', "own.toml, line 6: “cores” is not an audience"),
        ("at = 2", 'answer = "boss"', "own.toml, line 6: “boss” is not an audience"),
        ("at = 2", "wait = 2", "“wait” and “latest” belong to a fact"),
        ("minutes = 30", "minutes = 0", "own.toml, line 5: This comes after"),
        ("minutes = 30", "", "own.toml: “minutes” is missing"),
        ("minutes = 30", "minutes = 20000", "A drill lasts up to 10,080 minutes"),
        ('title = "Nobody can pay"', 'title = ""', "A drill needs a title"),
        ('title = "Nobody can pay"', "title = ", "own.toml is not valid TOML"),
    ],
)
def test_a_mistake_is_told_with_its_line(old: str, new: str, said: str) -> None:
    assert old in GOOD
    with pytest.raises(PlaybookError) as refused:
        parse_scenario(GOOD.replace(old, new), "own.toml", "own")
    assert said in str(refused.value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    for whole in (text, GOOD + text):
        said = "own.toml"
        try:
            parse_scenario(whole, "own.toml", "own")
        except PlaybookError as refused:
            said = str(refused)
        assert said.startswith("own.toml")
