"""The server's own connections wait for the disk, too, and trust no schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.server import sqlite
from cockpit.server.sqlite import SqliteEngine

WANTED = {"synchronous": 2, "secure_delete": 1, "trusted_schema": 0}


async def test_every_connection_of_the_server_waits_for_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[dict[str, object]] = []
    plain = sqlite._Connection.__init__

    def remember(self: sqlite._Connection, path: Path) -> None:
        plain(self, path)
        found.append({name: self.rows(f"PRAGMA {name}")[0][0] for name in WANTED})

    monkeypatch.setattr(sqlite._Connection, "__init__", remember)
    engine = SqliteEngine(tmp_path / "server.db", readers=2)
    await engine.close()
    assert len(found) >= 3
    assert all(each == WANTED for each in found)


def test_a_bare_connection_would_not(tmp_path: Path) -> None:
    """The guard off: these are not what the engine does by itself."""
    bare = sqlite.sqlite3.connect(tmp_path / "bare.db")
    found = {name: bare.execute(f"PRAGMA {name}").fetchone()[0] for name in WANTED}
    bare.close()
    assert found != WANTED
