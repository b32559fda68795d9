"""Checks of the whole database: what is wrong, and how to go on."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from cockpit.domain.clock import stamp_ms
from cockpit.errors import CockpitError, ReadOnlyError, StoreUnavailableError
from cockpit.sqlite_engine import engine_note, sqlite3
from cockpit.store.connection import Connection, Row, compose
from cockpit.store.projections import Projector
from cockpit.store.queries import Reads
from cockpit.store.tables import (
    PROJECTED,
    PROJECTION_VERSION,
    SHARING,
    TRUTH,
    projection_statements,
    removal_statements,
)
from cockpit.store.word_index import check_indexes
from cockpit.store.writing import chunked, read_clock

_REBUILD = "cockpit doctor --rebuild makes them again from the events."
_RESTORE = "Stop writing; cockpit rescue saves what can be read, then restore the last backup."
_DAY_MS = 24 * 3600 * 1000


class Finding(Struct, frozen=True):
    """What one check found, in a sentence; `hint` says how to go on when it is not `ok`."""

    ok: bool
    text: str
    hint: str = ""


def _fine(text: str) -> Finding:
    return Finding(ok=True, text=text)


def _problem(text: str, hint: str) -> Finding:
    return Finding(ok=False, text=text, hint=hint)


def check_database(connection: Connection, now_ms: int) -> tuple[Finding, ...]:
    """Return what every check finds; none of them raises or changes anything."""
    checks: tuple[Callable[[Connection], Finding], ...] = (
        _check_engine,
        _check_pages,
        _check_events,
        _check_search,
        _check_projections,
        lambda each: _check_clock(each, now_ms),
        lambda each: _check_modes(each.path),
    )
    found = []
    for check in checks:
        try:
            found.append(check(connection))
        except CockpitError as error:
            found.append(_problem(error.message, error.hint or _RESTORE))
    return tuple(found)


def rebuild_projections(connection: Connection) -> None:
    """Make all projections again from the events, inside the open transaction."""
    for statement in (*removal_statements(), *projection_statements()):
        connection.execute(statement)
    _project(connection)
    connection.execute(
        "INSERT OR REPLACE INTO meta VALUES ('projections', ?)", (str(PROJECTION_VERSION),)
    )


def differing_projections(connection: Connection) -> tuple[str, ...]:
    """Return the projection tables that differ from what the events say."""
    raw = sqlite3.connect(":memory:", isolation_level=None)
    fresh = Connection(raw, Path(":memory:"))
    try:
        for statement in (*TRUTH, *SHARING, *projection_statements()):
            fresh.execute(statement)
        with connection.reading():
            _copy_events(connection, fresh)
            return tuple(
                table
                for table in PROJECTED
                if any(a != b for a, b in _pairs(connection, fresh, table))
            )
    finally:
        fresh.close()


def _copy_events(connection: Connection, fresh: Connection) -> None:
    # Where incidents are shared decides which of two keeps a number.
    fresh.execute_many("INSERT INTO place VALUES (?, ?)", connection.rows("SELECT * FROM place"))
    columns = connection.rows("SELECT name FROM pragma_table_info('op')")
    marks = ", ".join("?" * len(columns))
    after = 0
    while rows := connection.rows("SELECT * FROM op WHERE n > ? ORDER BY n LIMIT 500", (after,)):
        fresh.execute_many(compose("INSERT INTO op VALUES (", marks, ")"), rows)
        after = rows[-1][0]
    _project(fresh)


def _project(connection: Connection) -> None:
    """Project all events, in the order in which they came."""
    for chunk in chunked(Reads(connection).numbered_ops()):
        numbers, records = zip(*chunk, strict=True)
        Projector(connection).add(numbers, records)


def _pairs(one: Connection, other: Connection, table: str) -> Iterator[tuple[Row, Row]]:
    """Yield the rows of a table side by side, an empty row where one side has fewer."""
    names = [row[0] for row in one.rows("SELECT name FROM pragma_table_info(?)", (table,))]
    columns = ", ".join(f'"{name}"' for name in names if name != "n")
    query = compose("SELECT", columns, "FROM", table, "ORDER BY", columns)
    left, right = one.rows(query), other.rows(query)
    for place in range(max(len(left), len(right))):
        yield (
            left[place] if place < len(left) else (),
            right[place] if place < len(right) else (),
        )


def _check_engine(connection: Connection) -> Finding:
    mode = connection.value("PRAGMA journal_mode")
    return _fine(f"{engine_note()}, journal mode {mode}.")


def _check_pages(connection: Connection) -> Finding:
    problems = [row[0] for row in connection.rows("PRAGMA integrity_check(5)") if row[0] != "ok"]
    if problems:
        return _problem(f"The file is damaged: {'; '.join(problems)[:300]}.", _RESTORE)
    return _fine("The file is whole.")


def _check_events(connection: Connection) -> Finding:
    count = connection.value("SELECT count(*) FROM op")
    unknown = connection.value("SELECT coalesce(sum(unknown_ops), 0) FROM incident")
    later = f", {unknown:,} of a later version kept as they are" if unknown else ""
    return _fine(f"{count:,} events{later}.")


def _check_search(connection: Connection) -> Finding:
    """Compare the full-text indexes with the texts; the engine can only do so as a write."""
    try:
        with connection.writing():
            check_indexes(connection)
    except (StoreUnavailableError, ReadOnlyError) as error:
        return _fine(f"The search index was not checked. {error.message}")
    except CockpitError as error:
        return _problem(f"The search index could not be checked: {error.message}", _REBUILD)
    return _fine("The search index agrees with the texts.")


def _check_projections(connection: Connection) -> Finding:
    differing = differing_projections(connection)
    if differing:
        return _problem(f"These tables differ from the events: {', '.join(differing)}.", _REBUILD)
    return _fine("Every list agrees with the events.")


def _check_clock(connection: Connection, now_ms: int) -> Finding:
    clock = read_clock(connection)
    if clock and stamp_ms(clock) > now_ms + _DAY_MS:
        return _problem(
            "An event was recorded more than a day ahead of this machine's clock.",
            "Check the clock; new events go on from there and keep their order.",
        )
    return _fine("The clock agrees with the events.")


def _check_modes(path: Path) -> Finding:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        directory = stat.S_IMODE(path.parent.stat().st_mode)
    except OSError as error:
        return _problem(f"{path}: {error.strerror}.", "Put the file back.")
    if mode & 0o077 or directory & 0o022:
        return _problem(
            f"Others may read or change {path}.",
            f"chmod 700 {path.parent}; chmod 600 {path}",
        )
    return _fine("Nobody else can read the file.")
