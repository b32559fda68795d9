"""`tell` and `due`: who was told, and who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def board(commands: Commands) -> dict[str, dict[str, object]]:
    return {each["id"]: each for each in commands.ok("show", "--json").data["board"]}


def test_tell_by_id_and_by_name(open_incident: Commands) -> None:
    before = board(open_incident)
    first, second = list(before)[:2]
    out = open_incident.ok("tell", first, str(before[second]["name"]), "--note", "first word").out
    assert str(before[first]["name"]) in out
    after = board(open_incident)
    assert after[first]["told_by"] == after[second]["told_by"] == "robin"


def test_tell_a_ring_and_a_quadrant(open_incident: Commands) -> None:
    open_incident.ok("tell", "--ring", "support")
    open_incident.ok("tell", "INC-1", "--quadrant", "keep-satisfied", "--quadrant", "satisfied")
    for each in board(open_incident).values():
        wanted = each["audience"] == "support" or each["quadrant"] == "keep satisfied"
        assert (each["told_at"] is not None) == wanted


@pytest.mark.parametrize("word", ["closely", "manage closely", "Manage-Closely", "monitor"])
def test_quadrants_by_their_words(open_incident: Commands, word: str) -> None:
    assert open_incident("tell", "--quadrant", word).code == 0


def test_all_due(open_incident: Commands) -> None:
    open_incident.ok("declare", "Old one", "--at", "2020-01-01T00:00Z")
    open_incident.ok("set", "INC-1", "status", "resolved")
    outcome = open_incident("tell", "INC-2", "--all-due")
    again = open_incident("tell", "INC-2", "--all-due")
    assert outcome.code in (0, 2)
    assert again.code == 2
    assert "Nobody waits" in again.err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], "Say who was told"),
        (["nobody-like-this"], "stakeholder"),
        (["--ring", "suport"], "support"),
        (["--quadrant", "closly"], "closely"),
        (["--ring", "support", "--channel", "emial"], "email"),
    ],
)
def test_mistakes(open_incident: Commands, words: list[str], expected: str) -> None:
    outcome = open_incident("tell", *words)
    assert outcome.code == 2
    assert expected in outcome.err


def test_due_in_all_open_incidents(open_incident: Commands) -> None:
    open_incident.ok("declare", "Mail is late")
    out = open_incident.ok("due").out
    assert "INC-1  SEV2" in out
    assert "INC-2" in out
    assert "customers: first word" in out
    data = open_incident.ok("due", "--json").data
    assert {each["ref"] for each in data} == {"INC-1", "INC-2"}
    assert data[0]["audiences"][0]["audience"] == "customers"
    assert [each["ref"] for each in open_incident.ok("due", "INC-2", "--json").data] == ["INC-2"]


def test_nothing_is_due_without_an_incident(cockpit: Commands) -> None:
    assert cockpit.ok("due").out == "No incident is open: nothing is due.\n"
    assert cockpit.ok("due", "--json").data == []


def test_nobody_was_told_at_a_time_ahead(open_incident: Commands) -> None:
    for ahead in ("+5m", "tomorrow 09:00"):
        refused = open_incident("tell", "customers", "--at", ahead)
        assert refused.code == 2
        assert "lies ahead" in refused.err
    open_incident.ok("tell", "customers", "--at", "now")
    open_incident.ok("tell", "customers", "--at", "-5m")
