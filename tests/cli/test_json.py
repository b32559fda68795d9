"""The page about `--json` names exactly the keys that come out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

PAGE = Path(__file__).parents[2] / "docs" / "json.md"
COMMANDS = {
    "An incident in a list": ("list",),
    "An incident": ("show",),
    "Somebody on the board": ("people",),
    "A text to send": ("update",),
    "A variable of a text": ("update", "variables"),
    "A step of the workflow": ("steps",),
    "A countdown": ("promise",),
    "A hand-over": ("handover",),
    "What is left before closing": ("close", "--check"),
    "What drafting a section again did": ("postmortem", "draft"),
    "What is left in a post-mortem": ("postmortem", "check"),
    "A component": ("component",),
    "A report on cadence": ("report",),
    "A period of a report": ("report", "--all"),
    "A hit of a search": ("search", "checkout"),
    "A past incident like one": ("similar", "checkout", "fails"),
    "A finding of the doctor": ("doctor",),
}

ONLY_SHOWN = ("workflow_step", "cadence", "audiences", "board", "timeline")


def keys(title: str) -> list[str]:
    sections = PAGE.read_text(encoding="utf-8").split("\n### ")
    section = next(each for each in sections if each.startswith(f"{title}\n"))
    return re.findall(r"^\| ([a-z_]+) \|", section, re.MULTILINE)[1:]


def first(data: Any) -> dict[str, Any]:
    return dict(data[0] if isinstance(data, list) else data)


@pytest.mark.parametrize("title", COMMANDS)
def test_page_names_the_keys(open_incident: Commands, title: str) -> None:
    outcome = open_incident(*COMMANDS[title], "--json")
    assert list(first(outcome.data)) == keys(title)


def test_page_names_the_keys_inside(open_incident: Commands) -> None:
    shown = open_incident.ok("show", "--json").data
    assert list(shown["timeline"][0]) == keys("A line of the timeline")
    assert list(shown["audiences"][0]) == keys("A countdown")
    assert list(shown["board"][0]) == keys("A stakeholder on the board")
    assert list(open_incident.ok("log", "text", "--json").data) == keys("A line of the timeline")
    listed = open_incident.ok("list", "--json").data
    assert list(listed[0]["next_update"]) == keys("A countdown")
    closing = open_incident("close", "--check", "--json").data
    assert list(closing["checks"][0]) == keys("A closing check")
    left = open_incident("postmortem", "check", "--json").data
    assert list(left["findings"][0]) == keys("A finding in a post-mortem")
    assert list(shown["workflow_step"]) == keys("A step of the workflow")
    told = open_incident.ok("tell", "--ring", "support", "--json").data
    assert list(told[0]) == keys("A stakeholder on the board")


def test_a_text_of_the_thread_has_the_keys_of_the_page(open_incident: Commands) -> None:
    open_incident.ok("update", "--sent", "--yes")
    posts = open_incident.ok("update", "thread", "--json").data
    assert list(posts[0]) == keys("A text of the public thread")


def test_declare_and_set_print_an_incident(open_incident: Commands) -> None:
    expected = [key for key in keys("An incident") if key not in ONLY_SHOWN]
    for words in (("set", "impact", "low"), ("declare", "Another")):
        assert list(open_incident.ok(*words, "--json").data) == expected


def test_an_empty_list_is_an_array(cockpit: Commands) -> None:
    for words in (("list",), ("list", "--all"), ("due",), ("search", "x")):
        assert cockpit.ok(*words, "--json").data == []


def test_a_cadence_has_the_keys_of_the_page(open_incident: Commands) -> None:
    open_incident.ok("update", "--stage", "first word", "--sent")
    open_incident.ok("set", "status", "resolved")
    shown = open_incident.ok("show", "INC-1", "--json").data
    assert list(shown["cadence"]) == keys("A cadence that is over")


def test_reports_have_the_keys_of_the_page(open_incident: Commands) -> None:
    open_incident.ok("update", "--stage", "investigating", "--sent")
    one = open_incident.ok("report", "--json").data
    assert list(one["audiences"][0]) == keys("An audience of a report")
    every = open_incident.ok("report", "--all", "--json").data
    assert list(every[0]["audiences"][0]) == keys("An audience of a period")
