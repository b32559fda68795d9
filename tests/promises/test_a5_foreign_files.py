"""A database that somebody else made is data: read only, and nothing in it runs."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cockpit.sqlite_engine import sqlite3
from cockpit.store.opening import connect
from tests.store.store_events import INC, count_ops, declare, note, open_store, texts

TRAPS = (
    "CREATE TRIGGER trap AFTER INSERT ON op BEGIN DELETE FROM op; END",
    "CREATE TRIGGER trap2 AFTER UPDATE ON op BEGIN DELETE FROM meta; END",
    "CREATE VIEW trap3 AS SELECT load_extension('trap.so')",
)


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    """A cockpit's database with things in it that would run."""
    path = tmp_path / "foreign.db"
    with open_store(path) as store:
        declare(store)
        note(store, "from elsewhere")
    raw = sqlite3.connect(path)
    for statement in TRAPS:
        raw.execute(statement)
    raw.commit()
    raw.close()
    return path


def test_what_is_brought_back_is_rows_alone(foreign: Path, tmp_path: Path) -> None:
    before = foreign.read_bytes()
    with open_store(tmp_path / "own" / "cockpit.db") as store:
        with open_store(foreign, create=False, readonly=True) as source:
            store.append(source.reads.ops())
        assert texts(store) == ["Declared SEV2: Checkout fails", "from elsewhere"]
        kinds = store._connection.rows("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        assert [row[0] for row in kinds if "trap" in row[0]] == []
        note(store, "goes on")
        assert count_ops(store) == 3
    assert foreign.read_bytes() == before


def test_no_extension_is_ever_loaded(foreign: Path) -> None:
    connection = connect(foreign, readonly=True)
    try:
        with pytest.raises(Exception, match=r"authorized|no such function|unsafe|refused"):
            connection.rows("SELECT * FROM trap3")
    finally:
        connection.close()


def test_opened_to_be_written_the_traps_would_run(foreign: Path, tmp_path: Path) -> None:
    """The guard off: as one's own database the file would have lost its events."""
    copy = tmp_path / "copy.db"
    shutil.copy(foreign, copy)
    with open_store(copy) as store:
        note(store, "one more")
        assert list(store.reads.ops(INC)) == []
