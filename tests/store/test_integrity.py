"""The doctor's checks: what they find, and that they say how to go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.domain.clock import to_ms
from cockpit.store.database import Store
from tests.store.store_events import START, TickingClock, declare, note, open_store, whole


def problems(store: Store) -> list[str]:
    return [each.text for each in store.check() if not each.ok]


def test_a_sound_database_has_no_problems(store: Store) -> None:
    declare(store)
    assert problems(store) == []
    assert any("1 events" in each.text for each in store.check())


def test_a_lost_word_in_the_search_index_is_found_and_repaired(store: Store) -> None:
    declare(store)
    note(store, "zebra seen")
    store._connection.execute(
        "INSERT INTO entry_fts (entry_fts, rowid, text) "
        "SELECT 'delete', n, text FROM entry WHERE text LIKE 'zebra%'"
    )
    found = [each for each in store.check() if not each.ok]
    assert len(found) == 1
    assert "--rebuild" in found[0].hint
    store.rebuild()
    assert problems(store) == []
    assert store.reads.search("zebra")


def test_checks_change_nothing_and_work_read_only(path: Path) -> None:
    with open_store(path) as store:
        declare(store)
    before = path.read_bytes()
    with open_store(path, readonly=True) as store:
        assert problems(store) == []
        assert whole(store)
    assert path.read_bytes() == before


@pytest.mark.parametrize(("mode", "text"), [(0o644, "Others may read"), (0o600, "")])
def test_a_file_that_others_can_read_is_told(path: Path, mode: int, text: str) -> None:
    with open_store(path) as store:
        declare(store)
        path.chmod(mode)
        assert [each[: len(text)] for each in problems(store)] == ([text] if text else [])


def test_events_ahead_of_the_clock_are_told(path: Path) -> None:
    with open_store(path) as store:
        declare(store)
    with open_store(path, clock=TickingClock(to_ms(START) - 10**9)) as store:
        note(store, "the clock went back")
        assert ["ahead" in each for each in problems(store)] == [True]
