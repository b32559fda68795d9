"""`people`: the board, and who stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

ADD = ("people", "add", "sales-lead", "Kim", "Lee", "--ring", "executives", "--power", "high")
KIM = (*ADD, "--interest", "low", "--channel", "email", "--channel", "chat", "--contact", "+1 555")


def person(commands: Commands, identity: str) -> dict[str, Any]:
    return {each["id"]: each for each in commands.ok("people", "--json").data}[identity]


def test_the_board_shows_everybody_in_their_field(open_incident: Commands) -> None:
    out = open_incident.ok("people", "inc1").out
    assert "Manage closely\n" in out
    for each in open_incident.ok("people", "--json").data:
        assert each["name"] in out
    assert "never told" in out
    open_incident.ok("tell", "--ring", "support")
    assert "by robin" in open_incident.ok("people").out


def test_add_edit_remove(open_incident: Commands) -> None:
    assert "keep satisfied" in open_incident.ok(*KIM).out
    found = person(open_incident, "sales-lead")
    assert (found["name"], found["channels"], found["contact"]) == (
        "Kim Lee",
        ["email", "chat"],
        "+1 555",
    )
    edit = ("people", "edit", "INC-1", "kim", "--interest", "high", "--every", "1h30m")
    assert "interest, every changed" in open_incident.ok(*edit).out
    assert "nothing changed" in open_incident.ok(*edit).out
    open_incident.ok("people", "edit", "sales-lead", "--contact", "")
    found = person(open_incident, "sales-lead")
    assert (found["quadrant"], found["every_minutes"]) == ("manage closely", 90)
    assert (found["contact"], found["channels"]) == ("", ["email", "chat"])
    open_incident.ok("tell", "sales-lead")
    open_incident.ok("people", "remove", "sales-lead")
    assert "sales-lead" not in open_incident.ok("people").out
    assert any("Kim Lee" in text for text in open_incident.texts())


def test_edit_of_somebody_from_the_playbook_and_undo(open_incident: Commands) -> None:
    first = open_incident.ok("people", "--json").data[0]
    open_incident.ok("people", "edit", first["id"], "--name", "Somebody else", "--ring", "core")
    assert person(open_incident, first["id"])["audience"] == "core"
    assert f"the name of {first['id']}" in open_incident.ok("undo").out
    assert person(open_incident, first["id"]) == first
    open_incident.ok("people", "remove", first["id"])
    assert f"taking {first['id']} off" in open_incident.ok("undo").out
    assert person(open_incident, first["id"]) == first


def test_add_undo_and_add_again(open_incident: Commands) -> None:
    open_incident.ok(*KIM)
    assert "Kim Lee on the board" in open_incident.ok("undo").out
    assert "sales-lead" not in open_incident.ok("people").out
    open_incident.ok(*KIM)
    open_incident.ok("people", "remove", "sales-lead")
    open_incident.ok(*ADD, "--interest", "high")
    found = person(open_incident, "sales-lead")
    assert (found["quadrant"], found["channels"], found["contact"]) == ("manage closely", [], "")
    assert "Kim" in open_incident.ok("people").out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["add", "x"], "id and a name"),
        (["add", "two words", "Kim", *KIM[5:]], "is not an id"),
        (["add", "support", "X", *KIM[5:]], "on the board already"),
        ([*KIM[1:5], "--ring", "exeutives", "--power", "high", "--interest", "low"], "executives"),
        (
            [*KIM[1:5], "--ring", "core", "--power", "hgih", "--interest", "low"],
            "Did you mean high",
        ),
        ([*KIM[1:], "--channel", "emial"], "email"),
        ([*KIM[1:], "--every", "soon"], "span of time"),
        (["add", "x", "  ", *KIM[5:]], "Missing for x: name"),
        (["edit", "nobody-here", "--name", "x"], "stakeholder"),
        (["edit", "customers"], "Nothing to change"),
        (["edit", "customers", "--name", " "], "Name cannot"),
        (["remove"], "Name one person"),
        (["remvoe", "customers"], "remove"),
    ],
)
def test_mistakes(open_incident: Commands, words: list[str], expected: str) -> None:
    known = [each["id"] for each in open_incident.ok("people", "--json").data]
    words = [known[0] if word in ("support", "customers") else word for word in words]
    outcome = open_incident("people", *words)
    assert outcome.code == 2, outcome
    assert expected in outcome.err


def test_an_unknown_incident(open_incident: Commands) -> None:
    assert open_incident("people", "INC-9").code == 3
    assert "INC-1" in open_incident("people", "add", "INC-9", "x", "Y", *KIM[5:]).err
