"""A full drill by keyboard on a small screen; its debrief agrees with the event log."""

from __future__ import annotations

import json
from pathlib import Path

from tests.drill_log import check_agreement
from tests.terminal.conftest import OpenTerminal
from tests.terminal.tmux_terminal import Terminal

SPEED = "60"
LONG = 60.0


def test_a_drill_by_keyboard_and_its_debrief(
    open_terminal: OpenTerminal, home: Path, tmp_path: Path
) -> None:
    terminal = open_terminal(80, 24)
    terminal.start("drill", "checkout-outage", "--speed", SPEED)
    terminal.wait_for("Customers cannot pay", "drill", "41 % of payments fail")
    acknowledge(terminal)
    raise_severity(terminal)
    tell(terminal)
    send_first_word(terminal)
    take_a_break(terminal)
    terminal.press("1")
    terminal.wait_for("The alert is closed", seconds=LONG)
    resolve(terminal)
    close(terminal)
    shown = terminal.wait_for("Debrief: Customers cannot pay", "What went well")
    assert "16 injects came in" in shown
    terminal.press("q")
    terminal.wait_gone("Debrief")
    terminal.press("F8")
    terminal.wait_for("Debrief: Customers cannot pay")
    terminal.press("C-q")
    terminal.wait_over()
    check(terminal, home, tmp_path)


def acknowledge(terminal: Terminal) -> None:
    terminal.press("W")
    terminal.wait_for("why (may stay empty)")
    terminal.press("2", "Enter")
    terminal.wait_for("Stage: acknowledged")


def raise_severity(terminal: Terminal) -> None:
    terminal.press("v")
    terminal.wait_for("why (may stay empty)")
    terminal.press("2", "Enter")
    terminal.wait_for("Severity: SEV2. u takes it back")


def tell(terminal: Terminal) -> None:
    terminal.press("2")
    terminal.wait_for("Manage closely", "Told all")
    terminal.press("O")
    terminal.wait_for("told at")


def send_first_word(terminal: Terminal) -> None:
    terminal.press("c")
    terminal.wait_for("Copied with tmux")
    assert terminal.buffer().startswith("We are aware of a problem")
    terminal.press("s")
    terminal.wait_for("Marked sent")


def take_a_break(terminal: Terminal) -> None:
    """Quit and come back: the drill goes on where it was."""
    terminal.press("C-q")
    terminal.wait_over()
    before = state(terminal)
    after = state(terminal)
    assert before == after, "its clock stands still while nobody runs it"
    assert not before["over"]
    terminal.start("drill")
    terminal.wait_for("Customers cannot pay", "drill", "SEV2")


def state(terminal: Terminal) -> dict[str, object]:
    (only,) = json.loads(terminal.cockpit("drill", "--list", "--json"))["drills"]
    found: dict[str, object] = only
    return found


def resolve(terminal: Terminal) -> None:
    terminal.press("S")
    terminal.wait_for("It is over for customers")
    terminal.press("4", "Enter")
    terminal.wait_for("Resolved", "Status: resolved")


def close(terminal: Terminal) -> None:
    """Waive what an exercise need not do, one check after the other, until none is left."""
    terminal.press("X")
    for left in (2, 1):
        terminal.wait_for(f"{left} thing")
        terminal.press("Enter")
        terminal.wait_for("2  Waive it")
        terminal.press("2")
        terminal.wait_for("Why it does not apply here")
        terminal.type("an exercise")
        terminal.wait_for("an exercise")
        terminal.press("Enter")
    terminal.wait_for("nothing is left")
    terminal.press("Enter")


def check(terminal: Terminal, home: Path, directory: Path) -> None:
    assert state(terminal)["over"]
    found = json.loads(terminal.cockpit("drill", "debrief", "--json"))
    (place,) = (home / "drills").iterdir()
    beside = Terminal(directory, place, 80, 24)
    exported = json.loads(beside.cockpit("export", "INC-1", "--format", "json"))
    check_agreement(found, exported)
