"""`actions`: what incidents left to do, listed over all of them, changed and exported."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_json import keys

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Commands


def day(ahead: int) -> str:
    return (datetime.now(UTC) + timedelta(days=ahead)).date().isoformat()


@pytest.fixture
def filled(open_incident: Commands) -> Commands:
    """Two incidents with three items: one overdue, one debt, one of nobody."""
    shell = open_incident
    shell.ok("declare", "Search is stale", "--sev", "3")
    shell.ok("postmortem", "action", "INC-1", "Alert sooner", "--due", day(-3), "--owner", "ana")
    shell.ok(
        *("postmortem", "action", "INC-2", "Replace the pool", "--kind", "debt"),
        *("--due", day(30), "--owner", "ben, chris"),
    )
    shell.ok("postmortem", "action", "INC-2", "[/bold] =1+1 \x1b]0;x\x07")
    return shell


def titles(shell: Commands, *words: str) -> list[str]:
    return [each["title"][:12] for each in shell.ok("actions", *words, "--json").data]


def test_the_most_urgent_comes_first(filled: Commands) -> None:
    lines = filled.ok("actions").out.splitlines()
    assert lines[0].split() == ["id", "due", "owner", "kind", "incident", "what"]
    assert "! 3 d late" in lines[1]
    assert "INC-1" in lines[1]
    assert "Replace the pool" in lines[2]
    assert "\x1b" not in filled.ok("actions").out
    assert lines[-1] == "3 open, 1 overdue."


def test_a_list_can_be_narrowed(filled: Commands) -> None:
    assert titles(filled, "--overdue") == ["Alert sooner"]
    assert titles(filled, "--kind", "debt") == ["Replace the "]
    assert titles(filled, "--owner", "Chris") == ["Replace the "]
    assert titles(filled, "--owner", "nobody") == ["[/bold] =1+1"]
    assert titles(filled, "INC-1") == titles(filled, "-i", "INC-1") == ["Alert sooner"]
    assert titles(filled, "--due-before", "today") == ["Alert sooner"]
    assert titles(filled, "--words", "pool") == ["Replace the "]
    assert titles(filled, "--done") == []
    assert filled.ok("actions", "--done").out == "No such action items.\n"
    wrong = filled("actions", "--kind", "dept")
    assert wrong.code == 2
    assert "Did you mean debt?" in wrong.err


def test_groups_have_headings(filled: Commands) -> None:
    lines = filled.ok("actions", "--by", "owner").out.splitlines()
    headings = [lines[at] for at, line in enumerate(["", *lines]) if not line and at < len(lines)]
    assert headings[:4] == ["ana", "ben", "chris", "nobody"]


def test_one_is_closed_and_opened_again(filled: Commands) -> None:
    first = filled.ok("actions", "--json").data[0]
    assert filled.ok("actions", "done", first["id"][:6]).out.startswith("INC-1  ")
    assert titles(filled, "--done") == ["Alert sooner"]
    assert filled.ok("actions", "reopen", "alert sooner", "--json").data[0]["state"] == "open"
    assert filled.ok("actions", "done", "--dropped", first["id"], "--json").data[0]["state"] == (
        "dropped"
    )
    filled.ok("undo", "INC-1")
    assert "Alert sooner" in titles(filled)


def test_all_or_none_are_closed(filled: Commands) -> None:
    first = filled.ok("actions", "--json").data[0]
    assert filled("actions", "done", first["id"], "zzzz").code == 2
    assert len(titles(filled)) == 3


def test_fields_are_edited_together(filled: Commands) -> None:
    out = filled.ok(
        *("actions", "edit", "alert sooner", "due=+7d", "owner=ana, ben", "automate=yes"),
        *("title=Alert = sooner", "--json"),
    ).data[0]
    assert (out["due"], out["owners"], out["automate"]) == (day(7), ["ana", "ben"], True)
    assert out["title"] == "Alert = sooner"
    for wrong in (("due",), ("colour=red",), ("due=soonish",)):
        assert filled("actions", "edit", out["id"], *wrong).code == 2


def test_exports_reach_files_and_the_screen(filled: Commands, tmp_path: Path) -> None:
    assert filled.ok("actions", "export", "--overdue").out.count("- [ ]") == 1
    issues = filled.ok("actions", "export", "-f", "github").data
    assert [list(each) for each in issues] == [["title", "body", "labels"]] * 3
    target = tmp_path / "items.csv"
    filled.ok("actions", "export", "--format", "csv", "-o", str(target), "--all")
    rows = list(csv.DictReader(StringIO(target.read_text(encoding="utf-8"), newline="")))
    assert [each["incident"] for each in rows] == ["INC-1", "INC-2", "INC-2"]
    assert filled("actions", "export", "-o", str(target)).code == 1
    assert filled("actions", "export", "-f", "gitub").code == 2
    assert json.loads(filled.ok("actions", "export", "-f", "json").out)[0]["ref"] == "INC-1"
    assert filled.ok("actions", "export", "-f", "jira").out.startswith("Summary,Description,")


def test_the_page_on_json_names_the_keys(filled: Commands) -> None:
    assert list(filled.ok("actions", "--json").data[0]) == keys("An action item")


def test_nothing_is_left_yet(cockpit: Commands) -> None:
    assert cockpit.ok("actions", "--all").out == "No action items.\n"
    assert cockpit.ok("actions", "--json").data == []
    assert cockpit("actions", "done", "x").code == 2
