"""Passages of a text that match patterns, words or phrases of the playbook."""

from __future__ import annotations

import re
from functools import lru_cache


def match(patterns: tuple[str, ...], text: str, *, masked: bool = False) -> tuple[str, ...]:
    """Return the different passages that match, in order; `masked` hides most of each."""
    hits = sorted(
        (hit.start(), hit.group())
        for pattern in patterns
        for hit in _compile(pattern).finditer(text)
    )
    found = [" ".join(each.split()) for _, each in hits if each.strip()]
    return tuple(
        dict.fromkeys(f"{each[:4]}…" for each in found) if masked else dict.fromkeys(found)
    )


def match_words(words: tuple[str, ...], text: str) -> tuple[str, ...]:
    """Return the words or phrases that occur as whole words, in any case, as they are written."""
    if not words:
        return ()
    plain = text.replace("’", "'")
    found = [" ".join(hit.group().split()) for hit in _compile_words(words).finditer(plain)]
    return tuple({each.casefold(): each for each in reversed(found)}.values())[::-1]


def match_words_but(
    words: tuple[str, ...], exceptions: tuple[str, ...], text: str
) -> tuple[str, ...]:
    """Return the words that occur as themselves, not inside one of the longer `exceptions`."""
    known = {" ".join(each.casefold().split()) for each in exceptions}
    every = match_words((*words, *exceptions), text)
    return tuple(each for each in every if each.casefold() not in known)


@lru_cache(maxsize=256)
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


@lru_cache(maxsize=32)
def _compile_words(words: tuple[str, ...]) -> re.Pattern[str]:
    # Longest first, so that “human error” is not reported as “error”.
    ordered = sorted(words, key=len, reverse=True)
    phrases = [r"\s+".join(re.escape(part) for part in word.split()) for word in ordered]
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)", re.IGNORECASE)
