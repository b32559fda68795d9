"""A session on a fresh database, with a clock that the test moves and ids that count."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.paths import Paths
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session, open_session

START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


class MovedClock:
    """A wall clock that stands still until the test moves it."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, minutes: float) -> datetime:
        """Let so many minutes pass."""
        self.now += timedelta(minutes=minutes)
        return self.now


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def session(tmp_path: Path, clock: MovedClock) -> Iterator[Session]:
    paths = Paths(tmp_path / "home", tmp_path / "home")
    with open_session(paths, Config(author="ops"), clock=clock) as opened:
        yield opened


@pytest.fixture
def inc(session: Session) -> str:
    """An incident that was just declared."""
    return declare(session, Declaration("Checkout fails", "SEV2")).id
