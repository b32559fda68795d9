"""The real app on a database of its own, open at one incident, with a clock that a test moves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from cockpit import clipboard
from cockpit.app import CockpitApp
from cockpit.config import Config
from cockpit.paths import find_paths
from cockpit.screens.incident import IncidentScreen
from cockpit.service import incidents
from cockpit.service.drafts import DraftKeeper
from cockpit.service.runner import Runner
from cockpit.service.session import open_session
from cockpit.widgets.footer_line import FooterLine
from tests.screens.incident_app import LONG

START = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


class Clock:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_minutes(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)


class Stage:
    """An app under test, with its incident's screen and what was copied."""

    def __init__(self, app: CockpitApp, pilot: Pilot[Any], clock: Clock, copied: list[str]) -> None:
        self.app = app
        self.pilot = pilot
        self.clock = clock
        self.copied = copied

    @property
    def screen(self) -> IncidentScreen:
        screen = self.app.screen
        assert isinstance(screen, IncidentScreen)
        return screen

    @property
    def view(self) -> Any:
        assert self.screen.view is not None
        return self.screen.view

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Wait until the screen's work of the moment is done."""
        await self.pilot.pause()
        last = time.monotonic() + LONG
        while time.monotonic() < last:
            busy = [each for each in self.app.workers if not each.is_finished]
            waiting = [each for each in busy if each.group not in ("preview", "people-add")]
            if not waiting:
                break
            await asyncio.sleep(0.02)
            if isinstance(self.app.screen, IncidentScreen) is False:
                break
        await self.pilot.pause()

    async def until(self, met: Callable[[], Any], seconds: float = LONG) -> None:
        """Wait until `met` holds; fails after so many seconds."""
        last = time.monotonic() + seconds
        while not met():
            assert time.monotonic() < last, f"it did not happen in time\n{self.text()}"
            await asyncio.sleep(0.02)

    def text(self) -> str:
        strips = self.app.screen._compositor.render_strips()
        return "\n".join("".join(part.text for part in strip).rstrip() for strip in strips)

    def notice(self) -> str:
        """Return what the footer says."""
        strips = self.app.screen.query_one(FooterLine).region
        line = self.text().split("\n")
        return line[strips.y] if strips.y < len(line) else ""

    async def ask(self, work: Callable[[Any], Any]) -> Any:
        """Run `work` on the writer's session."""
        return await asyncio.wrap_future(self.app.runner.submit(work))


@asynccontextmanager
async def open_stage(
    home: Path, *, size: tuple[int, int] = (120, 35), title: str = "Checkout fails", **facts: Any
) -> AsyncIterator[Stage]:
    """Open the app at an incident: the one that is there, or a new one."""
    paths = find_paths({"COCKPIT_HOME": str(home)})
    clock = Clock()
    config = Config(author="Sam", editor=facts.pop("editor", "vi"))
    runner = Runner(poll_seconds=0.05)
    runner.start(lambda: open_session(paths, config, clock=clock))
    keeper = DraftKeeper(runner.read(lambda session: session.drafts).result(), within_seconds=0.05)
    keeper.start()
    try:
        known = runner.submit(lambda session: session.reads.summaries()).result()
        if not known:
            runner.submit(
                lambda session: incidents.declare(
                    session, incidents.Declaration(title=title, severity="SEV1", **facts)
                )
            ).result()
            known = runner.submit(lambda session: session.reads.summaries()).result()
        playbook = runner.read(lambda session: session.playbook).result()
        app = CockpitApp(paths, config, runner, keeper, playbook, incident=known[0].id, clock=clock)
        copied: list[str] = []

        async def copy_text(text: str) -> clipboard.CopyResult:
            copied.append(text)
            return clipboard.CopyResult(route="test", sentence="Copied.", ok=True)

        app.copy_text = copy_text  # type: ignore[method-assign]
        async with app.run_test(size=size) as pilot:
            stage = Stage(app, pilot, clock, copied)
            await stage.until(lambda: isinstance(app.screen, IncidentScreen))
            await stage.until(lambda: stage.screen.view is not None)
            await stage.settle()
            yield stage
    finally:
        keeper.stop()
        runner.stop()


Step = Callable[[Stage], Awaitable[None]]
