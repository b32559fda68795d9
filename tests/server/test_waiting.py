"""Who waits is woken by a push to this process at once, and once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from cockpit.server import waiting
from cockpit.server.engine import Engine
from cockpit.server.service import Service
from tests.server.calling import Caller, make_op


class Looks:
    """Counts how often pulls look at the database."""

    def __init__(self, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._taken: asyncio.Queue[None] = asyncio.Queue()
        read = engine.read

        async def count(work: Callable[..., Any], *args: Any) -> Any:
            found = await read(work, *args)
            if work.__name__ == "look":
                self.count += 1
                self._taken.put_nowait(None)
            return found

        monkeypatch.setattr(engine, "read", count)

    async def reach(self, count: int) -> None:
        """Wait until that many looks were taken."""
        async with asyncio.timeout(10):
            while self.count < count:
                await self._taken.get()


@pytest.fixture(autouse=True)
def _never(monkeypatch: pytest.MonkeyPatch) -> None:
    """No look at what other processes wrote, but where a test asks for one."""
    monkeypatch.setattr(waiting, "TICK_SECONDS", 3600.0)


@pytest.fixture
def looks(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Looks:
    """The looks of all pulls."""
    return Looks(engine, monkeypatch)


async def test_a_push_wakes_who_waits_at_once_and_once(owner: Caller, looks: Looks) -> None:
    waits = asyncio.create_task(owner.pull(wait=20))
    await looks.reach(1)
    op = make_op()
    await owner.push(op)
    page = await asyncio.wait_for(waits, 10)
    assert [row[3] for row in page["ops"]] == [op]
    assert looks.count == 2


async def test_the_next_look_wakes_nobody_for_what_has_rung(
    owner: Caller, service: Service, engine: Engine, looks: Looks
) -> None:
    first = asyncio.create_task(owner.pull(wait=20))
    await looks.reach(1)
    await service.bell.look(engine)
    await looks.reach(2)
    await owner.push(make_op())
    second = asyncio.create_task(owner.pull((await first)["cursor"], wait=20))
    await looks.reach(4)
    await service.bell.look(engine)
    await asyncio.sleep(0.05)
    assert looks.count == 4
    await owner.push(make_op())
    assert len((await second)["ops"]) == 1
    assert looks.count == 5
