"""Closing on the screen: what is left, seen to or waived, and then the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import Stage as Work
from cockpit.screens.closing import ClosingDialog
from cockpit.screens.dialogs import ChoiceDialog, TextDialog
from cockpit.service import components
from cockpit.service.changes import set_field
from tests.screens.incident_app import Shown, Stage

SIZES = [(80, 24), (120, 35), (220, 60)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    return Stage(tmp_path / "home")


def _view(stage: Stage) -> IncidentView:
    view: IncidentView = stage.do(lambda session: session.reads.view(stage.inc))
    return view


async def _open(shown: Shown) -> None:
    await shown.press("X")
    await _back(shown)


async def _back(shown: Shown) -> None:
    """Wait until the list of checks is in front."""
    await shown.until(lambda: isinstance(shown.app.screen, ClosingDialog))
    await shown.until(lambda: "esc goes back" in shown.text())


async def _waive(shown: Shown, reason: str) -> None:
    await shown.press("enter")
    await shown.until(lambda: isinstance(shown.app.screen, ChoiceDialog))
    await shown.press("G", "enter")
    await shown.until(lambda: isinstance(shown.app.screen, TextDialog))
    await shown.press(*reason, "enter")
    await _back(shown)


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_left_is_waived_until_it_can_be_closed(
    stage: Stage, size: tuple[int, int]
) -> None:
    async with stage.show(size) as shown:
        await _open(shown)
        text = shown.text()
        assert "Before it is closed: 2 things are left" in text
        assert "✓  Customers were not told of it" in text
        assert "!  Nobody owns the post-mortem." in text
        assert "Name its owner." in text
        await _waive(shown, "drill")
        assert "1 thing is left" in shown.text()
        assert "waived: drill" in shown.text()
        assert "Set its date, within 7 days" in shown.text()
        await _waive(shown, "none")
        assert "nothing is left" in shown.text()
        await shown.press("enter")
        await shown.until(lambda: _view(stage).stage is Work.CLOSED)
        await shown.until(lambda: "Closed. u takes it back." in shown.text())
    assert _view(stage).waivers == {"owner": "drill", "meeting": "none"}


async def test_an_open_check_leads_to_what_fixes_it(stage: Stage) -> None:
    async with stage.show() as shown:
        await _open(shown)
        await shown.press("enter")
        await shown.until(lambda: "Name the owner" in shown.text())
        await shown.press("enter")
        await shown.until(lambda: "Who owns the post-mortem?" in shown.text())
        await shown.press(*"ana", "enter")
        await _back(shown)
        assert "✓  ana owns the post-mortem." in shown.text()
        await shown.press("enter")
        await shown.until(lambda: "Set the date" in shown.text())
        await shown.press("enter")
        await shown.until(lambda: "When is the post-mortem" in shown.text())
        await shown.press(*"2026-03-09", "space", *"10:00", "enter")
        await _back(shown)
        assert "nothing is left" in shown.text()
        assert "meeting is set for 2026-03-09 10:00 UTC" in shown.text()
        await shown.press("escape")
        await shown.until(lambda: not isinstance(shown.app.screen, ClosingDialog))
    assert _view(stage).stage is Work.DETECTED


async def test_a_waived_check_is_asked_for_again(stage: Stage) -> None:
    stage.do(lambda session: set_field(session, stage.inc, "pm.meeting_at", "2026-03-09 10:00"))
    async with stage.show() as shown:
        await _open(shown)
        await _waive(shown, "drill")
        await shown.press("k", "k", "k", "enter")
        await shown.until(lambda: "Ask for it again" in shown.text())
        await shown.press("enter")
        await _back(shown)
        assert "1 thing is left" in shown.text()
    assert _view(stage).waivers == {}


async def test_the_last_text_is_one_key_away(stage: Stage) -> None:
    stage.do(lambda session: set_field(session, stage.inc, "impact", "high"))
    async with stage.show() as shown:
        await _open(shown)
        assert "!  Customers have no text that says it is resolved." in shown.text()
        await shown.press("enter")
        await shown.until(lambda: "Write the last update" in shown.text())
        await shown.press("enter")
        await shown.until(lambda: not isinstance(shown.app.screen, ChoiceDialog))
        pane = shown.screen.update_pane
        await shown.until(lambda: "resolved" in pane.text.lower() and not pane.edited)
        assert shown.screen.focused_pane == 3


async def test_the_stage_closed_asks_for_the_same(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("W")
        await shown.until(lambda: isinstance(shown.app.screen, ChoiceDialog))
        await shown.press("8", *"calm", "enter")
        await _back(shown)
        await _waive(shown, "drill")
        await shown.press("enter")
        await shown.until(lambda: isinstance(shown.app.screen, ChoiceDialog))
        await shown.press("2")
        await shown.until(lambda: isinstance(shown.app.screen, TextDialog))
        await shown.press(*"none", "enter")
        await shown.until(lambda: _view(stage).stage is Work.CLOSED)
        await shown.until(lambda: "detected → closed (calm)" in shown.text())


async def test_a_component_is_set_from_the_palette_and_from_the_list(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("colon")
        await shown.until(lambda: "What do you want to do?" in shown.text())
        await shown.press(*"state of a comp", "enter")
        await shown.until(lambda: "Which component?" in shown.text())
        await shown.press("3")
        await shown.until(lambda: "Partial outage" in shown.text())
        await shown.press("3", *"cards", "enter")
        await shown.until(lambda: bool(_view(stage).components))
        await _open(shown)
        assert "!  Not operational: Orders and payments (partial outage)." in shown.text()
        await shown.press("enter", "1")
        await shown.until(lambda: "Operational" in shown.text())
        await shown.press("1", "enter")
        await shown.until(lambda: "operational" in _view(stage).components.values())
        await _back(shown)
        assert "✓  Every component is operational." in shown.text()


async def test_hostile_names_are_only_text(stage: Stage) -> None:
    name = "API [/x] [@click=app.quit]"
    stage.do(lambda session: components.set_component(session, stage.inc, name, "major"))
    async with stage.show() as shown:
        await _open(shown)
        assert name in shown.text()
        await shown.press("enter")
        await shown.until(lambda: isinstance(shown.app.screen, ChoiceDialog))
        await shown.press("1")
        await shown.until(lambda: "Major outage" in shown.text())
        assert name in shown.text()
