"""Opening: private files, the pragmas that must hold, and files that are not ours to write."""

from __future__ import annotations

import os
import random
import stat
from contextlib import suppress
from pathlib import Path

import pytest

from cockpit.errors import (
    DamagedDatabaseError,
    ForeignDatabaseError,
    NewerDatabaseError,
    ReadOnlyError,
    StoreError,
    StoreUnavailableError,
)
from cockpit.sqlite_engine import sqlite3
from cockpit.store import opening
from cockpit.store.opening import connect
from cockpit.store.tables import SCHEMA_VERSION
from tests.store.store_events import declare, note, open_store, texts


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077, 0o777])
def test_files_are_private_whatever_the_umask(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        with open_store(path) as store:
            declare(store)
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()}
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_made_private(path: Path) -> None:
    open_store(path).close()
    path.chmod(0o644)
    open_store(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("readonly", [False, True])
def test_pragmas_hold_on_every_connection(path: Path, readonly: bool) -> None:
    open_store(path).close()
    with open_store(path, readonly=readonly) as store:
        names = (
            "synchronous",
            "foreign_keys",
            "recursive_triggers",
            "trusted_schema",
            "busy_timeout",
        )
        values = [store._connection.value(f"PRAGMA {name}") for name in names]
    assert values == [2, 1, 1, 0, 5000]


def test_a_missing_file_is_not_created_unasked(path: Path) -> None:
    for how in ({"create": False}, {"readonly": True}):
        with pytest.raises(StoreUnavailableError):
            open_store(path, **how)
    assert not path.exists()


def test_a_file_opened_for_reading_cannot_be_written(path: Path) -> None:
    with open_store(path) as store:
        declare(store)
    with open_store(path, readonly=True) as store:
        assert texts(store) == ["Declared SEV2: Checkout fails"]
        with pytest.raises(ReadOnlyError, match="read-only"):
            note(store, "x")


def test_a_newer_file_is_refused_in_a_sentence_and_left_alone(path: Path) -> None:
    open_store(path).close()
    connection = connect(path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerDatabaseError, match="newer cockpit") as caught:
        open_store(path)
    assert "Upgrade" in caught.value.hint
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_and_left_alone(path: Path) -> None:
    path.parent.mkdir()
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE song (title TEXT)")
    raw.commit()
    raw.close()
    before = path.read_bytes()
    with pytest.raises(ForeignDatabaseError, match="another program"):
        open_store(path)
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"Dear diary\n" * 200, b"\0" * 4096, b"x"])
def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StoreError) as caught:
        open_store(path)
    assert isinstance(caught.value, ForeignDatabaseError | DamagedDatabaseError)
    assert path.read_bytes() == content


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.parent.mkdir()
    path.touch()
    with open_store(path) as store:
        declare(store)


@pytest.mark.parametrize("seed", range(12))
def test_a_corrupted_file_is_refused_or_read_but_never_a_crash(path: Path, seed: int) -> None:
    with open_store(path) as store:
        declare(store)
        for number in range(300):
            note(store, f"line {number} " * 10)
    rng = random.Random(seed)
    content = bytearray(path.read_bytes())
    for _ in range(30):
        place = rng.randrange(4096 if seed % 2 else 100, len(content) - 200)
        content[place : place + 150] = rng.randbytes(150)
    path.write_bytes(content)
    with suppress(StoreError), open_store(path) as store:
        store.reads.summaries()
        texts(store)
        note(store, "x")
        found = store.check()
        assert not all(each.ok for each in found)
        assert all(each.hint for each in found if not each.ok)


def test_a_directory_in_the_place_of_the_file_is_refused(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StoreUnavailableError):
        open_store(path)


def test_a_file_in_the_place_of_the_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailableError):
        open_store(tmp_path / "file" / "cockpit.sqlite")


def test_an_engine_with_the_race_keeps_off_the_shared_log(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(path) as store:
        declare(store)
    monkeypatch.setattr(opening, "engine_version", lambda: (3, 40, 1))
    with open_store(path) as store:
        assert store._connection.value("PRAGMA journal_mode") == "truncate"
        note(store, "by the older engine")
    monkeypatch.undo()
    # The older engine may come back at any time: the log stays off.
    with open_store(path) as store:
        assert store._connection.value("PRAGMA journal_mode") == "truncate"
        note(store, "by the newer engine")
        assert len(texts(store)) == 3


def test_an_engine_with_the_race_does_not_join_a_shared_log(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(path) as store:
        declare(store)
        if store._connection.value("PRAGMA journal_mode") != "wal":
            pytest.skip("this engine has the race itself")
        monkeypatch.setattr(opening, "engine_version", lambda: (3, 40, 1))
        monkeypatch.setattr(opening, "_SWITCH_TRIES", 1)
        with pytest.raises(StoreUnavailableError, match="newer SQLite"):
            open_store(path)
