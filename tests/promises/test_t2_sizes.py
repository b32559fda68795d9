"""Random sizes of a real terminal on every surface: the app is there afterwards, and draws."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.promises.hostile_world import fill
from tests.promises.surfaces import ESC, F2, Walker

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
PARTS = {
    **{f"home {part}": [("", name) for name in list(FROM_HOME)[part::2]] for part in range(2)},
    **{
        f"incident {part}": [("INC-3", name) for name in list(FROM_INCIDENT)[part::4]]
        for part in range(4)
    },
}
"""All surfaces in parts of about the same length."""

FRAIL = """
from cockpit.screens.too_small import TooSmallScreen
def broken(self): raise ValueError("too small to draw")
TooSmallScreen.compose = broken
"""
"""A fault at small sizes, to see that the test would notice one."""

SLOW_LOOK = """
import time
from cockpit.widgets.terminal_driver import TerminalDriver
look = TerminalDriver._get_terminal_size
def look_slowly(self):
    size = look(self)
    if size[0] == 100:
        time.sleep(0.5)
    return size
TerminalDriver._get_terminal_size = look_slowly
"""
"""Half a second passes between the look at one size and its telling, as on a starved machine."""


@pytest.fixture
def filled_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    fill(lambda: "and more words", monkeypatch)
    return home


def resize_at_random(program: Walker, count: int, seed: str) -> None:
    """Give the terminal many sizes, most of them faster than the app draws them.

    Each sixth is waited for, so that it is drawn for sure; every other of these is tiny.
    """
    rng = random.Random(seed)
    for number in range(count):
        awaited = number % 6 == 0
        tiny = number % 12 == 0 if awaited else rng.random() < 0.2
        program.output = b""
        program.resize(rng.randint(1, 12 if tiny else 200), rng.randint(1, 8 if tiny else 60))
        if awaited:
            program.settle(rounds=1)
        # Most come at once, some while the one before is drawn.
        program.read(0.004 if rng.random() < 0.1 else 0.0)
        assert program.is_running, (seed, program.output[-2500:])
    program.resize(120, 40)
    program.settle()


def resize_everywhere(home: Path, surfaces: list[tuple[str, str]], count: int) -> None:
    """Open one surface after the other, and give the terminal that many sizes on each."""
    program = Walker(home)
    try:
        program.wait_for(b"active")
        began = False
        for start, name in surfaces:
            if start and not began:
                began = True
                program.walk((b"\r",))
            before = len(program.output)
            program.walk((FROM_INCIDENT if start else FROM_HOME)[name])
            assert len(program.output) > before or name == "home", name
            resize_at_random(program, count, name)
            program.walk((ESC, ESC, ESC))
            program.output = b""
    finally:
        program.close()


def test_few_sizes_on_every_surface(filled_home: Path) -> None:
    resize_everywhere(filled_home, [each for part in PARTS.values() for each in part], 6)


@pytest.mark.slow(50)
@pytest.mark.parametrize("part", PARTS)
def test_no_size_on_any_surface_is_a_fault(filled_home: Path, part: str) -> None:
    resize_everywhere(filled_home, PARTS[part], 900)


def test_a_size_that_comes_while_another_one_is_told_is_the_last_one(filled_home: Path) -> None:
    program = Walker(filled_home, SLOW_LOOK)
    try:
        program.wait_for(b"active")
        program.resize(100, 30)
        program.read(0.2)
        program.resize(110, 35)
        program.settle()
    finally:
        program.close()


def test_a_fault_at_small_sizes_is_found(filled_home: Path) -> None:
    program = Walker(filled_home, FRAIL)
    try:
        program.wait_for(b"active")
        with pytest.raises(AssertionError):
            resize_at_random(program, 30, "home")
    finally:
        program.close()
