"""A mistake of ours, wherever it happens: a page without anybody's words, and the way to go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.pty_program import Program

WORDS = "canary words of a person"

FAULTS = {
    "action": "DeclareScreen.action_worse = fail",
    "worker": "DeclareScreen.action_worse = lambda self: self.run_worker(later(self))",
    "timer": "DeclareScreen.action_worse = lambda self: self.set_timer(0.01, lambda: fail(self))",
    "drawing": "DeclareScreen.action_worse = lambda self: (setattr(Widget, 'render', fail), "
    "self.refresh(layout=True, recompose=True))",
    "dialog": "DeclareScreen.action_worse = lambda self: self.app.push_screen(Broken())",
    "group": "DeclareScreen.action_worse = group",
}
"""Where it happens → Python that brings it about when arrow up is pressed."""

FAILING = """
from textual.widget import Widget
from textual.screen import Screen
from cockpit.screens.declare import DeclareScreen
words = bytes.fromhex({words!r}).decode()
def fail(self, *_):
    typed = [each.value for each in self.app.screen_stack[-1].query("TextField")]
    raise RuntimeError(f"what was typed: {{typed}} {{words}}")
async def later(self): fail(self)
class Broken(Screen):
    def compose(self): fail(self)
def group(self):
    try:
        fail(self)
    except RuntimeError as error:
        raise ExceptionGroup(words, [error, ValueError(words)]) from error
{fault}
"""
"""The mistake has what was typed in its words and in its variables, and not in its source, which
a report may show."""

TALKATIVE = """
from textual.app import App
from cockpit.app import CockpitApp
CockpitApp._fatal_error = App._fatal_error
CockpitApp._print_error_renderables = App._print_error_renderables
"""
"""The guard off: the library's own page."""


def failing(where: str) -> str:
    """Return the Python that lets a mistake happen there."""
    return FAILING.format(words=WORDS.encode().hex(), fault=FAULTS[where])


def break_down(home: Path, where: str, before: str = "") -> bytes:
    """Type something, bring the mistake about, and return what stands below the app's screen."""
    program = Program(home, failing(where) + before)
    try:
        program.wait_for(b"declare an incident")
        program.type("n")
        program.wait_for(b"Irreversible")
        program.type("half a title")
        program.wait_until(lambda: program.draft() == "half a title")
        program.type("\x1b[A")
        assert program.wait() == 1
        assert program.left_behind() == []
        return program.output[program.output.rfind(b"\x1b[?1049l") :]
    finally:
        program.close()


@pytest.mark.parametrize("where", FAULTS)
def test_the_page_says_what_counts_and_quotes_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    home = tmp_path / "a home with a name that is longer than a line of the terminal" / "of ana"
    monkeypatch.setenv("COCKPIT_HOME", str(home))
    page = break_down(home, where)
    assert b"Everything is saved" in page
    assert b"Go on with: cockpit" in page
    (report,) = home.glob("report-*.txt")
    assert str(report).encode() in page, "a path in pieces cannot be copied"
    assert report.stat().st_mode & 0o777 == 0o600
    said = page.decode() + report.read_text()
    assert "RuntimeError" in said
    assert WORDS not in said
    assert "half a title" not in said
    again = Program(home)
    try:
        again.wait_for(b"Not declared yet")
        again.type("n")
        again.wait_for(b"half a title")
    finally:
        again.close()


def test_the_library_s_own_page_would_quote_what_was_typed(home: Path) -> None:
    """The guard off: were nothing quoted, the test above would prove nothing."""
    page = break_down(home, "action", TALKATIVE)
    assert b"half a title" in page


def test_what_could_not_be_recorded_is_not_called_saved(home: Path) -> None:
    program = Program(home, failing("action"))
    try:
        program.wait_for(b"declare an incident")
        program.type("n")
        program.wait_for(b"Irreversible")
        (home / "cockpit.db").rename(home / "elsewhere.db")
        program.wait_for(b"Not recording")
        program.type("\x1b[A")
        assert program.wait() == 1
        page = program.output[program.output.rfind(b"\x1b[?1049l") :]
        assert b"Everything is saved" not in page
        assert b"At last nothing could be recorded" in page
    finally:
        program.close()
