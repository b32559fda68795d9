"""The page that says what holds the exchange of events names tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.house.source_tree import ROOT
from tests.sync import test_mutants

PAGE = (ROOT / "docs" / "sync-tests.md").read_text(encoding="utf-8")
NAMED = tuple(dict.fromkeys(re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE)))


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / "tests" / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(each.name for each in tree.body if isinstance(each, kinds))


@pytest.mark.parametrize(("path", "name"), NAMED)
def test_every_test_exists(path: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in names_in(path)


def test_nothing_that_looks_like_a_test_is_left_out() -> None:
    assert len(NAMED) == len(set(re.findall(r"[\w/]+\.py::\w+", PAGE)))
    assert len(NAMED) > 60


@pytest.mark.parametrize("place", ["sync", "server", "engines"])
def test_every_file_of_tests_is_on_the_page_or_holds_a_part_of_one(place: str) -> None:
    parts = {"test_keys", "test_joining", "test_presence", "test_server_page", "test_postgres"}
    files = {each.stem for each in (ROOT / "tests" / place).glob("test_*.py")}
    named = {path.rpartition("/")[2].removesuffix(".py") for path, _ in NAMED}
    assert files - named - parts == set()


def test_every_fault_is_named() -> None:
    words = {
        "no_chain_check": "no chain",
        "server_without_chain_check": "no chain",
        "client_without_chain_check": "a client that checks no chain",
        "chain_of_the_last_id": "a chain of the last id",
        "chain_without_time": "a chain without time",
        "tie_by_device": "ties by device",
        "counter_alone": "the counter alone",
        "no_refold": "no refold",
        "last_to_arrive_wins": "the last to arrive wins",
        "sent_when_answered": "sent when answered",
        "unknown_kinds_dropped": "unknown kinds dropped",
        "no_clamp": "no clamp,",
        "times_not_held_back": "times not held back",
        "times_held_back_on_arrival_alone": "held back on arrival alone",
        "no_clamped_witness": "no clamped witness",
        "answered_values_may_win": "answered values may win",
        "own_events_sent_again_alone": "only own events sent again",
        "known_events_keep_their_time": "the time of receipt not kept",
        "redaction_blanks_nothing": "a redaction that blanks nothing",
        "cursor_moves_first": "the cursor before the rows",
    }
    found = (*test_mutants.BY_CHANCE, *(each for each, _ in test_mutants.BY_HISTORY))
    assert {each.__name__ for each in found} == set(words)
    for name, said in words.items():
        assert said in PAGE, name
