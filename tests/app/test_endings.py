"""Endings of the real program in a real terminal: signals, a frozen terminal, a crash, kill -9."""

from __future__ import annotations

import signal
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.pty_program import LONG, Program


@pytest.fixture
def program(home: Path) -> Iterator[Program]:
    made = Program(home)
    yield made
    made.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT])
def test_a_signal_ends_it_in_order_with_the_draft_kept(program, number):
    program.wait_for(b"declare an incident")
    program.type("n")
    program.wait_for(b"Irreversible")
    program.type("half a title")
    program.wait_until(lambda: program.draft() == "half a title")
    program.process.send_signal(number)
    assert program.wait() == 128 + number
    assert program.draft() == "half a title"
    assert termios.tcgetattr(program.child)[3] == program.attributes[3]
    assert b"\x1b[?1049l" in program.output
    assert program.output.rstrip().endswith((b"h", b"l", b"u")) or b"\x1b[?25h" in program.output


def test_a_frozen_terminal_does_not_hold_it_or_the_draft(program):
    program.wait_for(b"declare an incident")
    program.type("n")
    program.wait_for(b"Irreversible")
    # Nobody reads from here on: the terminal's buffer fills and the program's writes block.
    for number in range(60):
        program.type(f"word{number} ")
        time.sleep(0.02)
    time.sleep(1.0)
    program.process.send_signal(signal.SIGTERM)
    assert program.process.wait(LONG) == 128 + signal.SIGTERM
    assert program.draft().startswith("word0 word1")


def test_kill_9_loses_at_most_the_last_half_second(program):
    program.wait_for(b"declare an incident")
    program.type("n")
    program.wait_for(b"Irreversible")
    program.type("kept")
    program.wait_until(lambda: program.draft() == "kept")
    program.type(" lost?")
    program.process.kill()
    program.wait()
    assert program.draft().startswith("kept")


def test_a_mistake_of_ours_ends_in_a_plain_page_without_values(home):
    before = (
        "from cockpit.screens.home import HomeScreen\n"
        "def fail(self):\n"
        "    token = 'canary-secret'\n"
        "    raise RuntimeError('mistake')\n"
        "HomeScreen.action_new = fail\n"
    )
    program = Program(home, before)
    try:
        program.wait_for(b"declare an incident")
        program.type("n")
        assert program.wait() == 1
        page = program.output[program.output.rfind(b"\x1b[?1049l") :]
        assert b"Everything is saved" in page
        assert b"canary-secret" not in program.output
        assert b"Traceback" not in page
        (report,) = home.glob("report-*.txt")
        assert report.stat().st_mode & 0o777 == 0o600
        text = report.read_text()
        assert "RuntimeError" in text
        assert "in fail" in text
        assert "mistake" not in text.replace("raise RuntimeError('mistake')", "")
        assert termios.tcgetattr(program.child)[3] == program.attributes[3]
    finally:
        program.close()


def test_no_byte_of_a_title_acts_on_the_terminal(home):
    before = (
        "from cockpit.service.session import open_session\n"
        "from cockpit.service import incidents\n"
        "session = open_session(paths, load_config(paths, os.environ))\n"
        "incidents.declare(session, incidents.Declaration("
        "'x\\x1b]0;owned\\x07\\x1b]52;c;b3duZWQ=\\x07\\x9b31m y', 'SEV1'))\n"
        "session.close()\n"
    )
    program = Program(home, before)
    try:
        program.wait_for(b"y")
        program.wait_for(b"active")
        program.read(0.5)
        assert b"\x1b]0;owned" not in program.output
        assert b"\x1b]52;" not in program.output
        assert "␛]0;owned".encode() in program.output
        program.type("q")
        assert program.wait() == 0
    finally:
        program.close()


def test_an_empty_no_color_counts_as_unset(home, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "")
    program = Program(home)
    try:
        program.wait_for(b"declare an incident")
        assert b"\x1b[1;38;" in program.output
        program.type("q")
        assert program.wait() == 0
    finally:
        program.close()
