"""The log in PostgreSQL, one node or several of which one leads: blocking calls on a few threads.

A leader that hangs never answers, whatever the settings of the network. So every call has a
deadline, after which its socket is shut, and all connections are taken for dead.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Any

import psycopg
from psycopg import conninfo, errors

from cockpit.errors import ForeignDatabaseError, InvalidInputError, StoreUnavailableError
from cockpit.server.engine import (
    DEADLINE_SECONDS,
    SCHEMA,
    P,
    RefusedError,
    Row,
    T,
    Work,
    unavailable,
)

CONNECTIONS = 8
_DEFAULTS = {
    "connect_timeout": "2",
    "target_session_attrs": "read-write",
    "application_name": "incident-cockpit",
}
_SESSION = """
SET statement_timeout = 0; SET lock_timeout = '4s';
SET idle_in_transaction_session_timeout = '8s'"""
"""A time limit on statements would end the wait for other nodes and call the rest committed."""

_MARKS = {
    "lock": " FOR UPDATE",
    "any": "= ANY(%b)",
    "big": "BIGINT",
    "strict": "",
    "rowless": "",
    "size": "OCTET_LENGTH(body)",
    "by_id": "",
    "by_inc": "",
    "by_about": "",
}
_APPEND = "COPY op FROM STDIN (FORMAT BINARY)"
_TYPES = ("text", "int8", "text", "text", "int8", "text", "text", "int8", "text", "text")
_ONE_AT_A_TIME = 0x49435356
"""The advisory lock under which the tables are made."""

_AGAIN = (errors.SerializationFailure, errors.DeadlockDetected)
_LOST = (psycopg.OperationalError, psycopg.InterfaceError, errors.ReadOnlySqlTransaction)
_LONGEST_PAUSE = 0.05
_START_SECONDS = 10.0  # for the tables, which a standby may have to take as well

Connection = psycopg.Connection[Row]


@cache
def _translate(sql: str) -> bytes:
    return sql.format_map(_MARKS).replace("?", "%s").encode()


class _Session:
    """One connection, used by one thread at a time; any thread may shut it."""

    def __init__(self, address: str, epoch: int) -> None:
        self.epoch = epoch
        self._warned = False
        self._shutting = threading.Lock()
        # A plan that was made while the tables were empty, and kept, reads all of them for ever.
        self.raw: Connection = psycopg.connect(address, autocommit=True, prepare_threshold=None)
        self.raw.add_notice_handler(self._note)

    def prepare(self) -> None:
        """Set its limits; the server may hang by now: who may shut it has to know of it before."""
        self.raw.execute(_SESSION)

    def rows(self, sql: str, *values: object) -> list[Row]:
        cursor = self.raw.execute(_translate(sql), values or None)
        return cursor.fetchall() if cursor.description else []

    def append(self, ws: str, ops: Sequence[Row]) -> None:
        with self.raw.cursor() as cursor, cursor.copy(_APPEND) as copy:
            copy.set_types(_TYPES)
            for op in ops:
                copy.write_row((ws, *op))

    def commit(self) -> None:
        """Commit; a warning means that the wait for the other nodes was broken off."""
        self._warned = False
        self.rows("COMMIT")
        if self._warned:
            raise psycopg.OperationalError("committed on one node only")

    def shut(self) -> None:
        """End whatever waits on this connection."""
        with self._shutting, suppress(OSError, psycopg.Error):
            if not self.raw.closed:
                with socket.socket(fileno=os.dup(self.raw.fileno())) as other:
                    other.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._shutting, suppress(psycopg.Error):
            self.raw.close()

    def _note(self, notice: errors.Diagnostic) -> None:
        self._warned = self._warned or notice.severity_nonlocalized == "WARNING"


class _Call:
    """A call under way: what it does, until when, and how far it is."""

    def __init__(self, work: Work[[], Any], *, commits: bool) -> None:
        self.work, self.commits = work, commits
        self.until = time.monotonic() + DEADLINE_SECONDS
        self.committing = False

    def run(self, session: _Session) -> Any:
        """Run it, unless whoever asked was told already that it is not done."""
        if time.monotonic() > self.until:
            raise unavailable()
        self.committing = False
        if not self.commits:
            return self.work(session)
        session.rows("BEGIN")
        try:
            result = self.work(session)
        except Exception:
            with suppress(psycopg.Error):
                session.rows("ROLLBACK")
            raise
        self.committing = True
        session.commit()
        return result


class PostgresEngine:
    """An engine on PostgreSQL; any number of servers may share it."""

    def __init__(self, address: str, *, connections: int = CONNECTIONS) -> None:
        """Connect, and make the tables where there are none.

        address: postgresql://… or the words of libpq; several hosts are tried in turn.
        Raises InvalidInputError, StoreUnavailableError or ForeignDatabaseError.
        """
        try:
            given = conninfo.conninfo_to_dict(address)
        except psycopg.ProgrammingError as error:
            raise InvalidInputError(
                "That is no address of a PostgreSQL database.",
                "It looks like postgresql://name@host/database, or host=… dbname=….",
            ) from error
        self._address = conninfo.make_conninfo("", **{**_DEFAULTS, **given})
        self._epoch = 0
        self._local = threading.local()
        self._sessions: set[_Session] = set()
        self._threads = ThreadPoolExecutor(connections, "postgres")
        until = time.monotonic() + _START_SECONDS
        try:
            _prepare(self._address)
        except _LOST as error:
            why = error if time.monotonic() < until else "it let us in and does not answer."
            raise StoreUnavailableError(f"PostgreSQL cannot be used: {why}") from error
        for _ in range(connections):  # now, so that no call of a member has to wait for one
            self._threads.submit(self._connect)

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` finds; each of its statements sees the newest."""
        call = _Call(lambda tx: work(tx, *args, **kwargs), commits=False)
        found: T = await self._in_time(call)
        return found

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` did, once PostgreSQL has committed it."""
        call = _Call(lambda tx: work(tx, *args, **kwargs), commits=True)
        done: T = await self._in_time(call)
        return done

    async def close(self) -> None:
        """Finish what runs, but what hangs, then close all connections."""
        ending = asyncio.ensure_future(asyncio.to_thread(self._threads.shutdown))
        while not (await asyncio.wait([ending], timeout=DEADLINE_SECONDS))[0]:
            self._give_up()
        for session in tuple(self._sessions):
            session.close()

    async def _in_time(self, call: _Call) -> Any:
        try:
            async with asyncio.timeout_at(asyncio.get_running_loop().time() + DEADLINE_SECONDS):
                return await asyncio.wrap_future(self._threads.submit(self._run, call))
        except TimeoutError as error:
            self._give_up()
            raise _fault(error) from error
        except psycopg.DataError as error:
            raise RefusedError(400, "malformed", "That is no text to be stored.") from error
        except psycopg.Error as error:
            raise _fault(error) from error

    def _give_up(self) -> None:
        """Trust no connection any more, and end what waits on one."""
        self._epoch += 1
        for session in tuple(self._sessions):
            if session.epoch < self._epoch:
                session.shut()

    def _run(self, call: _Call) -> Any:
        """Run a call on this thread's connection, again where nothing of it can have happened."""
        pause, lost = 0.001, False
        while True:
            try:
                return call.run(self._connect())
            except _AGAIN:
                if time.monotonic() + pause > call.until:
                    raise
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            except _LOST:
                was_connected = self._drop()
                if call.committing or lost or not was_connected:
                    raise
                lost = True

    def _connect(self) -> _Session:
        """Return this thread's connection, a new one where the old one is not trusted."""
        session: _Session | None = getattr(self._local, "session", None)
        if session and session.epoch == self._epoch and not session.raw.closed:
            return session
        session = None
        while session is None or session.epoch != self._epoch:  # given up before it was known
            self._drop()
            self._local.session = session = _Session(self._address, self._epoch)
            self._sessions.add(session)
        try:
            session.prepare()
        except psycopg.Error:
            self._drop()
            raise
        return session

    def _drop(self) -> bool:
        """Close this thread's connection; say whether there was one."""
        session: _Session | None = getattr(self._local, "session", None)
        self._local.session = None
        if session:
            session.close()
            self._sessions.discard(session)
        return session is not None


def _fault(error: Exception) -> RefusedError:
    logging.getLogger(__name__).error("storage", extra={"error": repr(error)})
    return unavailable()


def _prepare(address: str) -> None:
    """Make the tables, one process at a time."""
    session = _Session(address, 0)
    late = threading.Timer(_START_SECONDS, session.shut)
    late.start()
    try:
        session.prepare()
        with session.raw.transaction():
            session.rows("SELECT pg_advisory_xact_lock(?)", _ONE_AT_A_TIME)
            if not session.rows("SELECT to_regclass('workspace')")[0][0]:
                for statement in SCHEMA.split(";"):
                    session.rows(statement)
    except errors.DuplicateTable as error:
        raise ForeignDatabaseError("That database holds something else already.") from error
    finally:
        late.cancel()
        session.close()
