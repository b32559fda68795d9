"""Backups through the engine's own backup interface: consistent while others write, verified."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from cockpit.errors import CockpitError, DamagedDatabaseError, InvalidInputError
from cockpit.sqlite_engine import sqlite3
from cockpit.store.connection import Connection
from cockpit.store.faults import explain
from cockpit.store.opening import connect, create_private, identify

SUFFIX = ".cockpit.sqlite"
"""How the names of rotated backups end; what stands before sorts by time."""

_PAGES = 2000
"""How many pages are copied before other programs may write again."""

_PAUSE_S = 0.01
_LEFTOVERS = ("-wal", "-shm", "-journal")


def write_backup(connection: Connection, target: Path) -> None:
    """Copy the whole database to a new private file `target`, which appears only once verified.

    Raises InvalidInputError when something stands there already.
    """
    if target.exists() or target.is_symlink():
        raise InvalidInputError(f"{target} is there already.", "Choose another name.")
    part = target.with_name(f".{target.name}.{os.getpid()}")
    _remove(part)
    try:
        create_private(part)
        _copy(connection, part)
        count = connection.value("SELECT count(*) FROM op")
        verify_backup(part, at_most=count)
        _publish(part, target)
    except OSError as error:
        raise explain(error, target) from error
    finally:
        _remove(part)


def verify_backup(path: Path, *, at_most: int | None = None) -> int:
    """Return how many events a backup holds; raises DamagedDatabaseError unless it is whole.

    at_most: how many events it may hold.
    """
    copy = connect(path, readonly=True)
    try:
        has_tables = identify(copy)
        problems = [row[0] for row in copy.rows("PRAGMA integrity_check(5)") if row[0] != "ok"]
        count = int(copy.value("SELECT count(*) FROM op")) if has_tables else -1
    finally:
        copy.close()
    if problems or count < 0 or (at_most is not None and count > at_most):
        raise DamagedDatabaseError(
            f"The backup {path} did not pass its check.", "It was not kept; try another disk."
        )
    return count


def rotate_backups(connection: Connection, directory: Path, name: str, keep: int) -> Path:
    """Write the backup `name` (sorts by time) into `directory`, then remove all but the last few.

    keep: how many stay, at least 1. Older ones go only once the new one is verified.
    """
    target = directory / f"{name}{SUFFIX}"
    write_backup(connection, target)
    found = sorted(each for each in directory.glob(f"*{SUFFIX}") if not each.name.startswith("."))
    for old in [each for each in found if each != target][: len(found) - max(1, keep)]:
        with suppress(OSError):
            old.unlink()
    return target


def _copy(connection: Connection, part: Path) -> None:
    copy = connect(part)
    try:
        connection.raw.backup(copy.raw, pages=_PAGES, sleep=_PAUSE_S)
        # One file that any place can hold: no write-ahead log beside it.
        copy.value("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise explain(error, part) from error
    finally:
        copy.close()


def _publish(part: Path, target: Path) -> None:
    descriptor = os.open(part, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        target.hardlink_to(part)
    except FileExistsError as error:
        raise InvalidInputError(f"{target} is there already.", "Choose another name.") from error
    except OSError:
        part.replace(target)


def _remove(part: Path) -> None:
    for suffix in ("", *_LEFTOVERS):
        with suppress(OSError, CockpitError):
            part.with_name(part.name + suffix).unlink()
