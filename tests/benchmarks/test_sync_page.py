"""The page of figures says which goals are met, and by how much the rivals are behind."""

from __future__ import annotations

from pathlib import Path

from benchmarks.sync_page import (
    CLUSTER,
    GOALS,
    LINES,
    POSTGRESQL,
    SERVER,
    SQLITE,
    Figure,
    Run,
    count_source,
    goals,
    page,
    read_run,
    table,
    write_run,
)

RATE = Figure(SQLITE, "push 1, 32 writers", 2_600, "events/s", bare=1_300)
SLOW = Figure(SQLITE, "push 1, 32 writers", 2_400, "events/s", bare=6_000)
BUSY = Figure(SQLITE, "push 1, 32 writers", 2_400, "events/s", bare=3_000)
LATE = Figure(SQLITE, "fresh client", 17, "s")
FAST = Figure(SQLITE, "fresh client", 7.5, "s")
SOURCE = Figure(SERVER, "source", 1_900, LINES)
AHEAD = Figure(SQLITE, "pull", 60.0, "events/s", pouchdb=20.0)
BEHIND = Figure(POSTGRESQL, "10 listeners, p99", 58.3, "ms", pouchdb=32.0)


def test_a_goal_is_missed_beyond_the_slack_alone() -> None:
    assert [each.kept for each in (RATE, SLOW, BUSY, LATE, FAST)] == [
        True, False, True, False, True,
    ]  # fmt: skip
    assert [each.met for each in (RATE, FAST, AHEAD)] == [False, True, True]
    assert Run("", (RATE, FAST, SOURCE)).kept, "the source has a test of its own"
    assert not Run("", (RATE, LATE)).kept


def test_every_goal_is_a_row_with_its_verdict() -> None:
    said = goals((RATE, LATE, SOURCE, AHEAD, BEHIND, Figure(CLUSTER, "events lost", 0, "events")))
    rows = [line.split(" | ") for line in said.splitlines()[2:]]
    assert [(engine.removeprefix("| "), what) for engine, what, *_ in rows[:-1]] == list(GOALS)
    assert "| push 1, 32 writers | ≥ 5,000 events/s | 2,600 | within the slack |" in said
    assert "| 2,400 | **no**, nor do bare statements |" in goals((BUSY,))
    assert "| fresh client | ≤ 8 s | 17 | **no** |" in said
    assert "| events lost | ≤ 0 events | 0 | yes |" in said
    assert "| source | ≤ 400 lines | 1,900 | **no** |" in said
    assert "| server's memory | ≤ 80 MB | – | not measured |" in said
    assert rows[-1][-2:] == ["1 of 2", "**no**: PostgreSQL, 10 listeners, p99 |"]
    assert goals((AHEAD,)).endswith("| 1 of 1 | yes |")


def test_rivals_stand_beside_their_ratio() -> None:
    said = table((RATE, AHEAD, BEHIND))
    assert "| 2,600 events/s | 1,300 | 2.00 |  |  |" in said
    assert "| 60 events/s |  |  | 20 | 3.00 |" in said
    assert "| 58.3 ms |  |  | 32 | 1.82 |" in said


def test_the_page_can_be_made_again_from_what_was_kept(tmp_path: Path) -> None:
    run = Run("2026-03-04, everything once; somewhere.", (RATE, LATE))
    write_run(tmp_path / "run.json", run)
    assert read_run(tmp_path / "run.json") == run
    assert run.conditions in page(run)


def test_the_source_is_counted_without_its_words() -> None:
    assert 1_000 < count_source().value < 2_650
