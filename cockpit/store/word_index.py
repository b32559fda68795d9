"""Keeps the full-text indexes in step with the texts.

Not by triggers: before SQLite 3.41 these may not use an index without trusting the schema.
"""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.store.connection import Connection, compose
from cockpit.store.tables import SEARCHED


def index_text(
    connection: Connection, table: str, number: int, text: str, was: str | None = None
) -> None:
    """Index the text of a row of `table`; `was` is the text indexed before, None for a new row."""
    if text == was:
        return
    if was is not None:
        forget_text(connection, table, number, was)
    index = f"{table}_fts"
    connection.execute(compose("INSERT INTO", index, "(rowid, text) VALUES (?, ?)"), (number, text))


def index_new_texts(connection: Connection, table: str, texts: Iterable[tuple[int, str]]) -> None:
    """Index the texts of new rows of `table`, each with its number."""
    insert = compose("INSERT INTO", f"{table}_fts", "(rowid, text) VALUES (?, ?)")
    connection.execute_many(insert, texts)


def forget_text(connection: Connection, table: str, number: int, was: str) -> None:
    """Take the text `was` of a row of `table` out of its index."""
    index = f"{table}_fts"
    delete = compose("INSERT INTO", index, "(", index, ", rowid, text) VALUES ('delete', ?, ?)")
    connection.execute(delete, (number, was))


def forget_words(connection: Connection) -> None:
    """Write the indexes anew, so that no removed word is left in them."""
    for table in SEARCHED:
        index = f"{table}_fts"
        connection.execute(compose("INSERT INTO", index, "(", index, ") VALUES ('optimize')"))


def check_indexes(connection: Connection) -> None:
    """Raise DamagedDatabaseError when an index differs from the texts; needs a transaction."""
    for table in SEARCHED:
        index = f"{table}_fts"
        connection.execute(
            compose("INSERT INTO", index, "(", index, ", rank) VALUES ('integrity-check', 1)")
        )
