"""A moment as a sentence tells it: “in 30 minutes”, “Friday, 2022-07-01 13:00 US/Pacific”.

Day, clock time and zone are taken in whichever order they stand. A day in figures is read as
year-month-day only, because 01/07 is two different days.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from cockpit.domain.partial_moment import FARTHEST, PartialMoment, complete_moment
from cockpit.domain.sentence_words import Words
from cockpit.domain.spoken_span import read_span
from cockpit.domain.zones import find_offset, find_zone

PREPOSITIONS = frozenset(("around", "at", "before", "by", "every", "for", "in", "on", "within"))
"""Words that a time follows."""

_SPAN_WORDS = frozenset(("every", "in", "within"))
_DEADLINES = frozenset(("before", "by", "every", "in", "than", "within"))
_FILLERS = frozenset(
    (
        *("about", "again", "another", "approx", "approximately", "be", "due", "expected", "is"),
        *("it", "last", "later", "latest", "least", "less", "max", "maximum", "more", "most"),
        *("next", "no", "not", "or", "roughly", "scheduled", "set", "than", "the", "this", "to"),
        *("under", "up", "will", "~", ":", "(", "[", ",", "-", "–", "—", "="),
    )
)
_BETWEEN = frozenset(
    (
        *("at", "by", "on", "of", "the", "this", "morning", "afternoon", "evening", "t"),
        *("around", "and", "to", ",", "(", ")", "-", "–", "—", ":"),
    )
)
_AFTER_ZONE = frozenset(("on", "of", "the", ",", "(", ")"))
_AFTER_CLOCK = frozenset(("h", "hrs", "hours", "o", "clock", "sharp", "(", "["))
_ORDINALS = ("st", "nd", "rd", "th")
_RANGE = frozenset(("-", "–", "—", "to", "and"))
_MOST_BETWEEN = 3

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_DAYS = {"today": 0, "tonight": 0, "tomorrow": 1}


class Spoken(Struct, frozen=True):
    """What stands at a place: whether it is a time at all, the time if it can be told, its end.

    deadline: whether the words before it say that something is to happen until then.
    """

    is_time: bool = False
    at: datetime | None = None
    end: int = 0
    deadline: bool = False


def is_day_word(word: str) -> bool:
    """Return whether a word (in small letters) names a day: `tomorrow`, `friday`, `fri`."""
    return word in _DAYS or _name_index(word, _WEEKDAYS) is not None


def read_moment(words: Words, place: int, now: datetime, zone: tzinfo | None) -> Spoken:
    """Return the time that stands at `place`, with the prepositions before it.

    now: from which spans and days count; zone: of a clock time that names none (None: such a time
    cannot be told).
    """
    start, led = place, set()
    while words.lower(start) in PREPOSITIONS or words.lower(start) in _FILLERS:
        led.add(words.lower(start))
        start += 1
    if words.lower(start) == "hourly":
        return Spoken(
            is_time=True, at=_later(now, timedelta(hours=1)), end=start + 1, deadline=True
        )
    span, end = read_span(words, start)
    follows = place == 0 and not led & PREPOSITIONS
    told = led & _SPAN_WORDS or follows or words.rest(end)[:2] == ["from", "now"]
    if span and told:
        return Spoken(is_time=True, at=_later(now, span), end=end, deadline=True)
    part, end = read_partial(words, start, led=bool(led & PREPOSITIONS))
    if not part.says_something:
        return Spoken()
    at = complete_moment(part, now, zone)
    return Spoken(is_time=True, at=at, end=end, deadline=bool(led & _DEADLINES))


def _later(now: datetime, span: timedelta) -> datetime | None:
    try:
        return now.astimezone(UTC) + span if span <= FARTHEST else None
    except OverflowError:
        return None


def read_partial(words: Words, place: int, *, led: bool = False) -> tuple[PartialMoment, int]:
    """Return what stands at `place` of a moment, and where it ends.

    led: whether a preposition stands before it, so that single figures may be an hour.
    """
    reader = _Reader(words, place, led=led)
    return reader.part, reader.end


class _Reader:
    """Takes day, clock and zone from a place on, as long as there are any."""

    def __init__(self, words: Words, place: int, *, led: bool) -> None:
        self.words = words
        self.led = led
        self.end = place
        self.part = PartialMoment()
        between = 0
        while between <= _MOST_BETWEEN and not self.part.wrong:
            after = self._read_one(place)
            if after > place:
                place = self.end = after
                between = 0
                continue
            fillers = _AFTER_ZONE if self.part.zone else _BETWEEN
            if not self.part.says_something or words.lower(place) not in fillers:
                return
            place += 1
            between += 1

    def _read_one(self, place: int) -> int:
        """Take what stands at `place`; return where it ends, `place` for nothing."""
        kind, lower, part = self.words.kind(place), self.words.lower(place), self.part
        if kind == "date" and not part.has_date:
            return self._take_date(place)
        if kind in ("clock", "number") and (after := self._read_clock(place)) > place:
            return after
        if kind == "number" and not part.has_date:
            return self._read_day_month(place)
        if part.clock is None and lower in ("noon", "midday", "midnight"):
            part.midnight = lower == "midnight"
            part.clock = time(0 if part.midnight else 12)
            return self._read_zone(place + 1)
        if kind == "word" and not part.has_date:
            return self._read_day_word(place, lower)
        if (
            kind == "offset"
            and part.clock is not None
            and not part.zone
            and self._is_zone(place + 1)
        ):
            return self._take_clock(self.words.text(place)[1:], "", place + 1)
        return place

    def _take_date(self, place: int) -> int:
        try:
            self.part.day = date(*map(int, re.split("[-/]", self.words.text(place))))
        except ValueError:
            self.part.wrong = True
        return place + 1

    def _read_day_word(self, place: int, lower: str) -> int:
        weekday = _name_index(lower, _WEEKDAYS)
        if lower in _DAYS:
            self.part.days = _DAYS[lower]
            return place + 1
        if weekday is not None:
            self.part.weekday = weekday
            return place + 1
        month = _name_index(lower, _MONTHS)
        day = place + 1 + (self.words.lower(place + 1) == ".")
        if month is None or self.words.kind(day) != "number":
            return place
        after = day + 1 + (self.words.lower(day + 1) in _ORDINALS)
        return self._take_day(month + 1, self.words.text(day), after)

    def _read_day_month(self, place: int) -> int:
        after = place + 1 + (self.words.lower(place + 1) in _ORDINALS)
        after += self.words.lower(after) == "of"
        month = _name_index(self.words.lower(after), _MONTHS)
        if month is not None:
            return self._take_day(month + 1, self.words.text(place), after + 1)
        stray = self.led and self.part.clock is None and self.words.lower(after) in ("", "/", ".")
        self.part.wrong = self.part.wrong or stray
        return place

    def _take_day(self, month: int, day: str, after: int) -> int:
        year = after + (self.words.lower(after) == ",")
        text = self.words.text(year)
        try:
            if self.words.kind(year) == "number" and len(text) == 4 and text[:2] in ("19", "20"):
                self.part.day = date(int(text), month, int(day))
                return year + 1
            date(2000, month, int(day))
            self.part.month_day = month, int(day)
        except ValueError:
            self.part.wrong = True
        return after

    def _read_clock(self, place: int) -> int:
        """Take a clock time and the zone behind it; of a range its end."""
        text, after, part = self.words.text(place), place + 1, self.part
        ends_range = self.words.lower(place - 1) in _RANGE and part.zone is None
        if part.clock is not None and not ends_range:
            return place
        half = self.words.lower(after)
        halved = half in ("am", "pm")
        after += halved
        zoned = self._zone_at(self._skip(after))[0] is not None
        if not halved and not self._stands_alone(place, zoned=zoned):
            return place
        return self._take_clock(text, half if halved else "", after)

    def _take_clock(self, text: str, half: str, after: int) -> int:
        hour, minute, second = _figures(text)
        if half:
            hour = hour % 12 + 12 * (half == "pm") if 1 <= hour <= 12 else 99
        try:
            self.part.clock = time(hour, minute, second)
        except ValueError:
            self.part.wrong = True
        return self._read_zone(after)

    def _stands_alone(self, place: int, *, zoned: bool) -> bool:
        """Return whether figures are a clock time without am or pm: `10:30`, `at 9 PT`."""
        text = self.words.text(place)
        if self.words.kind(place) == "clock":
            return zoned or "." not in text[:3]
        short = self.led and len(text) <= 2
        return zoned and text.isdigit() and (len(text) == 4 or short)

    def _skip(self, place: int) -> int:
        while self.words.lower(place) in _AFTER_CLOCK:
            place += 1
        return place

    def _read_zone(self, place: int) -> int:
        zone, after = self._zone_at(self._skip(place))
        if zone is None:
            return place
        self.part.zone = zone
        return after

    def _is_zone(self, place: int) -> bool:
        return find_zone(self.words.text(place)) is not None

    def _zone_at(self, place: int) -> tuple[tzinfo | None, int]:
        words = self.words
        if words.kind(place) == "offset":
            ends_range = self._is_zone(place + 1)
            return (None, place) if ends_range else (find_offset(words.text(place)), place + 1)
        zone = find_zone(words.text(place).rstrip("_+-"))
        after = place + 1
        if zone is None or words.lower(after) == "european":
            return None, place
        if zone is UTC and words.kind(after) == "offset":
            return find_offset(words.text(after)), after + 1
        while words.lower(after) in ("standard", "daylight", "time"):
            after += 1
        return zone, after


def _figures(text: str) -> tuple[int, int, int]:
    if text.isdigit():
        return (int(text[:2]), int(text[2:]), 0) if len(text) == 4 else (int(text), 0, 0)
    parts = re.split("[:.,h]", text.lower())
    return int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) > 2 else 0


def _name_index(word: str, names: tuple[str, ...]) -> int | None:
    """Return which of `names` a word is, in full or shortened to three or more letters."""
    for number, name in enumerate(names):
        if name == word or (3 <= len(word) <= 5 and name.startswith(word)):
            return number
    return None
