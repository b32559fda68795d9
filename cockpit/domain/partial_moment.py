"""A moment of which a sentence tells only a part, made whole as seen from the time of the sentence.

- A clock time without a day is the next one, or the one that passed within the last hour where
  that is nearer: a text that goes out late does not promise the next day.
- A weekday is the next such day, today included; where a date stands beside it, the date counts.
- A day without a year is the nearest one.
- A local time that a zone skips, when clocks are put forward, is read with the offset from before
  the change. One that a zone has twice is the first that is still to come, else the last.
- Midnight of a named day is told by none: it may be the day's begin or its end.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from msgspec import Struct

FARTHEST = timedelta(days=366)
"""How far ahead a promise can lie; what is farther is a mistyped year."""

_LATE = timedelta(hours=1)
_DAY = timedelta(days=1)


class PartialMoment(Struct):
    """What a sentence says of a moment; `wrong` is a day or time that does not exist.

    month_day: a day without its year; weekday: 0 for Monday; days: counted from today.
    """

    day: date | None = None
    month_day: tuple[int, int] | None = None
    weekday: int | None = None
    days: int | None = None
    clock: time | None = None
    midnight: bool = False
    zone: tzinfo | None = None
    wrong: bool = False

    @property
    def has_date(self) -> bool:
        """Return whether it names a day of the calendar."""
        return self.day is not None or self.month_day is not None

    @property
    def has_day(self) -> bool:
        """Return whether it names a day in any way."""
        return self.has_date or self.weekday is not None or self.days is not None

    @property
    def says_something(self) -> bool:
        """Return whether there is anything of a moment in it."""
        return self.wrong or self.has_day or self.clock is not None


def complete_moment(part: PartialMoment, now: datetime, zone: tzinfo | None) -> datetime | None:
    """Return the moment in UTC as meant at `now`, None when it cannot be told.

    zone: that of a clock time that names none; None: such a time cannot be told.
    """
    zone = part.zone or zone
    if part.clock is None or zone is None or part.wrong or (part.midnight and part.has_day):
        return None
    try:
        moments = [
            moment
            for day in _possible_days(part, now.astimezone(zone).date())
            for moment in _moments(day, part.clock, zone)
        ]
        at = _choose(moments, now, explicit=part.has_date or part.days is not None)
        return at if at - now <= FARTHEST else None
    except (OverflowError, ValueError):
        return None


def _possible_days(part: PartialMoment, today: date) -> list[date]:
    if part.day:
        return [part.day]
    if part.month_day:
        years = (today.year - 1, today.year, today.year + 1)
        days = [_day_of(year, *part.month_day) for year in years]
        return [min(filter(None, days), key=lambda day: abs(day - today))]
    if part.days is not None:
        return [today + part.days * _DAY]
    if part.weekday is not None:
        first = today + (part.weekday - today.weekday()) % 7 * _DAY
        return [first, first + 7 * _DAY]
    return [today - _DAY, today, today + _DAY]


def _day_of(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _moments(day: date, clock: time, zone: tzinfo) -> list[datetime]:
    """Return the moments at which a zone's clocks show a time of a day."""
    wanted = datetime.combine(day, clock)
    found = [wanted.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    shown = [each for each in found if _wall_clock(each, zone) == wanted]
    return sorted(set(shown)) or found[:1]


def _wall_clock(at: datetime, zone: tzinfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None, fold=0)


def _choose(moments: list[datetime], now: datetime, *, explicit: bool) -> datetime:
    ahead = [each for each in moments if each >= now]
    passed = [each for each in moments if each < now]
    if explicit or not ahead or not passed:
        return min(ahead) if ahead else max(passed)
    since, until = now - max(passed), min(ahead) - now
    return max(passed) if since <= _LATE and since < until else min(ahead)
