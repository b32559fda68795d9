"""A walk over every surface of the app by keys, as a person would take it."""

from __future__ import annotations

import os
import select
import time
from pathlib import Path

from tests.app.pty_program import Program

ESC, F2, DELETE = b"\x1b[27u", b"\x1bOQ", b"\x1b[3~"
"""The escape key is written as newer terminals write it: nobody has to wait whether more comes."""

SETTLE_SECONDS = 120.0
"""After this time a key is taken for lost: machines that run tests are busy."""

SEEN = """
import asyncio, struct, threading
from contextlib import suppress
from textual.app import App
from textual.pilot import Pilot
from cockpit.app import CockpitApp
_push = App.push_screen
def push(self, screen, *rest, **options):
    with open(paths.data_dir / "surfaces", "a") as seen:
        seen.write(type(screen).__name__ + "\\n")
    return _push(self, screen, *rest, **options)
App.push_screen = push
async def stay(self): pass
CockpitApp.action_quit = stay
def busy(app):
    unread = struct.unpack("i", fcntl.ioctl(0, termios.FIONREAD, bytes(4)))[0]
    height, width = struct.unpack("hh", fcntl.ioctl(0, termios.TIOCGWINSZ, bytes(4)))
    return unread or app._under_way or app._ahead or app.screen.size != (width, height)
async def settle(app, rounds):
    for _ in range(rounds):
        quiet = 0
        while quiet < 3:
            quiet = 0 if busy(app) else quiet + 1
            await asyncio.sleep(0.003)
        for ask in (app.runner.submit, app.runner.read):
            await asyncio.wrap_future(ask(lambda session: None))
        # A widget that is taken away meanwhile answers no more.
        with suppress(Exception):
            await Pilot(app)._wait_for_screen(timeout=2)
    await asyncio.sleep(0.03)
def answer(app, loop):
    asked, told = (os.open(paths.data_dir / name, os.O_RDWR) for name in ("asked", "told"))
    while rounds := os.read(asked, 1):
        asyncio.run_coroutine_threadsafe(settle(app, int(rounds)), loop).result()
        os.write(told, b".")
_mount = CockpitApp.on_mount
def on_mount(self):
    _mount(self)
    loop = asyncio.get_running_loop()
    threading.Thread(target=answer, args=(self, loop), daemon=True).start()
CockpitApp.on_mount = on_mount
"""
"""Notes which screens and dialogs were opened, and answers when it has done what a key asked for.

A key that comes late does not end the walk.
"""

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


class Walker(Program):
    """The app, which says when it has done what the last key asked for."""

    def __init__(self, home: Path, before: str = "") -> None:
        """Start it; see `Program`."""
        home.mkdir(parents=True, exist_ok=True)
        self._pipes = []
        for name in ("asked", "told"):
            os.mkfifo(home / name)
            self._pipes.append(os.open(home / name, os.O_RDWR))
        super().__init__(home, SEEN + before, size=(120, 40), environ={"EDITOR": "true"})

    def settle(self, rounds: int = 2) -> None:
        """Wait until the app has taken all keys and its size, and has drawn; read what it draws.

        rounds: how often in a row it must have nothing to do; 1 to 9. What a key asks of a thread
        comes in the second; a size asks for nothing.
        """
        asked, told = self._pipes
        os.write(asked, b"%d" % rounds)
        end = time.monotonic() + SETTLE_SECONDS
        while told not in select.select([told, self.parent], [], [], 0.05)[0]:
            assert self.is_running, self.output[-2000:]
            assert time.monotonic() < end, self.output[-2000:]
            self._take(0)
        os.read(told, 1)
        self.read(0.005)

    def close(self) -> None:
        """End it."""
        super().close()
        for each in self._pipes:
            os.close(each)

    def seen(self) -> set[str]:
        """Return the names of the screens and dialogs that were opened."""
        return set((self.home / "surfaces").read_text(encoding="utf-8").split())

    def walk(self, keys: tuple[bytes, ...]) -> None:
        """Press one key after the other, each when the one before is done."""
        for key in keys:
            self.send(key)
            self.settle()
            assert self.is_running, (key, self.output[-2000:])
