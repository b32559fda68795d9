"""From launch to a first word for customers on the clipboard: the title and at most four keys."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.terminal.tmux_terminal import Terminal

TITLE = "Checkout fails"


def test_the_title_and_at_most_four_keys(terminal: Terminal, home: Path) -> None:
    terminal.start()
    terminal.wait_for("New incident")
    keys = ("n", TITLE, "Enter", "c")
    assert len(keys) - 1 <= 4
    terminal.press(keys[0])
    terminal.wait_for("Declare an incident")
    terminal.type(keys[1])
    terminal.press(keys[2])
    terminal.wait_for(f"Declared SEV2: {TITLE}")
    terminal.press(keys[3])
    terminal.wait_for("Copied with tmux")
    text = terminal.buffer()
    assert text.startswith("We are aware of a problem")
    assert TITLE in text
    assert "Next update by" in text
    kept = home / "last-update.txt"
    assert kept.read_text(encoding="utf-8").rstrip("\n") == text.rstrip("\n")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_enter_does_not_overtake_the_title(terminal: Terminal) -> None:
    """All keys come in one piece, as from a slow line."""
    terminal.start()
    terminal.wait_for("New incident")
    terminal.press("n")
    terminal.wait_for("Declare an incident")
    terminal.press(*TITLE.replace(" ", "_"), "Enter")
    terminal.wait_for(f"Declared SEV2: {TITLE.replace(' ', '_')}")


def test_a_title_typed_ahead_is_not_taken_for_commands(terminal: Terminal) -> None:
    """On a slow line the whole declaration arrives before the screen for it is there."""
    terminal.start()
    terminal.wait_for("New incident")
    terminal.press("n", *"quotas_are_gone", "Enter")
    terminal.wait_for("Declared SEV2: quotas_are_gone")


def test_from_the_shell_it_is_one_command(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cockpit", "declare", TITLE, "--copy"],
        env=os.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        start_new_session=True,
    )
    assert "INC-1 declared" in done.stdout
    assert TITLE in (home / "last-update.txt").read_text(encoding="utf-8")
