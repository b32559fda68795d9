"""Quiet hours: when a person sleeps by the clock on their own wall."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from msgspec import Struct

from cockpit.domain.nearest import expected
from cockpit.errors import InvalidInputError

_HOURS = re.compile(r"(\S+?)\s*(?:[-\u2013\u2014]|\bto\b|\buntil\b)\s*(\S+)", re.IGNORECASE)
_CLOCK = re.compile(r"([01]?\d|2[0-4])(?:[:.hH]?([0-5]\d)|[hH])?", re.ASCII)
_DAY = 24 * 60
_FORM = "Expected a span such as 22:00-07:00."


class QuietHours(Struct, frozen=True):
    """From when until when, in minutes of the day (until may be the smaller), by which zone."""

    start: int
    end: int
    zone: tzinfo

    def hold(self, at: datetime) -> bool:
        """Say whether the clock on that wall shows a time within them at `at`."""
        wall = at.astimezone(self.zone)
        minute = wall.hour * 60 + wall.minute
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end

    def end_of(self, at: datetime) -> datetime | None:
        """Return the moment (UTC) at which those that hold at `at` are over, None if none hold.

        Where clocks are put forward or back meanwhile, the clock on the wall counts.
        """
        if not self.hold(at):
            return None
        while True:
            wall = at.astimezone(self.zone)
            gone = timedelta(hours=wall.hour, minutes=wall.minute) + timedelta(
                seconds=wall.second, microseconds=wall.microsecond
            )
            left = (timedelta(minutes=self.end) - gone) % timedelta(days=1)
            found = at.astimezone(UTC) + left
            changed = _change_between(at.astimezone(UTC), found, self.zone)
            if changed is None:
                return found
            if not self.hold(changed):
                return changed
            at = changed


def find_hours(quiet_from: str, quiet_until: str, zone: str) -> QuietHours | None:
    """Return the quiet hours that a card says, None for none or what is not understood.

    An unknown zone counts as UTC: an event of another device must never stop the board.
    """
    start, end = _minute(quiet_from), _minute(quiet_until)
    if start is None or end is None or start == end:
        return None
    return QuietHours(start, end, find_place(zone) or UTC)


def parse_hours(text: str) -> tuple[str, str]:
    """Return from and until as HH:MM for "22:00-07:00"; empty text says that there are none."""
    words = " ".join(text.split())
    if not words or words.casefold() in ("none", "never", "-"):
        return "", ""
    found = _HOURS.fullmatch(words)
    if found is None:
        raise InvalidInputError(f"“{_shown(words)}” are no quiet hours.", _FORM)
    start, end = (parse_clock(each) for each in found.groups())
    if start == end:
        raise InvalidInputError(f"Quiet hours from {start} to {end} would never end.", _FORM)
    return start, end


def parse_clock(text: str) -> str:
    """Return a time of day as HH:MM for "22:00", "7" or "7:30"; empty stays empty."""
    if not text.strip():
        return ""
    minute = _minute(text.strip())
    if minute is None:
        raise InvalidInputError(f"“{_shown(text)}” is not a time of day; expected 22:00.")
    return f"{minute // 60:02}:{minute % 60:02}"


def parse_zone(text: str) -> str:
    """Return the name of a zone as it is kept, empty for UTC; raises InvalidInputError."""
    name = text.strip()
    if name.upper() in ("", "UTC", "Z", "GMT"):
        return ""
    if find_place(name) is None:
        from zoneinfo import available_timezones

        known = sorted(each for each in available_timezones() if "/" in each)
        same = [each for each in known if each.casefold() == name.casefold().replace(" ", "_")]
        if same:
            return same[0]
        said = expected("a zone", name, known)
        words = said.message.rpartition("; expected ")[0]
        raise InvalidInputError(f"{words}; expected UTC or a name like Europe/Berlin.", said.hint)
    return name


@lru_cache(maxsize=256)
def find_place(name: str) -> tzinfo | None:
    """Return the zone of a place such as Europe/Berlin, UTC for no name, None for others.

    Abbreviations are not taken: CET means one thing in winter and another to a zone table.
    """
    if name.upper() in ("", "UTC"):
        return UTC
    if "/" not in name:
        return None
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def _minute(text: str) -> int | None:
    """Return the minute of the day, 24:00 as 0, None for what is no time of day."""
    found = _CLOCK.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        return None
    minute = int(found[1]) * 60 + int(found[2] or 0)
    return minute % _DAY if minute <= _DAY else None


def _change_between(start: datetime, stop: datetime, zone: tzinfo) -> datetime | None:
    """Return the minute at which clocks were put forward or back after `start`, up to `stop`."""
    before = start.astimezone(zone).utcoffset()
    if stop.astimezone(zone).utcoffset() == before:
        return None
    low = start.replace(second=0, microsecond=0)
    high = stop.replace(second=0, microsecond=0) + timedelta(minutes=1)
    while high - low > timedelta(minutes=1):
        middle = low + timedelta(minutes=(high - low) // timedelta(minutes=1) // 2)
        if middle.astimezone(zone).utcoffset() == before:
            low = middle
        else:
            high = middle
    return high


def _shown(text: str) -> str:
    from cockpit.domain.visible import clip, make_visible

    return clip(make_visible(text.strip()), 40)
