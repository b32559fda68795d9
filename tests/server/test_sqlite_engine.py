"""SQLite as the server's storage: its writer outlives whoever asked it."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

from cockpit.server.engine import Transaction
from cockpit.server.sqlite import SqliteEngine


def test_who_asks_and_is_gone_does_not_end_the_writing(tmp_path: Path) -> None:
    engine = SqliteEngine(tmp_path / "server.db")
    begun, gone = threading.Event(), threading.Event()

    def work(_: Transaction) -> None:
        begun.set()
        gone.wait(30)

    async def ask_and_leave() -> None:
        asking = asyncio.create_task(engine.write(work))
        await asyncio.to_thread(begun.wait, 30)
        assert not asking.done()

    asyncio.run(ask_and_leave())
    gone.set()

    async def ask() -> list[tuple[object, ...]]:
        found = await engine.write(lambda tx: tx.rows("SELECT 1"))
        await engine.close()
        return found

    assert asyncio.run(ask()) == [(1,)]
