"""A drill while somebody runs it: its clock goes on, things come in, and a break loses nothing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.config import Config
from cockpit.domain.drill import Due
from cockpit.errors import CockpitError
from cockpit.paths import Paths
from cockpit.service import closing, drills, timeline
from cockpit.service.changes import set_field
from cockpit.service.drill_runner import DrillRunner
from cockpit.service.drill_state import read_state, write_state
from cockpit.service.drills import Drill
from cockpit.service.scenarios import find_scenario
from cockpit.service.session import open_session, wall_clock

CONFIG = Config(author="ops")


@pytest.fixture
def drill(tmp_path: Path) -> Drill:
    home = Paths(tmp_path / "home", tmp_path / "home")
    return drills.start(home, CONFIG, find_scenario(home, "checkout-outage"), 600)


def until(holds: Callable[[], bool]) -> None:
    last = time.monotonic() + 60
    while not holds():
        assert time.monotonic() < last
        time.sleep(0.02)


def test_things_come_in_and_a_break_stops_the_clock(drill: Drill) -> None:
    heard: list[Due] = []
    with DrillRunner(drill.paths, CONFIG, heard=heard.extend) as runner:
        until(lambda: len(heard) >= 3)
        assert runner.clock() > drill.state.began + timedelta(minutes=2)
    stopped = read_state(drill.paths)
    assert (stopped.as_of, stopped.pid) == (None, 0)
    assert stopped.elapsed >= 120
    assert stopped.at(wall_clock()) == stopped.now
    again = DrillRunner(drill.paths, CONFIG, speed=1)
    again.start()
    try:
        assert again.state.speed == 1
        assert stopped.now <= again.clock() <= stopped.now + timedelta(seconds=20)
    finally:
        again.stop()
    assert len({each.name for each in heard}) == len(heard)


def close(drill: Drill, runner: DrillRunner) -> None:
    inc = drill.state.incident
    with open_session(drill.paths, CONFIG, clock=runner.clock) as session:
        set_field(session, inc, "status", "resolved")
        for each in closing.checks(session, inc):
            if each.is_left:
                closing.waive(session, inc, each.id, "exercise")
        closing.close(session, inc)


def test_closing_the_incident_ends_it(drill: Drill) -> None:
    with DrillRunner(drill.paths, CONFIG) as runner:
        close(drill, runner)
        until(lambda: runner.state.over)
    assert read_state(drill.paths).over


def test_who_closes_it_and_quits_at_once_has_ended_it(drill: Drill) -> None:
    with DrillRunner(drill.paths, CONFIG) as runner:
        close(drill, runner)
    assert read_state(drill.paths).over


def test_it_runs_in_one_terminal_at_a_time(drill: Drill) -> None:
    elsewhere = replace(drill.state, as_of=wall_clock(), pid=os.getppid())
    write_state(drill.paths, elsewhere)
    with pytest.raises(CockpitError, match="already runs in another terminal"):
        DrillRunner(drill.paths, CONFIG).start()


def test_after_a_crash_the_clock_is_no_earlier_than_what_was_noted(drill: Drill) -> None:
    later = drill.state.began + timedelta(minutes=7)
    with open_session(drill.paths, CONFIG, clock=lambda: later) as session:
        timeline.log(session, drill.state.incident, "noted just before the crash")
    with DrillRunner(drill.paths, CONFIG, speed=1) as runner:
        assert runner.clock() >= later
