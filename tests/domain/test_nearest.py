"""The nearest known word, and the sentence that names it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.nearest import expected, nearest

SEVERITIES = ("SEV1", "SEV2", "SEV3", "SEV4")
STATUSES = ("investigating", "identified", "monitoring", "resolved")


@pytest.mark.parametrize(
    ("word", "choices", "near"),
    [
        ("sev9", SEVERITIES, "SEV4"),
        ("sev0", SEVERITIES, "SEV1"),
        ("sev2", SEVERITIES, "SEV2"),
        ("resloved", STATUSES, "resolved"),
        ("investigate", STATUSES, "investigating"),
        ("inv", STATUSES, "investigating"),
        ("RESOLVED", STATUSES, "resolved"),
        ("worked_around", ("worked-around", "fixed"), "worked-around"),
        ("Keep Satisfied", ("keep satisfied",), "keep satisfied"),
        ("banana", STATUSES, None),
        ("x", SEVERITIES, None),
        ("", STATUSES, None),
        ("a" * 1_000_000, STATUSES, None),
    ],
)
def test_nearest_is_what_a_person_meant(word: str, choices: tuple[str, ...], near: str) -> None:
    assert nearest(word, choices) == near


def test_expected_names_every_choice_and_the_nearest() -> None:
    error = expected("a severity", "sev9", SEVERITIES)
    assert error.message == "“sev9” is not a severity; expected SEV1, SEV2, SEV3 or SEV4."
    assert error.hint == "Did you mean SEV4?"
    assert error.exit_code == 2


def test_expected_does_not_guess_wildly() -> None:
    assert expected("a severity", "banana", SEVERITIES).hint == ""


def test_expected_says_so_when_nothing_was_given() -> None:
    assert expected("a severity", "", SEVERITIES).message.startswith("A severity is needed;")


def test_expected_says_so_when_there_is_nothing_to_choose_from() -> None:
    assert expected("an action item", "x", []).message.endswith("there is none yet.")


def test_expected_shortens_long_lists_and_hostile_words() -> None:
    error = expected("a zone", "\x1b]0;x\x07" + "a" * 1000, [f"zone {n}" for n in range(600)])
    assert "588 more" in error.message
    assert "\x1b" not in error.message
    assert len(error.message) < 300


@given(st.text(max_size=30), st.lists(st.text(max_size=15), max_size=8))
def test_nearest_is_one_of_the_choices(word: str, choices: list[str]) -> None:
    assert nearest(word, choices) in (*choices, None)


@given(st.text(alphabet="abcdefgh", min_size=1, max_size=12), st.lists(st.text(max_size=15)))
def test_a_right_word_is_its_own_nearest(word: str, choices: list[str]) -> None:
    near = nearest(word, [*choices, word])
    assert near is not None
    assert near.casefold().replace("_", " ").replace("-", " ").split() == [word]
