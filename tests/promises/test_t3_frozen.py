"""Behind a terminal that nobody reads: events come and go, and what fell due is said afterwards."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.app.pty_program import Program
from tests.sync.served import serve

THAW_SECONDS = 2.0
END_SECONDS = 3.5
BUSY = 5.0
"""How many times longer it may take on a machine that also runs other tests."""


def cockpit(home: Path, author: str, *words: str) -> str:
    """Run a command to its end, as somebody at a shell would."""
    done = subprocess.run(
        [sys.executable, "-m", "cockpit", *words],
        env={**os.environ, "COCKPIT_HOME": str(home), "COCKPIT_AUTHOR": author},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def texts(home: Path) -> list[str]:
    shown = json.loads(cockpit(home, "ana", "show", "INC-1", "--entries", "1000", "--json"))
    return [each["text"] for each in shown["timeline"]]


def wait_until(holds: Callable[[], bool], seconds: float) -> None:
    """Wait without reading the terminal."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.2)


@pytest.fixture
def frozen(home: Path) -> Iterator[Program]:
    """The app at an incident, at a terminal that nobody reads: its loop hangs in a write."""
    home.mkdir()
    (home / "config.toml").write_text("bell = true\n")
    cockpit(home, "ana", "declare", "Checkout fails", "--sev", "2")
    cockpit(home, "ana", "update", "--sent", "--force")
    program = Program(home)
    program.wait_for(b"active")
    yield program
    program.close()


def freeze(program: Program) -> None:
    """Read no more, and let the app draw until it can write nothing."""
    program.output = b""
    for number in range(100):
        program.type("?" if number % 2 else "\x1b")
        time.sleep(0.03)
    time.sleep(1.0)


@pytest.mark.parametrize("seconds", [0, pytest.param(60, marks=pytest.mark.slow(70))])
def test_what_is_shared_comes_and_goes(tmp_path: Path, home: Path, seconds: int) -> None:
    (tmp_path / "server").mkdir()
    ben = tmp_path / "ben"
    with serve(tmp_path / "server") as served:
        join = ("sync", "join", "--store-in-file")
        cockpit(home, "ana", *join, f"{served.url}/j#{served.code}")
        cockpit(home, "ana", "declare", "Checkout fails")
        cockpit(home, "ana", "sync", "now")
        invite = json.loads(cockpit(home, "ana", "sync", "invite", "--json"))["address"]
        cockpit(ben, "ben", *join, invite)
        program = Program(home, environ={"COCKPIT_AUTHOR": "ana"})
        try:
            program.wait_for(b"active")
            program.type("\r")
            program.wait_for(b"synced")
            freeze(program)
            time.sleep(seconds)
            cockpit(home, "ana", "log", "INC-1", "from a shell of ana")
            cockpit(ben, "ben", "log", "INC-1", "from ben")
            cockpit(ben, "ben", "sync", "now")
            wait_until(lambda: "from ben" in texts(home), 20)

            def arrived() -> bool:
                cockpit(ben, "ben", "sync", "now")
                return "from a shell of ana" in texts(ben)

            wait_until(arrived, 30)
            assert is_stuck(program)
        finally:
            program.close()


def is_stuck(program: Program) -> bool:
    """Say whether the app draws no more, although a key came."""
    program.type("?")
    time.sleep(0.5)
    before = Path(f"/proc/{program.process.pid}/io")
    if not before.exists():
        return True
    written = before.read_text().split("wchar: ")[1].split()[0]
    time.sleep(1.5)
    return before.read_text().split("wchar: ")[1].split()[0] == written


@pytest.mark.parametrize("seconds", [0, pytest.param(60, marks=pytest.mark.slow(70))])
def test_what_is_typed_is_kept_and_a_signal_ends_it(
    frozen: Program, home: Path, seconds: int
) -> None:
    frozen.type("\r")
    frozen.wait_for(b"Declared SEV2")
    frozen.type("nhalf a thou")
    frozen.wait_until(lambda: frozen.draft() == "half a thou")
    frozen.type("\x1b")
    freeze(frozen)
    assert is_stuck(frozen)
    cockpit(home, "ana", "log", "INC-1", "from a shell")
    time.sleep(seconds)
    assert frozen.draft() == "half a thou"
    asked = time.monotonic()
    frozen.process.send_signal(signal.SIGTERM)
    assert frozen.process.wait(20) == 128 + signal.SIGTERM
    assert time.monotonic() - asked <= END_SECONDS
    assert "from a shell" in texts(home)


def test_what_fell_due_meanwhile_is_said_and_rung(frozen: Program, home: Path) -> None:
    due = datetime.now(UTC) + timedelta(seconds=8)
    due_text = due.isoformat(timespec="seconds")
    cockpit(home, "ana", "promise", "extend", "INC-1", due_text, "-r", "a test runs")
    frozen.read(1.5)
    freeze(frozen)
    time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()) + 1.0)
    assert b"customer update overdue" not in frozen.output
    began = time.monotonic()
    frozen.wait_until(lambda: b"\x07" in frozen.output)
    assert time.monotonic() - began < THAW_SECONDS * BUSY
    frozen.wait_for(b"overdue")
