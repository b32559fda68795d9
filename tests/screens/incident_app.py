"""The whole app on a database of its own, at an incident, with a clock that stands still."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.config import Config
from cockpit.paths import Paths
from cockpit.screens.incident import IncidentScreen
from cockpit.service import timeline
from cockpit.service.drafts import DraftKeeper
from cockpit.service.incidents import Declaration, declare
from cockpit.service.runner import Runner
from cockpit.service.session import Session, open_session
from cockpit.service.sync_live import LiveSync
from cockpit.store.drafts import DraftBox

LONG = 30.0
"""Seconds that a test waits for what should come at once: machines that run tests are busy."""

BEGIN = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


class Stage:
    """One home, one clock, one incident, seen through any number of apps."""

    def __init__(self, home: Path) -> None:
        self.now = BEGIN
        self.paths = Paths(home, home)
        self.config = Config(author="me")
        with self.open() as session:
            self.inc = declare(session, Declaration("Nobody can pay", "SEV2")).id
            self.playbook = session.playbook

    def clock(self) -> datetime:
        return self.now

    def open(self) -> Session:
        return open_session(self.paths, self.config, clock=self.clock)

    def log(self, *lines: str) -> None:
        """Write entries as another process would, a minute apart."""
        with self.open() as session:
            for line in lines:
                self.now += timedelta(minutes=1)
                timeline.log_line(session, self.inc, line)

    def do(self, work: Callable[[Session], Any]) -> Any:
        """Do anything else as another process would."""
        with self.open() as session:
            return work(session)

    @asynccontextmanager
    async def show(
        self, size: tuple[int, int] = (120, 35), *, live: LiveSync | None = None
    ) -> AsyncIterator[Shown]:
        """Run the app on the incident's screen; live: the exchange with others."""
        runner = Runner(poll_seconds=0.05)
        runner.start(self.open)
        drafts = DraftKeeper(DraftBox(self.paths.drafts), within_seconds=0.05)
        drafts.start()
        app = CockpitApp(
            self.paths,
            self.config,
            runner,
            drafts,
            self.playbook,
            incident=self.inc,
            clock=self.clock,
            live=live,
        )
        try:
            async with app.run_test(size=size) as pilot:
                shown = Shown(app, pilot)
                await shown.until(lambda: shown.screen.view is not None)
                yield shown
        finally:
            await asyncio.to_thread(runner.stop)
            await asyncio.to_thread(drafts.stop)


class Shown:
    """The app while it runs."""

    def __init__(self, app: CockpitApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def screen(self) -> IncidentScreen:
        found = [each for each in self.app.screen_stack if isinstance(each, IncidentScreen)]
        return found[-1] if found else IncidentScreen("")

    @property
    def texts(self) -> list[str]:
        """Return the texts of the entries that the list knows."""
        model = self.screen.timeline_view.model
        return [model.at(index).text for index in range(model.count)]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool], seconds: float = LONG) -> None:
        """Wait until something holds."""
        last = time.monotonic() + seconds
        while True:
            await self.pilot.pause()
            if holds():
                return
            assert time.monotonic() < last, f"it did not happen in time\n{self.text()}"
            await asyncio.sleep(0.02)

    def text(self) -> str:
        """Return the screen as plain text."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in lines)
