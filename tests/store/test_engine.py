"""The engine gate: which SQLite may share a write-ahead log, and where."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cockpit import sqlite_engine as engine
from cockpit.errors import StoreUnavailableError
from cockpit.sqlite_engine import file_system, is_wal_safe, journal_mode_for
from tests.store.processes import finish, start


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_the_fixed_engines_are_known(version: tuple[int, ...], safe: bool) -> None:
    assert is_wal_safe(version) is safe


MOUNTS = """\
21 1 8:1 / / rw - ext4 /dev/sda1 rw
22 21 0:40 / /home rw - nfs4 server:/home rw
23 21 0:41 / /home/my\\040disk rw shared:1 - xfs /dev/sdb rw
broken line
"""


def test_the_log_stays_off_on_network_file_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mounts").write_text(MOUNTS)
    monkeypatch.setattr(engine, "_MOUNTS", tmp_path / "mounts")
    assert file_system(Path("/home/ann")) == "nfs4"
    assert file_system(Path("/homework")) == "ext4"
    assert file_system(Path("/home/my disk/x")) == "xfs"
    assert journal_mode_for(Path("/home/ann/c.sqlite"), (3, 53, 4)) == "truncate"
    assert journal_mode_for(Path("/srv/c.sqlite"), (3, 53, 4)) == "wal"
    assert journal_mode_for(Path("/srv/c.sqlite"), (3, 40, 1)) == "truncate"
    monkeypatch.setattr(engine, "_MOUNTS", tmp_path / "none")
    assert file_system(Path("/home")) == ""


def test_an_engine_without_strict_tables_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "engine_version", lambda: (3, 36, 0))
    with pytest.raises(StoreUnavailableError, match="too old"):
        engine.require_engine()


STANDARD = """
from cockpit.domain.events import EntryEdited, EntryRedacted
def put(store, body):
    return store.write(lambda _: [NewEvent(inc, body)], author="ops")[0]
now = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
with open_store() as store:
    put(store, IncidentOpened("Checkout fails", "SEV2", 1, now))
    one, two = note(store, "one word"), note(store, "two words")
    put(store, EntryEdited(one.id, "another word", one.id))
    put(store, EntryRedacted(two.id))
    store.rebuild()
    assert [hit.snippet for hit in store.reads.search("word")] == ["another word"]
    assert [each.text for each in store.check() if not each.ok] == []
    print("pysqlite3" in sys.modules and sys.modules["pysqlite3"] is not None, store.engine_note)
"""


@pytest.mark.skipif(sqlite3.sqlite_version_info < (3, 37), reason="the system's SQLite is too old")
def test_the_standard_engine_does_all_that_the_newer_one_does(path: Path) -> None:
    out = finish(start(STANDARD, path, hide="pysqlite3"))
    assert out.startswith(f"False SQLite {sqlite3.sqlite_version}")
