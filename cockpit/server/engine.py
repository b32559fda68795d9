"""What the server asks of a database: transactions in which hand-written statements run.

The statements are the same for every dialect but for a few marks: `{lock}` holds the row until
the commit, `{any}` compares with a list of values, `{big}` is a 64-bit number, `{strict}` and
`{rowless}` end a table, `{size}` is a body's bytes, `{by_…}` names the index to go by
where the planner errs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from cockpit.errors import CockpitError

DEADLINE_SECONDS = 4.0
"""How long a call waits for the database before the client is told to come back."""

SCHEMA_VERSION = 1
SCHEMA = """
CREATE TABLE server(one {big} PRIMARY KEY, id TEXT NOT NULL, ws TEXT NOT NULL){strict};
CREATE TABLE workspace(id TEXT PRIMARY KEY, title TEXT NOT NULL, sealed {big} NOT NULL,
    private {big} NOT NULL,
    head {big} NOT NULL DEFAULT 0, chain TEXT NOT NULL DEFAULT '',
    last_at {big} NOT NULL DEFAULT 0, here {big} NOT NULL DEFAULT 1){strict};
CREATE TABLE op(ws TEXT NOT NULL, seq {big} NOT NULL, id TEXT NOT NULL, chain TEXT NOT NULL,
    at {big} NOT NULL, inc TEXT NOT NULL, about TEXT NOT NULL, redacts {big} NOT NULL,
    relayed_by TEXT, body TEXT NOT NULL, PRIMARY KEY(ws, seq)){rowless};
CREATE UNIQUE INDEX op_id ON op(ws, id);
CREATE INDEX op_inc ON op(ws, inc, seq);
CREATE INDEX op_about ON op(ws, about) WHERE about <> '';
CREATE TABLE member(ws TEXT NOT NULL, name TEXT NOT NULL, role TEXT NOT NULL, inc TEXT NOT NULL,
    PRIMARY KEY(ws, name)){strict};
CREATE TABLE token(hash TEXT PRIMARY KEY, id TEXT NOT NULL, ws TEXT NOT NULL,
    member TEXT NOT NULL, dev TEXT NOT NULL, made {big} NOT NULL,
    seen {big} NOT NULL DEFAULT 0, revoked {big} NOT NULL DEFAULT 0){strict};
CREATE INDEX token_ws ON token(ws);
CREATE TABLE invite(hash TEXT PRIMARY KEY, ws TEXT NOT NULL, role TEXT NOT NULL,
    inc TEXT NOT NULL, member TEXT NOT NULL, expires {big} NOT NULL, made_by TEXT NOT NULL,
    used_by TEXT){strict};
CREATE TABLE presence(ws TEXT NOT NULL, member TEXT NOT NULL, dev TEXT NOT NULL,
    inc TEXT NOT NULL, doing TEXT NOT NULL, since {big} NOT NULL, seen {big} NOT NULL,
    PRIMARY KEY(ws, member, dev)){strict}
"""

Row = tuple[Any, ...]
P = ParamSpec("P")
T = TypeVar("T")


class Transaction(Protocol):
    """The statements of one transaction."""

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Run one statement and return its rows; a list among the values goes to `{any}`."""
        ...

    def append(self, ws: str, ops: Sequence[Row]) -> None:
        """Insert rows (seq, id, chain, at, inc, about, redacts, relayed_by, body) into `op`."""
        ...


Work = Callable[Concatenate[Transaction, P], T]


class Engine(Protocol):
    """A database: every call is one transaction, tried again where that is right, with a deadline.

    Raises RefusedError (503) when the database does not answer in time.
    """

    async def read(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` finds."""
        ...

    async def write(self, work: Work[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what `work` did, once that is committed."""
        ...

    async def close(self) -> None:
        """End what is running, then close all connections."""
        ...


class RefusedError(CockpitError):
    """A call is not done: `status` and `code` for programs, a sentence for people."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: int = 0) -> None:
        """Keep them; retry_after in seconds, 0 where coming back does not help."""
        super().__init__(message)
        self.status, self.code, self.retry_after = status, code, retry_after


def unavailable() -> RefusedError:
    """Return what is said while the database does not answer."""
    return RefusedError(503, "busy", "The database does not answer now.", retry_after=2)
