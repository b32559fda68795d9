"""`amend`: the right text, the right time; the first text stays unless it is redacted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def test_correct_the_last(open_incident: Commands) -> None:
    open_incident.ok("log", "fuond it")
    entry = open_incident.ok("amend", "last", "found it", "--json").data
    assert (entry["text"], entry["corrected"]) == ("found it", True)
    open_incident.ok("undo")
    assert open_incident.texts()[-1] == "fuond it"


def test_by_id_and_to_another_time(open_incident: Commands) -> None:
    first = open_incident.ok("log", "first", "--json").data["id"]
    open_incident.ok("log", "second")
    assert first[:8] in open_incident.ok("show", "--ids").out
    entry = open_incident.ok(
        "amend", "INC-1", first[:8], "--at", "2026-11-20T08:00Z", "--json"
    ).data
    assert (entry["text"], entry["at"]) == ("first", "2026-11-20T08:00:00Z")


def test_take_back_and_redact(open_incident: Commands) -> None:
    open_incident.ok("log", "a mistake")
    open_incident.ok("amend", "last", "--hide")
    assert "a mistake" not in open_incident.texts()
    open_incident.ok("log", "password hunter2")
    open_incident.ok("amend", "last", "--redact", "--reason", "a secret")
    assert "hunter2" not in open_incident.ok("show", "--json").out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "Name an entry"),
        (["last"], "Give the right text"),
        (["abcdef", "x"], "No entry begins with “abcdef”"),
        (["x", "y"], "No entry begins"),
        (["last", "--at", "soonish"], "soonish"),
    ],
)
def test_mistakes(open_incident: Commands, words: list[str], expected: str) -> None:
    open_incident.ok("log", "text")
    outcome = open_incident("amend", *words)
    assert outcome.code == 2
    assert expected in outcome.err
