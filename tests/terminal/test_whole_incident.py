"""A whole incident by keyboard alone, from the first alert to the exported post-mortem."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.terminal.conftest import OpenTerminal
from tests.terminal.tmux_terminal import Terminal

NOTES = (
    ("-5m alert received", "alert received"),
    ("/finding memory errors in service X", "memory errors in service X"),
    ("/decision revert v412", "revert v412"),
    ("/action v411 is rolling out", "v411 is rolling out"),
)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 35), (160, 45)])
def test_a_whole_incident_by_keyboard(
    open_terminal: OpenTerminal, home: Path, width: int, height: int
) -> None:
    terminal = open_terminal(width, height)
    terminal.start()
    declare(terminal)
    note(terminal)
    raise_severity(terminal)
    first = send_first_word(terminal)
    second = send_identified(terminal)
    tell(terminal)
    resolve(terminal)
    write_postmortem(terminal)
    exported = export(terminal, home)
    check(exported, first, second)
    terminal.press("C-q")
    terminal.wait_over()


def declare(terminal: Terminal) -> None:
    terminal.wait_for("New incident")
    terminal.press("n")
    terminal.wait_for("Declare an incident")
    terminal.type("Checkout fails")
    terminal.wait_for("Checkout fails")
    terminal.press("Enter")
    terminal.wait_for("Declared SEV2: Checkout fails")


def note(terminal: Terminal) -> None:
    terminal.press("n")
    terminal.wait_for("esc Done")
    for line, text in NOTES:
        terminal.type(line)
        terminal.press("Enter")
        terminal.wait_for("What just happened?", text)
    terminal.press("Escape")
    terminal.wait_for("Mark sent")


def raise_severity(terminal: Terminal) -> None:
    terminal.press("v")
    terminal.wait_for("why (may stay empty)")
    terminal.press("1")
    terminal.wait_for("customer data exposed")
    terminal.type("everybody is hit")
    terminal.wait_for("everybody is hit")
    terminal.press("Enter")
    terminal.wait_for("SEV1", "Severity: SEV1")


def send_first_word(terminal: Terminal) -> str:
    terminal.press("c")
    terminal.wait_for("Copied with tmux")
    text = terminal.buffer()
    assert text.startswith("We are aware of a problem")
    terminal.press("s")
    terminal.wait_for("Marked sent")
    # A key held down marks one update: the next is another once the note has gone.
    terminal.wait_gone("Marked sent")
    return text


def send_identified(terminal: Terminal) -> str:
    terminal.press("3")
    terminal.wait_for("We are still looking into the problem")
    terminal.press("Right")
    terminal.wait_for("We have found the cause")
    terminal.press("c")
    terminal.wait_for("Copied with tmux")
    text = terminal.buffer()
    assert text.startswith("We have found the cause")
    terminal.press("s")
    terminal.wait_for("Marked sent")
    return text


def tell(terminal: Terminal) -> None:
    terminal.press("2")
    terminal.wait_for("Manage closely", "Told all")
    terminal.press("T")
    terminal.wait_for("told at")


def resolve(terminal: Terminal) -> None:
    terminal.press("S")
    terminal.wait_for("It is over for customers")
    terminal.press("4", "Enter")
    terminal.wait_for("Resolved", "Status: resolved")


def write_postmortem(terminal: Terminal) -> None:
    terminal.press("4")
    terminal.wait_for("Adopt draft", "Drafted from what is known")
    terminal.press("e")
    terminal.wait_for("esc Done")
    terminal.type("Payments failed for everybody. ")
    terminal.wait_for("Payments failed for everybody", "saved")
    terminal.press("Escape")
    terminal.wait_for("Adopt draft")


def export(terminal: Terminal, home: Path) -> str:
    terminal.press("x")
    terminal.wait_for("internal document, as Markdown")
    terminal.press("Enter")
    terminal.wait_for("Written to")
    (file,) = (home / "exports").iterdir()
    return file.read_text(encoding="utf-8")


def check(exported: str, first: str, second: str) -> None:
    """Every fact is there, in order, each with its time in UTC."""
    assert "Payments failed for everybody." in exported.split("## Timeline")[0]
    timeline = exported.split("## Timeline")[1].split("\n## ")[0]
    rows = [line for line in timeline.splitlines() if re.match(r"\| \d{4}-", line)]
    assert all(re.match(r"\| \d{4}-\d\d-\d\d \d\d:\d\d UTC \|", row) for row in rows)
    assert [row[:22] for row in rows] == sorted(row[:22] for row in rows)
    facts = (
        "alert received",
        "Declared SEV2: Checkout fails",
        "memory errors in service X",
        "revert v412",
        "v411 is rolling out",
        "everybody is hit",
        "Copied for customers",
        "Sent to customers",
        "Copied for customers",
        "Sent to customers",
        "Told",
        "resolved",
    )
    place = 0
    for fact in facts:
        while place < len(rows) and fact not in rows[place]:
            place += 1
        assert place < len(rows), f"{fact} is missing or out of order in:\n{timeline}"
        place += 1
    for text in (first, second):
        assert timeline.count(text.splitlines()[0]) == 2  # word for word, copied and sent
