"""Pages of the timeline, in order of (at, t, id); quick wherever in 100,000 entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cockpit.domain.view import TimelineEntry, TimelineFilter
from cockpit.errors import InvalidInputError
from cockpit.store.connection import Connection, compose
from cockpit.store.rows import ENTRY_COLUMNS, read_entry, write_time

if TYPE_CHECKING:
    from cockpit.store.search import Condition

_COUNT = "SELECT count(*) FROM entry WHERE"
_PLACES = "SELECT n FROM entry WHERE"
_PAGE = compose("SELECT", ENTRY_COLUMNS, "FROM entry JOIN")
# CROSS JOIN keeps the order: an id stands for the event's own row, or for that of people told in
# one action, and never are all entries of an incident looked through for it.
_NAMED = (
    "(SELECT op.n FROM op WHERE op.id = ? UNION ALL "
    "SELECT entry.n FROM entry WHERE entry.told = 1 AND entry.inc = ? AND entry.id = ?) "
    "AS named CROSS JOIN entry USING (n) WHERE entry.id = ? AND"
)
_OWN_KEY = compose("SELECT at, t, id, told FROM", _NAMED)
_ONE = compose("SELECT", ENTRY_COLUMNS, "FROM", _NAMED, "inc = ? ORDER BY told LIMIT 1")
_ORDER = "at, t, id, told"
_BACKWARDS = "at DESC, t DESC, id DESC, told DESC"


def count_entries(connection: Connection, inc: str, wanted: TimelineFilter) -> int:
    """Return how many entries the filter lets through."""
    if wanted == TimelineFilter():
        query = "SELECT entry_count FROM incident WHERE id = ?"
        return int(connection.value(query, (inc,)) or 0)
    where = _condition(inc, wanted)
    return int(connection.value(compose(_COUNT, where.sql), where.parameters))


def read_page(
    connection: Connection, inc: str, wanted: TimelineFilter, start: int, stop: int
) -> tuple[TimelineEntry, ...]:
    """Return the entries from place `start` up to but without `stop`, oldest first, from 0."""
    if start < 0 or stop < 0:
        raise InvalidInputError("A page of the timeline cannot begin or end before its first line.")
    where = _condition(inc, wanted)
    with connection.reading():
        count = count_entries(connection, inc, wanted)
        stop = min(stop, count)
        if start >= stop:
            return ()
        # Skipping from the nearer end: the latest entries are read most.
        near_end = start > count - stop
        order, offset = (_BACKWARDS, count - stop) if near_end else (_ORDER, start)
        places = compose(_PLACES, where.sql, "ORDER BY", order, "LIMIT ? OFFSET ?")
        query = compose(_PAGE, "(", places, ") AS page USING (n) ORDER BY", _ORDER)
        rows = connection.rows(query, (*where.parameters, stop - start, offset))
    return tuple(read_entry(row) for row in rows)


def find_position(
    connection: Connection, inc: str, wanted: TimelineFilter, entry_id: str
) -> int | None:
    """Return the place of an entry, from 0; None when the filter does not let it through."""
    where = _condition(inc, wanted)
    with connection.reading():
        found = connection.row(
            compose(_OWN_KEY, where.sql, "ORDER BY", _ORDER, "LIMIT 1"),
            (entry_id, inc, entry_id, entry_id, *where.parameters),
        )
        if found is None:
            return None
        return int(
            connection.value(
                compose(_COUNT, where.sql, "AND (", _ORDER, ") < (?, ?, ?, ?)"),
                (*where.parameters, *found),
            )
        )


def find_entry(connection: Connection, inc: str, entry_id: str) -> TimelineEntry | None:
    """Return one entry, undone or not; None when there is none with that id."""
    row = connection.row(_ONE, (entry_id, inc, entry_id, entry_id, inc))
    return None if row is None else read_entry(row)


def _condition(inc: str, wanted: TimelineFilter) -> Condition:
    """Return what the filter asks for, without the leading AND."""
    from cockpit.domain.search_words import split_terms
    from cockpit.store.search import Condition, word_condition

    clauses, parameters = ["inc = ?"], [inc]
    if not wanted.hidden:
        clauses.append("hidden = 0")
    if wanted.starred:
        clauses.append("starred = 1")
    if wanted.kinds:
        clauses.append(f"kind IN ({', '.join('?' * len(wanted.kinds))})")
        parameters.extend(wanted.kinds)
    if wanted.since is not None:
        clauses.append("at >= ?")
        parameters.append(write_time(wanted.since))
    if wanted.until is not None:
        clauses.append("at <= ?")
        parameters.append(write_time(wanted.until))
    words = word_condition("entry", split_terms(wanted.text))
    return Condition(compose(" AND ".join(clauses), words.sql), (*parameters, *words.parameters))
