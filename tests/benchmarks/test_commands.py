"""The bars of commands are measured beside floors that do the same work."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from benchmarks import commands, imports
from benchmarks.bars import Samples, judge
from benchmarks.homes import make_homes


def test_every_note_is_stored_and_costs_something(tmp_path: Path) -> None:
    samples = Samples()
    noting = list(commands.notes(tmp_path))
    commands.measure_notes(samples, noting)
    names = [each.name for each in noting]
    assert names[:3] == [commands.FLOOR, commands.LOG, commands.UTILS]
    assert all(samples.median((name, "cpu")) for name in names)
    with closing(sqlite3.connect(tmp_path / "floor.db")) as floor:
        found = "SELECT count(*) FROM entry_fts WHERE entry_fts MATCH 'reverted'"
        assert floor.execute(found).fetchone() == (1,)


def test_imports_are_measured_beside_bare_rows() -> None:
    samples = Samples()
    imports.measure_imports(samples, 5)
    (measured,) = judge(samples, imports.BARS)
    assert measured.value is not None
    assert 0 < measured.value < 1


def test_bulk_is_measured_beside_bare_rows(tmp_path: Path) -> None:
    homes = make_homes(tmp_path, 3, 200)
    list(commands.notes(tmp_path))
    samples = Samples()
    commands.measure_pipe(samples, tmp_path, 50)
    commands.measure_events(samples, homes, 200)
    commands.measure_size(samples, homes)
    measured = [each.value for each in judge(samples, commands.BARS[3:])]
    assert all(measured)
