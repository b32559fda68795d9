"""The page of promises is whole: every promise, tests that exist, and how each was seen to fail."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.house.source_tree import ROOT, parse
from tests.promises.mutants import MUTANTS

PROMISED = {"D": 10, "C": 3, "S": 7, "I": 8, "T": 5, "A": 5, "Z": 3, "U": 3, "R": 3}
"""Letter → how many promises there are."""

PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
LINES = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if re.match(r"\| [A-Z]\d+ \|", line)
]
ROWS = {cells[0]: cells for cells in LINES}
TESTS = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def names_in(file: str) -> set[str]:
    """Return the names of the tests in a file."""
    functions = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for node in ast.walk(parse(ROOT / file)) if isinstance(node, functions)}


def test_every_promise_has_its_row() -> None:
    wanted = {f"{letter}{number}" for letter in PROMISED for number in _upto(PROMISED[letter])}
    assert set(ROWS) == wanted
    assert len(re.findall(r"^\| [A-Z]\d+ \|", PAGE, re.MULTILINE)) == len(wanted)
    assert len(LINES) == len(ROWS)
    assert {len(cells) for cells in LINES} == {5}


@pytest.mark.parametrize("promise", ROWS)
def test_every_named_test_exists(promise: str) -> None:
    for file, name in TESTS.findall(" ".join(ROWS[promise])):
        assert (ROOT / file).is_file(), file
        assert name in names_in(file), f"{file}::{name}"


@pytest.mark.parametrize("promise", ROWS)
def test_every_promise_is_tested_or_says_that_it_is_not(promise: str) -> None:
    _, sentence, tests, figure, _ = ROWS[promise]
    assert sentence.endswith(".")
    assert figure
    assert TESTS.search(tests) or (tests == "none yet" and "**partly**" in figure)


@pytest.mark.parametrize("promise", ROWS)
def test_every_promise_was_seen_to_fail_or_says_why_not(promise: str) -> None:
    control = ROWS[promise][4]
    named = set(re.findall(r"[Mm]utant ([A-Z]\d+)", control))
    assert named <= MUTANTS.keys()
    assert named or TESTS.search(control) or re.match(r"None( automatic)?: \w", control)


def test_every_mutant_stands_on_the_page() -> None:
    assert all(f"utant {promise}" in ROWS[promise][4] for promise in MUTANTS)


def _upto(count: int) -> range:
    return range(1, count + 1)
