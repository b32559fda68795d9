"""The engine gate: which SQLite may share a write-ahead log, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.errors import StoreUnavailableError
from cockpit.store import engine
from cockpit.store.engine import file_system, is_wal_safe, journal_mode_for


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
