"""Shared by all tests: a home of its own, a clock that stands still, ids that count."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
from hypothesis import settings

pytest_plugins = ["tests.engines.fixtures"]

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

# Machines that run tests are busy: an example that takes long once is no finding.
settings.register_profile("house", deadline=None)
settings.load_profile("house")

_FOREIGN_SETTINGS = ("EDITOR", "VISUAL", "NO_COLOR", "TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY")


@pytest.fixture(autouse=True)
def _private_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the person's own cockpit, clipboard and settings."""
    for name in [name for name in os.environ if name.startswith("COCKPIT_")]:
        if name != "COCKPIT_SAMPLES":
            monkeypatch.delenv(name)
    for name in _FOREIGN_SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COCKPIT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COCKPIT_AUTHOR", "ops")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The directory that `COCKPIT_HOME` names; nothing is in it yet."""
    return tmp_path / "home"


@pytest.fixture
def noon() -> Callable[[], datetime]:
    """A clock that stands still at noon."""
    return lambda: NOON


@pytest.fixture
def counted_hex() -> Callable[[int], str]:
    """Ids that count: each call returns n bytes as hex digits, one more than the last."""
    numbers: Iterator[int] = count(1)
    return lambda size: f"{next(numbers):0{2 * size}x}"[-2 * size :]


@pytest.fixture(scope="session")
def samples() -> Path:
    """The directory of real incident data, which is no part of the project."""
    place = Path(os.environ.get("COCKPIT_SAMPLES") or ROOT.parent / "shared" / "samples")
    if not place.is_dir():
        pytest.skip(f"the real incident data is not here ({place}); set COCKPIT_SAMPLES")
    return place
