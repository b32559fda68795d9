"""An action costs what it shows, however much was recorded: counted in statements and rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.domain.entry_grammar import ParsedEntry
from cockpit.domain.view import TimelineFilter
from cockpit.domain.vocabulary import EntryKind
from cockpit.paths import Paths
from cockpit.service import incidents, timeline
from cockpit.service.incidents import Declaration
from cockpit.service.session import Session, open_session
from tests.service.statement_count import count_statements

FEW, MANY = 300, 3_000
"""Entries of the shorter and of the longer incident."""

NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)
SCREEN = 45
EVERY, WORDS = TimelineFilter(), TimelineFilter(text="queue")
KINDS = TimelineFilter(kinds=("decision",))

Action = Callable[[Session, str], object]


def fill(home: Path, count: int) -> tuple[Session, str]:
    session = open_session(Paths(home, home), Config(author="ana"), clock=lambda: NOON)
    inc = incidents.declare(session, Declaration("Checkout fails", "SEV2")).id
    entries = [
        ParsedEntry(
            EntryKind.DECISION if number % 10 == 0 else EntryKind.NOTE,
            NOON + timedelta(seconds=number),
            f"looked at queue {number}",
            "",
        )
        for number in range(count)
    ]
    timeline.log_many(session, inc, entries)
    return session, inc


@pytest.fixture(scope="module")
def histories(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[tuple[Session, str], tuple[Session, str]]]:
    home = tmp_path_factory.mktemp("cost")
    few, many = fill(home / "few", FEW), fill(home / "many", MANY)
    yield few, many
    few[0].close()
    many[0].close()


def open_incident(session: Session, inc: str) -> None:
    """Read what the screen of an incident reads when it opens."""
    count = session.reads.timeline_count(inc, EVERY)
    session.reads.timeline(inc, EVERY, max(0, count - SCREEN), count)
    incidents.view(session, inc)


def read_page(session: Session, inc: str) -> None:
    """Read what a cursor that leaves the page asks for."""
    count = session.reads.timeline_count(inc, EVERY)
    session.reads.timeline(inc, EVERY, count - 2 * SCREEN, count - SCREEN)


def keep_to(wanted: TimelineFilter) -> Action:
    def read(session: Session, inc: str) -> None:
        count = session.reads.timeline_count(inc, wanted)
        session.reads.timeline(inc, wanted, max(0, count - SCREEN), count)

    return read


ACTIONS: dict[str, tuple[Action, int, int]] = {
    "append": (lambda session, inc: timeline.log(session, inc, "again"), 18, 6),
    "open": (open_incident, 20, 70),
    "page": (read_page, 5, SCREEN + 5),
    "filter by word": (keep_to(WORDS), 6, SCREEN + 5),
    "filter by kind": (keep_to(KINDS), 6, SCREEN + 5),
}
"""What is done, the most statements and the most rows that may be read for it."""


def count_cost(action: Action, session: Session, inc: str) -> tuple[int, int]:
    """Return the statements and the rows that an action takes."""
    statements, rows = count_statements(session, lambda: action(session, inc))
    return len(statements), rows


def count_steps(action: Action, session: Session, inc: str) -> int:
    """Return how many hundreds of steps the engine's machine takes."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    raw = session.store._connection.raw
    raw.set_progress_handler(count, 100)
    try:
        action(session, inc)
    finally:
        raw.set_progress_handler(None, 0)
    return steps


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_runs_few_statements_and_reads_few_rows(
    histories: tuple[tuple[Session, str], ...], name: str
) -> None:
    action, most_statements, most_rows = ACTIONS[name]
    few = count_cost(action, *histories[0])
    many = count_cost(action, *histories[1])
    assert many[0] == few[0]
    assert many[0] <= most_statements
    assert many[1] <= most_rows


@pytest.mark.parametrize("name", ["append", "open", "page"])
def test_ten_times_the_entries_make_no_action_longer(
    histories: tuple[tuple[Session, str], ...], name: str
) -> None:
    action = ACTIONS[name][0]
    few, many = (count_steps(action, *each) for each in histories)
    assert many <= 1.5 * few + 5
