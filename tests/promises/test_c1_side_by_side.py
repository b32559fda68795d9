"""The app and four shells write at once: nobody hears of locks, and every entry is there."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.app.pty_program import Program
from tests.promises.record_keeping import Note

COCKPIT = (sys.executable, "-m", "cockpit")

LOOP = """
n=0
while [ ! -e "$STOP" ]; do
  n=$((n + 1))
  if "$PYTHON" -m cockpit log "shell $1 entry $n"; then echo "shell $1 entry $n" >> "$ACKED"; fi
done
"""
"""Logs until a file is there; what was acknowledged stands in another."""


def run(*words: str) -> str:
    return subprocess.run([*COCKPIT, *words], check=True, capture_output=True, text=True).stdout


def texts() -> list[str]:
    shown = json.loads(run("show", "--entries", "1000000", "--json"))
    return [each["text"] for each in shown["timeline"]]


@pytest.mark.parametrize("seconds", [5, pytest.param(60, marks=pytest.mark.slow)])
def test_nobody_hears_of_locks_and_nothing_is_lost(
    home: Path, tmp_path: Path, seconds: int, monkeypatch: pytest.MonkeyPatch, record_property: Note
) -> None:
    run("declare", "Checkout fails")
    acked, stop = tmp_path / "acked", tmp_path / "stop"
    acked.touch()
    for name, value in (("STOP", stop), ("ACKED", acked), ("PYTHON", sys.executable)):
        monkeypatch.setenv(name, str(value))
    program = Program(home)
    loops = [
        subprocess.Popen(
            ["sh", "-c", LOOP, "sh", str(number)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        for number in range(4)
    ]
    try:
        program.wait_for(b"active")
        program.send(b"\r")
        program.read(2.0)
        program.send(b"n")
        program.read(0.5)
        typed = 0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            program.send(f"app entry {typed}\r".encode())
            program.read(0.25)
            typed += 1
        stop.touch()
        complaints = b"".join(each.communicate(timeout=60)[1] for each in loops)
        wanted = acked.read_text().splitlines()
        last = f"app entry {typed - 1}"
        program.wait_until(lambda: last in texts(), 30)
        program.send(b"\x11")
        program.wait()
    finally:
        stop.touch()
        program.close()
    assert complaints == b""
    assert b"locked" not in program.output
    found = texts()
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
