"""`postmortem review`, `meeting`, `calendar`, and what `due` says once incidents are over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import icalendar
import pytest

from tests.cli.test_json import keys

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Commands


@pytest.fixture
def over(open_incident: Commands) -> Commands:
    """A shell in whose database one incident is over, INC-1."""
    open_incident.ok("set", "status", "resolved")
    return open_incident


def test_a_review_is_shown_and_brought_on(over: Commands) -> None:
    shown = over.ok("postmortem", "review", "INC-1").out
    assert shown.startswith("INC-1  draft  Checkout fails\n")
    assert "The post-mortem has no owner. cockpit set INC-1 pm.owner NAME" in shown
    over.ok("postmortem", "review", "INC-1", "in-review")
    out = over.ok("postmortem", "review", "INC-1", "reviewed", "--by", "ana, ben").out
    assert out.startswith("INC-1  reviewed by ana, ben on ")
    assert "learn" not in out
    data = over.ok("postmortem", "review", "INC-1", "published", "--json").data
    assert list(data) == keys("The review of a post-mortem")
    assert (data["review"], data["reviewed_by"], data["owed"]) == ("published", "ana, ben", [])
    assert "published, reviewed by ana, ben" in over.ok("postmortem", "review", "INC-1").out
    assert "published, by ana, ben" in over.ok("export", "INC-1").out
    assert over("postmortem", "review", "INC-1", "reviwed").code == 2


def test_a_meeting_goes_into_a_calendar(over: Commands, tmp_path: Path) -> None:
    assert over("postmortem", "calendar", "INC-1").code == 2
    ahead = (datetime.now(UTC) + timedelta(days=3)).date()
    out = over.ok("--zone", "Asia/Tokyo", *("postmortem", "meeting", "INC-1", f"{ahead} 10:30"))
    assert f"on {ahead} 10:30 JST." in out.out
    assert not out.err
    text = over.ok("postmortem", "calendar", "INC-1", "--out", "-").out
    found = icalendar.Calendar.from_ical(text).events[0]
    assert found.decoded("DTSTART") == datetime(
        ahead.year, ahead.month, ahead.day, 1, 30, tzinfo=UTC
    )
    over.ok("postmortem", "calendar", "INC-1", "-o", str(tmp_path))
    written = (tmp_path / "INC-1-postmortem.ics").read_bytes()
    assert written.count(b"\r\n") == written.count(b"\n") == len(text.splitlines())
    assert over("postmortem", "calendar", "INC-1", "-o", str(tmp_path)).code == 1
    assert over.ok("postmortem", "calendar").out.count("BEGIN:VEVENT") == 1


def test_a_meeting_after_its_deadline_is_said(over: Commands) -> None:
    assert "after its deadline" in over.ok("postmortem", "meeting", "INC-1", "+12d").err
    assert not over.ok("postmortem", "meeting", "INC-1", "+5d").err
    assert over("postmortem", "meeting", "INC-1").code == 2
    assert over("postmortem", "meeting", "INC-1", "soonish").code == 2


def test_due_goes_on_after_the_end(over: Commands) -> None:
    over.ok("postmortem", "action", "INC-1", "Alert sooner", "--due", "2026-01-01")
    out = over.ok("due").out
    assert out.startswith("INC-1  SEV2  Checkout fails\n")
    assert "learn      The post-mortem has no owner." in out
    assert "1 action item has no owner or no due date. cockpit actions INC-1" in out
    assert "! " in out
    assert "Alert sooner (" in out
    (data,) = over.ok("due", "--json").data
    assert list(data) == keys("What is due")
    assert [each["title"] for each in data["actions"]] == ["Alert sooner"]
    assert list(data["owed"][0]) == keys("Something owed to a post-mortem")
    assert data["open"] is False
    assert over.ok("due", "INC-1", "--json").data == [data]


def test_due_is_silent_once_all_is_done(over: Commands) -> None:
    over.ok("postmortem", "review", "INC-1", "reviewed")
    assert over.ok("due").out == "No incident is open: nothing is due.\n"
    assert over.ok("due", "--json").data == []


def test_an_open_incident_comes_first_and_shows_its_overdue_items(over: Commands) -> None:
    over.ok("declare", "Search is stale", "--sev", "3")
    over.ok("postmortem", "action", "INC-2", "Index again", "--due", "2026-01-01")
    lines = over.ok("due").out.splitlines()
    assert lines[0].startswith("INC-2  SEV3")
    assert any(line.startswith("  action     ! ") and "Index again" in line for line in lines)
    assert [each["ref"] for each in over.ok("due", "--json").data] == ["INC-2", "INC-1"]
