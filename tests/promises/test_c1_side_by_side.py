"""The app, four shells and the exchange write at once: nobody hears of locks, nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.pty_program import Program
from tests.promises.record_keeping import Note
from tests.sync.served import Served, serve

COCKPIT = (sys.executable, "-m", "cockpit")

LOOP = """
n=0
while [ ! -e "$STOP" ]; do
  n=$((n + 1))
  if "$PYTHON" -m cockpit log "shell $1 entry $n"; then echo "shell $1 entry $n" >> "$ACKED"; fi
done
"""
"""Logs until a file is there; what was acknowledged stands in another."""


BUSY = 5
"""How many times longer it may take on a machine that also runs other tests."""


def run(*words: str, home: Path | None = None) -> str:
    """Run a command to its end; home: another person's."""
    environ = {**os.environ, "COCKPIT_HOME": str(home), "COCKPIT_AUTHOR": "ben"} if home else None
    done = subprocess.run(
        [*COCKPIT, *words], check=True, capture_output=True, text=True, env=environ
    )
    return done.stdout


def texts(home: Path | None = None) -> list[str]:
    shown = json.loads(run("show", "INC-1", "--entries", "1000000", "--json", home=home))
    return [each["text"] for each in shown["timeline"]]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    (tmp_path / "server").mkdir()
    with serve(tmp_path / "server") as running:
        yield running


def share(served: Served, ben: Path) -> None:
    """Let INC-1 be shared with Ben."""
    run("sync", "join", f"{served.url}/j#{served.code}", "--store-in-file")
    run("declare", "Checkout fails")
    run("sync", "now")
    invite = json.loads(run("sync", "invite", "--json"))["address"]
    run("sync", "join", invite, "--store-in-file", home=ben)


def count_lines(file: Path) -> int:
    return len(file.read_text().splitlines())


def write_elsewhere(ben: Path, number: int) -> str:
    """Let Ben write an entry and send it; return its text."""
    text = f"ben entry {number}"
    run("log", "INC-1", text, home=ben)
    run("sync", "now", home=ben)
    return text


def start_loops() -> list[subprocess.Popen[bytes]]:
    """Start four shells that log until they are told to stop."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}
    return [subprocess.Popen(["sh", "-c", LOOP, "sh", str(number)], **quiet) for number in range(4)]


def begin_typing(program: Program) -> None:
    """Open the incident and its entry line."""
    program.wait_for(b"active")
    program.send(b"\r")
    program.wait_for(b"What just happened")
    program.send(b"n")
    program.read(0.5)


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.slow(80))])
def test_nobody_hears_of_locks_and_nothing_is_lost(
    home: Path,
    tmp_path: Path,
    served: Served,
    seconds: int,
    monkeypatch: pytest.MonkeyPatch,
    record_property: Note,
) -> None:
    ben = tmp_path / "ben"
    share(served, ben)
    acked, stop = tmp_path / "acked", tmp_path / "stop"
    acked.touch()
    for name, value in (("STOP", stop), ("ACKED", acked), ("PYTHON", sys.executable)):
        monkeypatch.setenv(name, str(value))
    program = Program(home)
    loops = start_loops()
    try:
        begin_typing(program)
        typed, came = 0, []
        began = time.monotonic()
        # On a busy machine it takes longer until there is enough to go by.
        while (past := time.monotonic() - began) < seconds or (
            past < BUSY * seconds and typed + len(came) + count_lines(acked) <= 2 * seconds
        ):
            program.send(f"app entry {typed}\r".encode())
            program.read(0.25)
            if typed % 20 == 0:
                came.append(write_elsewhere(ben, typed))
            typed += 1
        stop.touch()
        complaints = b"".join(each.communicate(timeout=60 * BUSY)[1] for each in loops)
        wanted = acked.read_text().splitlines()
        last = f"app entry {typed - 1}"
        program.wait_until(lambda: last in texts(), 30 * BUSY)
        program.send(b"\x11")
        program.wait()
    finally:
        stop.touch()
        program.close()
    assert complaints == b""
    assert b"locked" not in program.output
    run("sync", "now")
    run("sync", "now", home=ben)
    found = texts()
    assert sorted(texts(ben)) == sorted(found)
    wanted += came
    wanted += [f"app entry {number}" for number in range(typed)]
    assert sorted(each for each in found if " entry " in each) == sorted(wanted)
    assert len(wanted) > seconds * 2
    record_property("acknowledged", len(wanted))


def test_sixteen_starts_at_once(home: Path) -> None:
    starts = [
        subprocess.Popen([*COCKPIT, "declare", f"Number {number}"], stdout=subprocess.DEVNULL)
        for number in range(16)
    ]
    assert [each.wait(120) for each in starts] == [0] * 16
    listed = json.loads(run("list", "--json"))
    assert len({each["ref"] for each in listed}) == 16
