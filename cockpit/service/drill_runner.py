"""Runs a drill while somebody is there: its clock goes on, and what is due comes in.

It works on a plain thread with a session of its own, as everything does that must not wait for
the screen.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from msgspec.structs import replace

from cockpit.config import Config
from cockpit.domain.drill import Due
from cockpit.errors import CockpitError
from cockpit.paths import Paths
from cockpit.service import drills
from cockpit.service.drill_state import (
    HEARTBEAT_SECONDS,
    DrillClock,
    DrillState,
    Ticker,
    read_state,
    runs_elsewhere,
    write_state,
)
from cockpit.service.session import Clock, Session, open_session, wall_clock

LOOK_SECONDS = 0.25
STOP_SECONDS = 5.0

Heard = Callable[[tuple[Due, ...]], object]


class DrillRunner:
    """Keeps one drill going between `start` and `stop`; then its clock stands still."""

    def __init__(
        self,
        paths: Paths,
        config: Config,
        *,
        speed: float | None = None,
        heard: Heard = lambda _due: None,
        wall: Clock = wall_clock,
        ticker: Ticker = time.monotonic,
    ) -> None:
        """Take the drill in the home `paths`; `speed` changes its speed, None keeps it.

        heard: called from the drill's thread with what has just come in.
        """
        self._paths = paths
        self._config = config
        self._speed = speed
        self._heard = heard
        self._wall = wall
        self._ticker = ticker
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cockpit-drill", daemon=True)
        self.clock: Clock = wall
        self.state: DrillState = read_state(paths)

    def start(self) -> None:
        """Let the clock run; raises CockpitError when the drill runs elsewhere already."""
        if runs_elsewhere(self.state, self._wall()):
            raise CockpitError(
                "This drill already runs in another terminal.", "Go on there, or quit it first."
            )
        with open_session(self._paths, self._config, clock=lambda: self.state.now) as session:
            self.state = drills.latest_minute(session, self.state)
        if self._speed is not None:
            self.state = replace(self.state, speed=self._speed)
        self.clock = DrillClock(self.state, self._ticker)
        self._keep(running=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop the clock, and keep where it stands."""
        self._ended.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)
            self._keep(running=False)

    def wait(self, seconds: float) -> None:
        """Let so many real seconds pass."""
        self._ended.wait(seconds)

    def __enter__(self) -> DrillRunner:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    def _run(self) -> None:
        with open_session(self._paths, self._config, clock=self.clock) as session:
            kept_at = self._ticker()
            while not self._ended.wait(LOOK_SECONDS):
                self._look(session)
                if self._ticker() - kept_at >= HEARTBEAT_SECONDS:
                    kept_at = self._ticker()
                    self._keep(running=True)
            # Who closes the incident and quits at once has ended the drill as well.
            with suppress(CockpitError):
                self._note(over=drills.is_over(session, self.state))

    def _look(self, session: Session) -> None:
        """Let come in what is due; what cannot be written now is due again at the next look."""
        try:
            came = drills.play(session, self.state)
            over = drills.is_over(session, self.state)
        except CockpitError:
            return
        if came:
            self._heard(came)
        self._note(over=over)

    def _note(self, *, over: bool) -> None:
        if over != self.state.over:
            self.state = replace(self.state, over=over)
            self._keep(running=True)

    def _keep(self, *, running: bool) -> None:
        elapsed = (self.clock() - self.state.began).total_seconds()
        as_of, pid = (self._wall(), os.getpid()) if running else (None, 0)
        self.state = replace(self.state, elapsed=elapsed, as_of=as_of, pid=pid)
        try:
            write_state(self._paths, self.state)
        except OSError:
            # A full disk stops no drill: the next sign of life tries again.
            return
