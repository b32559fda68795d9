"""The page of the exchange's figures is there, says where it comes from, and has every goal."""

from __future__ import annotations

import re

import pytest

from benchmarks.sync_page import DOCUMENT, GOALS, NOTES
from tests.house.source_tree import ROOT

PAGE = DOCUMENT.read_text(encoding="utf-8")


def test_it_says_which_command_writes_it_and_where_that_ran() -> None:
    assert "Written by `python -m benchmarks.sync --markdown`, never by hand." in PAGE
    assert re.search(r"^\d{4}-\d\d-\d\d, .* processors, load [\d.]+ ", PAGE, re.MULTILINE)
    assert NOTES.read_text(encoding="utf-8") in PAGE


@pytest.mark.parametrize(("engine", "what"), GOALS)
def test_every_goal_is_a_row(engine: str, what: str) -> None:
    assert PAGE.count(f"\n| {engine} | {what} | {'≥' if 'push' in what else '≤'} ") == 1


def test_it_is_beside_bare_statements_and_a_rival() -> None:
    assert "| bare statements | ratio | pouchdb-server | ratio |" in PAGE
    assert "better than pouchdb-server" in PAGE


@pytest.mark.parametrize("name", ["sync-tests.md", "architecture.md"])
def test_pages_that_speak_of_it_lead_there(name: str) -> None:
    assert "(sync-benchmarks.md)" in (ROOT / "docs" / name).read_text(encoding="utf-8")
