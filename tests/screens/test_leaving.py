"""What is under way when a screen is left is dropped, or done to its end; never an error."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.widget import Widget

from cockpit.screens.dialogs import TextDialog
from cockpit.screens.incident import IncidentScreen
from cockpit.widgets.title_band import TitleBand
from tests.screens.incident_app import Shown, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path / "cockpit")


class SlowToLeave(Widget):
    """Holds its screen half taken apart until a test lets go."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()

    async def on_unmount(self) -> None:
        await self.gate.wait()


class Door:
    """Keeps a runner's thread busy until it is opened."""

    def __init__(self) -> None:
        self._opened = threading.Event()

    def __call__(self, session: object) -> None:
        del session
        self._opened.wait(20)

    def open(self) -> None:
        self._opened.set()


@asynccontextmanager
async def half_gone(shown: Shown) -> AsyncIterator[None]:
    """Remove a screen; inside, its widgets are gone and it is not."""
    app, screen, holder = shown.app, shown.screen, SlowToLeave()
    await screen.mount(holder)

    async def leave() -> None:
        await app.pop_screen()

    leaving = asyncio.create_task(leave())
    try:
        await shown.until(lambda: not screen.query(TitleBand))
        yield
    finally:
        holder.gate.set()
        await leaving


def errors_of(app: App[Any]) -> list[BaseException]:
    """Return what any worker failed with."""
    return [each.error for each in app.workers if each.error]


async def test_a_screen_left_while_it_reads_drops_what_was_read(stage: Stage) -> None:
    async with stage.show() as shown:
        app, door = shown.app, Door()
        app.runner.read(door)
        shown.screen.store_changed()
        await shown.pilot.pause()
        async with half_gone(shown):
            door.open()
            await asyncio.sleep(0.2)
            assert errors_of(app) == []
        await shown.pilot.pause()
        assert app._exception is None


async def test_a_closing_screen_is_told_of_nothing(stage: Stage) -> None:
    """An app that ends takes its screens apart while they still stand in its stack."""
    async with stage.show() as shown:
        app, screen = shown.app, shown.screen
        async with half_gone(shown):
            app._screen_stack.append(screen)
            try:
                app._tick()
                app.on_store_changed()
                app.action_zone()
                await asyncio.sleep(0.2)
            finally:
                app._screen_stack.remove(screen)
            assert errors_of(app) == []
        assert app._exception is None


async def test_what_was_asked_for_is_done_though_the_screen_was_left(stage: Stage) -> None:
    async with stage.show() as shown:
        app, door = shown.app, Door()
        app.runner.submit(door)
        await shown.press("n", *"one", "enter", *"two", "enter", "escape", "q")
        await shown.until(lambda: not isinstance(app.screen, IncidentScreen))
        door.open()
        await asyncio.to_thread(app.runner.submit(lambda session: None).result, 10)
        assert app._exception is None
    async with stage.show() as shown:
        await shown.until(lambda: shown.texts[-2:] == ["one", "two"])
        assert shown.screen.entry_line.entry_text == ""
        assert not shown.screen.restored


async def test_an_entry_taken_while_the_app_ends_is_not_offered_again(stage: Stage) -> None:
    async with stage.show() as shown:
        door = Door()
        shown.app.runner.submit(door)
        await shown.press("n", *"last words", "enter", "ctrl+q")
        door.open()
    async with stage.show() as shown:
        await shown.until(lambda: shown.texts[-1:] == ["last words"])
        assert shown.screen.entry_line.entry_text == ""


async def test_what_fails_after_the_screen_was_left_is_said_where_somebody_looks(
    stage: Stage,
) -> None:
    async with stage.show() as shown:
        app, door = shown.app, Door()
        app.runner.submit(door)
        await shown.press("n", *"one", "enter", "escape", "q")
        await shown.until(lambda: not isinstance(app.screen, IncidentScreen))
        (stage.paths.database).unlink()
        door.open()
        await shown.until(lambda: "deleted" in shown.text())


@pytest.mark.parametrize("key", ["H", "C", "w", "v", "X", "r", "question_mark", "colon"])
async def test_a_dialog_left_the_moment_it_opens_sets_nothing_up(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    async with stage.show() as shown:
        app, left = shown.app, []
        push = app.push_screen

        def push_and_leave(screen: Any, *rest: Any, **options: Any) -> Any:
            pushed = push(screen, *rest, **options)
            left.append(screen)
            screen.dismiss(None)
            return pushed

        monkeypatch.setattr(app, "push_screen", push_and_leave)
        await shown.press(key)
        await shown.until(lambda: bool(left))
        monkeypatch.undo()
        await shown.press("n", "x", "escape")
        assert app._exception is None


@pytest.mark.parametrize("who", ["a task", "work that asks for more"])
async def test_whoever_no_longer_waits_for_a_dialog_to_be_gone_takes_nothing_along(
    stage: Stage, who: str
) -> None:
    async with stage.show() as shown:
        app, holder = shown.app, SlowToLeave()
        await shown.press("v")
        dialog = app.screen
        await dialog.mount(holder)

        async def leave() -> None:
            await app.pop_screen()

        async def ask() -> None:
            dialog.dismiss(None)
            await app.push_screen_wait(TextDialog("one more"))

        waiting = (
            asyncio.create_task(leave()) if who == "a task" else shown.screen.run_worker(ask())
        )
        await shown.until(lambda: dialog._pruning)
        await asyncio.sleep(0.05)
        waiting.cancel()
        await asyncio.sleep(0.05)
        holder.gate.set()
        await shown.press("escape", "escape", "n", "x")
        await shown.until(lambda: shown.screen.entry_line.entry_text == "x")
        assert app.is_running
