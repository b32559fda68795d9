"""An app on stand-ins, with its threads running."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.world import RealWorld, World, fill


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a world with running threads."""
    made = World(tmp_path)
    made.start()
    yield made
    made.drafts.stop()
    made.runner.stop()


@pytest.fixture
def busy(world: World) -> World:
    """Return a world with three open and four past incidents."""
    return fill(world)


@pytest.fixture
def real(tmp_path: Path) -> Iterator[RealWorld]:
    """Return a world with a database of its own."""
    made = RealWorld(tmp_path / "real")
    yield made
    made.stop()
