"""Somebody else holds the write lock: the screen goes on, and what was typed lands in order."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import datetime
from pathlib import Path

import pytest

from cockpit.sqlite_engine import sqlite3
from tests.screens.incident_app import Stage

GAP_SECONDS = 0.3
BUSY_MACHINE = 5.0
"""How many times longer a gap may be on a machine that also runs other tests; what a thread that
waits for nothing had to wait in the same time comes on top."""


@pytest.mark.parametrize("seconds", [3, pytest.param(10, marks=pytest.mark.slow)])
async def test_a_foreign_write_lock_stops_neither_clock_nor_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    stage = Stage(tmp_path / "cockpit")
    lines = [f"entry{number}" for number in range(5)]
    other = sqlite3.connect(stage.paths.database, isolation_level=None)
    async with stage.show() as shown:
        gaps, elsewhere, ticks = [0.0], [0.0], list[datetime]()
        told = shown.screen.tick

        def tick(now: datetime) -> None:
            ticks.append(now)
            told(now)

        monkeypatch.setattr(shown.screen, "tick", tick)

        async def measure() -> None:
            last = time.monotonic()
            while True:
                await asyncio.sleep(0.02)
                now = time.monotonic()
                gaps.append(now - last - 0.02)
                last = now

        measuring = asyncio.create_task(measure())
        over = threading.Event()
        beside = threading.Thread(target=measure_beside, args=(elsewhere, over), daemon=True)
        beside.start()
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        await shown.press("n")
        for line in lines:
            await shown.press(*line, "enter")
        assert shown.screen.entry_line.entry_text == ""
        await asyncio.sleep(max(0.0, seconds - (time.monotonic() - began)))
        assert shown.texts[-1:] != [lines[-1]]
        measuring.cancel()
        over.set()
        beside.join()
        other.execute("COMMIT")
        await shown.until(lambda: shown.texts[-5:] == lines)
    other.close()
    assert len(ticks) >= seconds // 3
    assert max(gaps) < GAP_SECONDS * BUSY_MACHINE + 2 * max(elsewhere)


def measure_beside(gaps: list[float], over: threading.Event) -> None:
    """Note how late a thread of its own wakes up: what the machine takes from everybody."""
    while not over.is_set():
        began = time.monotonic()
        time.sleep(0.02)
        gaps.append(time.monotonic() - began - 0.02)
