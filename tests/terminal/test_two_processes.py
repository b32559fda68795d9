"""What another process appends is seen at once, and disturbs nobody who is typing."""

from __future__ import annotations

import json
import time

from tests.terminal.conftest import OpenTerminal
from tests.terminal.tmux_terminal import Terminal

LIVE_SECONDS = 20.0
"""The promise is one second; a machine that also runs other tests gets more."""


def open_incident(terminal: Terminal) -> None:
    terminal.start("INC-1")
    terminal.wait_for("Checkout fails", "1-4 Panes")


def test_an_entry_from_the_shell_appears_while_somebody_types(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails")
    open_incident(terminal)
    terminal.press("n")
    terminal.wait_for("esc Done")
    terminal.type("half a thou")
    terminal.wait_for("half a thou")
    terminal.cockpit("log", "seen by the other one")
    terminal.wait_for("seen by the other one", "half a thou", seconds=LIVE_SECONDS)
    terminal.type("ght is whole")
    terminal.press("Enter")
    terminal.wait_for("half a thought is whole", "What just happened?")
    texts = [entry["text"] for entry in json.loads(terminal.cockpit("show", "--json"))["timeline"]]
    assert texts[-2:] == ["seen by the other one", "half a thought is whole"]


def test_changes_from_the_shell_appear(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails")
    open_incident(terminal)
    terminal.cockpit("set", "severity", "SEV1", "--reason", "it spreads")
    terminal.wait_for("it spreads", seconds=LIVE_SECONDS)
    terminal.cockpit("set", "title", "Checkout and search fail")
    terminal.wait_for("Checkout and search fail", seconds=LIVE_SECONDS)
    terminal.cockpit("set", "status", "identified")
    terminal.wait_for("Identified", seconds=LIVE_SECONDS)


def test_a_new_incident_appears_on_home(terminal: Terminal) -> None:
    terminal.start()
    terminal.wait_for("New incident")
    terminal.cockpit("declare", "Search is slow", "--severity", "SEV3")
    terminal.wait_for("Search is slow", "INC-1", seconds=LIVE_SECONDS)


def test_two_apps_see_each_other(open_terminal: OpenTerminal) -> None:
    one, other = open_terminal(), open_terminal(80, 24)
    one.cockpit("declare", "Checkout fails")
    open_incident(one)
    open_incident(other)
    for terminal, text in ((one, "from the first"), (other, "from the second")):
        terminal.press("n")
        terminal.wait_for("esc Done")
        terminal.type(text)
        terminal.press("Enter")
        terminal.wait_for(text, "What just happened?")
    one.wait_for("from the second", seconds=LIVE_SECONDS)
    other.wait_for("from the first", seconds=LIVE_SECONDS)


def test_many_writers_lose_nothing(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails")
    open_incident(terminal)
    terminal.press("n")
    terminal.wait_for("esc Done")
    wanted = []
    for number in range(5):
        terminal.cockpit("log", f"shell {number}")
        terminal.type(f"app {number}")
        terminal.press("Enter")
        wanted += [f"shell {number}", f"app {number}"]
    terminal.wait_for("shell 4", "app 4", "What just happened?")
    shown = json.loads(terminal.cockpit("show", "--entries", "100", "--json"))["timeline"]
    texts = [entry["text"] for entry in shown]
    assert sorted(text for text in texts if text in wanted) == sorted(wanted)


def test_a_database_that_is_deleted_is_said_in_time(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails")
    open_incident(terminal)
    (terminal.home / "cockpit.db").unlink()
    began = time.monotonic()
    terminal.wait_for("! Not recording: ")
    assert time.monotonic() - began < LIVE_SECONDS
    terminal.press("n")
    terminal.type("half a thought")
    terminal.press("Enter")
    terminal.wait_for("half a thought", "! Not recording: ")
    terminal.press("C-q")
    terminal.wait_over()
