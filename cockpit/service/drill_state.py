"""A drill's own file: its scenario, its speed, how far its clock has come, and who runs it.

Each drill is a home of its own, so that nothing of it mixes with real incidents. Whoever opens
that home goes by the drill's clock: it runs as long as somebody runs the drill, and stands still
otherwise.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
from msgspec import Struct

from cockpit.domain.drill import Scenario
from cockpit.errors import CockpitError, InvalidInputError
from cockpit.paths import Paths, write_private
from cockpit.service.session import Clock, wall_clock

HEARTBEAT_SECONDS = 2.0
STALE_AFTER = timedelta(seconds=3 * HEARTBEAT_SECONDS)
"""Without a sign of life for so long, nobody runs the drill any more."""

SLOWEST, FASTEST = 0.1, 600.0
"""How many minutes of a drill may pass in a minute."""

Ticker = Callable[[], float]
"""Seconds of a clock that nobody sets, such as `time.monotonic`."""


class DrillState(Struct, frozen=True):
    """Where a drill stands.

    incident: the id of its incident; began: when its clock starts; elapsed: seconds on that clock
    since then; speed: its seconds in one real one; as_of: the real time of `elapsed`, None while
    nobody runs it; pid: the process that does; over: the incident was closed.
    """

    scenario: Scenario
    began: datetime
    speed: float = 1.0
    incident: str = ""
    elapsed: float = 0.0
    as_of: datetime | None = None
    pid: int = 0
    over: bool = False

    @property
    def now(self) -> datetime:
        """Return what the drill's clock showed when this was written."""
        return self.began + timedelta(seconds=self.elapsed)

    def at(self, wall: datetime) -> datetime:
        """Return what the drill's clock shows at a real time."""
        if self.as_of is None or not timedelta() <= wall - self.as_of <= STALE_AFTER:
            return self.now
        return self.now + (wall - self.as_of) * self.speed


def is_drill(paths: Paths) -> bool:
    """Say whether a home is a drill's."""
    return paths.drill_file.is_file()


def read_state(paths: Paths) -> DrillState:
    """Return where the drill in a home stands; raises CockpitError when its file is damaged."""
    path = paths.drill_file
    try:
        return msgspec.json.decode(path.read_bytes(), type=DrillState)
    except (OSError, msgspec.DecodeError, UnicodeError) as error:
        raise CockpitError(
            f"The drill's file {path} cannot be read: {error}.",
            "Start the drill anew: cockpit drill NAME --fresh.",
        ) from error


def write_state(paths: Paths, state: DrillState) -> None:
    """Keep where the drill stands, in one step; raises OSError."""
    write_private(paths.drill_file, msgspec.json.encode(state).decode())


def runs_elsewhere(state: DrillState, wall: datetime) -> bool:
    """Say whether another process runs the drill now."""
    fresh = state.as_of is not None and abs(wall - state.as_of) <= STALE_AFTER
    return fresh and state.pid != os.getpid() and _is_alive(state.pid)


def check_speed(speed: float) -> float:
    """Return a speed that a drill can have; raises InvalidInputError for any other."""
    if not SLOWEST <= speed <= FASTEST:
        raise InvalidInputError(
            f"A drill runs {SLOWEST:g} to {FASTEST:g} times as fast as the clock.",
            "Such as --speed 4: an hour takes a quarter of one.",
        )
    return speed


def clock_for(paths: Paths, wall: Clock = wall_clock) -> Clock:
    """Return the clock of a home: the drill's in the home of a drill, else the wall clock."""
    return HomeClock(paths, wall) if is_drill(paths) else wall


class HomeClock:
    """The clock of a drill in a process that does not run it: it follows the drill's file."""

    def __init__(self, paths: Paths, wall: Clock) -> None:
        """Follow the file in the home `paths`; raises CockpitError when it is damaged."""
        self._paths = paths
        self._wall = wall
        self._written = -1
        self._state = read_state(paths)

    def __call__(self) -> datetime:
        """Return what the drill's clock shows, in UTC."""
        # A file that is gone or half a file leaves what was known: no clock may fail.
        with suppress(OSError, CockpitError):
            written = self._paths.drill_file.stat().st_mtime_ns
            if written != self._written:
                self._state, self._written = read_state(self._paths), written
        return self._state.at(self._wall()).astimezone(UTC)


class DrillClock:
    """The clock of a drill in the process that runs it: its speed times the real seconds."""

    def __init__(self, state: DrillState, ticker: Ticker) -> None:
        """Go on where `state` stopped; `ticker` counts real seconds."""
        self._from = state.now
        self._speed = state.speed
        self._ticker = ticker
        self._started = ticker()

    def __call__(self) -> datetime:
        """Return what the clock shows, in UTC."""
        seconds = (self._ticker() - self._started) * self._speed
        return (self._from + timedelta(seconds=seconds)).astimezone(UTC)


def homes(directory: Path) -> tuple[Paths, ...]:
    """Return the homes of all drills in a directory, the latest last."""
    if not directory.is_dir():
        return ()
    places = sorted(directory.iterdir(), key=lambda each: each.name)
    return tuple(home for each in places if is_drill(home := Paths(each, each)))


def _is_alive(pid: int) -> bool:
    if pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
