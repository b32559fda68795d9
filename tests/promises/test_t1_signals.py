"""Signals at any moment, from the start of the process on: the terminal is as it was before."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import pytest

from tests.app.pty_program import Program

SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)

COMMAND = """
import resource
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
os.execv(sys.executable, [sys.executable, "-m", "cockpit"])
"""
"""Runs the command as a person's shell does, imports and all."""

DEAF = """
import signal
from cockpit.service.endings import Endings
Endings.install = lambda *_: None
"""
"""The guard off: signals do what they do by themselves."""


def end_with(home: Path, number: signal.Signals, after: float) -> None:
    """Start the cockpit, send a signal after some seconds, and look at what is left."""
    program = Program(home, exec_first=COMMAND)
    try:
        program.read(after)
        program.process.send_signal(number)
        code = program.wait()
        # A shell shows a process that a signal ended as 128 + its number as well.
        assert code in (128 + number, -number), (code, program.output[-1500:])
        assert program.left_behind() == [], (number, after)
    finally:
        program.close()


@pytest.mark.parametrize(
    "seed",
    [
        *range(6),
        *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(6, 46)),
        *(pytest.param(seed, marks=pytest.mark.extra) for seed in range(46, 106)),
    ],
)
def test_a_signal_at_a_random_moment(home: Path, seed: int) -> None:
    """The short form spreads its few moments, so that the start and the running app are there."""
    rng = random.Random(seed)
    after = seed * 0.45 if seed < 6 else rng.uniform(0.0, 3.0)
    end_with(home, SIGNALS[seed % len(SIGNALS)], after)


def test_without_an_answer_the_terminal_is_left_in_disorder(home: Path) -> None:
    program = Program(home, DEAF)
    try:
        program.wait_for(b"declare an incident")
        program.process.send_signal(signal.SIGTERM)
        program.wait()
        assert program.left_behind() != []
    finally:
        program.close()
