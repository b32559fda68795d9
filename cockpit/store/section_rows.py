"""Keeps the text of post-mortem sections, merged from everybody's updates."""

from __future__ import annotations

from cockpit.domain.envelope import Op, decode_leniently
from cockpit.domain.events import TextSnapshot, TextUpdated
from cockpit.store.connection import Connection, compose
from cockpit.store.page_rows import keep_page
from cockpit.store.rows import OP_COLUMNS, read_record

_UPDATES = compose(
    "SELECT", OP_COLUMNS, "FROM op WHERE inc = ? AND k IN ('pm.y', 'pm.snap') ORDER BY n"
)


def section_updates(connection: Connection, inc: str, section: str) -> tuple[str, ...]:
    """Return all text updates of a section as base64, in the order they came."""
    rows = connection.rows(_UPDATES, (inc,))
    return tuple(
        update for row in rows if (update := _update(read_record(row).op, section)) is not None
    )


def keep_section(connection: Connection, inc: str, section: str) -> None:
    """Write the section's merged text, for reading and for search."""
    # Loads pycrdt, which nothing but edited text needs.
    from cockpit.domain.text_merge import merged_text

    text = merged_text(section_updates(connection, inc, section))
    connection.execute(
        "INSERT OR REPLACE INTO pm_section (inc, s, text) VALUES (?, ?, ?)", (inc, section, text)
    )
    keep_page(connection, inc, "post-mortem", section, text)


def _update(op: Op, section: str) -> str | None:
    body = decode_leniently(op)
    if isinstance(body, TextUpdated | TextSnapshot) and body.s == section:
        return body.u
    return None
