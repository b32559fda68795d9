"""Real engines as fixtures, for every test that asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engines.postgres import Postgres


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for all tests of this process; take a database of your own from it."""
    from tests.engines.postgres import FAST, Postgres

    server = Postgres(**FAST)
    yield server
    server.close()


@pytest.fixture
def new_database(postgres: Postgres) -> Callable[..., str]:
    """Make an empty PostgreSQL database, with session settings; returns its address."""
    return postgres.new_database
