"""A server in this process, a clock that is set by hand, and members that call it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from cockpit.server.app import make_app, make_service
from cockpit.server.engine import Engine
from cockpit.server.postgres import PostgresEngine
from cockpit.server.service import Service, Setup
from cockpit.server.sqlite import SqliteEngine
from tests.server.calling import Caller, Clock


@pytest.fixture
def clock() -> Clock:
    """A clock that stands still until it is moved."""
    return Clock()


@pytest.fixture(params=["sqlite", "postgresql", "serializable"])
def engine(tmp_path: Path, request: pytest.FixtureRequest) -> Engine:
    """An empty database of each kind; the service that uses it closes it.

    serializable: PostgreSQL that refuses what cannot be put in an order, as spread engines do.
    """
    if request.param == "sqlite":
        return SqliteEngine(tmp_path / "server.db")
    level = {"default_transaction_isolation": "serializable"}
    settings = level if request.param == "serializable" else {}
    return PostgresEngine(request.getfixturevalue("new_database")(**settings))


@pytest.fixture
async def service(engine: Engine, clock: Clock) -> AsyncIterator[Service]:
    """A server without a limit of calls."""
    running = make_service(engine, Setup(rate=0), now=clock.now, tick=clock.tick)
    await running.start("Team")
    yield running
    await running.stop()


@pytest.fixture
async def anybody(service: Service) -> AsyncIterator[Caller]:
    """Somebody without a token."""
    async with Caller(make_app(service)) as caller:
        yield caller


@pytest.fixture
async def owner(anybody: Caller, service: Service) -> Caller:
    """The owner of the first workspace."""
    return await anybody.join(service.owner_code, "ana")


@pytest.fixture
def make_id() -> Callable[[], str]:
    """Ids of 32 hex digits that count."""
    numbers = iter(range(1, 10**6))
    return lambda: f"{next(numbers):032x}"
