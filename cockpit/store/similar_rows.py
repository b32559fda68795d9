"""Where words stand in the texts about other incidents."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.domain.likeness import Sighting, Sought
from cockpit.store.connection import Connection, compose
from cockpit.store.incident_rows import ARCHIVED

MOST_PAGES = 2_000
MOST_ENTRIES = 400
"""A word that stands in more texts than that says nothing, and no more of them are read."""

_REAL = compose("opened IS NOT NULL AND NOT drill AND incident.id <> ? AND NOT", ARCHIVED)
_PAGES = compose(
    "SELECT page.inc, place FROM (SELECT rowid FROM page_fts WHERE page_fts MATCH ?",
    "ORDER BY rowid DESC LIMIT", f"{MOST_PAGES}) AS found",
    "CROSS JOIN page ON page.n = found.rowid CROSS JOIN incident ON incident.id = page.inc",
    "WHERE", _REAL, "ORDER BY started_at DESC",
)  # fmt: skip
_ENTRIES = compose(
    "SELECT entry.inc, iif(msg IS NULL, 'entry', 'update')",
    "FROM (SELECT rowid FROM entry_fts WHERE entry_fts MATCH ?",
    "ORDER BY rowid DESC LIMIT", f"{MOST_ENTRIES}) AS found",
    "CROSS JOIN entry ON entry.n = found.rowid CROSS JOIN incident ON incident.id = entry.inc",
    "WHERE hidden = 0 AND", _REAL, "ORDER BY started_at DESC",
)  # fmt: skip
_COUNT = compose("SELECT count(*) FROM incident WHERE", _REAL)


def see_words(
    connection: Connection, words: Iterable[Sought], without: str
) -> tuple[dict[Sought, list[Sighting]], int]:
    """Return where each word stands, and how many incidents there are; drills never count.

    without: the id of the incident at hand, which is not like itself.
    """
    seen: dict[Sought, list[Sighting]] = {}
    with connection.reading():
        total = int(connection.value(_COUNT, (without,)))
        for each in words:
            parameters = (each.query, without)
            pages = connection.rows(_PAGES, parameters)
            entries = connection.rows(_ENTRIES, parameters)
            rows = [
                *(pages if len(pages) < MOST_PAGES else ()),
                *(entries if len(entries) < MOST_ENTRIES else ()),
            ]
            seen[each] = [Sighting(*row) for row in rows]
    return seen, total
