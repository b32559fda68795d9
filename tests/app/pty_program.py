"""The app in a pseudo-terminal, as the terminal's other side sees it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

PROGRAM = """
import fcntl, os, sys, termios
if {controlling}:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
{exec_first}
from cockpit.app import run_app
from cockpit.config import load_config
from cockpit.paths import find_paths
paths = find_paths(os.environ)
paths.create()
{before}
sys.exit(run_app(paths, load_config(paths, os.environ), incident={incident!r}))
"""

LONG = 30.0
"""Seconds that a test waits for what should come at once: machines that run tests are busy."""

_SWITCHED = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_OFF_AT_THE_END = {1000, 1002, 1003, 1004, 1006, 1015, 1016, 1049, 2004, 2026, 2048}
"""Modes of a terminal that a shell does not expect: mouse, focus, other screen, paste marks…"""

_ON_AT_THE_END = {7, 25}
"""Line wrap and the cursor."""


class Program:
    """The app in a pseudo-terminal, which is the one it gets its signals from."""

    def __init__(
        self,
        home: Path,
        before: str = "",
        *,
        size: tuple[int, int] = (80, 24),
        incident: str = "",
        controlling: bool = True,
        exec_first: str = "",
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Start it; `before` is Python that runs first, `incident` the id of one to show.

        exec_first: Python that runs before anything of the cockpit is loaded.
        """
        self.home = home
        self.parent, child = pty.openpty()
        self.child = child
        self.resize(*size)
        self.attributes = termios.tcgetattr(child)
        script = PROGRAM.format(
            before=before, incident=incident, controlling=controlling, exec_first=exec_first
        )
        known = {name: os.environ[name] for name in os.environ if name not in ("LINES", "COLUMNS")}
        self.process = subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=child,
            stdout=child,
            stderr=child,
            start_new_session=True,
            env={**known, "TERM": "xterm-256color", **(environ or {})},
        )
        self.output = b""

    def resize(self, width: int, height: int) -> None:
        """Change the terminal's size."""
        fcntl.ioctl(self.child, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._take(min(0.05, left))

    def _take(self, seconds: float) -> None:
        if select.select([self.parent], [], [], seconds)[0]:
            with suppress(OSError):
                self.output += os.read(self.parent, 65536)

    def wait_for(self, text: bytes, seconds: float = LONG) -> None:
        end = time.monotonic() + seconds
        while text not in self.output:
            assert time.monotonic() < end, self.output[-2000:]
            self.read(0.1)

    def wait_until(self, holds: Callable[[], bool], seconds: float = LONG) -> None:
        """Read the terminal until something holds."""
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, self.output[-2000:]
            self.read(0.05)

    def type(self, text: str) -> None:
        os.write(self.parent, text.encode())

    def send(self, data: bytes) -> None:
        """Send any bytes, reading what comes back meanwhile, as a terminal does."""
        os.set_blocking(self.parent, False)
        try:
            while data:
                with suppress(BlockingIOError):
                    data = data[os.write(self.parent, data[:2048]) :]
                self._take(0.001)
        finally:
            os.set_blocking(self.parent, True)

    def wait(self, seconds: float = LONG) -> int:
        """Return the exit code; the terminal is read on, as a terminal does."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self.read(0.05)
        self.read(0.1)
        code = self.process.poll()
        assert code is not None, "it did not end"
        return code

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def left_behind(self) -> list[str]:
        """Return what of the terminal is not as a shell expects it."""
        switched = {
            int(number): found[2] == b"h"
            for found in _SWITCHED.finditer(self.output)
            for number in found[1].split(b";")
        }
        left = [f"{mode} on" for mode in sorted(_OFF_AT_THE_END) if switched.get(mode)]
        left += [f"{mode} off" for mode in sorted(_ON_AT_THE_END) if not switched.get(mode, True)]
        pushed = len(re.findall(rb"\x1b\[>\d+u", self.output))
        popped = len(re.findall(rb"\x1b\[<\d*u", self.output))
        if pushed > popped:
            left.append("keyboard protocol")
        now = termios.tcgetattr(self.child)
        left += [
            name
            for place, name in ((0, "input"), (1, "output"), (3, "lines and echo"))
            if now[place] != self.attributes[place]
        ]
        return left

    def draft(self) -> str:
        return "".join(path.read_text() for path in (self.home / "drafts").glob("*.draft"))

    def hang_up(self) -> None:
        """Take the terminal away."""
        for each in (self.child, self.parent):
            # Once: another thread may have opened a file since then that has the same number.
            if each >= 0:
                os.close(each)
        self.child = self.parent = -1

    def close(self) -> None:
        """End it by force, and take its terminal away."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(LONG)
        self.hang_up()
