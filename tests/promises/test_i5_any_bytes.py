"""Any bytes from the terminal: the app lives on, and takes what is typed after them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.pty_program import Program

STAYING = """
from cockpit.app import CockpitApp
async def stay(self): pass
CockpitApp.action_quit = stay
"""
"""Among random bytes are the keys that quit; here they do nothing."""

STRICT = """
from codecs import getincrementaldecoder
from textual.drivers.linux_driver import LinuxDriver
from cockpit.widgets import terminal_driver
terminal_driver.TerminalDriver.run_input_thread = LinuxDriver.run_input_thread
"""
"""The guard off: the library's own door to the terminal."""

INTRODUCERS = (b"\x1b[", b"\x1b]", b"\x1bP", b"\x1b[<", b"\x1b[M", b"\x1b[200~", b"\x1bO", b"\x9b")


@pytest.fixture
def program(home: Path) -> Iterator[Program]:
    made = Program(home, STAYING, environ={"EDITOR": "true"})
    yield made
    made.close()


def say_and_see(program: Program, word: str) -> None:
    """Type a word into the app, wherever it is now, and see that it takes it."""
    # What is open is ended and left: a paste, a control sequence, a dialog.
    program.send(b"\x1b[201~\x18")
    program.read(0.3)
    for _ in range(8):
        program.send(b"\x1b")
        program.read(0.15)
    program.output = b""
    program.send(b"?")
    program.wait_until(lambda: len(program.output) > 200 or not program.is_running)
    assert program.is_running, word
    program.send(b"\x1b")


def test_every_byte_alone(program: Program) -> None:
    program.wait_for(b"declare an incident")
    for byte in range(256):
        program.send(bytes([byte]))
        program.read(0.02)
        assert program.is_running, (byte, program.output[-500:])
    say_and_see(program, "each byte")


def random_bytes(rng: random.Random) -> bytes:
    """Return a few bytes: any, or such as follow the beginning of a control sequence."""
    noise = rng.randbytes(rng.randint(1, 40))
    if rng.random() < 0.4:
        return rng.choice(INTRODUCERS) + noise
    if rng.random() < 0.3:
        return bytes(byte % 128 for byte in noise)
    return noise


@pytest.mark.parametrize(
    ("count", "seed"),
    [(300, 1), *(pytest.param(2500, seed, marks=pytest.mark.slow) for seed in range(2, 6))],
)
def test_random_bytes(program: Program, count: int, seed: int) -> None:
    """With the seeds of the long form these are 10,000 strings."""
    program.wait_for(b"declare an incident")
    rng = random.Random(seed)
    for number in range(count):
        data = random_bytes(rng)
        program.send(data)
        if number % 20 == 0:
            program.read(0.05)
        assert program.is_running, (number, data, program.output[-500:])
    program.read(1.0)
    say_and_see(program, "random bytes")


def test_the_library_s_own_door_would_have_ended_it(home: Path) -> None:
    """The guard off: were it alive, the tests above would prove nothing."""
    program = Program(home, STAYING + STRICT)
    try:
        program.wait_for(b"declare an incident")
        program.send(b"\xff\xfe")
        program.wait()
        assert not program.is_running
    finally:
        program.close()
