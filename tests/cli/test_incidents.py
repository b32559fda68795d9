"""`declare`, `list`, `show`, `set`, `search`: forgiving in, exact out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


@pytest.mark.parametrize("severity", ["1", "sev1", "SEV1", "Sev1"])
def test_severity_in_every_spelling(cockpit: Commands, severity: str) -> None:
    shown = cockpit.ok("declare", "Data", "exposed", "--severity", severity, "--json").data
    assert (shown["ref"], shown["severity"], shown["title"]) == ("INC-1", "SEV1", "Data exposed")
    assert shown["open"] is True


def test_a_title_suffices_and_says_what_is_next(cockpit: Commands) -> None:
    out = cockpit.ok("declare", "Checkout fails").out
    assert out.startswith("INC-1 declared, SEV")
    assert "cockpit update INC-1 --copy" in out


def test_everything_at_once(cockpit: Commands) -> None:
    shown = cockpit.ok(
        "declare", "Exercise", "--sev", "3", "--impact", "40%", "--at", "2026-11-20T08:00Z",
        "--commander", "kim", "--drill", "--private", "--json",
    ).data  # fmt: skip
    assert (shown["impact"], shown["share"], shown["drill"], shown["private"]) == (
        "high",
        40.0,
        True,
        True,
    )
    assert shown["started_at"] == "2026-11-20T08:00:00Z"
    assert {"role": "commander", "person": "kim"}.items() <= shown["roles"][0].items()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["x", "--sev", "9"], "SEV1, SEV2, SEV3 or SEV4"),
        (["x", "--impact", "hihg"], "high"),
        (["x", "--kind", "outge"], "outage"),
        ([""], "needs a title"),
        ([], "TITLE"),
    ],
)
def test_wrong_values_declare_nothing(cockpit: Commands, words: list[str], expected: str) -> None:
    outcome = cockpit("declare", *words)
    assert outcome.code == 2
    assert expected in outcome.err
    assert cockpit.ok("list", "--all", "--json").data == []


def test_copy_gives_the_first_word(cockpit: Commands) -> None:
    outcome = cockpit.ok("declare", "Checkout fails", "--copy")
    text = (cockpit.home / "last-update.txt").read_text()
    assert text.strip()
    assert "last-update.txt" in outcome.err
    shown = cockpit.ok("show", "--json").data
    assert shown["messages"][-1]["msg"]["state"] == "copied"
    assert shown["messages"][-1]["text"].endswith(text)


def test_list_open_ones_and_all(open_incident: Commands) -> None:
    open_incident.ok("declare", "Mail is late")
    open_incident.ok("set", "INC-2", "status", "resolved")
    assert [each["ref"] for each in open_incident.ok("list", "--json").data] == ["INC-1"]
    everything = open_incident.ok("list", "--all", "--json").data
    assert [each["ref"] for each in everything] == ["INC-1", "INC-2"]
    assert [each["open"] for each in everything] == [True, False]
    out = open_incident.ok("list", "--all").out
    assert out.splitlines()[0].split() == ["REF", "SEV", "STATUS", "AGE", "TITLE", "NEXT", "UPDATE"]
    assert "Mail is late" in out
    assert len(open_incident.ok("list", "--all", "--limit", "1", "--json").data) == 1


def test_empty_lists(cockpit: Commands) -> None:
    assert cockpit.ok("list").out == "No incident is open.\n"
    assert cockpit.ok("list", "--json").data == []
    cockpit.ok("declare", "Over")
    cockpit.ok("set", "status", "resolved")
    assert "cockpit list --all" in cockpit.ok("list").out


def test_show_holds_what_is_known(open_incident: Commands) -> None:
    open_incident.ok("set", "impact_text", "Payments fail for one in three.")
    open_incident.ok("set", "cause", "A bad deploy.")
    open_incident.ok("log", "line one\nline two")
    out = open_incident.ok("show", "1").out
    assert out.startswith("INC-1  SEV2  investigating  Checkout fails\n")
    for words in ("Payments fail for one in three.", "A bad deploy.", "line one", "line two"):
        assert words in out
    assert "customers: first word" in out


def test_show_the_last_entries(open_incident: Commands) -> None:
    for number in range(5):
        open_incident.ok("log", f"entry {number}")
    shown = open_incident.ok("show", "--json", "--entries", "2").data
    assert [each["text"] for each in shown["timeline"]] == ["entry 3", "entry 4"]
    assert "entry 2" not in open_incident.ok("show", "--entries", "2").out


@pytest.mark.parametrize(
    ("field", "value", "key", "expected"),
    [
        ("status", "identified", "status", "identified"),
        ("stage", "worked around", "stage", "worked-around"),
        ("severity", "1", "severity", "SEV1"),
        ("impact", "low", "impact", "low"),
        ("share", "12.5%", "share", 12.5),
        ("title", "Nothing works", "title", "Nothing works"),
        ("cause", "- a list item", "cause", "- a list item"),
        ("next", "roll back", "next_step", "roll back"),
    ],
)
def test_set(open_incident: Commands, field: str, value: str, key: str, expected: object) -> None:
    assert open_incident.ok("set", field, value, "--json").data[key] == expected


def test_set_roles_with_a_reason(open_incident: Commands) -> None:
    open_incident.ok("set", "INC-1", "role.commander", "kim", "--reason", "end of shift")
    shown = open_incident.ok("show", "--json").data
    assert shown["roles"][0]["person"] == "kim"
    assert any("end of shift" in each["text"] for each in shown["timeline"])


def test_setting_the_same_again_changes_nothing(open_incident: Commands) -> None:
    open_incident.ok("set", "status", "identified")
    assert "already" in open_incident.ok("set", "status", "identified").out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["staus", "identified"], "status"),
        (["status", "identfied"], "identified"),
        (["share", "200"], "0 to 100"),
        (["status"], "The value of status is missing"),
        ([], "Fields: "),
    ],
)
def test_set_mistakes(open_incident: Commands, words: list[str], expected: str) -> None:
    outcome = open_incident("set", *words)
    assert outcome.code == 2
    assert expected in outcome.err


def test_set_reads_standard_input(open_incident: Commands) -> None:
    shown = open_incident.ok("set", "cause", "-", "--json", stdin=b"A bad deploy.\n").data
    assert shown["cause"] == "A bad deploy."


def test_search(open_incident: Commands) -> None:
    open_incident.ok("log", "the needle is here")
    found = open_incident.ok("search", "needle", "--json").data
    assert [(each["ref"], each["where"]) for each in found] == [("INC-1", "entry")]
    assert "needle" in open_incident.ok("search", "needle").out
    assert open_incident.ok("search", "nothing-like-it").out == "Nothing found.\n"
    assert open_incident.ok("search", 'AND ( " *').code == 0


def test_files_are_private(open_incident: Commands) -> None:
    def others(path: Path) -> int:
        return path.stat().st_mode & 0o077

    assert [each for each in open_incident.home.rglob("*") if others(each)] == []
    assert others(open_incident.home) == 0
