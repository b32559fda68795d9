"""The least program that stores each line of standard input durably in our tables."""

from __future__ import annotations

import os
import sqlite3
import sys
import time


def main(database: str) -> None:
    """Insert all lines in one transaction."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("PRAGMA synchronous = FULL")
    at = f"{time.time():.3f}"
    lines = [line.rstrip("\n") for line in sys.stdin]
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(
        'INSERT INTO op (id, inc, t, "by", d) VALUES (?, ?, ?, ?, ?)',
        ((os.urandom(16).hex(), "1", at, "ana", f'{{"text":"{line}"}}') for line in lines),
    )
    first = connection.execute("SELECT coalesce(max(n), 0) + 1 FROM entry").fetchone()[0]
    connection.executemany(
        "INSERT INTO entry (n, inc, id, at, kind, text) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (number, "1", os.urandom(16).hex(), at, "note", line)
            for number, line in enumerate(lines, first)
        ),
    )
    connection.executemany(
        "INSERT INTO entry_fts (rowid, text) VALUES (?, ?)", enumerate(lines, first)
    )
    connection.execute("COMMIT")
    connection.close()


if __name__ == "__main__":
    main(sys.argv[1])
