"""A terminal that freezes or goes away: what is typed is kept, and the app ends when it should."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.app.pty_program import Program

UNHEARD = """
import signal
from cockpit.service import endings
endings.SIGNALS = (signal.SIGTERM,)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
"""
"""Nobody tells the app by a signal that its terminal is gone."""

SHARED = """
import os
read, calls = os.read, 0
def read_in_turn(file, count):
    global calls
    calls += 1
    if file == 0 and calls % 2:
        raise BlockingIOError
    return read(file, count)
os.read = read_in_turn
"""
"""Another program has set the terminal to refuse to wait, and takes some of what comes."""


def half_typed(home: Path, before: str = "") -> Program:
    program = Program(home, before)
    program.wait_for(b"declare an incident")
    program.type("n")
    program.wait_for(b"Irreversible")
    program.type("half a title")
    program.read(1.0)
    return program


def log_beside(home: Path) -> None:
    """Append an entry from another process, as somebody at a shell would."""
    for words in (["declare", "Another one"], ["log", "from the shell"]):
        subprocess.run([sys.executable, "-m", "cockpit", *words], check=True, capture_output=True)


@pytest.mark.parametrize("seconds", [4, pytest.param(60, marks=pytest.mark.slow(65))])
def test_a_frozen_terminal_stops_neither_draft_nor_shell_nor_end(home: Path, seconds: int) -> None:
    program = half_typed(home)
    try:
        # Nobody reads from here on: the terminal's buffer fills, and writes to it hang.
        began = time.monotonic()
        log_beside(home)
        while time.monotonic() - began < seconds:
            os.write(program.parent, b"x")
            time.sleep(0.05)
        assert program.draft().startswith("half a title")
        asked = time.monotonic()
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(10) == 128 + signal.SIGTERM
        assert time.monotonic() - asked <= 3.5
    finally:
        program.close()


@pytest.mark.parametrize("told", [True, False])
def test_a_terminal_that_goes_away_ends_it(home: Path, told: bool) -> None:
    program = half_typed(home, "" if told else UNHEARD)
    try:
        program.hang_up()
        assert program.process.wait(8) in (129, -signal.SIGHUP)
        assert program.draft() == "half a title"
    finally:
        program.close()


def test_a_terminal_that_has_nothing_yet_is_not_gone(home: Path) -> None:
    program = half_typed(home, SHARED)
    try:
        assert program.draft().startswith("half a title")
    finally:
        program.close()
