"""Periods of insights: a stretch of time, the one before it, and the columns of a chart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from cockpit.domain.cadence_history import PERIODS

COLUMNS = ("week", "month", "quarter")
"""By what incidents are grouped in a chart."""

_MOST_DAYS = {"week": 190, "month": 1200}
_BEYOND = {"week": 7, "month": 31, "quarter": 93}
"""Days from the first of a period that lead into the next one, and no further."""


class Stretch(Struct, frozen=True):
    """A stretch of time from `since` up to `until`, which is no part of it."""

    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        """Return how long it lasts."""
        return self.until - self.since

    def holds(self, at: datetime) -> bool:
        """Say whether a moment lies in it."""
        return self.since <= at < self.until

    def before(self) -> Stretch:
        """Return the stretch of the same length that ends where this one begins."""
        try:
            return Stretch(self.since - self.length, self.since)
        except OverflowError:
            return Stretch(self.since, self.since)


def year_of(at: datetime) -> Stretch:
    """Return the calendar year (UTC) that a moment lies in."""
    year = at.astimezone(UTC).year
    return Stretch(datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC))


def usual_columns(stretch: Stretch) -> str:
    """Return the word of `COLUMNS` that divides a stretch into a readable number of columns."""
    days = stretch.length.days
    return next((by for by, most in _MOST_DAYS.items() if days <= most), "quarter")


def column_of(at: datetime, by: str) -> str:
    """Return the name of the column that a moment belongs to, in UTC: 2026-W47, 2026-11."""
    return PERIODS[by](at.astimezone(UTC).date())[1]


def columns(stretch: Stretch, by: str) -> Iterator[tuple[str, date]]:
    """Yield the name and the first day of every column that a stretch touches, in UTC."""
    if stretch.until <= stretch.since:
        return
    day = stretch.since.astimezone(UTC).date()
    last = (stretch.until - timedelta(microseconds=1)).astimezone(UTC).date()
    while True:
        first, name = PERIODS[by](day)
        begins = first or day
        if begins > last:
            return
        yield name, begins
        day = begins + timedelta(days=_BEYOND[by])
