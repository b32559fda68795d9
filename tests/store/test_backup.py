"""Backups: consistent while others write, verified before older ones go, restored in a drill."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from cockpit.errors import DamagedDatabaseError, InvalidInputError, StoreUnavailableError
from cockpit.store import backup as backup_module
from cockpit.store.backup import verify_backup
from cockpit.store.database import Store
from tests.programs import read_line
from tests.store.processes import WRITER, finish, start
from tests.store.store_events import INC, count_ops, declare, note, open_store, texts


def test_a_backup_restores_everything(store: Store, tmp_path: Path) -> None:
    declare(store)
    note(store, "kept")
    target = tmp_path / "copy.sqlite"
    store.backup(target)
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir() if "copy" in each.name] == ["copy.sqlite"]
    restored = tmp_path / "restored" / "cockpit.sqlite"
    restored.parent.mkdir()
    shutil.copy(target, restored)
    with open_store(restored) as again:
        assert again.reads.view(INC) == store.reads.view(INC)
        assert texts(again) == texts(store)
        note(again, "goes on")
        assert all(each.ok for each in again.check() if "Others may" not in each.text)
    assert verify_backup(target) == 2


def test_a_backup_is_whole_while_another_process_writes(path: Path, tmp_path: Path) -> None:
    with open_store(path) as store:
        declare(store)
        writer = start(WRITER, path, "400")
        assert read_line(writer) == "ready\n"
        counts = []
        for number in range(4):
            store.backup(tmp_path / f"{number}.sqlite")
            counts.append(verify_backup(tmp_path / f"{number}.sqlite"))
        finish(writer)
        assert counts == sorted(counts)
        assert count_ops(store) == 401


def test_nothing_is_written_over(store: Store, tmp_path: Path) -> None:
    (tmp_path / "there").write_text("precious")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for target in (tmp_path / "there", tmp_path / "link", store.path):
        with pytest.raises(InvalidInputError):
            store.backup(target)
    assert (tmp_path / "there").read_text() == "precious"
    assert not (tmp_path / "nowhere").exists()


def test_older_backups_go_when_the_new_one_is_verified(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(store)
    directory = tmp_path / "backups"
    for number in range(5):
        store.backup_into(directory, f"2026-03-0{number + 1}", keep=3)
    days = [each.name[:10] for each in sorted(directory.iterdir())]
    assert days == ["2026-03-03", "2026-03-04", "2026-03-05"]

    def fail(path: Path, **_: object) -> int:
        raise DamagedDatabaseError("It did not pass.")

    monkeypatch.setattr(backup_module, "verify_backup", fail)
    with pytest.raises(DamagedDatabaseError):
        store.backup_into(directory, "2026-03-06", keep=1)
    assert [each.name[:10] for each in sorted(directory.iterdir())] == days


def test_a_damaged_backup_does_not_pass(store: Store, tmp_path: Path) -> None:
    declare(store)
    for number in range(200):
        note(store, f"line {number} " * 20)
    target = tmp_path / "copy.sqlite"
    store.backup(target)
    content = bytearray(target.read_bytes())
    content[8192:60000] = bytes(60000 - 8192)
    target.write_bytes(content)
    with pytest.raises(DamagedDatabaseError):
        verify_backup(target)


def test_a_place_that_cannot_be_written_ends_in_a_sentence(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailableError):
        store.backup(tmp_path / "file" / "copy.sqlite")
