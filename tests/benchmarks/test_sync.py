"""The benchmark of the exchange measures what it says, on a history that is short."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from pathlib import Path

from benchmarks.made_data import Size
from benchmarks.sync import Extent, measure_clients
from benchmarks.sync_rivals import BareSqlite, make_rows, measure_bare


def test_cockpits_exchange_the_history_and_heal_a_server() -> None:
    figures = {each.what: each for each in measure_clients(Extent(0.1, Size(3, 60), 5))}
    assert set(figures) == {
        *("first upload", "fresh client", "fresh client, memory", "fresh client, its file"),
        *("fresh client, its CPU", "fresh client, the server's CPU"),
        *("fresh client, on the wire", "after a night apart", "rewind healed"),
    }
    served = figures.pop("fresh client, the server's CPU")
    assert served.value >= 0, "counted in hundredths of a second"
    assert all(each.value > 0 and each.kept for each in figures.values())
    assert figures["fresh client"].bare


def test_bare_statements_read_what_they_wrote(tmp_path: Path) -> None:
    with closing(BareSqlite(tmp_path)) as bare:
        bare.insert(list(islice(make_rows(), 1500)))
        assert [len(bare.select(after)) for after in (0, 1000, 1500)] == [1000, 500, 0]
    other = tmp_path / "other"
    other.mkdir()
    with closing(BareSqlite(other)) as bare:
        figures = measure_bare(bare, 0.02)
    assert set(figures) == {"push 1", "push 100", "push 500", "pull"}
    assert all(figures.values())
