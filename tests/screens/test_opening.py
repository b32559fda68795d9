"""What it costs to open a screen, in counts: drawings, widgets, styles; and what is made later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual._compositor import LayoutUpdate
from textual.css.stylesheet import Stylesheet
from textual.screen import Screen

from cockpit.app import CockpitApp
from cockpit.screens.home import HomeScreen
from cockpit.service.drafts import DraftKeeper
from cockpit.service.runner import Runner
from cockpit.store.drafts import DraftBox
from cockpit.widgets.draft_area import DraftArea
from cockpit.widgets.incident_list import IncidentList
from cockpit.widgets.postmortem_pane import PostmortemPane
from tests.screens.incident_app import Stage

WIDGETS = 28
"""Widgets of both screens at the first drawing of an incident; lower it when it shrinks."""

STYLES = 90
"""How often styles are looked for until then, parts of widgets counted each."""


class Drawn:
    """What was drawn, and what it had cost when the incident was first seen."""

    def __init__(self) -> None:
        self.wholes: list[tuple[str, str]] = []
        self.widgets = self.styles = self.matched = 0

    def note(self, app: CockpitApp, screen: Screen[Any], update: object) -> None:
        """Note a drawing of the whole screen."""
        if isinstance(update, LayoutUpdate):
            lines = screen._compositor.render_strips()
            text = "\n".join("".join(piece.text for piece in line) for line in lines)
            self.wholes.append((type(screen).__name__, text))
        if not self.widgets and type(screen).__name__ == "IncidentScreen" and update is not None:
            self.widgets, self.styles = len(app._registry), self.matched


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """Return a home with one incident."""
    return Stage(tmp_path / "home")


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """Return what is drawn from now on."""
    found = Drawn()
    display, apply = CockpitApp._display, Stylesheet.apply

    def note(self: CockpitApp, screen: Screen[Any], renderable: Any) -> None:
        found.note(self, screen, renderable)
        display(self, screen, renderable)

    def count(self: Stylesheet, *given: Any, **options: Any) -> None:
        found.matched += 1
        apply(self, *given, **options)

    monkeypatch.setattr(CockpitApp, "_display", note)
    monkeypatch.setattr(Stylesheet, "apply", count)
    return found


async def test_an_incident_opens_with_one_drawing_of_few_widgets(
    stage: Stage, drawn: Drawn
) -> None:
    stage.log("the first line")
    async with stage.show((160, 45)) as shown:
        await shown.until(lambda: bool(shown.screen.update_pane.chosen[0]))
        assert [name for name, _ in drawn.wholes] == ["IncidentScreen"]
    first = drawn.wholes[0][1]
    assert "the first line" in first
    assert "Manage closely" in first
    assert "1-4 Panes" in first
    assert 0 < drawn.widgets <= WIDGETS
    assert 0 < drawn.styles <= STYLES


@asynccontextmanager
async def at_home(stage: Stage) -> AsyncIterator[CockpitApp]:
    """Run the app on home."""
    runner, drafts = Runner(poll_seconds=0.05), DraftKeeper(DraftBox(stage.paths.drafts))
    runner.start(stage.open)
    app = CockpitApp(stage.paths, stage.config, runner, drafts, stage.playbook, clock=stage.clock)
    try:
        async with app.run_test(size=(160, 45)) as pilot:
            for _ in range(100):
                await pilot.pause(0.05)
                if app.screen.query_one(IncidentList).items:
                    break
            await pilot.pause(0.1)
            yield app
    finally:
        runner.stop()


async def test_home_opens_with_one_drawing_of_its_list(stage: Stage, drawn: Drawn) -> None:
    async with at_home(stage) as app:
        assert isinstance(app.screen, HomeScreen)
    assert [name for name, _ in drawn.wholes] == ["HomeScreen"]
    assert "Nobody can pay" in drawn.wholes[0][1]


async def test_home_is_laid_out_once_somebody_comes_there(stage: Stage) -> None:
    async with stage.show() as shown:
        home = shown.app.screen_stack[0]
        assert isinstance(home, HomeScreen)
        assert not home.query("*")
        shown.app.action_zone()
        shown.screen.action_back()
        await shown.until(lambda: bool(home.query(IncidentList)))
        await shown.until(lambda: bool(home.query_one(IncidentList).items))
        await shown.until(lambda: home.focused is home.query_one(IncidentList))


async def test_the_post_mortem_is_made_once_somebody_comes_there(stage: Stage) -> None:
    async with stage.show() as shown:
        pane = shown.screen.query_one(PostmortemPane)
        assert not pane.query("*")
        await shown.press("4")
        await shown.until(lambda: bool(pane.sections))
        assert pane.area.text


async def test_a_wish_to_write_is_heard_before_the_text_is_there(stage: Stage) -> None:
    async with stage.show((160, 45)) as shown:
        await shown.press("3", "enter", "h", "i")
        await shown.until(lambda: isinstance(shown.app.focused, DraftArea))
        await shown.until(lambda: "hi" in shown.screen.update_pane.text)
