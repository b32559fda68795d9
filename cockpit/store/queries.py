"""All that can be asked of the database; every answer is a plain read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from cockpit.domain.envelope import Op, Record
from cockpit.domain.registers import Register
from cockpit.domain.view import IncidentSummary, IncidentView, TimelineEntry, TimelineFilter
from cockpit.errors import IncidentNotFoundError
from cockpit.store.connection import Connection, compose
from cockpit.store.incident_rows import ARCHIVED, load_register, load_view
from cockpit.store.places import PlaceReads
from cockpit.store.rows import OP_COLUMNS, SUMMARY_COLUMNS, read_record, read_summary
from cockpit.store.section_rows import section_updates
from cockpit.store.timeline_pages import count_entries, find_entry, find_position, read_page

if TYPE_CHECKING:
    from cockpit.domain.action_items import IncidentItem
    from cockpit.domain.insight_facts import Traces
    from cockpit.domain.likeness import Sighting, Sought
    from cockpit.domain.review import Lesson
    from cockpit.store.search import SearchHit

_KNOWN = compose("SELECT", SUMMARY_COLUMNS, "FROM incident WHERE opened IS NOT NULL AND")
_SUMMARIES = compose(_KNOWN, "NOT", ARCHIVED)
_OPEN_FIRST = (
    "ORDER BY is_open DESC, iif(is_open, severity, ''), iif(is_open, started_at, ''), "
    "started_at DESC, id"
)
_RECENT = compose(
    "SELECT", OP_COLUMNS, "FROM op WHERE inc = ? AND dev = ? ORDER BY t DESC, n DESC LIMIT ?"
)
_CHUNK = 500
_LARGEST_NUMBER = 999_999_999
"""Above this a reference cannot be typed; the next number does not count on from there."""


class Reads:
    """Plain reads on one connection; inside a write they see what it has written so far."""

    def __init__(self, connection: Connection) -> None:
        """Read through `connection`."""
        self._connection = connection
        self.places = PlaceReads(connection)

    def view(self, inc: str) -> IncidentView:
        """Return what is known of an incident; raises IncidentNotFoundError."""
        with self._connection.reading():
            view = load_view(self._connection, inc)
        if view is None:
            raise IncidentNotFoundError("There is no such incident here.")
        return view

    def reference(self, inc: str) -> str:
        """Return an incident's reference; raises IncidentNotFoundError."""
        query = "SELECT ref FROM incident WHERE id = ? AND opened IS NOT NULL"
        found = self._connection.value(query, (inc,))
        if found is None:
            raise IncidentNotFoundError("There is no such incident here.")
        return str(found)

    def summaries(
        self, *, only_open: bool = False, limit: int | None = None, offset: int = 0
    ) -> tuple[IncidentSummary, ...]:
        """Return incidents: open ones by severity and start, then the others, newest first."""
        clause = " AND is_open = 1" if only_open else ""
        rows = self._connection.rows(
            f"{_SUMMARIES}{clause} {_OPEN_FIRST} LIMIT ? OFFSET ?",
            (-1 if limit is None else max(0, limit), max(0, offset)),
        )
        return tuple(read_summary(row) for row in rows)

    def count(self) -> int:
        """Return how many incidents there are, open or not, without the deleted ones."""
        query = "SELECT count(*) FROM incident WHERE opened IS NOT NULL AND NOT"
        return int(self._connection.value(compose(query, ARCHIVED)))

    def deleted(self) -> tuple[IncidentSummary, ...]:
        """Return the deleted incidents, the latest first; no other read finds them by name."""
        query = compose(_KNOWN, ARCHIVED, "ORDER BY started_at DESC, id")
        return tuple(read_summary(row) for row in self._connection.rows(query))

    def find(self, prefix: str, number: int) -> tuple[IncidentSummary, ...]:
        """Return the incidents that claim a reference, the one declared first in front."""
        rows = self._connection.rows(
            f"{_SUMMARIES} AND prefix = ? AND number = ? ORDER BY opened_ms, id", (prefix, number)
        )
        return tuple(read_summary(row) for row in rows)

    def by_id_prefix(self, digits: str) -> tuple[IncidentSummary, ...]:
        """Return the incidents whose id begins with these hex digits."""
        rows = self._connection.rows(
            f"{_SUMMARIES} AND id >= ? AND id < ? || 'g' ORDER BY id", (digits, digits)
        )
        return tuple(read_summary(row) for row in rows)

    def next_number(self, prefix: str) -> int:
        """Return the next free number of a reference, from 1."""
        last = self._connection.value(
            "SELECT max(number) FROM incident WHERE prefix = ? AND number < ?",
            (prefix, _LARGEST_NUMBER),
        )
        return max(0, int(last or 0)) + 1

    def timeline(
        self, inc: str, wanted: TimelineFilter, start: int, stop: int
    ) -> tuple[TimelineEntry, ...]:
        """Return the entries at places `start` to `stop` (without it), oldest first, from 0."""
        return read_page(self._connection, inc, wanted, start, stop)

    def timeline_count(self, inc: str, wanted: TimelineFilter) -> int:
        """Return how many entries the filter lets through."""
        return count_entries(self._connection, inc, wanted)

    def position(self, inc: str, wanted: TimelineFilter, entry_id: str) -> int | None:
        """Return the place of an entry, from 0; None when the filter hides it."""
        return find_position(self._connection, inc, wanted, entry_id)

    def entry(self, inc: str, entry_id: str) -> TimelineEntry | None:
        """Return one entry, undone or not; None when there is none with that id."""
        return find_entry(self._connection, inc, entry_id)

    def traces(self) -> tuple[Traces, ...]:
        """Return what insights read of every incident that was not deleted, by their beginnings."""
        from cockpit.store.insight_rows import read_traces

        return read_traces(self._connection)

    def register(self, inc: str, obj: str, f: str) -> Register | None:
        """Return a register's value and rivals, None while nobody set it."""
        with self._connection.reading():
            return load_register(self._connection, inc, obj, f)

    def ops(
        self, inc: str | None = None, *, after_n: int = 0, limit: int | None = None
    ) -> Iterator[Record]:
        """Yield events in the order they came here; no transaction stays open meanwhile.

        inc: only of this incident; after_n: only those numbered above; limit: at most so many.
        """
        return (record for _, record in self.numbered_ops(inc, after_n=after_n, limit=limit))

    def numbered_ops(
        self, inc: str | None = None, *, after_n: int = 0, limit: int | None = None
    ) -> Iterator[tuple[int, Record]]:
        """Yield events as `ops` does, each with its place in this file."""
        clause, only = ("AND inc = ?", (inc,)) if inc is not None else ("", ())
        query = compose(
            "SELECT n,", OP_COLUMNS, "FROM op WHERE n > ?", clause, "ORDER BY n LIMIT ?"
        )
        left = limit
        while left is None or left > 0:
            size = _CHUNK if left is None else min(_CHUNK, left)
            rows = self._connection.rows(query, (after_n, *only, size))
            for row in rows:
                yield row[0], read_record(row[1:])
            if len(rows) < size:
                return
            after_n = rows[-1][0]
            left = None if left is None else left - len(rows)

    def event_counts(self) -> dict[str, int]:
        """Return how many events there are of each incident, opened or not."""
        return dict(self._connection.rows("SELECT inc, count(*) FROM op GROUP BY inc"))

    def recent_ops(self, inc: str, dev: str, limit: int) -> tuple[Op, ...]:
        """Return the last events that a machine (8 hex digits) wrote, newest first."""
        rows = self._connection.rows(_RECENT, (inc, dev, limit))
        return tuple(read_record(row).op for row in rows)

    def action_items(self) -> tuple[IncidentItem, ...]:
        """Return the action items of all incidents, done or not, in no order of urgency."""
        from cockpit.store.action_rows import read_action_items

        return read_action_items(self._connection)

    def lessons(self, items: Iterable[IncidentItem] | None = None) -> tuple[Lesson, ...]:
        """Return what each incident that is over has to teach: post-mortem, waivers, items.

        items: all action items, where the caller has read them already.
        """
        from cockpit.store.review_rows import read_lessons

        return read_lessons(self._connection, items)

    def section_updates(self, inc: str, section: str) -> tuple[str, ...]:
        """Return all text updates of a post-mortem section as base64."""
        return section_updates(self._connection, inc, section)

    def search(self, text: str, limit: int = 50) -> tuple[SearchHit, ...]:
        """Return where all words of a text occur; any string is a search."""
        from cockpit.store.search import search

        return search(self._connection, text, limit)

    def see_words(
        self, words: Iterable[Sought], without: str = ""
    ) -> tuple[dict[Sought, list[Sighting]], int]:
        """Return where words stand in other incidents than `without`, and how many those are."""
        from cockpit.store.similar_rows import see_words

        return see_words(self._connection, words, without)

    def search_inside(self, text: str, limit: int = 50) -> tuple[SearchHit, ...]:
        """Return where a text occurs as it stands, inside words too; reads every text."""
        from cockpit.store.search import search_inside

        return search_inside(self._connection, text, limit)
