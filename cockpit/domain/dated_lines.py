"""Times at the beginning of lines: a written timeline as entries, in the forms people use.

Understood: table rows (`| 2020-01-05 11:25 | …`), bullets (`- **16:58 UTC** - …`, `* [08:47] …`),
sub-headings (`### 08:52 PM`), plain lines (`12:45 PM PST Saturday Oct 30th: …`) and key events with
the time at the end (`Resolved 2020-02-25 17:07`). A date holds until the next one; a time without
one that is much earlier than the line before belongs to the next day. The zone is the line's own,
else the one that the table's head or a sentence such as “All times in PST” names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

from cockpit.domain.markdown_document import mark_code
from cockpit.domain.zones import find_zone

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_MONTH = r"(?P<month>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:Mon|Tues?|Wednes|Wed|Thurs?|Thu|Fri|Satur|Sat|Sun)(?:day)?,?\s+)?"
_YEAR = r"(?:,?\s+(?P<year>\d{4})\b)?"
_DATES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?P<iso>\d{4}-\d{2}-\d{2})",
        rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b{_YEAR}",
        rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th|\.)?\s+{_MONTH}{_YEAR}",
    )
)
_TIME = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?(?![,.]?\d)(?:\s*(?P<half>[AP])\.?M\b\.?)?",
    re.IGNORECASE,
)
_NO_TIME = re.compile(r"--:--|\?\?:\?\?")
_ZONE = re.compile(r"\s*\(?(?P<zone>[A-Za-z_]{1,20}(?:/[A-Za-z_]{1,30}){1,2}|[A-Z]{1,5})\b\)?")
_LEAD = re.compile(
    r"[ \t]*(?:[-*+][ \t]+|#{1,6}[ \t]+|>[ \t]*|\d{1,3}[.)][ \t]+)*[*_\[(`]{0,4}[ \t]*"
)
_GAP = re.compile(r"[ \t,T]*(?:at[ \t]+)?[*_\])`]{0,4}[ \t,]*")
_REST = re.compile(r"[ \t]*[*_\])`]{0,4}[ \t]*[:\-–—|]{0,2}[*_]{0,2}[ \t]*")
_STATED = re.compile(
    r"\btimes?(?:[ \t]+are)?(?:[ \t]+in)?[ \t]+(?P<said>[A-Za-z_/]{1,40})\b"
    r"|\bin[ \t]+(?P<word>[A-Za-z_/]{1,40})\b|\((?P<bare>[A-Z]{2,5})\)"
)
_SEPARATOR = re.compile(r"[ \t]*\|?[ \t:|-]+\|?[ \t]*")
_BACK = timedelta(hours=6)
"""A time this much earlier than the line before is the next day's; less is just out of order."""
_NOON = 12
_MOST_TIME_CELLS = 3
"""Weekday, date and time may each have a cell of their own."""
_NO_YEAR = 4
"""A leap year that no incident was in: stands for a date without a year."""
_FIRST_YEAR, _LAST_YEAR = 1970, 2200


class DatedLine(Struct, frozen=True):
    """An entry of a written timeline: when, and the text with what follows it."""

    at: datetime
    text: str


class _Moment(Struct, frozen=True):
    """A time found in a line, and what the line says beside it."""

    day: date | None
    clock: time | None
    zone: tzinfo | None
    rest: str


def stated_zone(text: str) -> tuple[tzinfo | None, str]:
    """Return the zone that a heading or sentence gives all times, and the word for it.

    The word alone comes back where it looks like a zone and is none that is the same everywhere.
    """
    unknown = ""
    for found in _STATED.finditer(text):
        word = found["said"] or found["word"] or found["bare"]
        if zone := find_zone(word):
            return zone, word
        if found["said"] and word.isupper() and not unknown:
            unknown = word
    return None, unknown


def find_date(text: str, near: date | None = None) -> date | None:
    """Return the first date in a text; one without a year is taken nearest to `near`."""
    hits = [found for pattern in _DATES for found in pattern.finditer(text)]
    for found in sorted(hits, key=lambda each: each.start()):
        day = _day(found, near)
        if day and day.year != _NO_YEAR:
            return day
    return None


def read_dated_lines(
    text: str, *, heading: str = "", day: date | None = None, zone: tzinfo = UTC
) -> tuple[DatedLine, ...]:
    """Return the entries of a written timeline in the order of the text.

    heading: what stands above it; day: the day of a first line without a date; zone: for times
    whose zone nothing says. Lines before the first time, and headings of days, make no entry.
    """
    return tuple(_Reader(heading, text, day, zone).read())


def is_moment(heading: str) -> bool:
    """Say whether a heading is nothing but a time, with or without its date."""
    found = _read(heading)
    return found is not None and found.clock is not None and not found.rest


class _Reader:
    """Walks through the lines with the day and the zone that hold."""

    def __init__(self, heading: str, text: str, day: date | None, zone: tzinfo) -> None:
        self._lines = text.split("\n")
        self._day = find_date(heading, day) or day
        self._zone = stated_zone(heading)[0] or stated_zone(text[:2000])[0] or zone
        self._last: datetime | None = None

    def read(self) -> Iterator[DatedLine]:
        at: datetime | None = None
        body: list[str] = []
        for line, is_code in mark_code(self._lines):
            found = None if is_code else _read(line)
            moment = found if found and (found.day or found.clock) else None
            if moment is None or (moment.clock is None and not moment.rest):
                if moment and moment.day:
                    self._day = _near(moment.day, self._day)
                elif at is not None and not _SEPARATOR.fullmatch(line or "x"):
                    body.append(line)
                continue
            if at is not None:
                yield DatedLine(at, _join(body))
            at, body = self._place(moment), [moment.rest]
        if at is not None:
            yield DatedLine(at, _join(body))

    def _place(self, moment: _Moment) -> datetime | None:
        """Return when it was, None while no day is known."""
        self._day = _near(moment.day, self._day) if moment.day else self._day
        if self._day is None:
            return None
        zone = moment.zone or self._zone
        at = datetime.combine(self._day, moment.clock or time(), zone)
        if moment.day is None and self._last is not None and at < self._last - _BACK:
            self._day += timedelta(days=1)
            at = datetime.combine(self._day, moment.clock or time(), zone)
        self._last = at
        return at.astimezone(UTC)


def _read(line: str) -> _Moment | None:
    return _read_row(line) if line.lstrip().startswith("|") else _read_line(line)


def _read_row(line: str) -> _Moment | None:
    """Return the time in a table row's first cells, with the other cells as the text."""
    cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
    for count in range(1, min(len(cells), _MOST_TIME_CELLS) + 1):
        found = _read_line(" ".join(cells[:count]))
        if found and (found.clock or found.rest):
            rest = " | ".join(each for each in (found.rest, *cells[count:]) if each)
            return _Moment(found.day, found.clock, found.zone, rest)
    return None


def _read_line(line: str) -> _Moment | None:
    """Return the time that a line begins or ends with, None when it does neither."""
    start = _end_of(_LEAD.match(line))
    day, place = _match_day(line, start)
    place = _end_of(_GAP.match(line, place))
    found = _TIME.match(line, place)
    clock = _clock(found) if found else None
    if found is None or clock is None:
        return _read_day(line, day, place) or _read_end(line, start)
    place = found.end()
    zone: tzinfo | None = None
    if (word := _ZONE.match(line, place)) and (zone := find_zone(word["zone"])):
        place = word.end()
    if day is None:
        day, after = _match_day(line, _end_of(_GAP.match(line, place)))
        place = after if day else place
    return _Moment(day, clock, zone, line[_end_of(_REST.match(line, place)) :].strip())


def _read_day(line: str, day: date | None, place: int) -> _Moment | None:
    """Return a day that stands alone, or whose time is said to be unknown."""
    if day is None:
        return None
    unknown = _NO_TIME.match(line, place)
    rest = line[_end_of(_REST.match(line, unknown.end() if unknown else place)) :].strip()
    if rest and not unknown:
        return None
    return _Moment(day, None, None, rest)


def _read_end(line: str, start: int) -> _Moment | None:
    """Return the date and time at a line's end, as lists of key events have them."""
    for found in _DATES[0].finditer(line, start):
        gap = _end_of(_GAP.match(line, found.end()))
        hit = _TIME.match(line, gap)
        clock, day = _clock(hit) if hit else None, _day(found, None)
        if hit is None or clock is None or day is None:
            continue
        word = _ZONE.match(line, hit.end())
        zone = find_zone(word["zone"]) if word else None
        if not line[word.end() if word and zone else hit.end() :].strip(" *_.)"):
            return _Moment(day, clock, zone, line[start : found.start()].strip(" *_(:"))
    return None


def _match_day(line: str, place: int) -> tuple[date | None, int]:
    """Return the date that stands at `place`, and where it ends."""
    for pattern in _DATES:
        found = pattern.match(line, place)
        if found and (day := _day(found, None)):
            return day, found.end()
    return None, place


def _day(found: re.Match[str], near: date | None) -> date | None:
    """Return the date of a match; without a year it has year 1, or the one nearest to `near`."""
    parts = found.groupdict()
    try:
        if parts.get("iso"):
            day = date.fromisoformat(parts["iso"])
            return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
        month, number = _MONTHS[parts["month"][:3].lower()], int(parts["day"])
        if parts["year"]:
            year = int(parts["year"])
            return date(year, month, number) if _FIRST_YEAR <= year <= _LAST_YEAR else None
        return _near(date(_NO_YEAR, month, number), near)
    except ValueError:
        return None


def _near(day: date, near: date | None) -> date:
    """Give a date without a year the one that brings it nearest to `near`."""
    if day.year != _NO_YEAR or near is None:
        return day
    choices = [
        day.replace(year=year)
        for year in (near.year - 1, near.year, near.year + 1)
        if (day.month, day.day) != (2, 29) or _is_leap(year)
    ]
    return min(choices, key=lambda each: abs(each - near), default=day)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _clock(found: re.Match[str]) -> time | None:
    """Return the time of day; a half that contradicts a 24-hour clock (13:55 PM) is ignored."""
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = (found["half"] or "").upper()
    if half == "P" and hour < _NOON:
        hour += _NOON
    elif half == "A" and hour == _NOON:
        hour = 0
    return time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def _end_of(found: re.Match[str] | None) -> int:
    return found.end() if found else 0


def _join(lines: list[str]) -> str:
    return "\n".join(lines).strip()
