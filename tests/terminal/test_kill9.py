"""Killed at any moment: what was shown as saved is there, what was half typed is offered again."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import pytest

from tests.terminal.conftest import OpenTerminal
from tests.terminal.tmux_terminal import Terminal

DRAFT_SECONDS = 1.0
"""How much typing a kill may cost."""

SAVED_SECONDS = 2.0
"""How long a post-mortem is typed at most until it is saved."""

BUSY_MACHINE = 20
"""How many times longer both may take on a machine that also runs other tests."""


def texts_of(terminal: Terminal) -> list[str]:
    shown = json.loads(terminal.cockpit("show", "INC-1", "--entries", "1000", "--json"))
    return [entry["text"] for entry in shown["timeline"]]


def open_incident(terminal: Terminal) -> None:
    terminal.start("INC-1")
    terminal.wait_for("Checkout fails", "1-4 Panes")


def wait_for_draft(home: Path, text: str, seconds: float) -> None:
    last = time.monotonic() + seconds
    while not any(text in file.read_text("utf-8", "replace") for file in drafts(home)):
        assert time.monotonic() < last, [file.name for file in drafts(home)]
        time.sleep(0.02)


def drafts(home: Path) -> list[Path]:
    place = home / "drafts"
    return [file for file in place.iterdir() if file.is_file()] if place.is_dir() else []


def test_nothing_acknowledged_is_lost_and_the_draft_is_offered(
    terminal: Terminal, home: Path
) -> None:
    terminal.cockpit("declare", "Checkout fails")
    open_incident(terminal)
    terminal.press("n")
    terminal.wait_for("esc Done")
    for number in range(3):
        terminal.type(f"entry {number}")
        terminal.press("Enter")
        terminal.wait_for(f"entry {number}", "What just happened?")
    terminal.type("half a thought about the cache")
    terminal.wait_for("half a thought about the cache")
    wait_for_draft(home, "half a thought about the cache", DRAFT_SECONDS * BUSY_MACHINE)
    terminal.kill()
    texts = texts_of(terminal)
    assert [text for text in texts if text.startswith("entry")] == ["entry 0", "entry 1", "entry 2"]
    assert not any("half a thought" in text for text in texts)
    open_incident(terminal)
    terminal.wait_for("half a thought about the cache")


def test_drafts_are_private(terminal: Terminal, home: Path) -> None:
    terminal.cockpit("declare", "Checkout fails")
    open_incident(terminal)
    terminal.press("n")
    terminal.wait_for("esc Done")
    terminal.type("a secret thought")
    wait_for_draft(home, "a secret thought", DRAFT_SECONDS * BUSY_MACHINE)
    assert {file.stat().st_mode & 0o777 for file in drafts(home)} == {0o600}
    assert (home / "drafts").stat().st_mode & 0o777 == 0o700


def write_section(terminal: Terminal, text: str) -> None:
    open_incident(terminal)
    terminal.press("4")
    terminal.wait_for("Adopt draft")
    terminal.press("e")
    terminal.wait_for("esc Done")
    terminal.type(text)
    terminal.wait_for(text.strip())


def test_a_postmortem_that_was_saved_while_typing_survives(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails")
    write_section(terminal, "Customers could not pay. ")
    last = time.monotonic() + SAVED_SECONDS * BUSY_MACHINE
    while "Customers could not pay." not in terminal.cockpit("export", "INC-1"):
        assert time.monotonic() < last
    terminal.kill()
    assert "Customers could not pay." in terminal.cockpit("export", "INC-1")


def test_a_postmortem_that_was_being_typed_is_put_back(terminal: Terminal, home: Path) -> None:
    terminal.cockpit("declare", "Checkout fails")
    write_section(terminal, "Nobody could pay. ")
    wait_for_draft(home, "Nobody could pay.", DRAFT_SECONDS * BUSY_MACHINE)
    terminal.kill()
    open_incident(terminal)
    terminal.press("4")
    terminal.wait_for("Nobody could pay.")


def test_what_was_typed_before_a_kill_can_be_taken_back_after_it(
    terminal: Terminal, home: Path
) -> None:
    terminal.cockpit("declare", "Checkout fails")
    write_section(terminal, "One thought. ")
    terminal.press("Enter")
    terminal.type("Another one. ")
    terminal.wait_for("Another one.")
    wait_for_draft(home, "Another one.", DRAFT_SECONDS * BUSY_MACHINE)
    time.sleep(DRAFT_SECONDS)
    terminal.kill()
    assert {file.stat().st_mode & 0o777 for file in drafts(home)} == {0o600}
    open_incident(terminal)
    terminal.press("4")
    terminal.wait_for("One thought.", "Another one.")
    terminal.press("e")
    terminal.wait_for("esc Done")
    terminal.press("C-z")
    terminal.wait_gone("Another one.")
    assert "One thought." in terminal.screen()


@pytest.mark.parametrize(
    "seed",
    [
        *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(8)),
        *(pytest.param(seed, marks=pytest.mark.extra) for seed in range(8, 20)),
    ],
)
def test_killed_at_random_moments(open_terminal: OpenTerminal, seed: int) -> None:
    terminal = open_terminal(80, 24)
    terminal.cockpit("declare", "Checkout fails")
    open_incident(terminal)
    terminal.press("n")
    terminal.wait_for("esc Done")
    chance = random.Random(seed)
    last = time.monotonic() + chance.uniform(0.2, 3)
    number = 0
    while time.monotonic() < last:
        terminal.type(f"entry-{number:03}.")
        terminal.press("Enter")
        number += 1
    timeline = terminal.screen().rpartition("›")[0]
    shown = [word for word in timeline.split() if word.startswith("entry-")]
    terminal.kill()
    kept = [text for text in texts_of(terminal) if text.startswith("entry-")]
    assert len(kept) == len(set(kept))
    assert set(shown) <= set(kept)
    assert "no problem" in terminal.cockpit("doctor", check=False).lower() or kept == sorted(kept)
