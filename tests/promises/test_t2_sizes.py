"""Random sizes of a real terminal on every surface: the app is there afterwards, and draws."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.app.pty_program import Program
from tests.promises.hostile_world import fill
from tests.promises.surfaces import ESC, F2, SEEN, walk

FROM_HOME = {
    "home": (),
    "search": (b"/", b"again", b"\r"),
    "insights": (b"I",),
    "action items": (b"A",),
    "help": (b"?",),
    "palette": (b":",),
    "declare": (b"n", b"Checkout fails"),
    "seen before": (b"n", b"Checkout fails", F2),
}
FROM_INCIDENT = {
    "timeline": (b"1", b"z"),
    "stakeholders": (b"2", b"z"),
    "update": (b"3", b"z"),
    "variables": (b"3", b"d"),
    "post-mortem": (b"4", b"z"),
    "section": (b"4", b"e"),
    "entry picker": (b"4", b"e", b"\x14"),
    "preview": (b"4", b"P"),
    "entry line": (b"n", b"half typed"),
    "severity": (b"v",),
    "steps": (b"w",),
    "tries": (b"y",),
    "closing": (b"X",),
    "countdown": (b"C",),
    "rivals": (b"R",),
    "similar": (F2,),
    "hand-over": (b"H",),
    "plain text": (b"1", b"p"),
    "editing a person": (b"2", b"e"),
}
ALL = [*(("", name) for name in FROM_HOME), *(("INC-3", name) for name in FROM_INCIDENT)]

FRAIL = """
from cockpit.screens.too_small import TooSmallScreen
def broken(self): raise ValueError("too small to draw")
TooSmallScreen.compose = broken
"""
"""A fault at small sizes, to see that the test would notice one."""


@pytest.fixture
def filled_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    fill(lambda: "and more words", monkeypatch)
    return home


def resize_at_random(program: Program, count: int, seed: str, settle: float = 1.5) -> None:
    rng = random.Random(seed)
    for _ in range(count):
        tiny = rng.random() < 0.2
        program.resize(rng.randint(1, 12 if tiny else 200), rng.randint(1, 8 if tiny else 60))
        program.read(0.012)
        assert program.is_running, program.output[-2500:]
    program.resize(120, 40)
    program.read(settle)
    program.output = b""
    program.send(b"\x0c")
    program.wait_until(lambda: len(program.output) > 300 or not program.is_running)
    assert program.is_running


def test_few_sizes_on_every_surface(filled_home: Path) -> None:
    program = Program(filled_home, SEEN, size=(120, 40))
    try:
        program.wait_for(b"active")
        for number, (start, name) in enumerate(ALL):
            if start and number == len(FROM_HOME):
                program.send(b"\r")
                program.read(2.0)
            walk(program, (FROM_INCIDENT if start else FROM_HOME)[name])
            resize_at_random(program, 8, name, settle=0.3)
            walk(program, (ESC, ESC, ESC))
    finally:
        program.close()


@pytest.mark.slow
@pytest.mark.parametrize(("start", "name"), ALL)
def test_no_size_on_any_surface_is_a_fault(filled_home: Path, start: str, name: str) -> None:
    program = Program(filled_home, size=(120, 40))
    try:
        program.wait_for(b"active")
        if start:
            program.send(b"\r")
            program.read(2.0)
        walk(program, (FROM_INCIDENT if start else FROM_HOME)[name], 0.3)
        resize_at_random(program, 900, name)
        walk(program, (ESC, ESC), 0.3)
        program.send(b"\x11")
        assert program.wait() == 0
    finally:
        program.close()


def test_a_fault_at_small_sizes_is_found(filled_home: Path) -> None:
    program = Program(filled_home, FRAIL, size=(120, 40))
    try:
        program.wait_for(b"active")
        with pytest.raises(AssertionError):
            resize_at_random(program, 30, "home")
    finally:
        program.close()
