"""What is done for a letter, a second, an entry and others' writing is counted, not timed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import Compositor
from textual.geometry import Size
from textual.widget import Widget

from cockpit.screens.incident import IncidentScreen
from cockpit.service import incidents, timeline
from cockpit.service.incidents import Declaration
from tests.screens.incident_app import Shown, Stage

LARGE = (160, 45)


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "home")


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """Count layouts of the whole screen, and views that are handed to all panes."""
    counted: Counter[str] = Counter()
    plain_layout, plain_show = Compositor.reflow, IncidentScreen._show

    def lay_out(self: Compositor, parent: Widget, size: Size) -> Any:
        counted["layouts"] += 1
        return plain_layout(self, parent, size)

    def show(self: IncidentScreen, *given: Any) -> None:
        counted["views"] += 1
        plain_show(self, *given)

    monkeypatch.setattr(Compositor, "reflow", lay_out)
    monkeypatch.setattr(IncidentScreen, "_show", show)
    return counted


async def settle(shown: Shown, done: Counter[str]) -> None:
    await shown.pilot.pause(0.8)
    done.clear()


async def test_a_letter_moves_nothing(stage: Stage, done: Counter[str]) -> None:
    async with stage.show(LARGE) as shown:
        await shown.press("n")
        await settle(shown, done)
        await shown.press(*"what was found")
        await shown.pilot.pause(0.1)
        assert done["layouts"] == 0
        await shown.press("escape", "3", "e")
        await settle(shown, done)
        await shown.press(*"hello")
        await shown.pilot.pause(0.1)
        assert done["layouts"] <= 1


async def test_a_second_moves_nothing(stage: Stage, done: Counter[str]) -> None:
    async with stage.show(LARGE) as shown:
        await settle(shown, done)
        for _ in range(3):
            stage.now += timedelta(seconds=1)
            shown.screen.tick(shown.app.clock())
            await shown.pilot.pause(0.05)
        assert done["layouts"] == 0


async def test_an_entry_is_shown_once_and_moves_nothing(stage: Stage, done: Counter[str]) -> None:
    async with stage.show(LARGE) as shown:
        await shown.press("n", *"pods restart")
        await settle(shown, done)
        await shown.press("enter")
        await shown.until(lambda: "pods restart" in shown.texts)
        await shown.pilot.pause(0.8)
        assert done["views"] == 1
        assert done["layouts"] <= 1


async def test_what_others_write_elsewhere_is_not_drawn(stage: Stage, done: Counter[str]) -> None:
    with stage.open() as other:
        elsewhere = incidents.declare(other, Declaration("Search is slow")).id
    async with stage.show(LARGE) as shown:
        await settle(shown, done)
        with stage.open() as other:
            timeline.log(other, elsewhere, "nothing of what is shown")
        await shown.pilot.pause(0.8)
        assert done["views"] == done["layouts"] == 0
        with stage.open() as other:
            timeline.log(other, shown.screen.inc, "of what is shown")
        await shown.until(lambda: "of what is shown" in shown.texts)
        assert done["views"] == 1
