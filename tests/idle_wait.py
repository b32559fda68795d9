"""What a test's driver of the app waits for after a key or a pause: that the app did its work.

The library looks at the processor time alone. On a busy machine a process that gets none seems
to have nothing to do: the next key would come, or the next assertion, before the last one was
handled.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import Future
from contextlib import suppress
from time import monotonic, process_time
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from textual._context import active_app
from textual.app import App
from textual.pilot import Pilot, WaitForScreenTimeout

LOOK_SECONDS = 0.01
"""How often it is looked whether there is still work."""

WORK_SECONDS = 0.001
"""How much processor time within one look counts as work."""

STUCK_SECONDS = 2.0
"""After this time a handler or a thread is taken to wait for what the test does next."""

ROUNDS = 3
"""How often in a row the threads' answers may lead to new questions."""

_asked: WeakKeyDictionary[object, Future[None]] = WeakKeyDictionary()
_library_pause = Pilot.pause


async def wait_for_idle(min_sleep: float = 0, max_sleep: float = 1) -> None:
    """Wait until all messages are handled and the process has little to do."""
    began = monotonic()
    app = active_app.get(None)
    if app is not None and app.is_running:
        await _handle_messages(app)
    while True:
        looked, worked = monotonic(), process_time()
        await asyncio.sleep(LOOK_SECONDS)
        worked, elapsed = process_time() - worked, monotonic() - looked
        waited, on_time = monotonic() - began, elapsed < 3 * LOOK_SECONDS
        if waited >= max_sleep or (waited > min_sleep and worked < WORK_SECONDS and on_time):
            return


async def pause(pilot: Pilot[Any], delay: float | None = None) -> None:
    """Pause as the library does, and until the threads beside the app have answered."""
    await _library_pause(pilot, delay)
    runner = getattr(pilot.app, "runner", None)
    if runner is None or not pilot.app.is_running:
        return
    for _ in range(ROUNDS):
        began = monotonic()
        for line in (runner._writer, runner._reader):
            await _let_answer(line)
        if monotonic() - began < LOOK_SECONDS / 2:
            break
        await _handle_messages(pilot.app)
    if pilot.app.screen_stack:
        pilot.app.screen._on_timer_update()


async def _let_answer(line: Any) -> None:
    """Wait until a thread has done all it was asked for, unless a test holds it up."""
    before = _asked.get(line)
    if before is not None and not before.done():
        return
    _asked[line] = asked = line.put(lambda _session: None)
    with suppress(Exception):
        await asyncio.wait([asyncio.wrap_future(asked)], timeout=STUCK_SECONDS)


async def _handle_messages(app: App[Any]) -> None:
    with suppress(WaitForScreenTimeout):
        await Pilot(app)._wait_for_screen(STUCK_SECONDS)


def drive_patiently(patched: pytest.MonkeyPatch) -> None:
    """Let the library's driver of apps wait so."""
    for place in ("textual.app.wait_for_idle", "textual.pilot.wait_for_idle"):
        patched.setattr(place, wait_for_idle)
    patched.setattr(Pilot, "pause", pause)
