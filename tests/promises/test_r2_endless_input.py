"""Endless standard input: bounded memory, entries that say what was cut, a producer that ends."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

MOST_KB = 250_000
PROGRAM = [sys.executable, "-m", "cockpit"]


def cockpit(*words: str) -> str:
    return subprocess.run([*PROGRAM, *words], check=True, capture_output=True, text=True).stdout


def peak_kb(process: subprocess.Popen[bytes]) -> int:
    """Return the most memory that a process had so far (KiB), 0 once it is gone."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0
    )


def feed(producer: str, *words: str, seconds: float) -> int:
    """Pipe a shell command into the cockpit for some seconds; return the most memory it had."""
    if not sys.platform.startswith("linux"):
        pytest.skip("memory of another process is only read on Linux")
    source = subprocess.Popen(["sh", "-c", producer], stdout=subprocess.PIPE)
    reader = subprocess.Popen([*PROGRAM, *words], stdin=source.stdout, stdout=subprocess.DEVNULL)
    assert source.stdout is not None
    source.stdout.close()
    most, end = 0, time.monotonic() + seconds
    while reader.poll() is None and time.monotonic() < end:
        most = max(most, peak_kb(reader))
        time.sleep(0.02)
    for each in (source, reader):
        each.terminate()
    source.wait(20)
    reader.wait(20)
    return most


def entries() -> list[str]:
    shown = json.loads(cockpit("show", "--entries", "100000", "--json"))
    return [each["text"] for each in shown["timeline"]]


@pytest.mark.parametrize("seconds", [4, pytest.param(60, marks=pytest.mark.slow(65))])
def test_lines_without_end(home: Path, seconds: float) -> None:
    cockpit("declare", "Checkout fails")
    # Long lines, so that several portions are stored in a short time.
    line = "a line " * 100 + "end"
    assert 0 < feed(f"yes '{line}'", "log", "--lines", "-", seconds=seconds) < MOST_KB
    lines = [each for each in entries() if each.startswith("a line")]
    assert len(lines) > 50
    assert set(lines) == {line}


@pytest.mark.parametrize("words", [("log", "-"), ("log", "--lines", "-")])
def test_a_gigabyte_without_a_line_end(home: Path, words: tuple[str, ...]) -> None:
    cockpit("declare", "Checkout fails")
    producer = "head -c 1000000000 /dev/zero | tr '\\\\0' x"
    assert 0 < feed(producer, *words, seconds=90) < MOST_KB
    kept = entries()[1:]
    assert kept
    assert any("cut here" in each for each in kept)


def test_a_program_that_takes_all_in_at_once_is_found(home: Path) -> None:
    """The guard off: the measure sees a program that keeps what comes."""
    greedy = "import sys; data = sys.stdin.buffer.read(600_000_000); print(len(data))"
    source = subprocess.Popen(["head", "-c", "600000000", "/dev/zero"], stdout=subprocess.PIPE)
    reader = subprocess.Popen([sys.executable, "-c", greedy], stdin=source.stdout)
    assert source.stdout is not None
    source.stdout.close()
    most, end = 0, time.monotonic() + 90
    while reader.poll() is None and time.monotonic() < end:
        most = max(most, peak_kb(reader))
        time.sleep(0.01)
    for each in (reader, source):
        each.kill()
        each.wait(20)
    assert most > MOST_KB
