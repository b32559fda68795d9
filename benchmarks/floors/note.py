"""The least program that notes a text durably in our table, with the library of our commands.

It writes the two rows that a note is (the event, the entry) and the entry's words in the index.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time

import click

TABLES = """
PRAGMA journal_mode = WAL;
CREATE TABLE op (n INTEGER PRIMARY KEY, id TEXT UNIQUE, inc TEXT, t TEXT, "by" TEXT, d TEXT);
CREATE TABLE entry (n INTEGER PRIMARY KEY, inc TEXT, id TEXT, at TEXT, kind TEXT, text TEXT);
CREATE INDEX entry_order ON entry (inc, at, id);
CREATE VIRTUAL TABLE entry_fts USING fts5 (text, content = '', prefix = '2 3');
"""


@click.command()
@click.argument("database")
@click.argument("words", nargs=-1)
def note(database: str, words: tuple[str, ...]) -> None:
    """Note what happened."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    text, at, identity = " ".join(words), f"{time.time():.3f}", os.urandom(16).hex()
    connection.execute("BEGIN IMMEDIATE")
    body = f'{{"at":"{at}","text":"{text}"}}'
    rows = (identity, "1", at, "ana", body)
    connection.execute('INSERT INTO op (id, inc, t, "by", d) VALUES (?, ?, ?, ?, ?)', rows)
    entry = ("1", identity, at, "note", text)
    query = "INSERT INTO entry (inc, id, at, kind, text) VALUES (?, ?, ?, ?, ?)"
    number = connection.execute(query, entry).lastrowid
    connection.execute("INSERT INTO entry_fts (rowid, text) VALUES (?, ?)", (number, text))
    connection.execute("COMMIT")
    connection.close()
    click.echo(f"{at} note: {text}")


if __name__ == "__main__":
    if sys.argv[1] == "--make":
        sqlite3.connect(sys.argv[2]).executescript(TABLES)
    else:
        note()
