"""The post-mortem's owner, meeting and review from the palette, and the meeting's calendar file."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest

from cockpit.screens.dialogs import ChoiceDialog, TextDialog
from cockpit.service.changes import set_field
from tests.screens.incident_app import Shown, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(tmp_path / "home")
    made.do(lambda session: set_field(session, made.inc, "status", "resolved"))
    return made


async def choose(shown: Shown, *keys: str) -> None:
    """Open the dialog and choose one of its rows by number."""
    shown.app.screen.run_worker(shown.app.run_action("review", shown.screen))
    await shown.until(lambda: isinstance(shown.app.screen, ChoiceDialog))
    await shown.press(*keys)


async def test_owner_and_meeting_are_typed(stage: Stage) -> None:
    async with stage.show() as shown:
        await choose(shown, "1")
        await shown.until(lambda: isinstance(shown.app.screen, TextDialog))
        await shown.press(*"ana", "enter")
        await shown.until(lambda: shown.screen.view.postmortem.owner == "ana")
        await choose(shown, "2")
        await shown.until(lambda: isinstance(shown.app.screen, TextDialog))
        await shown.press(*"2026-03-09 10:00", "enter")
        await shown.until(lambda: shown.screen.view.postmortem.meeting_at is not None)


async def test_a_review_asks_who(stage: Stage) -> None:
    async with stage.show() as shown:
        await choose(shown, "3")
        await shown.until(lambda: "Review of the post-mortem" in shown.text())
        await shown.press("3", "enter")
        await shown.until(lambda: "Who reviewed it?" in shown.text())
        await shown.press(*", ben", "enter")
        await shown.until(lambda: shown.screen.view.postmortem.review == "reviewed")
        assert shown.screen.view.postmortem.reviewed_by == "me, ben"
        await shown.press("u")
        await shown.until(lambda: shown.screen.view.postmortem.review == "draft")
        assert not shown.screen.view.postmortem.reviewed_by


async def test_the_calendar_file_is_written_beside_the_exports(stage: Stage) -> None:
    place = stage.paths.exports / "INC-1-postmortem.ics"
    async with stage.show() as shown:
        await shown.app.run_action("calendar", shown.screen)
        await shown.until(lambda: "has no date" in shown.text())
        assert not place.exists()
        stage.do(lambda session: set_field(session, stage.inc, "pm.meeting_at", "2026-03-09 10:00"))
        await shown.app.run_action("calendar", shown.screen)
        await shown.until(place.exists)
    (found,) = icalendar.Calendar.from_ical(place.read_bytes()).events
    assert str(found["SUMMARY"]) == "Post-mortem INC-1: Nobody can pay"
