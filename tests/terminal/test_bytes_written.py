"""What is sent to the terminal for a key, a tick and an entry: a slow line feels every byte."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from benchmarks.terminal_run import Program, TerminalRun
from cockpit.config import Config
from cockpit.domain.entry_grammar import ParsedEntry
from cockpit.domain.vocabulary import EntryKind
from cockpit.paths import Paths
from cockpit.service import changes, incidents, timeline
from cockpit.service.incidents import Declaration
from cockpit.service.session import Session, open_session

CURSOR, LETTER, TICK, ENTRY = 600, 200, 300, 1_200
"""The most bytes for a cursor key, a typed letter, a second of a countdown, another's entry."""


@pytest.fixture
def session(home: Path) -> Iterator[Session]:
    """A session on a home with one incident of 300 entries, as another program has it."""
    if not sys.platform.startswith("linux"):
        pytest.skip("what a program costs is read from /proc")
    with open_session(Paths(home, home), Config(author="ana")) as session:
        inc = incidents.declare(session, Declaration("Checkout fails", "SEV1")).id
        entries = [
            ParsedEntry(EntryKind.NOTE, None, f"looked at queue {place}, nothing found", "")
            for place in range(300)
        ]
        timeline.log_many(session, inc, entries)
        yield session


@pytest.fixture
def run(session: Session, home: Path) -> Iterator[TerminalRun]:
    command = (sys.executable, "-m", "cockpit", "INC-1")
    program = Program("cockpit", command, "queue 299", environ={"COCKPIT_HOME": str(home)})
    with TerminalRun(program) as run:
        run.wait_ready()
        run.settle(1.5)
        yield run


def test_a_cursor_key_sends_what_it_changes(run: TerminalRun) -> None:
    sizes = [run.press("k").size for _ in range(30)]
    assert 0 < median(sizes) <= CURSOR


def test_a_letter_sends_little_more_than_itself(run: TerminalRun) -> None:
    run.press("n")
    run.settle(0.5)
    sizes = [run.press(letter).size for letter in "what we found there"]
    assert 0 < median(sizes) <= LETTER


def test_a_countdown_sends_its_digits(run: TerminalRun) -> None:
    assert 0 < run.idle(4).size <= TICK


def test_without_a_countdown_nothing_is_sent(session: Session, home: Path) -> None:
    inc = session.reads.summaries()[0].id
    changes.set_field(session, inc, "status", "resolved")
    command = (sys.executable, "-m", "cockpit")
    program = Program("cockpit", command, "INC-1", environ={"COCKPIT_HOME": str(home)})
    with TerminalRun(program) as run:
        run.wait_ready()
        run.settle(1.5)
        assert run.idle(3).size == 0


def test_another_s_entry_sends_what_it_moves(run: TerminalRun, session: Session) -> None:
    inc = session.reads.summaries()[0].id
    sizes = []
    for word in ("seen-first", "seen-second", "seen-third"):
        before = run.size
        timeline.log(session, inc, word)
        run.wait_for(word, time.monotonic())
        run.settle(0.3)
        sizes.append(run.size - before)
    assert median(sizes) <= ENTRY
