"""Redaction: blanks a text wherever the file holds it; the events' ids and order stay."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from cockpit.domain.envelope import Op, decode_leniently, encode_body
from cockpit.domain.events import Body, EntryAdded, EntryEdited, FieldSet, Source
from cockpit.domain.registers import entry_object
from cockpit.errors import CockpitError
from cockpit.store.connection import Connection, compose
from cockpit.store.rows import OP_COLUMNS, read_record

_TEXTS = compose(
    "SELECT",
    OP_COLUMNS,
    "FROM op WHERE inc = ? AND (id = ? OR id IN (",
    "SELECT op FROM reg_op WHERE inc = ? AND obj = ? AND f = 'text'))",
)


def has_redactions(connection: Connection) -> bool:
    """Say whether anything was redacted here, as is seldom so."""
    return connection.value("SELECT 1 FROM redaction LIMIT 1") is not None


def redacted_entries(connection: Connection, inc: str) -> set[str]:
    """Return the ids of the redacted entries of an incident."""
    rows = connection.rows("SELECT entry FROM redaction WHERE inc = ?", (inc,))
    return {row[0] for row in rows}


def blank_entry(connection: Connection, inc: str, entry: str) -> None:
    """Blank the text of an entry and of all its corrections, wherever they came from."""
    rows = connection.rows(_TEXTS, (inc, entry, inc, entry_object(entry)))
    for row in rows:
        op = read_record(row).op
        body = _blank(decode_leniently(op), entry)
        if body is not None and (text := encode_body(body)) != op.d:
            connection.execute("UPDATE op SET body = ? WHERE id = ?", (text, op.id))
    connection.execute(
        "UPDATE reg_op SET value = '\"\"' WHERE inc = ? AND obj = ? AND f = 'text'",
        (inc, entry_object(entry)),
    )


def forget_redacted(connection: Connection, ops: Iterable[Op]) -> None:
    """Empty the write-ahead log after a redaction: the text stands there until then."""
    if any(op.k == "entry.redact" for op in ops):
        try:
            connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        except CockpitError:
            return


def _blank(body: Body | None, entry: str) -> Body | None:
    """Return the body without the entry's text, None for one that does not hold it."""
    if isinstance(body, EntryAdded):
        source = None if body.src is None else Source(body.src.format, body.src.id)
        return replace(body, text="", src=source)
    if isinstance(body, EntryEdited) and body.entry == entry:
        return replace(body, text="")
    if isinstance(body, FieldSet) and (body.obj, body.f) == (entry_object(entry), "text"):
        return replace(body, v="", was=None)
    return None
