"""What a person typed to search: its words and phrases, and where they stand in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

MAX_TERMS = 32
"""How many different words count; the others of a longer text are left out."""

MAX_TERM = 200
"""How many characters of one word count."""

_NOT_SPACED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF))
_IDEOGRAPHS = 0x2E80
"""Scripts without spaces between words, and where those of East Asia begin: no index of words
can find a part of their text, so it is looked for as it is."""

_PIECES = re.compile(r'"([^"]*\w[^"]*)"|(\S+)')
_WORD = re.compile(r"\w+")
_BESIDE = 3
"""How many times its width of the text around a place is looked at for a snippet."""
_HARDLY_CUT = 12
"""Fewer characters than this are not worth an ellipsis in front."""


def split_terms(text: str) -> tuple[str, ...]:
    """Return the different words of a search, cut to what a search can use.

    What stands between double quotes is one term: its words must follow one another. Marks between
    words are no terms, but those of a search without a word are.
    """
    pieces = _PIECES.findall(clean_search(text))
    terms = [term for phrase, word in pieces if (term := (phrase or word)[:MAX_TERM].strip())]
    worded = [term for term in terms if not _is_punctuation(term)]
    return tuple(dict.fromkeys(worded or terms))[:MAX_TERMS]


def clean_search(text: str) -> str:
    """Return `text` without what no database can be asked for: NUL, halves of characters."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def quote_terms(terms: Iterable[str], *, whole: bool = False) -> str:
    """Return an FTS5 query for all of `terms`, each as the beginning of a word.

    whole: as whole words only.
    """
    end = '"' if whole else '"*'
    return " ".join('"' + term.replace('"', '""') + end for term in terms)


def is_indexed(term: str) -> bool:
    """Say whether the index of words holds what the term consists of."""
    if not any(character.isalnum() for character in term):
        return False
    return term.isascii() or not any(_is_unspaced(ord(character)) for character in term)


def has_whole(text: str, terms: Iterable[str]) -> bool:
    """Say whether every term stands in `text` as whole words, not as the beginning of longer ones.

    Only the last word of a term may be the beginning of one.
    """
    folded = fold(text)
    return all(
        re.search(rf"(?<!\w){re.escape(words[-1])}(?!\w)", folded)
        for term in terms
        if (words := _WORD.findall(fold(term)))
    )


def fold(text: str) -> str:
    """Return `text` in small letters without accents, as long as before."""
    return text.lower() if text.isascii() else "".join(map(_fold_letter, text))


def make_snippet(text: str, terms: Iterable[str], width: int = 120) -> str:
    """Return about `width` characters of `text` around the first of `terms`, on one line."""
    if len(text) <= width:
        return " ".join(text.split())
    folded = fold(text)
    place = min((found for term in terms if (found := _find(folded, term)) >= 0), default=0)
    before = " ".join(text[max(0, place - _BESIDE * width) : place].split())
    if before and text[place - 1].isspace():
        before += " "
    room = width // 3
    is_cut = len(before) > room + _HARDLY_CUT
    line = before[-room:].lstrip() if is_cut else before
    line += " ".join(text[place : place + _BESIDE * width].split())
    is_longer = len(line) > width or len(text) > place + _BESIDE * width
    return f"{'…' if is_cut else ''}{line[:width].rstrip()}{'…' if is_longer else ''}"


def mark_places(text: str, terms: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Return where words of `text` begin with a term, as (start, stop), in order, apart."""
    folded = fold(text)
    found: list[tuple[int, int]] = []
    for term in terms:
        for word in _WORD.findall(fold(term)) if is_indexed(term) else (fold(term),):
            pattern = rf"\b{re.escape(word)}\w*" if is_indexed(term) else re.escape(word)
            found.extend(each.span() for each in re.finditer(pattern, folded))
    apart: list[tuple[int, int]] = []
    for start, stop in sorted(found):
        if stop > start and (not apart or start >= apart[-1][1]):
            apart.append((start, stop))
    return tuple(apart)


def _find(folded: str, term: str) -> int:
    """Return where a term stands, or its first word, -1 for nowhere."""
    wanted = fold(term)
    place = folded.find(wanted)
    if place >= 0:
        return place
    word = _WORD.search(wanted)
    return folded.find(word[0]) if word else -1


def _is_punctuation(term: str) -> bool:
    return all(unicodedata.category(character).startswith("P") for character in term)


def _is_unspaced(code: int) -> bool:
    return code >= _IDEOGRAPHS or any(start <= code <= stop for start, stop in _NOT_SPACED)


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0].lower()[:1] or letter
