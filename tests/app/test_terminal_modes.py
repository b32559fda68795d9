"""Every theme on every kind of terminal: the app starts and draws in that terminal's colours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color import ColorType
from textual.app import App

from cockpit.config import THEMES, Config
from tests.screens.incident_app import Stage

TERMINALS = {
    "xterm": "sixteen",
    "xterm-16color": "sixteen",
    "linux": "sixteen",
    "vt100": "sixteen",
    "xterm-256color": "night",
    "screen-256color": "night",
}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    return Stage(tmp_path / "home")


def strange_colours(app: App[object]) -> set[str]:
    """Return the colours on the screen that a terminal of sixteen colours does not have."""
    return {
        f"{colour.name} {segment.text!r} {segment.style}"
        for strip in app.screen._compositor.render_strips()
        for segment in strip
        if segment.style
        for colour in (segment.text.strip() and segment.style.color, segment.style.bgcolor)
        if colour and colour.type is not ColorType.STANDARD
    }


@pytest.mark.parametrize("theme", [theme for theme in THEMES if theme != "auto"])
async def test_every_screen_is_drawn_in_every_theme(stage: Stage, theme: str) -> None:
    stage.config = Config(author="me", theme=theme)
    async with stage.show() as shown:
        assert shown.app.theme == theme
        for keys in (("2",), ("3",), ("4",), ("?",), ("escape",), ("ctrl+p",), ("escape", "q")):
            await shown.press(*keys)
            assert shown.text().strip()
            if theme == "sixteen":
                assert strange_colours(shown.app) == set(), keys
        assert "Incidents" in shown.text()


@pytest.mark.parametrize(("term", "theme"), TERMINALS.items())
async def test_auto_takes_the_colours_that_the_terminal_has(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, term: str, theme: str
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.delenv("COLORTERM", raising=False)
    async with stage.show() as shown:
        assert shown.app.theme == theme
        assert "Nobody can pay" in shown.text()


async def test_true_colour_is_night(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLORTERM", "truecolor")
    async with stage.show() as shown:
        assert shown.app.theme == "night"
