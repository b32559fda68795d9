"""Ctrl+Z and fg: the shell comes back, then the screen, the keys and what was half typed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.terminal.tmux_terminal import Terminal

ROUNDS = [5, pytest.param(50, marks=pytest.mark.slow(40))]


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
@pytest.mark.parametrize("rounds", ROUNDS)
def test_the_app_is_put_aside_and_comes_back(terminal: Terminal, home: Path, rounds: int) -> None:
    terminal.cockpit("declare", "Checkout fails")
    terminal.run("env", "PS1=ready> ", "bash", "--norc", "--noprofile", "-i")
    terminal.wait_for("ready>")
    terminal.type(f"clear; {sys.executable} -m cockpit INC-1")
    terminal.press("Enter")
    terminal.wait_for("Checkout fails", "1-4 Panes")
    for number in range(rounds):
        terminal.press("n")
        terminal.wait_for("esc Done")
        terminal.type(f"half {number}")
        terminal.wait_for(f"half {number}")
        terminal.press("C-z")
        terminal.wait_for("Stopped", "ready>")
        kept = "".join(each.read_text() for each in (home / "drafts").glob("*.draft"))
        assert f"half {number}" in kept
        terminal.type("clear; echo shell $((40 + 2))")
        terminal.press("Enter")
        terminal.wait_for("shell 42")
        terminal.type("fg")
        terminal.press("Enter")
        terminal.wait_for("Checkout fails", f"half {number}", "esc Done")
        terminal.type(" whole")
        terminal.press("Enter")
        terminal.wait_for(f"half {number} whole", "What just happened?")
        terminal.press("Escape")
        terminal.wait_for("1-4 Panes")
    terminal.press("C-q")
    terminal.wait_for("ready>")
    shown = terminal.cockpit("show", "INC-1", "--entries", "100")
    assert all(f"half {number} whole" in shown for number in range(rounds))


def test_without_a_shell_it_stays(terminal: Terminal) -> None:
    """A stopped program in a window of its own could not be brought back by anybody."""
    terminal.start()
    terminal.wait_for("New incident")
    terminal.press("C-z")
    terminal.wait_for("it stays")
    terminal.press("n")
    terminal.wait_for("Declare an incident")
    terminal.press("C-q")
    terminal.wait_over()
