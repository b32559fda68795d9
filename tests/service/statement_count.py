"""Counts what an action asks of the database: the statements that run, and the rows read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cockpit.service.session import Session
from cockpit.store.connection import Connection


def count_statements(session: Session, action: Callable[[], object]) -> tuple[list[str], int]:
    """Return the statements that an action runs, one for each row written, and the rows it reads.

    What the engine runs by itself, for its index of words, is left out.
    """
    statements: list[str] = []
    rows = 0
    plain = Connection.rows

    def counted(self: Connection, sql: str, parameters: tuple[object, ...] = ()) -> list:
        nonlocal rows
        found = plain(self, sql, parameters)
        rows += len(found)
        return found

    raw = session.store._connection.raw
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Connection, "rows", counted)
        raw.set_trace_callback(statements.append)
        try:
            action()
        finally:
            raw.set_trace_callback(None)
    return [each for each in statements if not each.startswith("--")], rows
