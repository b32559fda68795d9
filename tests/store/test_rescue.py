"""Rescue: whatever a damaged file still holds comes out, and what is gone is counted."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.events import EntryRedacted
from cockpit.errors import (
    CockpitError,
    DamagedDatabaseError,
    InvalidInputError,
    NewerDatabaseError,
)
from cockpit.store import opening
from cockpit.store.opening import connect
from cockpit.store.rescue import Rescued, read_damaged, rescue_into
from cockpit.store.table_pages import read_rows, split_pages
from cockpit.store.tables import SCHEMA_VERSION
from tests.store.store_events import INC, TickingClock, declare, note, open_store, put, texts

ENTRIES = 300


def make_history(path: Path) -> list[str]:
    """Write entries, among them one longer than a page, and return the events' ids."""
    with open_store(path) as store:
        made = [declare(store)]
        made += [
            note(store, f"line {number} " * (2000 if number == 7 else 9))
            for number in range(ENTRIES)
        ]
    return [op.id for op in made]


def rescued_ids(found: Rescued) -> list[str]:
    return [record.op.id for record in found.records]


def into(path: Path, target: Path) -> Rescued:
    rng = random.Random(5)
    return rescue_into(
        path, target, now_ms=TickingClock(), random_hex=lambda size: rng.randbytes(size).hex()
    )


def test_from_a_whole_file_everything_comes(path: Path, tmp_path: Path) -> None:
    made = make_history(path)
    before = path.read_bytes()
    found = into(path, tmp_path / "rescued" / "cockpit.db")
    assert (rescued_ids(found), found.lost, found.incidents) == (made, 0, 1)
    assert path.read_bytes() == before
    with open_store(path) as old, open_store(tmp_path / "rescued" / "cockpit.db") as new:
        assert texts(new) == texts(old)
        assert new.reads.view(INC) == old.reads.view(INC)
        note(new, "it goes on")
        assert all(each.ok for each in new.check() if "clock" not in each.text)


@pytest.mark.parametrize("mode", ["wal", "truncate"])
def test_what_only_the_log_holds_comes_too(
    path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    if mode == "truncate":
        monkeypatch.setattr(opening, "engine_version", lambda: (3, 40, 1))
    with open_store(path) as store:
        declare(store)
        note(store, "in the log only")
        copy = path.with_name("copy")
        copy.write_bytes(path.read_bytes())
        log = path.with_name(f"{path.name}-wal")
        if log.exists():
            copy.with_name("copy-wal").write_bytes(log.read_bytes())
    assert len(read_damaged(copy).records) == 2


def test_without_head_and_schema_every_event_comes(path: Path) -> None:
    made = make_history(path)
    content = bytearray(path.read_bytes())
    content[:4096] = random.Random(1).randbytes(4096)
    path.write_bytes(content)
    with pytest.raises(CockpitError):
        open_store(path)
    found = read_damaged(path)
    assert (rescued_ids(found), found.lost) == (made, 0)


def wipe(content: bytearray, rng: random.Random) -> None:
    """Overwrite some whole pages, as a bad disk does."""
    for _ in range(6):
        page = rng.randrange(len(content) // 4096)
        content[page * 4096 : (page + 1) * 4096] = rng.randbytes(4096)


def scatter(content: bytearray, rng: random.Random) -> None:
    """Overwrite short pieces anywhere."""
    for _ in range(60):
        place = rng.randrange(len(content) - 60)
        content[place : place + 50] = rng.randbytes(50)


def cut_off(content: bytearray, rng: random.Random) -> None:
    """Lose the end of the file."""
    del content[rng.randrange(2 * len(content) // 3, len(content)) :]


@pytest.mark.parametrize("harm", [wipe, scatter, cut_off])
@pytest.mark.parametrize("seed", range(4))
def test_of_a_damaged_file_the_rest_comes_and_the_loss_is_told(
    path: Path, tmp_path: Path, harm: Callable[[bytearray, random.Random], None], seed: int
) -> None:
    made = make_history(path)
    content = bytearray(path.read_bytes())
    harm(content, random.Random(seed))
    path.write_bytes(content)
    found = into(path, tmp_path / "rescued" / "cockpit.db")
    kept = rescued_ids(found)
    assert set(kept) <= set(made)
    assert len(kept) == len(set(kept))
    assert kept
    missing = len(made) - len(kept)
    # Of what stood at the end of a file that was cut off, no trace may be left.
    assert found.lost == missing or harm is cut_off
    with open_store(tmp_path / "rescued" / "cockpit.db") as store:
        assert store._connection.value("PRAGMA integrity_check") == "ok"
        assert [record.op.id for record in store.reads.ops()] == kept


def test_an_index_with_a_wrong_number_invents_no_loss(path: Path) -> None:
    made = make_history(path)
    content = bytearray(path.read_bytes())
    number = content.index(made[277].encode() + (278).to_bytes(2, "big")) + len(made[277])
    content[number : number + 2] = (410).to_bytes(2, "big")
    path.write_bytes(content)
    found = read_damaged(path)
    assert (rescued_ids(found), found.lost) == (made, 0)


def test_a_redacted_text_does_not_come_back(path: Path, tmp_path: Path) -> None:
    with open_store(path) as store:
        declare(store)
        gone = note(store, "token hunter2secret")
        put(store, EntryRedacted(gone.id))
    into(path, tmp_path / "rescued" / "cockpit.db")
    for each in (tmp_path / "rescued").iterdir():
        assert b"hunter2secret" not in each.read_bytes()


def test_it_is_shared_with_nobody(path: Path, tmp_path: Path) -> None:
    make_history(path)
    connection = connect(path)
    connection.execute("UPDATE op SET ws = 'team', seq = n")
    connection.execute("INSERT INTO place VALUES (?, 'team')", (INC,))
    connection.close()
    into(path, tmp_path / "rescued" / "cockpit.db")
    with open_store(tmp_path / "rescued" / "cockpit.db") as store:
        shared = store._connection.value("SELECT count(*) FROM op WHERE ws <> ''")
        places = store._connection.value("SELECT count(*) FROM place")
        assert (shared, places, len(texts(store))) == (0, 0, ENTRIES + 1)


@pytest.mark.parametrize("content", [b"", b"Dear diary\n" * 2000, b"\0" * 40_000])
def test_a_file_without_events_is_told(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(DamagedDatabaseError, match="Nothing in"):
        read_damaged(path)


def test_nothing_is_written_over(path: Path) -> None:
    make_history(path)
    with pytest.raises(InvalidInputError):
        into(path, path)


def test_a_newer_file_is_left_to_the_newer_program(path: Path) -> None:
    open_store(path).close()
    connection = connect(path)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(NewerDatabaseError):
        read_damaged(path)


@settings(max_examples=200)
@given(st.binary(min_size=512, max_size=3000), st.integers(0, 255))
def test_any_bytes_are_passed_over(noise: bytes, kind: int) -> None:
    page = bytes([(0x0D, 0x0A, 0x02, kind)[kind % 4]]) + noise
    for row in read_rows({**split_pages(page, 512), 2: page[:512]}, 512):
        assert isinstance(row.values, tuple)
