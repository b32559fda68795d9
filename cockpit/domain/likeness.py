"""Which past incidents are like one: those that share words which few incidents have.

The score of a past incident is a sum over the words that both have: how rare the word is among all
incidents (up to 1), times how much it says where it stands in the one at hand, times how much it
says where it stands in the past one: a title more than a note. Nothing else counts, so the words
themselves say why an incident is offered. One rare word in both titles scores 3.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from math import log

from msgspec import Struct

from cockpit.domain.search_words import fold, quote_terms

MOST_WORDS = 24
"""How many words are looked for; the others of a longer text are left out."""

PLACES: Mapping[str, float] = {
    "title": 3.0,
    "services": 3.0,
    "cause": 3.0,
    "impact": 2.0,
    "post-mortem": 1.0,
    "action item": 1.0,
    "update": 1.0,
    "entry": 0.4,
}
"""How much a word says where it stands: long texts hold many words by chance."""

AT_HAND: Mapping[str, float] = {
    "title": 1.0,
    "services": 1.0,
    "cause": 1.0,
    "impact": 0.6,
    "post-mortem": 0.3,
}
"""How much a word of the incident at hand says, by its place."""

FAR_LESS = 0.4
"""Beside one that is much like it, those with less than this share of its score are noise."""

UNLIKE = 20
"""How many incidents that are like no other a short history is thought to have besides."""

_WORDS = re.compile(r"\w+(?:[-.:/]\w+)*")
_ENDINGS = ("ing", "edly", "ed", "es", "s", "ly")
_SHORTEST_STEM = 4
_SHORTEST_BEGINNING = 5
"""A stem of fewer letters begins too many other words: `down` begins `download`."""


class SimilarSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """How past incidents like the one at hand are looked for.

    shown: how many are offered; least: the score below which none is; ignored: words that say
    nothing about what an incident was.
    """

    shown: int
    least: float
    ignored: tuple[str, ...]


class Sought(Struct, frozen=True):
    """A word to look for: as it was written, the FTS5 query for its forms, and what it says."""

    word: str
    query: str
    weight: float = 1.0


class Sighting(Struct, frozen=True):
    """A word stands in an incident, in a place of `PLACES`."""

    inc: str
    place: str


class Likeness(Struct, frozen=True):
    """How much a past incident is like the one at hand; shared: their words, the rarest first."""

    inc: str
    score: float
    shared: tuple[str, ...]


def sought_words(texts: Iterable[tuple[str, str]], ignored: Collection[str]) -> tuple[Sought, ...]:
    """Return the words of some texts, without the ignored ones, numbers and single letters.

    texts: each with its place in `AT_HAND`, the most telling first. A name such as
    `ci.example.com` is one word. The forms of a word (`timeout`, `timeouts`) are one word, too,
    as it stands first.
    """
    found: dict[str, Sought] = {}
    for place, text in texts:
        # A service may be called "Issues".
        empty = () if place == "services" else ignored
        for word in _WORDS.findall(fold(text)):
            if len(found) < MOST_WORDS and _says_something(word, empty):
                found.setdefault(_stem(word), Sought(word, _query(word), AT_HAND[place]))
    return tuple(found.values())


def rank(sightings: Mapping[Sought, Iterable[Sighting]], total: int) -> tuple[Likeness, ...]:
    """Return the incidents that share words, the likest first; equals as they first came.

    sightings: where each word was seen; total: how many incidents there are.
    """
    scores: dict[str, dict[str, float]] = {}
    for sought, seen in sightings.items():
        weights: dict[str, float] = {}
        for each in seen:
            weights[each.inc] = max(weights.get(each.inc, 0.0), PLACES.get(each.place, 0.0))
        rare = rarity(len(weights), total) * sought.weight
        for inc, weight in weights.items():
            scores.setdefault(inc, {})[sought.word] = rare * weight
    ranked = [
        Likeness(inc, sum(words.values()), tuple(sorted(words, key=lambda each: -words[each])))
        for inc, words in scores.items()
    ]
    return tuple(sorted(ranked, key=lambda each: -each.score))


def worth_showing(ranked: Sequence[Likeness], least: float) -> tuple[Likeness, ...]:
    """Return those that score `least`, and are not far less like it than the likest one."""
    bar = max(least, FAR_LESS * ranked[0].score) if ranked else 0.0
    return tuple(each for each in ranked if each.score >= bar)


def rarity(count: int, total: int) -> float:
    """Return how much a word says that `count` of `total` incidents have, from 0 to 1 (only one).

    As if there were `UNLIKE` more without it: in a short history nothing else would be rare.
    """
    if not 0 < count <= total:
        return 0.0
    everything = total + UNLIKE + 1
    return log(everything / (count + 0.5)) / log(everything / 1.5)


def _says_something(word: str, ignored: Collection[str]) -> bool:
    if len(word) < 2 or not any(letter.isalpha() for letter in word):
        return False
    return word not in ignored and not re.fullmatch(r"\d+[a-z]{0,2}", word)


def _stem(word: str) -> str:
    """Return a word without its ending, if enough of it is left; a name stays as it is."""
    if not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
            return word.removesuffix(ending)
    return word


def _query(word: str) -> str:
    stem = _stem(word)
    if not word.isalpha():
        return quote_terms([word], whole=True)
    if len(stem) >= _SHORTEST_BEGINNING:
        return quote_terms([stem])
    forms = dict.fromkeys((word, stem, f"{stem}s"))
    return " OR ".join(quote_terms([form], whole=True) for form in forms)
