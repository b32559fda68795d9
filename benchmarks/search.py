"""Search through the service against the bare query of the index, in the same run.

`python -m benchmarks.search` prints a Markdown table, with --json the figures; the exit code is 1
when a kind of search is more than three times as slow as the bare query. That one asks FTS5 for
the same words, of both indexes until there are enough, the latest rows with their snippets, and
for nothing else: no title, no reference, no deleted incident left out, no whole words first. The
usual ranked query (`ORDER BY rank`) stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import median

from msgspec import Struct

from benchmarks.comparison import compare, microseconds
from benchmarks.made_data import Size
from cockpit.domain.search_words import quote_terms, split_terms
from cockpit.service import incidents
from cockpit.service.session import Session
from cockpit.sqlite_engine import sqlite3

LIMIT = 50

KINDS = {
    "rare word": "",
    "uncommon word": "junlamgor",
    "common word": "error",
    "word of nearly every text": "the",
    "beginning of few words": "gorhal",
    "beginning of many words": "t",
    "several rare words": "checkout slowly",
    "several common words": "error timeout pods",
    "a common and a rare word": "error junlamgor",
    "phrase": '"connection pool exhausted"',
    "common phrase": '"the error"',
    "name of a machine": "db-07",
    "quotes and operators": 'error AND ("time*',
    "no hit": "zzzznothing",
    "no hit, a common word in it": "error zzzznothing",
}
"""What is searched for, by what it stands for; empty: a word that only one entry has."""

Bare = Callable[[str], int]


class Figure(Struct, frozen=True):
    """One kind of search; times are medians of microseconds, ratio is ours to the bare query."""

    kind: str
    words: str
    hits: int
    ours: float
    bare: float
    ranked: float
    ratio: float


def measure(session: Session, rounds: int) -> tuple[Figure, ...]:
    """Return the figures of every kind, each the median of `rounds` alternating measurements."""
    raw = sqlite3.connect(f"{session.paths.database.as_uri()}?mode=ro", uri=True)
    try:
        latest, ranked = _bare(raw, "rowid DESC"), _bare(raw, "rank")
        return tuple(
            _measure_kind(session, latest, ranked, kind, words or _rarest(raw), rounds)
            for kind, words in KINDS.items()
        )
    finally:
        raw.close()


def markdown(figures: tuple[Figure, ...], size: Size, rounds: int) -> str:
    """Return the figures as a table for people."""
    lines = [
        f"Search in {size.incidents:,} incidents with {size.entries:,} entries, SQLite "
        f"{sqlite3.sqlite_version}; medians of {rounds} rounds, processor time, "
        f"at most {LIMIT} hits.",
        "",
        "| search | words | hits | ours | bare | ours / bare | bare, ranked |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {each.kind} | `{each.words}` | {each.hits} | {each.ours:,.0f} µs "
        f"| {each.bare:,.0f} µs | {each.ratio:.2f} | {each.ranked:,.0f} µs |"
        for each in figures
    ]
    return "\n".join(lines)


def _rarest(raw: sqlite3.Connection) -> str:
    raw.execute("CREATE VIRTUAL TABLE temp.word USING fts5vocab('main', 'entry_fts', 'row')")
    found = raw.execute("SELECT term FROM temp.word WHERE doc = 1 ORDER BY term DESC LIMIT 1")
    return str(found.fetchone()[0])


def _bare(raw: sqlite3.Connection, order: str) -> Bare:
    statements = [
        f"SELECT rowid, snippet({table}_fts, 0, '', '', '…', 16) FROM {table}_fts "
        f"WHERE {table}_fts MATCH ? ORDER BY {order} LIMIT ? + 0"
        for table in ("page", "entry")
    ]

    def ask(words: str) -> int:
        match = quote_terms(split_terms(words))
        left = LIMIT
        for each in statements:
            left -= len(raw.execute(each, (match, left)).fetchall()) if left else 0
        return LIMIT - left

    return ask


def _measure_kind(
    session: Session, latest: Bare, ranked: Bare, kind: str, words: str, rounds: int
) -> Figure:
    ours, bare = [], []
    hits = len(incidents.search(session, words, LIMIT))
    latest(words)
    for _ in range(rounds):
        ours.append(microseconds(lambda: incidents.search(session, words, LIMIT)))
        bare.append(microseconds(lambda: latest(words)))
    slow = median(microseconds(lambda: ranked(words)) for _ in range(3))
    ratio = median(ours) / median(bare)
    return Figure(kind, words, hits, median(ours), median(bare), slow, ratio)


if __name__ == "__main__":
    compare("Measure search against the bare query.", 25, measure, markdown)
