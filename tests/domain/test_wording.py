"""Wording that blames or promises nothing is found where it stands, whatever is around it."""

from __future__ import annotations

import time
import tomllib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit import resources
from cockpit.domain.playbook_merge import load_playbook
from cockpit.domain.wording import WordingHint, find_hints, wording_rules
from cockpit.domain.wording_rule import WordingRule

RULES = wording_rules(load_playbook(tomllib.loads(resources.data_file("playbook.toml")), None))
NAMES = ("Ana", "ana.example", "Ben")
AROUND = st.text(st.sampled_from("ab \n.,’'*é漢\U0001f980\u200d👩\u0301-_"), max_size=20)


def phrases(text: str, *, items: tuple[str, ...] = ()) -> list[str]:
    return [each.phrase for each in find_hints(text, RULES, NAMES, items)]


def own(*words: str, **facts: object) -> tuple[WordingRule, ...]:
    return (WordingRule("own", "blame", words, "Say it otherwise.", **facts),)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We should have tested it.", ["should have"]),
        ("They SHOULD really Have known", ["SHOULD really Have"]),
        ("It shouldn’t have happened", ["shouldn’t have"]),
        (
            "**should** have, _should have_, should-have",
            ["should** have", "should have", "should-have"],
        ),
        ("They should\nhave known", ["should have"]),
        ("They should\n\nhave known", []),
        ("shoulder have, should haven", []),
        ("The team failed to see it", ["failed to"]),
        ("The pod failed to start, the check failed to load", []),
        ("Nobody could have known? He could not have known.", ["could have"]),
        ("It was human  error.", ["human error"]),
        ("A careless change", ["careless"]),
        ("see `git should have` and https://x.example/human-error", []),
        ("```\nshould have\n```\nshould have", ["should have"]),
        ("an odd ` in the text\n\nshould have\n\nand ` another", ["should have"]),
        ("We run a blameless review with git blame", []),
    ],
)
def test_words_are_found_as_words(text: str, expected: list[str]) -> None:
    assert phrases(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana broke the database", ["Ana broke"]),
        ("a mistake that Ben made", ["mistake that Ben"]),
        ("It was caused by @ana.example today", ["caused by @ana.example"]),
        ("the engineer deleted the table", ["the engineer deleted"]),
        ("Ana found it. The alarm broke", []),
        ("Ana looked at the queue in the other region, which broke", []),
        ("ana broke, Anabel broke", []),
        ("Ana failed to look", ["Ana failed"]),
    ],
)
def test_names_are_found_near_verbs_of_blame(text: str, expected: list[str]) -> None:
    assert phrases(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We will be more careful.", ["be more careful"]),
        ("We take this very seriously.", ["take this very seriously"]),
        ("Alerting will be improved.", ["will be improved"]),
        ("Alerts on pool use will be improved, as agreed.", []),
        ("The dashboards will be improved.", ["will be improved"]),
    ],
)
def test_promises_need_something_that_binds(text: str, expected: list[str]) -> None:
    items = ("Alert on pool use",) if "pool" in text else ("Page somebody at night",)
    assert phrases(text, items=items) == expected


@given(
    AROUND, st.sampled_from(["should have", "Human Error", "SHOULD HAVE", "shouldn’t have"]), AROUND
)
def test_the_place_is_right_whatever_stands_around(before: str, words: str, after: str) -> None:
    text = f"{before} {words} {after}"
    for each in find_hints(text, RULES, NAMES):
        assert " ".join(text[each.start : each.stop].split()) == each.phrase
    found = [each for each in find_hints(text, RULES, NAMES) if each.start == len(before) + 1]
    assert [each.phrase for each in found] == [words]


@given(AROUND, AROUND)
def test_parts_of_words_are_never_found(before: str, after: str) -> None:
    for text in (f"{before}xcareless{after}", f"{before}carelessx{after}"):
        assert not find_hints(text, own("careless"))


@given(st.text(max_size=60))
def test_any_text_can_be_looked_at(text: str) -> None:
    hints = find_hints(text, RULES, NAMES, (text,))
    assert all(0 <= each.start < each.stop <= len(text) for each in hints)
    assert all(one.stop <= two.start for one, two in pairwise(hints))


@given(st.lists(st.sampled_from(["should have", "careless", "Ana broke", "it is", ".", "\n\n"])))
def test_hints_never_overlap(parts: list[str]) -> None:
    hints = find_hints(" ".join(parts), RULES, NAMES)
    assert all(one.stop <= two.start for one, two in pairwise(hints))


def hint(text: str, number: int = 0) -> WordingHint:
    return find_hints(text, RULES, NAMES)[number]


def test_a_mark_stays_while_one_writes_on_and_elsewhere() -> None:
    mark = hint("The alarm should have").mark
    assert hint("Before it. The  alarm SHOULD have fired at once, and did.").mark == mark
    assert hint("The person should have").mark != mark
    twice = "The alarm should have fired. The person should have looked."
    assert hint(twice, 0).mark == mark != hint(twice, 1).mark


def test_a_megabyte_is_looked_through_at_once() -> None:
    text = "The service should have restarted by itself, and a `probe saw it.\n\n" * 15_000
    began = time.process_time()
    assert len(find_hints(text, RULES, NAMES)) == 15_000
    assert time.process_time() - began < 10


def test_every_sentence_of_the_playbook_ends_and_every_rule_has_words() -> None:
    for each in RULES[:-1]:
        assert each.words, each.id
        assert each.instead.endswith("."), each.id
