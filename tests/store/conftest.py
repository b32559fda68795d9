"""A store of its own for every test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.store.database import Store
from tests.store.store_events import open_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the database goes; nothing is there yet."""
    return tmp_path / "data" / "cockpit.sqlite"


@pytest.fixture
def store(path: Path) -> Iterator[Store]:
    """An empty store."""
    with open_store(path) as store:
        yield store
