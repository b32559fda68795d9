"""The log in one SQLite file: one thread writes, and what came meanwhile shares its next commit."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any

from cockpit.errors import (
    ForeignDatabaseError,
    InvalidInputError,
    NewerDatabaseError,
    StoreUnavailableError,
)
from cockpit.server.engine import (
    DEADLINE_SECONDS,
    SCHEMA,
    SCHEMA_VERSION,
    P,
    Row,
    T,
    Transaction,
    Work,
    unavailable,
)
from cockpit.sqlite_engine import engine_version, journal_mode_for, require_engine, sqlite3

_APPLICATION_ID = 0x49435356
_PRIVATE_FILE = 0o600
_MARKS = {
    "lock": "",
    "any": "IN (SELECT value FROM json_each(?))",
    "big": "INTEGER",
    "strict": " STRICT",
    "rowless": " STRICT, WITHOUT ROWID",
    "size": "LENGTH(CAST(body AS BLOB))",
    "by_id": " INDEXED BY op_id",
    "by_inc": " INDEXED BY op_inc",
    "by_about": " INDEXED BY op_about",
}
# Ids are random: what comes in touches pages all over the indexes, again and again. They are read
# once with this much memory (KiB), and copied into the file seldom.
_WRITING = ("cache_size = -16384", "wal_autocheckpoint = 4000")
QUIET_SECONDS = 1.0
"""After how long without a write the file is tidied."""

_MOST_AT_ONCE = 256
"""How many calls share one commit at most."""

Call = Callable[[Transaction], Any]
_Asked = tuple[Call, asyncio.Future[Any]]


@cache
def _translate(sql: str) -> str:
    return sql.format_map(_MARKS)


class _Connection:
    """A connection to the file, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._raw = sqlite3.connect(
            path, timeout=DEADLINE_SECONDS, isolation_level=None, check_same_thread=False
        )
        self.close = self._raw.close
        for pragma in ("synchronous = FULL", "secure_delete = ON", "trusted_schema = OFF"):
            self.rows(f"PRAGMA {pragma}")

    def rows(self, sql: str, *values: object) -> list[Row]:
        bound = [json.dumps(each) if isinstance(each, list) else each for each in values]
        return self._raw.execute(_translate(sql), bound).fetchall()

    def append(self, ws: str, ops: Sequence[Row]) -> None:
        self._raw.executemany(
            "INSERT INTO op VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", [(ws, *op) for op in ops]
        )


class SqliteEngine:
    """An engine on one file; several servers of one machine may share it."""

    def __init__(self, path: Path, *, readers: int = 2) -> None:
        """Open or create the file.

        Raises StoreUnavailableError, ForeignDatabaseError or NewerDatabaseError.
        """
        require_engine()
        try:
            _prepare(path)
            self._writing = _Connection(path)
            for pragma in _WRITING:
                self._writing.rows(f"PRAGMA {pragma}")
            self._reading: SimpleQueue[_Connection] = SimpleQueue()
            for _ in range(readers):
                self._reading.put(_Connection(path))
        except (sqlite3.Error, OSError) as error:
            raise StoreUnavailableError(f"The database {path} cannot be used: {error}.") from error
        self._readers = ThreadPoolExecutor(readers, "read")
        self._queue: SimpleQueue[_Asked | None] = SimpleQueue()
        self._writer = Thread(target=self._write_all, name="write", daemon=True)
        self._writer.start()

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` finds, in one snapshot."""
        call = self._readers.submit(self._read, lambda rows: work(rows, *args, **kwargs))
        return await _in_time(asyncio.wrap_future(call))

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` did, once that is on the disk."""
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._queue.put((lambda rows: work(rows, *args, **kwargs), done))
        return await _in_time(done)

    async def close(self) -> None:
        """Finish what waits, then close the file."""
        self._queue.put(None)
        await asyncio.to_thread(self._writer.join)
        await asyncio.to_thread(self._readers.shutdown)
        while not self._reading.empty():
            self._reading.get().close()

    def _read(self, call: Call) -> Any:
        connection = self._reading.get()
        try:
            connection.rows("BEGIN")
            return call(connection)
        finally:
            with suppress(sqlite3.Error):
                connection.rows("ROLLBACK")
            self._reading.put(connection)

    def _write_all(self) -> None:
        going_on = True
        while going_on:
            batch = [self._next_call()]
            while len(batch) < _MOST_AT_ONCE and not self._queue.empty():
                batch.append(self._queue.get())
            going_on = None not in batch
            calls = [each for each in batch if each and not each[1].cancelled()]
            try:
                results = self._commit([call for call, _ in calls])
            except Exception as error:
                results = [error] * len(calls)
                with suppress(sqlite3.Error):
                    self._writing.rows("ROLLBACK")
            if calls:
                with suppress(RuntimeError):  # whoever asked is gone, and their loop with them
                    calls[0][1].get_loop().call_soon_threadsafe(_answer, calls, results)
        self._writing.close()

    def _next_call(self) -> _Asked | None:
        """Wait for a call; when none comes, empty the write-ahead log: removed texts stay in it."""
        with suppress(Empty):
            return self._queue.get(timeout=QUIET_SECONDS)
        with suppress(sqlite3.Error):
            self._writing.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return self._queue.get()

    def _commit(self, calls: Sequence[Call]) -> list[Any]:
        """Run calls in one transaction; one that is refused takes only its own part back."""
        results: list[Any] = []
        self._writing.rows("BEGIN IMMEDIATE")
        if len(calls) == 1:
            results.append(calls[0](self._writing))
        for call in calls if len(calls) > 1 else ():
            self._writing.rows("SAVEPOINT call")
            try:
                results.append(call(self._writing))
            except sqlite3.Error:
                raise
            except Exception as error:
                self._writing.rows("ROLLBACK TO call")
                results.append(error)
            self._writing.rows("RELEASE call")
        self._writing.rows("COMMIT")
        return results


def copy_database(path: Path, target: Path) -> None:
    """Write a copy of a server's database, whole and for its owner alone, while it is in use.

    Raises InvalidInputError where there is no database or `target` exists, StoreUnavailableError.
    """
    if not path.is_file():
        raise InvalidInputError(f"There is no database at {path}.")
    try:
        copy = os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE_FILE)
    except FileExistsError as error:
        raise InvalidInputError(f"{target} exists.", "Choose another name.") from error
    try:
        connection = _Connection(path)
        connection.rows("VACUUM INTO ?", str(target))
        connection.close()
        os.fsync(copy)
    except sqlite3.Error as error:
        raise StoreUnavailableError(f"The copy cannot be written: {error}.") from error
    finally:
        os.close(copy)


def _answer(calls: Sequence[_Asked], results: Sequence[Any]) -> None:
    for (_, done), result in zip(calls, results, strict=True):
        if done.done():
            continue
        if isinstance(result, Exception):
            done.set_exception(result)
        else:
            done.set_result(result)


async def _in_time(call: Awaitable[T]) -> T:
    try:
        async with asyncio.timeout(DEADLINE_SECONDS):
            return await call
    except (TimeoutError, sqlite3.Error) as error:
        logging.getLogger(__name__).error("storage", extra={"error": repr(error)})
        raise unavailable() from error


def _prepare(path: Path) -> None:
    """Create the file for its owner alone, and the tables in it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE_FILE))
    connection = _Connection(path)
    try:
        connection.rows("BEGIN IMMEDIATE")
        mark = connection.rows("PRAGMA application_id")[0][0]
        version = connection.rows("PRAGMA user_version")[0][0]
        if mark != _APPLICATION_ID and (mark or connection.rows("SELECT 1 FROM sqlite_master")):
            raise ForeignDatabaseError(f"The file {path} is not a database of a cockpit server.")
        if version > SCHEMA_VERSION:
            raise NewerDatabaseError(f"The file {path} was written by a newer cockpit server.")
        if not version:
            for statement in SCHEMA.split(";"):
                connection.rows(statement)
            connection.rows(f"PRAGMA application_id = {_APPLICATION_ID}")
            connection.rows(f"PRAGMA user_version = {SCHEMA_VERSION}")
        connection.rows("COMMIT")
        connection.rows(f"PRAGMA journal_mode = {journal_mode_for(path, engine_version())}")
    finally:
        connection.close()
