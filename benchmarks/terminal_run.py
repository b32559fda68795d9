"""A full-screen program in a pseudo-terminal: what it costs to start, to hear a key, to stay.

A chunk gets its time when it is read and is drawn only once nothing more can be read, so that the
cost of drawing it (with pyte) is not counted. Linux only: times of processors come from /proc.
"""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType

import pyte
from msgspec import Struct

COLUMNS, LINES = 160, 45
SILENCE = 0.03
"""Seconds without a byte after which an answer is taken to be whole."""

PATIENCE = 60.0
"""Seconds after which a program that shows nothing new is given up."""

KEYS: Mapping[str, str] = {
    "enter": "\r",
    "escape": "\x1b",
    "down": "\x1b[B",
    "up": "\x1b[A",
    "ctrl+q": "\x11",
    "ctrl+s": "\x13",
}


class Program(Struct, frozen=True):
    """What is run: `ready` is a regular expression that shows once it can be used.

    quit: keys that end it; environ: variables over those of this process.
    """

    name: str
    command: tuple[str, ...]
    ready: str
    quit: tuple[str, ...] = ("ctrl+q",)
    environ: Mapping[str, str] = {}


class Answer(Struct, frozen=True):
    """What a key led to: ms to the first byte and to the last, CPU ms, bytes; 0 without one."""

    first: float
    last: float
    cpu: float
    size: int


class Idle(Struct, frozen=True):
    """What a program does while nobody does anything, per second."""

    size: float
    cpu: float


class _Screen(pyte.Screen):
    """A screen that also takes private sequences which pyte hands on, and shows nothing of them."""

    def select_graphic_rendition(self, *attributes: int, private: bool = False) -> None:
        """Change the colours, unless a program only asks for a terminal's own features."""
        if not private:
            super().select_graphic_rendition(*attributes)


class TerminalError(Exception):
    """The program ended, or never showed what was waited for."""


class TerminalRun:
    """One run of a program in a terminal of its own; closing it ends the program."""

    def __init__(self, program: Program, columns: int = COLUMNS, lines: int = LINES) -> None:
        """Start the program in a terminal of this size."""
        self.program = program
        self.size = 0
        self.started = time.monotonic()
        self._screen = _Screen(columns, lines)
        self._stream = pyte.Stream(self._screen)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._unread: list[bytes] = []
        self._ended = self._closed = False
        self.pid, self._terminal = _start(program, columns, lines)

    def __enter__(self) -> TerminalRun:
        """Return the run."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the program, whatever it does."""
        if not self._ended:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self._ended = True
        os.close(self._terminal)

    def wait_ready(self) -> tuple[float, float]:
        """Wait until the program can be used; return ms since its start and CPU ms."""
        return self.wait_for(self.program.ready, self.started)

    def wait_for(self, pattern: str, since: float) -> tuple[float, float]:
        """Wait until a regular expression shows; return ms since `since` and CPU ms by then.

        since: a time of `time.monotonic`. Raises TerminalError.
        """
        wanted = re.compile(pattern)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and not self._closed:
            at = self._read(0.05)
            if at is None:
                continue
            cpu = self.cpu()
            while self._read(0) is not None:
                pass
            if wanted.search(self.text()):
                return 1000 * (at - since), cpu
        raise TerminalError(f"{self.program.name} never showed {pattern}:\n{self.text()}")

    def text(self) -> str:
        """Return what the screen shows."""
        for chunk in self._unread:
            self._stream.feed(self._decoder.decode(chunk))
        self._unread.clear()
        return "\n".join(self._screen.display)

    def press(self, *keys: str, silence: float = SILENCE, wait: float = 2.0) -> Answer:
        """Send keys at once and wait for the whole answer; at most `wait` seconds for its begin."""
        return self._act(lambda: self.send(*keys), silence, wait)

    def resize(self, columns: int, lines: int, silence: float = 0.1) -> Answer:
        """Change the terminal's size and wait until the screen has settled."""
        self.text()
        self._screen.resize(lines, columns)
        return self._act(lambda: _set_size(self._terminal, columns, lines), silence, 2.0)

    def send(self, *keys: str) -> None:
        """Send keys, by name or as text, without waiting."""
        os.write(self._terminal, "".join(KEYS.get(key, key) for key in keys).encode())

    def settle(self, silence: float = 0.5, most: float = 5.0) -> None:
        """Wait until nothing has come for `silence` seconds, at most `most` seconds."""
        deadline = time.monotonic() + most
        while self._read(silence) is not None and time.monotonic() < deadline:
            pass
        self.text()

    def hold(self, keys: Sequence[str], rate: float = 30.0) -> tuple[float, float]:
        """Send keys as a key held down does; return lag after the last, longest gap, in ms."""
        due = last = time.monotonic()
        gap = 0.0
        for key in keys:
            due += 1 / rate
            while (left := due - time.monotonic()) > 0:
                if (at := self._read(left)) is not None:
                    gap, last = max(gap, at - last), at
            self.send(key)
        sent = time.monotonic()
        while (at := self._read(0.3)) is not None:
            last = at
        self.text()
        return 1000 * max(0.0, last - sent), 1000 * gap

    def idle(self, seconds: float) -> Idle:
        """Return what goes on for some seconds without a key."""
        self.settle()
        size, cpu, end = self.size, self.cpu(), time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._read(left)
        self.text()
        return Idle((self.size - size) / seconds, (self.cpu() - cpu) / seconds)

    def cpu(self) -> float:
        """Return the CPU ms of the program and of what it started, since its start."""
        return sum(_cpu_of(pid) for pid in _tree(self.pid)) / 1e6

    def peak_memory(self) -> float:
        """Return the most memory that the program had, in MB (10⁶ bytes)."""
        return sum(_peak_of(pid) for pid in _tree(self.pid)) / 1000 * 1.024

    def quit(self) -> float:
        """Press the keys that quit; return ms until the process has ended."""
        begun = time.monotonic()
        for key in self.program.quit:
            self.send(key)
        while time.monotonic() < begun + PATIENCE:
            self._read(0.002)
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                self._ended = True
                return 1000 * (time.monotonic() - begun)
        raise TerminalError(f"{self.program.name} does not end:\n{self.text()}")

    def _act(self, act: object, silence: float, wait: float) -> Answer:
        assert callable(act)
        size, cpu, begun = self.size, self.cpu(), time.monotonic()
        act()
        first = last = self._read(wait)
        while first is not None and (at := self._read(silence)) is not None:
            last = at
        used = self.cpu() - cpu
        self.text()
        if first is None or last is None:
            return Answer(0, 0, used, 0)
        return Answer(1000 * (first - begun), 1000 * (last - begun), used, self.size - size)

    def _read(self, wait: float) -> float | None:
        """Take in what comes within `wait` seconds; return when, None when nothing came."""
        if not select.select([self._terminal], [], [], wait)[0]:
            return None
        at = time.monotonic()
        try:
            chunk = os.read(self._terminal, 1 << 16)
        except OSError:  # the program has closed its side
            chunk = b""
        if not chunk:
            self._closed = True
            time.sleep(0.001)
            return None
        self.size += len(chunk)
        self._unread.append(chunk)
        return at


def _start(program: Program, columns: int, lines: int) -> tuple[int, int]:
    environ = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "NO_COLOR"):
        environ.pop(name, None)
    environ |= program.environ
    pid, terminal = pty.fork()
    if not pid:
        try:
            _set_size(0, columns, lines)
            os.execvpe(program.command[0], program.command, environ)
        finally:
            os._exit(127)
    return pid, terminal


def _set_size(terminal: int, columns: int, lines: int) -> None:
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))


def _tree(pid: int) -> list[int]:
    """Return a process and all that it started and that are still here."""
    found = [pid]
    for each in found:
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except OSError:  # it has just ended
                continue
    return found


def _cpu_of(pid: int) -> float:
    """Return the nanoseconds of all threads of a process; those that ended are not in it."""
    used = 0
    for task in Path(f"/proc/{pid}/task").glob("*/schedstat"):
        try:
            used += int(task.read_text().split()[0])
        except OSError:  # it has just ended
            continue
    return used


def _peak_of(pid: int) -> int:
    """Return the peak of a process's memory in KiB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:  # it has just ended
        return 0
    found = re.search(r"VmHWM:\s+(\d+)", status)
    return int(found[1]) if found else 0
