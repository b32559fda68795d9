"""Full-text search in which every string is a search, at the cost of what it shows.

The index gives its rows from the greatest number down, and a query stops at its limit: titles have
the greatest numbers, then the other texts about an incident, then entries, the latest first. So a
word that stands everywhere costs no more than a rare one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.search_words import (
    MAX_TERM,
    clean_search,
    has_whole,
    is_indexed,
    make_snippet,
    quote_terms,
    split_terms,
)
from cockpit.store.connection import Connection, Row, compose
from cockpit.store.incident_rows import ARCHIVED
from cockpit.store.page_rows import PLACES, place_of
from cockpit.store.rows import read_time

CROWDED = 5
"""Entries of fewer incidents than this shall not be all that a search shows."""

FURTHER = 5
"""How many times the limit is looked further back for entries of other incidents."""

_COLUMNS = {
    "page": "page.n, page.inc, ref, title, place, key, started_at, page.text",
    "entry": "entry.n, entry.inc, ref, title, iif(msg IS NULL, 'entry', 'update'), entry.id, at, "
    "entry.text",
}
_SHOWN = {
    "page": compose("opened IS NOT NULL AND NOT", ARCHIVED),
    # The entry of the declaration only says the title again.
    "entry": compose("hidden = 0 AND opened IS NOT NULL AND entry.id <> opened AND NOT", ARCHIVED),
}


class SearchHit(Struct, frozen=True):
    """Where a text was found; `where` says in what.

    where: "title", "cause", "impact", "services", "post-mortem", "action item", "entry" or
    "update"; entry_id: the timeline entry's id, the section's or the action item's, else empty;
    at: when the entry happened, or the incident began; snippet: the words around the place.
    """

    inc: str
    ref: str
    title: str
    where: str
    entry_id: str
    at: datetime
    snippet: str


class Condition(Struct, frozen=True):
    """A part of a WHERE clause that begins with AND (or is empty), with its parameters."""

    sql: str
    parameters: tuple[Any, ...] = ()


def word_condition(table: str, terms: tuple[str, ...]) -> Condition:
    """Return the condition that every term occurs in `table`'s text, as the beginning of a word."""
    words = [term for term in terms if is_indexed(term)]
    match = compose("SELECT rowid FROM", f"{table}_fts", "WHERE", f"{table}_fts", "MATCH ?")
    rest = _part_condition(table, terms)
    clauses = [f"AND {table}.n IN ({match})"] if words else []
    found = (quote_terms(words),) if words else ()
    return Condition(" ".join([*clauses, rest.sql]), (*found, *rest.parameters))


def search(connection: Connection, text: str, limit: int) -> tuple[SearchHit, ...]:
    """Return at most `limit` places with all words of `text`.

    Titles come first, then what else is said about an incident, then entries; of each the latest
    written; and whole words before longer ones that begin so.
    """
    terms = split_terms(text)
    if not terms or limit <= 0:
        return ()
    words = [term for term in terms if is_indexed(term)]
    if not words:
        return search_inside(connection, text, limit)
    whole, longer = quote_terms(words, whole=True), quote_terms(words)
    rest = {table: _part_condition(table, terms) for table in _COLUMNS}
    with connection.reading():
        found = _rows(connection, "page", longer, rest["page"], limit)
        if len(found) == limit:
            first = _rows(connection, "page", whole, rest["page"], limit)
            found = sorted(dict.fromkeys([*first, *found]), key=_place)
        else:
            found.sort(key=lambda each: (_place(each), not has_whole(each[1][-1], words)))
        room = limit - len(found)
        if room > 0:
            entries = _rows(connection, "entry", whole, rest["entry"], room)
            if len(entries) < room:
                # Only now: for the beginning of a word, all words that begin so are read.
                entries += _rows(connection, "entry", longer, rest["entry"], room)
            elif _is_crowded(entries):
                below, further = entries[-1][1][0], FURTHER * limit
                entries += _rows(connection, "entry", whole, rest["entry"], further, below)
                entries = _spread(entries, room)
            found += dict.fromkeys(entries)
    return _hits(found[:limit], terms)


def search_inside(connection: Connection, text: str, limit: int) -> tuple[SearchHit, ...]:
    """Return at most `limit` places that hold `text` as it stands, inside words too.

    Reads every text, which a search by words does not.
    """
    part = " ".join(clean_search(text).split())[:MAX_TERM]
    if not part or limit <= 0:
        return ()
    found: list[_Found] = []
    with connection.reading():
        for table, columns in _COLUMNS.items():
            query = compose(
                "SELECT", columns, "FROM", table, f"JOIN incident ON incident.id = {table}.inc",
                f"WHERE instr(lower({table}.text), lower(?)) AND", _SHOWN[table],
                f"ORDER BY {table}.n DESC LIMIT ?",
            )  # fmt: skip
            rows = connection.rows(query, (part, limit - len(found)))
            found.extend((table, row) for row in rows)
    return _hits(found, (part,))


_Found = tuple[str, Row]
"""The table, and the row with its columns of `_COLUMNS`."""


def _rows(
    connection: Connection,
    table: str,
    match: str,
    rest: Condition,
    limit: int,
    below: int | None = None,
) -> list[_Found]:
    """Return at most `limit` rows of a table that match, from the number `below` down."""
    index = f"{table}_fts"
    bound, start = ("", ()) if below is None else (f"AND {index}.rowid < ?", (below,))
    # The engine plans a statement anew for each limit that it sees, but not for a sum.
    query = compose(
        "SELECT", _COLUMNS[table], "FROM", index,
        f"CROSS JOIN {table} ON {table}.n = {index}.rowid",
        f"CROSS JOIN incident ON incident.id = {table}.inc",
        f"WHERE {index} MATCH ? AND", _SHOWN[table], rest.sql, bound,
        f"ORDER BY {index}.rowid DESC LIMIT ? + 0",
    )  # fmt: skip
    parameters = (match, *rest.parameters, *start, limit)
    return [(table, row) for row in connection.rows(query, parameters)]


def _is_crowded(entries: Sequence[_Found]) -> bool:
    """Say whether the entries of few incidents leave no room for those of others."""
    return len({row[1] for _, row in entries}) < min(CROWDED, len(entries))


def _spread(found: Iterable[_Found], limit: int) -> list[_Found]:
    """Return at most `limit` of what was found, of no incident more than its share."""
    counts: Counter[str] = Counter()
    first: list[_Found] = []
    rest: list[_Found] = []
    for each in found:
        counts[each[1][1]] += 1
        (first if counts[each[1][1]] <= max(1, limit // CROWDED) else rest).append(each)
    kept = set(first[:limit] + rest[: max(0, limit - len(first))])
    return [each for each in [*first, *rest] if each in kept]


def _part_condition(table: str, terms: tuple[str, ...]) -> Condition:
    """Return the condition for the terms that no index of words holds."""
    parts = tuple(term for term in terms if not is_indexed(term))
    clause = f"AND instr(lower({table}.text), lower(?))"
    return Condition(" ".join([clause] * len(parts)), parts)


def _place(found: _Found) -> int:
    """Return where a page stands among the others."""
    return -PLACES.index(place_of(found[1][0]))


def _hits(found: Iterable[_Found], terms: tuple[str, ...]) -> tuple[SearchHit, ...]:
    return tuple(
        SearchHit(inc, ref, title, where, key, read_time(at), make_snippet(text, terms))
        for _, (_, inc, ref, title, where, key, at, text) in found
    )
