"""Spans of time as people write them in a sentence: “30 minutes”, “half an hour”, “1h 30m”."""

from __future__ import annotations

from datetime import timedelta

from cockpit.domain.sentence_words import Words

_UNITS = {
    name: seconds
    for seconds, names in (
        (60, ("m", "min", "minute")),
        (3_600, ("h", "hr", "hour")),
        (86_400, ("d", "day")),
        (604_800, ("week",)),
    )
    for name in names
}
_SMALL = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_LARGE = {"twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
_COUNTS = {
    **{name: number for number, name in enumerate(_SMALL, start=1)},
    **_LARGE,
    "a": 1,
    "an": 1,
    "sixty": 60,
    "ninety": 90,
}
_RANGE = ("-", "–", "—", "to", "or")


def read_span(words: Words, place: int) -> tuple[timedelta, int]:
    """Return the span that stands at `place` (of a range its end), and where it ends.

    There is none when the span is zero.
    """
    total, end = timedelta(), place
    while True:
        part, after = _read_part(words, end)
        if not part:
            return total, end
        total, end = total + part, after
        if words.rest(end)[:3] == ["and", "a", "half"]:
            return total + part / 2, end + 3
        if words.lower(end) == "and" and _read_part(words, end + 1)[0]:
            end += 1


def _read_part(words: Words, place: int) -> tuple[timedelta, int]:
    """Return the span of one unit at `place`, zero for none, and its end."""
    if words.lower(place) == "half":
        after = place + 1 + (words.lower(place + 1) in ("a", "an", "-"))
        return timedelta(seconds=_unit(words.lower(after)) / 2), after + 1
    if words.lower(place) == "hour":
        return timedelta(hours=1), place + 1
    count = _count(words, place)
    if count is None:
        return timedelta(), place
    place += 1
    if words.kind(place) == "offset" and words.text(place)[1:].isdigit():
        count, place = float(words.text(place)[1:]), place + 1
    elif words.lower(place) in _RANGE and (upper := _count(words, place + 1)) is not None:
        count, place = upper, place + 2
    if words.lower(place) == "half":
        count, place = count / 2, place + 1
    place += words.lower(place) == "-"
    return timedelta(seconds=_unit(words.lower(place)) * count), place + 1


def _count(words: Words, place: int) -> float | None:
    if words.kind(place) == "number":
        return float(words.text(place).replace(",", "."))
    return _COUNTS.get(words.lower(place))


def _unit(word: str) -> int:
    return _UNITS.get(word, 0) or _UNITS.get(word.removesuffix("s"), 0)
