"""Keeps the text of post-mortem sections, merged from everybody's updates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from cockpit.domain.envelope import decode_leniently
from cockpit.domain.events import TextSnapshot, TextUpdated
from cockpit.store.connection import Connection, compose
from cockpit.store.page_rows import Pages
from cockpit.store.rows import OP_COLUMNS, read_record

_UPDATES = compose(
    "SELECT",
    OP_COLUMNS,
    "FROM op WHERE inc = ? AND k IN ('pm.y', 'pm.snap') AND k <> 'entry.add' ORDER BY n",
)


def section_updates(connection: Connection, inc: str, section: str) -> tuple[str, ...]:
    """Return all text updates of a section as base64, in the order they came."""
    return tuple(_updates(connection, inc).get(section, ()))


def keep_sections(connection: Connection, inc: str, sections: Iterable[str]) -> Pages:
    """Write the merged texts of sections, and return them for search."""
    # Loads pycrdt, which nothing but edited text needs.
    from cockpit.domain.text_merge import merged_text

    updates = _updates(connection, inc)
    texts = {section: merged_text(updates.get(section, ())) for section in sections}
    connection.execute_many(
        "INSERT OR REPLACE INTO pm_section (inc, s, text) VALUES (?, ?, ?)",
        ((inc, section, text) for section, text in texts.items()),
    )
    return {(inc, "post-mortem", section): text for section, text in texts.items()}


def _updates(connection: Connection, inc: str) -> dict[str, list[str]]:
    """Return all text updates of an incident by section, in the order they came."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in connection.rows(_UPDATES, (inc,)):
        body = decode_leniently(read_record(row).op)
        if isinstance(body, TextUpdated | TextSnapshot):
            found[body.s].append(body.u)
    return found
