"""A promise outlives a suspended laptop, clock steps, the end of summer time and a restart."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace
from textual.pilot import Pilot

from cockpit.app import CockpitApp
from cockpit.service import promises
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session
from cockpit.service.updates import compose, sent
from tests.app.world import NOW, RealWorld, screen_lines

WAKING_SECONDS = 2.0
"""Within this time after waking the alarm must have rung and the screen must say it."""

BUSY_MACHINE = 10.0
"""How many times longer it may take on a machine that also runs other tests."""


def _begin(real: RealWorld) -> str:
    """Declare an incident whose customers are promised an update in half an hour."""
    with real.open() as session:
        inc = declare(session, Declaration("Payments fail", "SEV2")).id
        sent(session, compose(session, inc))
    return inc


def _do(real: RealWorld, work: Callable[[Session], Any]) -> None:
    with real.open() as session:
        work(session)


def _suspend(real: RealWorld, span: timedelta) -> None:
    """Let the machine sleep: nothing runs, the event loop neither, while the wall clock goes on."""
    real.now += span
    time.sleep(0.5)


async def _until(pilot: Pilot[Any], app: CockpitApp, words: str) -> list[str]:
    end = time.monotonic() + WAKING_SECONDS * BUSY_MACHINE
    while time.monotonic() < end:
        await pilot.pause()
        lines = screen_lines(app)
        if any(words in line for line in lines):
            return lines
        await asyncio.sleep(0.02)
    raise AssertionError(f"“{words}” is not on\n" + "\n".join(screen_lines(app)))


async def test_forty_minutes_asleep_are_forty_minutes_less(real, monkeypatch):
    inc = _begin(real)
    real.config = replace(real.config, bell=True)
    app, rung = real.app(incident=inc), []
    async with app.run_test(size=(120, 35)) as pilot:
        monkeypatch.setattr(app, "bell", lambda: rung.append(time.monotonic()))
        await _until(pilot, app, "Customer update")
        await asyncio.sleep(1.2)
        before = app.screen.query_one("PromiseClock")._face
        assert before.clocks[0].remaining(before.now) > timedelta()
        assert rung == []
        _suspend(real, timedelta(minutes=40))
        await _until(pilot, app, "INC-1: customer update overdue")
        await _until(pilot, app, "! Customer update overdue")
        after = app.screen.query_one("PromiseClock")._face
        moved = before.clocks[0].remaining(before.now) - after.clocks[0].remaining(after.now)
        assert moved == timedelta(minutes=40)
        await asyncio.sleep(1.2)
        assert len(rung) == 1


async def test_a_pause_that_ended_asleep_counts_from_its_end(real):
    inc = _begin(real)
    until = NOW + timedelta(minutes=35)
    _do(real, lambda s: promises.pause(s, inc, "customers", "waiting for the vendor", until))
    app = real.app(incident=inc)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, app, "Customer update paused until 04:34: waiting for the vendor")
        real.now += timedelta(minutes=40)
        await _until(pilot, app, "Customer update due in 25:00")
        assert not any("overdue" in line for line in screen_lines(app))


async def test_a_clock_put_back_keeps_the_promise_and_one_put_on_makes_it_late(real):
    inc = _begin(real)
    app = real.app(incident=inc)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, app, "Customer update due in 26:00")
        real.now -= timedelta(minutes=20)
        await _until(pilot, app, "Customer update due in 46:00")
        real.now += timedelta(minutes=50)
        await _until(pilot, app, "! Customer update overdue by 04:00")


async def test_summer_time_moves_what_clocks_show_and_not_the_countdown(real):
    # On 29 March 2026 Berlin puts its clocks forward at 01:00 UTC, from 02:00 to 03:00.
    real.now = datetime(2026, 3, 29, 0, 50, tzinfo=UTC)
    real.config = replace(real.config, zone="Europe/Berlin")
    inc = _begin(real)
    app = real.app(incident=inc)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, app, "Customer update due in 30:00")
        await pilot.press("C", "4")
        await pilot.press(*"03:25", "enter", *"the clocks change", "enter")
        await _until(pilot, app, "Customer update due in 35:00, extended once")
        real.now += timedelta(minutes=15)
        await _until(pilot, app, "Customer update due in 20:00, extended once")
        assert any("03:05 CEST" in line for line in screen_lines(app))


async def test_a_restart_shows_the_same(real):
    inc = _begin(real)
    _do(real, lambda s: promises.pause(s, inc, "executives", "asleep"))
    real.now += timedelta(minutes=33)
    to = real.now + timedelta(minutes=10)
    _do(real, lambda s: promises.extend(s, inc, "customers", to, "nobody was here"))
    faces = []
    for _ in range(2):
        app = real.app(incident=inc)
        async with app.run_test(size=(80, 24)) as pilot:
            await _until(pilot, app, "due in 10:00, missed 04:25, now 04:42")
            faces.append(app.screen.query_one("PromiseClock")._face.clocks)
    assert faces[0] == faces[1]


async def test_what_is_overdue_at_the_start_is_no_news(real):
    _begin(real)
    real.now += timedelta(minutes=50)
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, app, "overdue 24 min")
        await asyncio.sleep(1.2)
        assert "customer update overdue" not in screen_lines(app)[23]


async def test_the_title_names_the_most_urgent_update(real, monkeypatch):
    _begin(real)
    monkeypatch.setenv("TERM", "xterm-256color")
    real.config = replace(real.config, terminal_title=True)
    app, written = real.app(), []
    monkeypatch.setattr(app, "write_terminal", written.append)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, app, "Payments fail")
        await asyncio.sleep(1.2)
        assert written == ["\x1b[22;2t\x1b]2;INC-1 in 26 min\x07"]
        real.now += timedelta(minutes=30)
        await _until(pilot, app, "overdue 4 min")
        assert written[1:] == ["\x1b]2;INC-1 overdue 4 min\x07"]
        assert app.title_leftover()
        # Put aside for the shell or an editor, and back again.
        app.app_suspend_signal.publish(app)
        await pilot.pause()
        assert written[2:] == ["\x1b]2;\x07\x1b[23;2t"]
        await asyncio.sleep(1.2)
        assert written[3:] == ["\x1b[22;2t\x1b]2;INC-1 overdue 4 min\x07"]


async def test_without_the_setting_no_title_is_written(real, monkeypatch):
    _begin(real)
    app, written = real.app(), []
    monkeypatch.setattr(app, "write_terminal", written.append)
    async with app.run_test(size=(80, 24)) as pilot:
        await _until(pilot, app, "Payments fail")
        await asyncio.sleep(1.2)
    assert written == []
    assert app.title_leftover() == ""
