"""A walk over every surface of the app by keys, as a person would take it."""

from __future__ import annotations

from tests.app.pty_program import Program

ESC, F2, DELETE = b"\x1b", b"\x1bOQ", b"\x1b[3~"

SEEN = """
from textual.app import App
from cockpit.app import CockpitApp
_push = App.push_screen
def push(self, screen, *rest, **options):
    with open(paths.data_dir / "surfaces", "a") as seen:
        seen.write(type(screen).__name__ + "\\n")
    return _push(self, screen, *rest, **options)
App.push_screen = push
async def stay(self): pass
CockpitApp.action_quit = stay
"""
"""Notes which screens and dialogs were opened; a key that comes late does not end the walk."""

HOME = (
    b"/", b"again", b"\r", ESC, ESC,
    b"I", b"\r", ESC, b"p", ESC, b"q",
    b"A", b"b", b"e", ESC, b"q",
    b"?", ESC, b":", b"x", ESC,
    b":", b"bring back", b"\r", ESC,
    b":", b"report", b"\r", ESC,
    b":", b"share", b"\r", ESC, b":", b"sync", b"\r", ESC,
    DELETE, ESC,
    b"n", b"Checkout fails", F2, ESC, ESC,
)  # fmt: skip
"""From home and back to it."""

INCIDENT = (
    b"X", ESC,
    b"1", b"z", b"z", b"p", ESC, b"e", ESC, b"m", ESC, b"D", b"D", b"f", b"f", b"g", b"G",
    b"v", ESC, b"S", ESC, b"W", ESC, b"i", ESC, b"o", ESC, b"w", ESC, b"y", b"n", ESC, ESC,
    b"r", b"1", b"zoe\r", ESC, ESC, b"H", ESC, b"C", ESC, b"!", ESC, b"R", ESC,
    F2, ESC, b"x", ESC, b"h", ESC,
    b":", b"title", b"\r", ESC, b":", b"component", b"\r", ESC, b":", b"share", b"\r", ESC,
    b":", b"review", b"\r", ESC, b":", b"cadence", b"\r", ESC,
    b"2", b"z", b"e", ESC, b"+", ESC, b"z",
    b"3", b"z", b"d", b"d", b"e", ESC, b"f", ESC, b"a", b"a", b"b", b"N", ESC, b"s", ESC, b"z",
    b"4", b"z", b"K", ESC, b"P", ESC, b"j", b"e", b"\x0e", b"\x14", ESC, ESC, b"+", ESC, b"A", ESC,
    b"?", ESC, b"z",
)  # fmt: skip
"""From an incident's screen and back to it."""


def walk(program: Program, keys: tuple[bytes, ...], pause: float = 0.2) -> None:
    """Press one key after the other and read what the app draws."""
    for key in keys:
        # Some programs wait a moment before they take an escape for a key.
        program.send(key)
        program.read(pause + (0.15 if key == ESC else 0.0))
        assert program.is_running, (key, program.output[-2000:])
