"""Shared by all tests: a home of its own, a clock that stands still, ids that count."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.idle_wait import drive_patiently

pytest_plugins = ["tests.engines.fixtures"]

ROOT = Path(__file__).resolve().parent.parent
NOON = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)

# Machines that run tests are busy: an example that takes long is no finding. The examples are the
# same in every run, so that chance refuses nobody's change; `chance` looks for new ones.
_BUSY: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("house", derandomize=True, **_BUSY)
settings.register_profile("chance", max_examples=500, print_blob=True, **_BUSY)
settings.load_profile("house")


_MEMORY, _SPACIOUS = Path("/dev/shm"), 2 * 1024**3


def pytest_configure(config: pytest.Config) -> None:
    """Name a mark, let tests write to memory where there is plenty, and heed signals."""
    for name, what in _BY_HAND.items():
        config.addinivalue_line("markers", f"{name}: {what}, run with -m {name} alone")
    # A run in the background ignores signals, and what it starts would ignore them as well; a
    # handler, even of nothing, is not handed on.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)
    if config.option.basetemp is None and _holds_programs(_MEMORY):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


def _holds_programs(place: Path) -> bool:
    """Say whether there is plenty of room, for programs as well."""
    if not place.is_dir() or not os.access(place, os.W_OK):
        return False
    about = os.statvfs(place)
    return not about.f_flag & os.ST_NOEXEC and about.f_bavail * about.f_frsize >= _SPACIOUS


_BY_HAND = {
    "soak": "half an hour and more",
    "extra": "more of a long form than the build has time for",
}
"""Marks of what is only run when `-m` names it → what it is."""

_SECONDS = {"slow": 900, "extra": 3_600, "paste": 1_200, "soak": 4 * 3_600}
"""Kinds of tests that may take longer than the others → for how many seconds each."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give long tests their time and the first turn; leave out what `-m` has to name."""
    for each in items:
        for kind, seconds in _SECONDS.items():
            if each.get_closest_marker(kind):
                each.add_marker(pytest.mark.timeout(seconds))
    # One long test at the end would keep one processor busy, and the others wait for it.
    items.sort(key=_usual_seconds, reverse=True)
    unasked = [kind for kind in _BY_HAND if kind not in config.option.markexpr]
    left = [each for each in items if any(map(each.get_closest_marker, unasked))]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [each for each in items if each not in left]


def _usual_seconds(item: pytest.Item) -> int:
    """Return how long a test of a long form says that it takes."""
    mark = item.get_closest_marker("slow")
    return mark.args[0] if mark and mark.args else 0


_FOREIGN_SETTINGS = (
    *("EDITOR", "VISUAL", "NO_COLOR", "FORCE_COLOR", "COLORTERM", "TMUX", "STY", "DISPLAY"),
    *("WAYLAND_DISPLAY", "COLUMNS", "LINES", "SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"),
    *("TEXTUAL", "TEXTUAL_DRIVER", "PYTHONWARNINGS", "PYTHONUNBUFFERED"),
)


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


@pytest.fixture(scope="session", autouse=True)
def _patient_driver() -> Iterator[None]:
    """Let the library's driver of apps press the next key once the last one was handled."""
    with pytest.MonkeyPatch.context() as patched:
        drive_patiently(patched)
        yield


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
