"""No text that people or machines log acts on the terminal of whoever reads it."""

from __future__ import annotations

import sys

import pytest

from tests.terminal.tmux_terminal import Terminal

PAYLOADS = {
    "clipboard": "before \x1b]52;c;cHduZWQ=\x07 after",
    "title": "before \x1b]0;pwned\x07 after",
    "title, closed otherwise": "before \x1b]2;pwned\x1b\\ after",
    "reset": "before \x1bc after",
    "one byte introducers": "before \x9d52;c;cHduZWQ=\x9c \x9b2J after",
    "through the multiplexer": "before \x1bPtmux;\x1b\x1b]52;c;cHduZWQ=\x07\x1b\\ after",
    "other screen": "before \x1b[?1049l\x1b[?25h\x1b[31m after",
    "direction": "before \u202egnp.exe\u2066 after",
    "markup": "before [/bold] [@click=app.quit]x[/] [/api/v1] after",
    "carriage return": "before\rovertyped\x08\x08 after",
    "bell and tab": "before \x07\x07\t after",
}


def test_the_terminal_would_obey(terminal: Terminal) -> None:
    """Were they printed raw, these texts would do harm here: the other tests can fail."""
    terminal.show("printf", "%s", PAYLOADS["clipboard"] + PAYLOADS["title"])
    assert terminal.buffer() == "pwned"
    assert terminal.title() == "pwned"


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_logged_text_is_shown_and_does_nothing(terminal: Terminal, name: str) -> None:
    terminal.cockpit("declare", "Checkout fails")
    terminal.show("true")
    title = terminal.title()
    terminal.start("INC-1")
    terminal.wait_for("Checkout fails", "1-4 Panes")
    terminal.cockpit("log", PAYLOADS[name])
    screen = terminal.wait_for("before", "after")
    assert "Checkout fails" in screen
    assert terminal.buffer() == ""
    assert terminal.title() == title
    terminal.press("n")
    terminal.wait_for("esc Done")
    terminal.type("still here")
    terminal.press("Enter")
    terminal.wait_for("still here", "What just happened?")


def test_hostile_titles_names_and_updates(terminal: Terminal) -> None:
    terminal.cockpit("declare", PAYLOADS["clipboard"] + PAYLOADS["title"])
    terminal.cockpit("set", "role.commander", PAYLOADS["title"])
    terminal.cockpit("set", "cause", PAYLOADS["reset"])
    terminal.show("true")
    title = terminal.title()
    terminal.start()
    terminal.wait_for("INC-1", "before")
    terminal.press("Enter")
    terminal.wait_for("1-4 Panes", "before")
    for pane in "2341":
        terminal.press(pane)
        terminal.wait_for(f"▌{pane}")
    assert terminal.buffer() == ""
    assert terminal.title() == title


def test_a_hostile_paste_is_only_text(terminal: Terminal) -> None:
    terminal.cockpit("declare", "Checkout fails")
    terminal.start("INC-1")
    terminal.wait_for("Checkout fails", "1-4 Panes")
    title = terminal.title()
    terminal.press("n")
    terminal.wait_for("esc Done")
    terminal.tmux("set-buffer", "-b", "hostile", "pasted \x9d0;pwned\x9c\u202e\x07 end")
    terminal.tmux("paste-buffer", "-p", "-d", "-b", "hostile")
    terminal.wait_for("pasted")
    terminal.press("Enter")
    terminal.wait_for("pasted", "end", "What just happened?")
    assert terminal.buffer() == ""
    assert terminal.title() == title


def test_the_command_line_prints_nothing_that_acts(terminal: Terminal) -> None:
    terminal.cockpit("declare", PAYLOADS["title"])
    for payload in PAYLOADS.values():
        terminal.cockpit("log", payload)
    terminal.show("true")
    title = terminal.title()
    for command in (["show"], ["list"], ["export"], ["show", "--json"], ["search", "before"]):
        terminal.show(sys.executable, "-m", "cockpit", *command)
        assert terminal.buffer() == ""
        assert terminal.title() == title
