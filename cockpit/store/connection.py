"""A connection: reads in one snapshot, writes through one door, errors in plain words."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import chain, repeat
from pathlib import Path
from typing import Any

from cockpit.errors import ReadOnlyError, StoreUnavailableError
from cockpit.sqlite_engine import sqlite3
from cockpit.store.faults import explain, is_busy

BUSY_MS = 5000
"""How long the engine itself waits for another program's lock."""

PATIENCE_S = 30.0
"""How long a write waits in all before it says that the database is locked."""

_KEYS_AT_ONCE = (1, 4, 16, 64, 256)
"""For how many keys one statement asks: few numbers, so that few statements are prepared, and no
more values than the 999 that an engine may be built to take."""

Row = tuple[Any, ...]
Parameters = Sequence[Any]

_PRAGMAS = (
    f"PRAGMA busy_timeout = {BUSY_MS}",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA secure_delete = ON",
    # Ids are random: a long history that comes in touches pages all over the indexes, again and
    # again. They are read once with this much memory (KiB), and copied into the file seldom.
    "PRAGMA cache_size = -16384",
    "PRAGMA wal_autocheckpoint = 4000",
)


def compose(*parts: str) -> str:
    """Return a statement made of constant parts; values are never among them, they are bound."""
    return " ".join(parts)


class Connection:
    """One connection to the database file; belongs to the thread that opened it."""

    def __init__(
        self,
        raw: sqlite3.Connection,
        path: Path,
        *,
        wal_allowed: bool = True,
        readonly: bool = False,
    ) -> None:
        """Set what must hold on every connection; `path` is only named in sentences if empty.

        wal_allowed: this engine may write while the file is in write-ahead mode.
        readonly: every write is refused with ReadOnlyError.
        """
        self._readonly = readonly
        self.raw = raw
        self.path = path
        self._wal_allowed = wal_allowed
        self._identity = _identify(path)
        for pragma in _PRAGMAS:
            self.execute(pragma)

    def execute(self, sql: str, parameters: Parameters = ()) -> int:
        """Run one statement and return how many rows it changed."""
        try:
            return int(self.raw.execute(sql, parameters).rowcount)
        except (sqlite3.Error, UnicodeError) as error:
            raise explain(error, self.path) from error

    def execute_many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run one statement for every row."""
        try:
            self.raw.executemany(sql, rows)
        except (sqlite3.Error, UnicodeError) as error:
            raise explain(error, self.path) from error

    def rows(self, sql: str, parameters: Parameters = ()) -> list[Row]:
        """Return all rows of a query, so that no statement stays open."""
        try:
            return self.raw.execute(sql, parameters).fetchall()
        except (sqlite3.Error, UnicodeError) as error:
            raise explain(error, self.path) from error

    def rows_for(self, sql: str, keys: Sequence[tuple[Any, ...]]) -> Iterator[Row]:
        """Yield the rows of a query that ends with `IN`, for keys of as many values each."""
        for start in range(0, len(keys), _KEYS_AT_ONCE[-1]):
            some = keys[start : start + _KEYS_AT_ONCE[-1]]
            places = next(each for each in _KEYS_AT_ONCE if each >= len(some))
            marks = f"({', '.join('?' * len(some[0]))})"
            query = compose(sql, "(VALUES", ", ".join([marks] * places), ")")
            # What is asked for twice is found once.
            filled = [*some, *repeat(some[-1], places - len(some))]
            yield from self.rows(query, list(chain.from_iterable(filled)))

    def row(self, sql: str, parameters: Parameters = ()) -> Row | None:
        """Return the first row of a query, None without one."""
        found = self.rows(sql, parameters)
        return found[0] if found else None

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """Return the first value of the first row, None without one."""
        found = self.row(sql, parameters)
        return found[0] if found else None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Let several reads see one and the same state."""
        if self.raw.in_transaction:
            yield
            return
        self.execute("BEGIN")
        try:
            yield
        finally:
            self._leave("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the one write lock; commit at the end, take everything back on an error.

        Nothing is acknowledged unless the file at `path` is still the one that was written.
        """
        if self._readonly:
            raise ReadOnlyError
        self._patiently("BEGIN IMMEDIATE")
        try:
            self.check_identity()
            self._check_journal()
            yield
            self.check_identity()
            self._patiently("COMMIT")
        except BaseException:
            self._leave("ROLLBACK")
            raise

    def check_identity(self) -> None:
        """Raise StoreUnavailableError when the file was deleted, moved or replaced meanwhile."""
        if self._identity is not None and _identify(self.path) != self._identity:
            raise StoreUnavailableError(
                f"The database at {self.path} was deleted, moved or replaced.",
                "Put it back, or start the cockpit again.",
            )

    def close(self) -> None:
        """Close the connection; an open transaction is taken back."""
        with suppress(sqlite3.Error):
            self.raw.close()

    def _check_journal(self) -> None:
        """Refuse to write with an engine that could corrupt a shared write-ahead log."""
        if not self._wal_allowed and self.value("PRAGMA journal_mode") == "wal":
            raise StoreUnavailableError(
                f"Another cockpit with a newer SQLite is using {self.path}.",
                "Close it, or run this one from the same installation.",
            )

    def _patiently(self, sql: str) -> None:
        """Run BEGIN IMMEDIATE or COMMIT, again and again while another program holds a lock."""
        deadline, delay = time.monotonic() + PATIENCE_S, 0.002
        while True:
            try:
                self.raw.execute(sql)
            except sqlite3.Error as error:
                if not is_busy(error) or time.monotonic() > deadline:
                    raise explain(error, self.path) from error
                time.sleep(delay)
                delay = min(2 * delay, 0.05)
            else:
                return

    def _leave(self, sql: str) -> None:
        """End the transaction unless the engine has already ended it."""
        with suppress(sqlite3.Error):
            if self.raw.in_transaction:
                self.raw.execute(sql)


def _identify(path: Path) -> tuple[int, int] | None:
    """Return device and inode of the file, None for a database in memory or a missing file."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return None
    return (found.st_dev, found.st_ino)
