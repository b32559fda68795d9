"""A search costs what it shows: counted in statements, rows and steps, not in time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.store.connection import Connection
from cockpit.store.database import NewEvent, Store
from cockpit.store.search import CROWDED, FURTHER
from tests.store.store_events import minutes, open_store, opened

FEW, MANY = 10, 100
"""Incidents of the smaller and of the larger store; each has 20 entries."""

LIMIT = 20
STATEMENTS = 6
"""BEGIN, COMMIT, and at most two queries of each index."""

WORDS = ("everywhere", "every", "e", "everywhere again", '"everywhere again"', "nothing", "n17x")


def fill(store: Store, count: int) -> None:
    """Write incidents in which the same words stand in every text."""
    for number in range(1, count + 1):
        inc = f"{number:032x}"
        bodies = [
            opened(f"Everywhere {number}", number=number, at=minutes(number)),
            FieldSet("cause", f"everywhere {number}"),
            *(EntryAdded(minutes(number), f"everywhere again n{number}x") for _ in range(20)),
        ]
        events = [NewEvent(inc, body) for body in bodies]
        store.write(lambda _, events=events: events, author="ops")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    home = Path(tmp_path_factory.mktemp("cost"))
    with open_store(home / "few") as few, open_store(home / "many") as many:
        fill(few, FEW)
        fill(many, MANY)
        yield few, many


def count_steps(store: Store, work: Callable[[], object]) -> int:
    """Return how many tens of steps the engine's machine takes."""
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    raw = store._connection.raw
    raw.set_progress_handler(count, 10)
    try:
        work()
    finally:
        raw.set_progress_handler(None, 0)
    return steps


@pytest.mark.parametrize("words", WORDS)
def test_a_search_runs_few_statements_and_reads_no_more_rows_than_it_may_show(
    stores: tuple[Store, Store], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    many, statements, rows = stores[1], [], []
    plain = Connection.rows

    def counted(self: Connection, sql: str, parameters: tuple[object, ...] = ()) -> list:
        found = plain(self, sql, parameters)
        rows.append(len(found))
        return found

    monkeypatch.setattr(Connection, "rows", counted)
    many._connection.raw.set_trace_callback(statements.append)
    try:
        hits = many.reads.search(words, LIMIT)
    finally:
        many._connection.raw.set_trace_callback(None)
    assert len(hits) <= LIMIT
    # The index asks its own tables, which the trace shows as comments.
    own = [each for each in statements if not each.startswith("--")]
    assert len(own) <= STATEMENTS
    assert sum(rows) <= (3 + FURTHER) * LIMIT


@pytest.mark.parametrize("words", ["everywhere", "every", "everywhere again", "nothing"])
def test_ten_times_the_history_makes_no_search_longer(
    stores: tuple[Store, Store], words: str
) -> None:
    few, many = (count_steps(each, lambda s=each: s.reads.search(words, LIMIT)) for each in stores)
    assert many <= 1.5 * few + 5


def test_entries_of_one_incident_are_looked_past_only_once(
    stores: tuple[Store, Store],
) -> None:
    hits = stores[1].reads.search("again", LIMIT)
    assert {hit.where for hit in hits} == {"entry"}
    assert len({hit.inc for hit in hits}) >= CROWDED
