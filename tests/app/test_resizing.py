"""A window that is dragged sends many sizes at once: the last one counts, and there is an end."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.screen import Screen

from tests.screens.incident_app import Stage


class Other(Message):
    """What comes between two sizes, as it does when the window is dragged."""


@pytest.mark.parametrize("keys", [(), ("v",), ("?",)])
async def test_sizes_that_overtake_each_other_come_to_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: tuple[str, ...]
) -> None:
    drawn: list[Size] = []
    plain = Screen._screen_resized

    def count(self: Screen[object], size: Size) -> None:
        drawn.append(size)
        plain(self, size)

    async with Stage(tmp_path / "home").show((120, 35)) as shown:
        await shown.press(*keys)
        monkeypatch.setattr(Screen, "_screen_resized", count)
        for width in (100, 120, 100, 120):
            size = Size(width, 35)
            shown.app.screen.post_message(Resize(size, size))
            shown.app.screen.post_message(Other())
        await shown.pilot.pause(0.5)
        assert len(drawn) < 20
        assert shown.app.screen.size == Size(120, 35)


async def test_a_size_is_laid_out_once_and_only_where_it_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    plain = Screen._screen_resized

    def count(self: Screen[object], size: Size) -> None:
        drawn.append(type(self).__name__)
        plain(self, size)

    async with Stage(tmp_path / "home").show((120, 35)) as shown:
        shown.app.install_screen(shown.app.get_default_screen(), "home")
        await shown.app.push_screen("home")
        front = type(shown.app.screen).__name__
        monkeypatch.setattr(Screen, "_screen_resized", count)
        await shown.pilot.resize_terminal(100, 40)
        await shown.pilot.pause(0.3)
        assert drawn == [front]
        covered = shown.app.screen_stack[-2]
        assert covered.outer_size == Size(120, 35)
        await shown.app.pop_screen()
        await shown.pilot.pause(0.3)
        assert covered.outer_size == Size(100, 40)
