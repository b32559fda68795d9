"""The countdown in a real terminal: it wakes up right, and gives the title back that was there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from tests.terminal.tmux_terminal import SECONDS, Terminal

WAKING_SECONDS = 2.0
BUSY_MACHINE = 8.0
"""How many times longer it may take on a machine that also runs other tests."""
AHEAD_SECONDS = (5, 20, 80)
"""How long after the extension the promised time passes: longer where the machine is slow, as the
program has to be stopped by then."""
ASLEEP_SECONDS = 3.0


def _start(terminal: Terminal) -> int:
    """Start the app under a shell, with a title of the shell's own; return its process id.

    tmux wakes a program of its own that is stopped; one that a shell runs stays asleep.
    """
    run = 'printf "\\033]2;my shell\\007"; "$0" -m cockpit INC-1; exec sleep 1000'
    terminal.run("sh", "-c", run, sys.executable)
    terminal.wait_for("Checkout fails", "1-4 Panes")
    command = ["ps", "-o", "pid=", "--ppid", str(terminal.pid)]
    listed = subprocess.run(command, capture_output=True, check=True)
    return int(listed.stdout.split()[0])


def _wait_title(terminal: Terminal, words: str, seconds: float = SECONDS) -> None:
    last = time.monotonic() + seconds
    while words not in (title := terminal.title()):
        assert time.monotonic() < last, (words, title)
        time.sleep(0.05)


def _sleep_before_it_is_due(terminal: Terminal, app: int) -> float:
    """Extend the promise and stop the program; return in how many seconds the time passes."""
    for ahead in AHEAD_SECONDS:
        due = datetime.now(UTC) + timedelta(seconds=ahead)
        reason = f"{ahead} s will do"
        terminal.cockpit("promise", "extend", due.isoformat(timespec="seconds"), "-r", reason)
        terminal.wait_for(reason)
        os.kill(app, signal.SIGSTOP)
        left = (due - datetime.now(UTC)).total_seconds()
        if left > 0:
            return left
        os.kill(app, signal.SIGCONT)
    raise AssertionError("the time had passed before the program slept")


def test_what_became_late_asleep_is_said_within_two_seconds_of_waking(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails", "--sev", "2")
    terminal.cockpit("update", "--sent", "--force")
    app = _start(terminal)
    left = _sleep_before_it_is_due(terminal, app)
    try:
        time.sleep(left + ASLEEP_SECONDS)
        assert "overdue" not in terminal.screen(), "a program that is stopped draws nothing"
    finally:
        os.kill(app, signal.SIGCONT)
    overdue = ("! Customer update overdue", "INC-1: customer update overdue")
    terminal.wait_for(*overdue, seconds=WAKING_SECONDS * BUSY_MACHINE)


def test_the_title_is_given_back(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails", "--sev", "2")
    terminal.cockpit("update", "--sent", "--force")
    (terminal.home / "config.toml").write_text("terminal_title = true\n")
    _start(terminal)
    _wait_title(terminal, "INC-1 in ")
    terminal.press("C-q")
    _wait_title(terminal, "my shell")


def test_a_program_that_is_ended_gives_the_title_back(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails", "--sev", "2")
    (terminal.home / "config.toml").write_text("terminal_title = true\n")
    app = _start(terminal)
    _wait_title(terminal, "INC-1 in ")
    os.kill(app, signal.SIGTERM)
    _wait_title(terminal, "my shell")


def test_without_the_setting_the_title_is_left_alone(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails", "--sev", "2")
    _start(terminal)
    time.sleep(1.5)
    assert terminal.title() == "my shell"
