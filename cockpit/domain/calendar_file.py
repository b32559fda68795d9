"""Calendar files (RFC 5545): events with times in UTC, which every calendar reads alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from msgspec import Struct

from cockpit.domain.visible import make_visible

OCTETS = 75
"""The longest line, without its end."""

_PRODUCT = "-//Incident Cockpit//Post-mortem meetings//EN"
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


class CalendarEvent(Struct, frozen=True):
    """One event; the same `uid` again moves or renames the event in the calendar.

    private: calendars show others only that there is one.
    """

    uid: str
    start: datetime
    minutes: int
    summary: str
    description: str = ""
    private: bool = False


def write_calendar(events: Iterable[CalendarEvent], stamp: datetime) -> str:
    """Return a calendar file, its lines ended by CRLF; `stamp` is when it was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "METHOD:PUBLISH"]
    for each in events:
        lines += _event_lines(each, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _fold(line))


def _event_lines(each: CalendarEvent, stamp: datetime) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{_text(each.uid)}",
        f"DTSTAMP:{_moment(stamp)}",
        f"DTSTART:{_moment(each.start)}",
        f"DURATION:PT{each.minutes}M",
        f"SUMMARY:{_text(each.summary)}",
        *([f"DESCRIPTION:{_text(each.description)}"] if each.description else []),
        *(["CLASS:PRIVATE"] if each.private else []),
        "END:VEVENT",
    ]


def _text(text: str) -> str:
    return make_visible(text, newlines=True).translate(_ESCAPES)


def _moment(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{utc.year:04}{utc:%m%dT%H%M%SZ}"


def _fold(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets, no character torn; all but the first indented."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > OCTETS:
            yield part
            part, size = " ", 1
        part += letter
        size += octets
    yield part
