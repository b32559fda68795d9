"""Full-text search in which every string is a search: terms are quoted here, never passed on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.store.connection import Connection, compose
from cockpit.store.incident_rows import ARCHIVED
from cockpit.store.rows import read_time

MAX_TERMS = 32
"""How many different words count; the others of a longer text are left out."""

MAX_TERM = 200
"""How many characters of one word count."""

_NOT_SPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF))
_IDEOGRAPHS = 0x2E80
"""Scripts without spaces between words, and where those of East Asia begin: no index of words
can find a part of their text, so it is looked for as it is."""

_PAGES = """SELECT page.inc, ref, title, place, key, started_at, text
    FROM page JOIN incident ON incident.id = page.inc WHERE opened IS NOT NULL AND NOT"""
_PAGES_ORDER = "ORDER BY place = 'title' DESC, started_at DESC, page.inc, key LIMIT ?"
_ENTRIES = """SELECT entry.inc, ref, title, iif(msg IS NULL, 'entry', 'update'), entry.id, at, text
    FROM entry JOIN incident ON incident.id = entry.inc WHERE opened IS NOT NULL
    AND hidden = 0 AND NOT"""
_ENTRIES_ORDER = "ORDER BY at DESC, entry.t DESC, entry.id LIMIT ?"


class SearchHit(Struct, frozen=True):
    """Where a text was found: `where` is "title", "entry", "update" or "post-mortem".

    entry_id: the timeline entry's id, or the section's, empty for a title; at: when the entry
    happened, or the incident began; snippet: the words around the place.
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


def split_terms(text: str) -> tuple[str, ...]:
    """Return the different words of a search, cut to what a search can use."""
    clean = text.replace("\0", " ").encode("utf-8", "replace").decode()
    terms = (term[:MAX_TERM] for term in clean.split())
    return tuple(dict.fromkeys(terms))[:MAX_TERMS]


def word_condition(table: str, terms: tuple[str, ...]) -> Condition:
    """Return the condition that every term occurs in `table`'s text, as the beginning of a word."""
    words = [term for term in terms if _is_indexed(term)]
    parts = [term for term in terms if not _is_indexed(term)]
    match = compose("SELECT rowid FROM", f"{table}_fts", "WHERE", f"{table}_fts", "MATCH ?")
    clauses = [f"AND {table}.n IN ({match})"] if words else []
    clauses.extend([f"AND instr(lower({table}.text), lower(?))"] * len(parts))
    return Condition(" ".join(clauses), (*([quote_terms(words)] if words else []), *parts))


def quote_terms(terms: list[str]) -> str:
    """Return an FTS5 query for all of `terms`, each as the beginning of a word."""
    return " ".join('"' + term.replace('"', '""') + '"*' for term in terms)


def search(connection: Connection, text: str, limit: int) -> tuple[SearchHit, ...]:
    """Return at most `limit` places with all words of `text`, titles first, then the latest.

    When no word begins like that, the text is looked for as it stands, inside words too.
    """
    terms = split_terms(text)
    if not terms or limit <= 0:
        return ()
    pages, entries = word_condition("page", terms), word_condition("entry", terms)
    with connection.reading():
        hits = _find(connection, pages, entries, terms, limit)
        if hits:
            return hits
        whole = " ".join(text.replace("\0", " ").encode("utf-8", "replace").decode().split())
        part = whole[:MAX_TERM]
        pages, entries = (
            Condition(f"AND instr(lower({table}.text), lower(?))", (part,))
            for table in ("page", "entry")
        )
        return _find(connection, pages, entries, (part,), limit)


def make_snippet(text: str, terms: tuple[str, ...], width: int = 120) -> str:
    """Return about `width` characters of `text` around the first of `terms`, on one line."""
    line = " ".join(text.split())
    folded = line.casefold()
    places = [place for term in terms if (place := folded.find(term.casefold())) >= 0]
    start = max(0, min(places, default=0) - width // 3)
    start = 0 if start < 12 else start
    piece = line[start : start + width]
    before = "…" if start else ""
    after = "…" if start + width < len(line) else ""
    return f"{before}{piece}{after}"


def _is_indexed(term: str) -> bool:
    """Say whether the index of words holds what the term consists of."""
    if not any(character.isalnum() for character in term):
        return False
    return not any(_is_unspaced(ord(character)) for character in term)


def _is_unspaced(code: int) -> bool:
    return code >= _IDEOGRAPHS or any(start <= code <= stop for start, stop in _NOT_SPACED)


def _find(
    connection: Connection, pages: Condition, entries: Condition, terms: tuple[str, ...], limit: int
) -> tuple[SearchHit, ...]:
    rows = connection.rows(
        compose(_PAGES, ARCHIVED, pages.sql, _PAGES_ORDER), (*pages.parameters, limit)
    )
    rows += connection.rows(
        compose(_ENTRIES, ARCHIVED, entries.sql, _ENTRIES_ORDER),
        (*entries.parameters, limit - len(rows)),
    )
    return tuple(
        SearchHit(inc, ref, title, where, key, read_time(at), make_snippet(text, terms))
        for inc, ref, title, where, key, at, text in rows
    )
