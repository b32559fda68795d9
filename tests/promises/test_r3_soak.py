"""Three days of use in an hour: memory, open files, threads and the log stay flat.

All processes go by a clock that is 72 times as fast. The app is used by keys without a pause; a
shell logs and sends updates beside it; another person writes through a real server, and the app
exchanges with it all the time. The incident is a long one already: what is shown of it at once, as
in the preview of the post-mortem, has its full length. The first third of the time only warms up.
`SOAK_SECONDS` makes it shorter.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from msgspec import Struct

from tests.app.pty_program import Program
from tests.promises.fast_clock import FAST, begin_fast, fast_cockpit
from tests.promises.record_keeping import Note
from tests.promises.surfaces import ESC, F2
from tests.sync.served import Served, serve

SECONDS = float(os.environ.get("SOAK_SECONDS", "3600"))
DAYS = 3.0
SAMPLES = 90
MOST_GROWTH_KB = 15_000
"""How much more memory the last third may hold than the one before: what is shown takes some."""

LOGGED_BEFORE = 400
"""Entries of the incident at the beginning: more than the preview shows."""

MOST_LOG_BYTES = 32_000_000
"""Twice what the write-ahead log may hold before it begins anew."""

TICKING = """
import gc
gc.disable()
gc.set_threshold(50_000)
from cockpit.app import CockpitApp
_interval = CockpitApp.set_interval
def _often(self, seconds, *rest, **options):
    return _interval(self, seconds / 20, *rest, **options)
CockpitApp.set_interval = _often
async def stay(self): pass
CockpitApp.action_quit = stay
"""
"""What is done once a second is done twenty times: at 72 times the speed, every 3.6 seconds.

It begins as the command begins it, which looks for no cycles. A key that comes late ends nothing.
"""

LEAKING = """
from cockpit.screens.incident import IncidentScreen
kept = []
plain = IncidentScreen.store_changed
def leak(self):
    kept.append(bytearray(os.urandom(1_000)) * 500)
    kept.append(open(os.devnull))
    plain(self)
IncidentScreen.store_changed = leak
"""
"""A program that keeps what it should let go, to see that the measures notice one."""

KEYS = (
    *(b"H", ESC, b"C", ESC, b"w", ESC, b"?", ESC, F2, ESC, b":", ESC, ESC),
    *(b"2", b"z", b"j", b"z", b"3", b"z", b"d", b"d", b"z", b"4", b"j", b"P", ESC, ESC, b"1"),
)
UPDATE = ("update", "write", "INC-1", "--sent", "--force", "--text", "We know.")


class Held(Struct):
    """What a process holds: memory (KiB), files, threads, and the bytes of its database's log."""

    memory: int
    files: int
    threads: int
    log: int


def measure(pid: int, database: Path) -> Held:
    """Return what a process holds now."""
    place = Path(f"/proc/{pid}")
    lines = (place / "status").read_text(encoding="utf-8").splitlines()
    status = dict(line.split(":", 1) for line in lines if ":" in line)
    log = database.with_name(f"{database.name}-wal")
    return Held(
        int(status["VmRSS"].split()[0]),
        len(list((place / "fd").iterdir())),
        int(status["Threads"]),
        log.stat().st_size if log.exists() else 0,
    )


class Soak:
    """Ana in the app and at a shell, Ben elsewhere, and the server between them."""

    def __init__(self, place: Path, served: Served, before: str) -> None:
        self.ana, self.ben = place / "ana", place / "ben"
        for home in (self.ana, self.ben):
            home.mkdir()
        self.served = served
        address = f"{served.url}/j#{served.code}"
        fast_cockpit(self.ana, "ana", "sync", "join", address, "--store-in-file")
        fast_cockpit(self.ana, "ana", "declare", "Checkout fails", "--sev", "2")
        for _ in range(LOGGED_BEFORE // 100):
            lines = (f"seen on host {number}" for number in range(100))
            fast_cockpit(self.ana, "ana", "log", "INC-1", "-", given="\n".join(lines))
        fast_cockpit(self.ana, "ana", "sync", "now")
        invite = json.loads(fast_cockpit(self.ana, "ana", "sync", "invite", "--json"))
        fast_cockpit(self.ben, "ben", "sync", "join", invite["address"], "--store-in-file")
        self.program = Program(
            self.ana,
            TICKING + before,
            size=(120, 40),
            exec_first=FAST,
            environ={
                "COCKPIT_HOME": str(self.ana),
                "COCKPIT_AUTHOR": "ana",
                "EDITOR": "true",
                "PYTHONFAULTHANDLER": "1",
            },
        )
        self.typed = self.logged = self.received = 0
        self.app: list[Held] = []
        self.server: list[Held] = []

    def use(self, seconds: float) -> None:
        """Use everything for some seconds, and measure from time to time."""
        program = self.program
        program.wait_for(b"active")
        program.send(b"\r")
        program.wait_for(b"synced")
        began = time.monotonic()
        while (past := time.monotonic() - began) < seconds:
            self.walk_and_write()
            if past * SAMPLES >= seconds * len(self.app):
                self.app.append(measure(program.process.pid, self.ana / "cockpit.db"))
                self.server.append(measure(self.served.process.pid, self.served.database))

    def walk_and_write(self) -> None:
        """Open surfaces, write an entry, and let the shell and Ben do their part."""
        program = self.program
        for key in KEYS:
            program.send(key)
            program.read(0.14 if key == ESC else 0.04)
        if self.typed % 10 == 5:
            # Home, and the incident again: a screen is made anew.
            program.send(b"q")
            program.read(0.4)
            program.send(b"\r")
            program.read(0.6)
        # Digits only: on a busy machine they may meet a list in place of the entry line.
        program.send(b"n")
        program.read(0.1)
        program.send(f"{self.typed}0{self.typed}\r".encode())
        program.read(0.1)
        program.send(ESC)
        program.read(0.2)
        self.typed += 1
        self.logged += self.every(4, self.ana, "ana", "log", "INC-1", f"{self.typed} from a shell")
        self.received += self.every(5, self.ben, "ben", "log", "INC-1", f"{self.typed} by ben")
        self.every(5, self.ben, "ben", "sync", "now")
        self.every(16, self.ana, "ana", *UPDATE)
        assert program.is_running, (program.process.returncode, program.output[-2000:])
        program.output = program.output[-4000:]

    def every(self, count: int, home: Path, author: str, *words: str) -> bool:
        """Run a command in one round of `count`; say whether it was run."""
        due = self.typed % count == 0
        if due:
            fast_cockpit(home, author, *words)
        return due


def grows(what: str, held: list[Held]) -> list[str]:
    """Return what did not stay flat from the second third of the time to the last."""
    third = len(held) // 3
    middle, end = held[third : 2 * third], held[2 * third :]
    found = []

    def of(some: list[Held], pick: Callable[[list[int]], float], name: str) -> float:
        return pick([getattr(each, name) for each in some])

    memory = [of(some, median, "memory") for some in (middle, end)]
    if memory[1] > memory[0] + MOST_GROWTH_KB:
        found.append(f"{what}, memory: {memory[0]:.0f} → {memory[1]:.0f} KiB")
    for name in ("files", "threads"):
        most = [of(some, max, name) for some in (middle, end)]
        if most[1] > most[0] + 2:
            found.append(f"{what}, {name}: {most[0]} → {most[1]}")
    if (log := of(held, max, "log")) > MOST_LOG_BYTES:
        found.append(f"{what}, log: {log} bytes")
    return found


def summary(held: list[Held]) -> str:
    """Return in one line what was held over the time."""
    third = len(held) // 3
    parts = [held[:third], held[third : 2 * third], held[2 * third :]]
    memory = " → ".join(f"{median(each.memory for each in part) / 1024:.0f}" for part in parts)
    files, threads = (
        " → ".join(str(max(getattr(each, name) for each in part)) for part in parts)
        for name in ("files", "threads")
    )
    log = max(each.log for each in held) / 1e6
    return f"memory {memory} MB, files {files}, threads {threads}, log at most {log:.1f} MB"


def soak(place: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, before: str = "") -> Soak:
    """Use everything for some seconds; return what was held meanwhile."""
    if not sys.platform.startswith("linux"):
        pytest.skip("what a process holds is only read on Linux")
    for name, value in begin_fast(DAYS * 86_400 / seconds).items():
        monkeypatch.setenv(name, value)
    (place / "server").mkdir()
    with serve(place / "server", FAST) as served:
        made = Soak(place, served, before)
        try:
            made.use(seconds)
        finally:
            made.program.close()
        return made


@pytest.mark.soak
def test_nothing_grows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, record_property: Note
) -> None:
    done = soak(tmp_path, monkeypatch, SECONDS)
    record_property("used", f"{SECONDS:.0f} s, {done.typed} rounds, {done.logged} from shells, "
                    f"{done.received} by Ben")  # fmt: skip
    record_property("app", summary(done.app))
    record_property("server", summary(done.server))
    kept = json.loads(
        fast_cockpit(done.ana, "ana", "show", "INC-1", "--entries", "1000000", "--json")
    )
    texts = [each["text"] for each in kept["timeline"]]
    assert sum(each.endswith(" by ben") for each in texts) >= done.received - 1
    assert sum(each.endswith(" from a shell") for each in texts) == done.logged
    # On a busy machine a dialog may come late and take what was meant for the entry line.
    assert len(texts) > done.typed * 0.5
    assert grows("app", done.app) + grows("server", done.server) == []


@pytest.mark.soak
def test_a_program_that_keeps_everything_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert grows("app", soak(tmp_path, monkeypatch, 90, LEAKING).app) != []
