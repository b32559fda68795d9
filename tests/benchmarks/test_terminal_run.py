"""What is measured of a program is what it did: its bytes, its answers, its time, its end."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from benchmarks.terminal_run import Program, TerminalError, TerminalRun

SCRIPT = """
import os, signal, sys, termios, time, tty
tty.setraw(0)
held = bytearray(30_000_000)
def tell(*_):
    os.write(1, b"SIZE %d" % os.get_terminal_size(0).columns)
signal.signal(signal.SIGWINCH, tell)
begun = time.process_time()
while time.process_time() < begun + 0.1:
    pass
print("\\033[2J\\033[1;1HREA\\033[1;4HDY", end="", flush=True)
while (key := os.read(0, 1)) != b"q":
    if key == b"w":
        time.sleep(0.2)
    if key != b"s":
        os.write(1, b"\\033[5;1H" + key * 20)
"""


@pytest.fixture
def run() -> Iterator[TerminalRun]:
    if not sys.platform.startswith("linux"):
        pytest.skip("times of processors come from /proc")
    program = Program("known", (sys.executable, "-c", SCRIPT), "^READY", ("q",))
    with TerminalRun(program, 80, 24) as run:
        yield run


def test_the_start_is_over_once_the_screen_shows_what_was_split(run: TerminalRun) -> None:
    ready, cpu = run.wait_ready()
    assert ready > 0
    assert cpu >= 100
    assert run.peak_memory() > 30


def test_a_key_counts_its_bytes_and_its_time(run: TerminalRun) -> None:
    run.wait_ready()
    answer = run.press("a")
    assert answer.size == len("\033[5;1H") + 20
    assert run.press("w").first >= 200
    assert "w" * 20 in run.text()
    assert run.press("s", wait=0.2).size == 0


def test_nothing_is_sent_while_idle(run: TerminalRun) -> None:
    run.wait_ready()
    assert run.idle(0.3).size == 0


def test_a_held_key_has_no_lag_and_no_gap(run: TerminalRun) -> None:
    run.wait_ready()
    lag, gap = run.hold("a" * 5, rate=100)
    assert lag < 5_000
    assert 0 < gap < 5_000


def test_another_size_is_heard_of(run: TerminalRun) -> None:
    run.wait_ready()
    run.resize(100, 30)
    run.press("a")
    assert "SIZE 100" in run.text()


def test_the_end_is_the_program_s_own(run: TerminalRun) -> None:
    run.wait_ready()
    assert run.quit() > 0


def test_a_program_that_has_ended_is_not_waited_for(run: TerminalRun) -> None:
    run.wait_ready()
    run.send("q")
    with pytest.raises(TerminalError):
        run.wait_for("never", run.started)


def test_what_never_shows_is_an_error_with_the_screen(
    run: TerminalRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.wait_ready()
    monkeypatch.setattr("benchmarks.terminal_run.PATIENCE", 0.2)
    with pytest.raises(TerminalError, match="READY"):
        run.wait_for("never", run.started)
