"""Hours of use in minutes: memory, open files, threads and the log stay flat.

The library keeps what its last thousand widgets looked like: for the first minutes memory grows
by about 60 MB, and then no longer. So the first half only warms up. `SOAK_SECONDS=3600` uses the
app for an hour.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.app.pty_program import Program
from tests.promises.record_keeping import Note

SECONDS = float(os.environ.get("SOAK_SECONDS", "360"))
MOST_GROWTH_KB = 25_000
"""How much memory the second half may add: entries that are shown take some."""

MOST_LOG_BYTES = 32_000_000
"""Twice what the write-ahead log may hold before it begins anew."""

LEAKING = """
from cockpit.screens.base import CockpitScreen
from cockpit.screens.incident import IncidentScreen
kept = []
plain = IncidentScreen.store_changed
def leak(self):
    kept.append(bytearray(4_000_000))
    kept.append(open(os.devnull))
    plain(self)
IncidentScreen.store_changed = leak
"""
"""A program that keeps what it should let go, to see that the measures notice one."""

KEYS = (b"1", b"z", b"z", b"2", b"j", b"3", b"a", b"4", b"?", b"\x1b", b"w", b"\x1b", b"C", b"\x1b")


class Measure(NamedTuple):
    """What a process holds."""

    memory_kb: int
    files: int
    threads: int
    log_bytes: int


def measure(program: Program) -> Measure:
    place = Path(f"/proc/{program.process.pid}")
    status = dict(
        line.split(":", 1) for line in (place / "status").read_text().splitlines() if ":" in line
    )
    log = program.home / "cockpit.db-wal"
    return Measure(
        int(status["VmRSS"].split()[0]),
        len(list((place / "fd").iterdir())),
        int(status["Threads"]),
        log.stat().st_size if log.exists() else 0,
    )


def use(program: Program, seconds: float) -> int:
    """Walk, type and let a shell log for some seconds; return how many rounds that were."""
    rounds, end = 0, time.monotonic() + seconds
    while time.monotonic() < end:
        for key in KEYS:
            program.send(key)
            program.read(0.12 if key == b"\x1b" else 0.04)
        # Digits only: on a busy machine they may meet a list in place of the entry line.
        program.send(b"n")
        program.read(0.1)
        program.send(f"{rounds}0{rounds}\r".encode())
        program.read(0.1)
        program.send(b"\x1b")
        program.read(0.2)
        if rounds % 4 == 0:
            command = [sys.executable, "-m", "cockpit", "log", "INC-1", f"{rounds} from a shell"]
            subprocess.run(command, check=True, capture_output=True)
        program.output = b""
        rounds += 1
    return rounds


def soak(home: Path, seconds: float, before: str = "") -> tuple[Measure, Measure, int]:
    """Use the app; return what it held after half of the time and in the end, and rounds."""
    if not sys.platform.startswith("linux"):
        pytest.skip("what a process holds is only read on Linux")
    subprocess.run([sys.executable, "-m", "cockpit", "declare", "Checkout fails"], check=True)
    program = Program(home, before, size=(120, 40))
    try:
        program.wait_for(b"active")
        program.send(b"\r")
        program.read(2.0)
        rounds = use(program, seconds / 2)
        middle = measure(program)
        rounds += use(program, seconds / 2)
        program.read(1.0)
        return middle, measure(program), rounds
    finally:
        program.close()


def grows(middle: Measure, end: Measure) -> list[str]:
    """Return what did not stay flat."""
    found = []
    if end.memory_kb > middle.memory_kb + MOST_GROWTH_KB:
        found.append(f"memory: {middle.memory_kb} → {end.memory_kb} KiB")
    if end.files > middle.files + 3:
        found.append(f"files: {middle.files} → {end.files}")
    if end.threads > middle.threads + 3:
        found.append(f"threads: {middle.threads} → {end.threads}")
    if end.log_bytes > MOST_LOG_BYTES:
        found.append(f"log: {end.log_bytes} bytes")
    return found


@pytest.mark.slow
def test_nothing_grows(home: Path, record_property: Note) -> None:
    middle, end, rounds = soak(home, SECONDS)
    record_property("soak", f"{rounds} rounds: {middle} → {end}")
    assert rounds > 10
    assert grows(middle, end) == []


@pytest.mark.slow
def test_a_program_that_keeps_everything_is_found(home: Path) -> None:
    middle, end, _ = soak(home, 50, LEAKING)
    assert grows(middle, end) != []
