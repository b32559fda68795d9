"""A sentence as words, figures, dates, clock times and marks, each in linear time."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"(?P<date>(?<!\d)\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d))"
    r"|(?P<clock>(?<!\d)\d{1,2}(?:[:.]\d\d(?::\d\d(?:\.\d{1,6})?)?(?!\d)|h\d\d(?![\dA-Za-z])))"
    r"|(?P<number>(?<!\d)\d{1,4}(?:[.,]\d)?(?!\d))"
    r"|(?P<junk>\d+)"
    r"|(?P<offset>[+\-\u2212]\d{1,2}(?::?\d\d)?(?!\d))"
    r"|(?P<word>[A-Za-z]+(?:_[A-Za-z]+)*(?:/[A-Za-z][A-Za-z0-9_+\-]*)*)"
    r"|(?P<mark>[^\s*`\"'’“”_])"
)
"""Emphasis, quotes and apostrophes are left out."""


class Words:
    """The tokens of a sentence, in order; past the end stand empty ones."""

    def __init__(self, sentence: str) -> None:
        """Take a sentence apart."""
        self._kinds: list[str] = []
        self._texts: list[str] = []
        for each in _TOKEN.finditer(sentence):
            self._kinds.append(each.lastgroup or "")
            self._texts.append(each[0])
        self._lower = [text.lower() for text in self._texts]

    def __len__(self) -> int:
        """Return how many tokens there are."""
        return len(self._texts)

    def kind(self, place: int) -> str:
        """Return date, clock, number, junk, offset, word or mark, empty past the end."""
        return self._kinds[place] if 0 <= place < len(self._kinds) else ""

    def text(self, place: int) -> str:
        """Return the token at `place` as it was written."""
        return self._texts[place] if 0 <= place < len(self._texts) else ""

    def lower(self, place: int) -> str:
        """Return the token at `place` in small letters."""
        return self._lower[place] if 0 <= place < len(self._lower) else ""

    def rest(self, place: int) -> list[str]:
        """Return the tokens from `place` on, in small letters."""
        return self._lower[place:]
