"""Opens the database file: creates it for its owner alone, refuses what is not ours to write."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from cockpit.errors import (
    DamagedDatabaseError,
    ForeignDatabaseError,
    NewerDatabaseError,
    StoreUnavailableError,
)
from cockpit.sqlite_engine import engine_version, journal_mode_for, require_engine, sqlite3
from cockpit.store.connection import BUSY_MS, Connection
from cockpit.store.faults import explain, primary_code
from cockpit.store.tables import APPLICATION_ID, SCHEMA_VERSION

PRIVATE_FILE = 0o600
PRIVATE_DIRECTORY = 0o700
_SMALLEST = 512
"""Bytes of the smallest page, and so of the smallest database."""

_SWITCH_TRIES = 20
"""How often a journal mode that must be had is asked for while others hold the file."""

_CANNOT_SHARE = frozenset({8, 14})
"""SQLite's codes for a log whose index cannot be made: read-only, cannot be opened."""

_UNSAFE_MARK = "rollback_journal_only"
"""Set in `meta` once an engine was here that must not share a write-ahead log."""


def open_connection(
    path: Path, *, device: str, create: bool = True, readonly: bool = False
) -> Connection:
    """Return a connection to an up-to-date cockpit database at `path`.

    device: 8 hex digits, the name that a new database gets.
    Raises ForeignDatabaseError, NewerDatabaseError, DamagedDatabaseError or
    StoreUnavailableError; the file is not touched then.
    """
    require_engine()
    if create and not readonly:
        create_private(path)
    elif not path.exists():
        raise StoreUnavailableError(f"There is no database at {path}.")
    _refuse_fragment(path)
    mode = journal_mode_for(path, engine_version())
    connection = connect(path, readonly=readonly, wal_allowed=mode == "wal")
    try:
        _prepare(connection, mode, device, readonly=readonly)
    except BaseException:
        connection.close()
        raise
    return connection


def connect(path: Path, *, readonly: bool = False, wal_allowed: bool = True) -> Connection:
    """Return a bare connection to an existing file; nothing in it is checked yet."""
    try:
        raw = _open_still(path) if readonly else _open_raw(path, "mode=rw")
    except sqlite3.Error as error:
        raise explain(error, path) from error
    try:
        return Connection(raw, path, wal_allowed=wal_allowed, readonly=readonly)
    except BaseException:
        raw.close()
        raise


def _open_raw(path: Path, options: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}",
        uri=True,
        timeout=BUSY_MS / 1000,
        isolation_level=None,
        cached_statements=256,
    )


def _open_still(path: Path) -> sqlite3.Connection:
    """Open for reading only, in a directory that may not be written to as well.

    There the engine cannot make the shared index of a write-ahead log; without a log beside the
    file, what stands in the file is all there is, and it can be read as it lies.
    """
    raw = _open_raw(path, "mode=ro")
    try:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except sqlite3.Error as error:
        log = path.with_name(f"{path.name}-wal")
        if primary_code(error) not in _CANNOT_SHARE or (log.exists() and log.stat().st_size):
            return raw  # whoever reads next gets this error in words
        raw.close()
        return _open_raw(path, "mode=ro&immutable=1")
    return raw


def create_private(path: Path) -> None:
    """Make sure that the file and its directory exist and are readable by their owner alone.

    A directory that was there keeps its mode. No descriptor of an existing file is opened:
    closing one would drop the engine's locks.
    """
    try:
        _create_directory(path.parent)
        if not path.exists():
            _create_file(path)
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError as error:
        raise explain(error, path) from error
    if mode & 0o077 and path.is_file():
        with suppress(OSError):
            path.chmod(PRIVATE_FILE)


def identify(connection: Connection) -> bool:
    """Say whether the database is ours and has tables; False for one that is still empty.

    Raises ForeignDatabaseError or NewerDatabaseError for one that must not be written.
    """
    application = connection.value("PRAGMA application_id")
    version = connection.value("PRAGMA user_version")
    if application == APPLICATION_ID:
        if version > SCHEMA_VERSION:
            raise NewerDatabaseError(
                f"The database at {connection.path} was written by a newer cockpit "
                f"(schema {version}; this one knows {SCHEMA_VERSION}).",
                "Upgrade this cockpit; nothing was changed.",
            )
        return bool(version)
    if application or version or connection.value("SELECT count(*) FROM sqlite_master"):
        raise ForeignDatabaseError(
            f"The file {connection.path} is a database of another program.",
            "Nothing was changed. Choose another place with COCKPIT_HOME.",
        )
    return False


def _refuse_fragment(path: Path) -> None:
    """Refuse a file shorter than any database: the engine would take it for an empty one."""
    journal = path.with_name(f"{path.name}-journal")
    try:
        size = path.stat().st_size if path.is_file() else 0
    except OSError as error:
        raise explain(error, path) from error
    if 0 < size < _SMALLEST and not journal.exists():
        raise ForeignDatabaseError(
            f"The file {path} is not a cockpit database.",
            "Nothing was changed. If it was one, restore the last backup.",
        )


def _create_directory(directory: Path) -> None:
    if directory.is_dir():
        return
    for missing in reversed(
        [each for each in (directory, *directory.parents) if not each.exists()]
    ):
        with suppress(FileExistsError):
            missing.mkdir(PRIVATE_DIRECTORY)
            missing.chmod(PRIVATE_DIRECTORY)


def _create_file(path: Path) -> None:
    """Create an empty private file; another process may do the same at this moment."""
    try:
        os.mknod(path, PRIVATE_FILE | stat.S_IFREG)
    except FileExistsError:
        return
    except (AttributeError, PermissionError, OSError):
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE_FILE))
    path.chmod(PRIVATE_FILE)


def _prepare(connection: Connection, mode: str, device: str, *, readonly: bool) -> None:
    has_tables = identify(connection)
    current = has_tables and connection.value("PRAGMA user_version") == SCHEMA_VERSION
    if readonly:
        if not current:
            raise StoreUnavailableError(
                f"The database at {connection.path} holds nothing that can be read yet.",
                "Run any command that may write, such as cockpit doctor.",
            )
        return
    if _is_writable(connection.path):
        _choose_journal(connection, mode, fresh=not has_tables)
    if not current:
        # Loading sqlite-utils takes as long as a whole `cockpit log`.
        from cockpit.store.schema import migrate

        migrate(connection, device)
    if mode != "wal" and _is_writable(connection.path) and not _is_marked(connection):
        with connection.writing():
            connection.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", (_UNSAFE_MARK,))
    if not connection.value("SELECT count(*) FROM meta WHERE key = 'device'"):
        raise DamagedDatabaseError(
            f"The database at {connection.path} is damaged: it lost its own name.",
            "Restore the last backup.",
        )


def _is_writable(path: Path) -> bool:
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)


def _is_marked(connection: Connection) -> bool:
    return bool(connection.value("SELECT count(*) FROM meta WHERE key = ?", (_UNSAFE_MARK,)))


def _choose_journal(connection: Connection, mode: str, *, fresh: bool) -> None:
    """Use the safe journal mode; never the write-ahead log where an unsafe engine was before."""
    now = connection.value("PRAGMA journal_mode")
    if mode == "wal":
        if now != "wal" and (fresh or not _is_marked(connection)):
            _switch(connection, "wal", tries=_SWITCH_TRIES if fresh else 1)
        if connection.value("PRAGMA journal_mode") != "wal":
            connection.execute("PRAGMA journal_mode = TRUNCATE")
        return
    if _switch(connection, "truncate", tries=_SWITCH_TRIES if now == "wal" else 1) == "wal":
        raise StoreUnavailableError(
            f"Another cockpit with a newer SQLite is using {connection.path}.",
            "Close it, or run this one from the same installation.",
        )


def _switch(connection: Connection, mode: str, *, tries: int) -> str:
    """Ask for a journal mode some times, for others may hold the file; return what holds."""
    connection.execute("PRAGMA busy_timeout = 250")
    try:
        for _ in range(tries):
            with suppress(StoreUnavailableError):
                if connection.value(f"PRAGMA journal_mode = {mode}") == mode:
                    return mode
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    return str(connection.value("PRAGMA journal_mode"))
