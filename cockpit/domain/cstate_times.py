"""Times as cState pages have them: in front matter, in shortcodes, in headings of updates.

A time without a zone is UTC, as Hugo reads it where a site sets no zone; `zoned` says so.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

from msgspec import Struct

from cockpit.domain.partial_moment import complete_moment
from cockpit.domain.sentence_words import Words
from cockpit.domain.spoken_moment import read_partial

_TIME = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)(?:[Tt\s]\s*(?P<clock>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?))?"
    r"\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d\d:?\d\d)?",
    re.ASCII,
)


class Reading(Struct, frozen=True):
    """A time in UTC, and whether its text named a zone."""

    at: datetime
    zoned: bool = True


def read_time(text: str) -> Reading | None:
    """Return the time that a text is (`2021-06-07 16:37:00`, with or without an offset)."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        return None
    zone = found["zone"] or ""
    offset = zone if zone[:1] in ("+", "-") else "+00:00"
    try:
        at = datetime.fromisoformat(f"{found['day']}T{found['clock'] or '00:00'}{offset}")
        return Reading(at.astimezone(UTC), bool(zone))
    except (ValueError, OverflowError):
        return None


def read_header_time(label: str, near: datetime) -> Reading | None:
    """Return the time in a heading (`Update 11th of February 2022 - 19:00 UTC`).

    None unless it names a day of the calendar and a time of day, and nothing follows them.
    """
    words = Words(label)
    for place in range(len(words)):
        part, end = read_partial(words, place)
        if not part.says_something:
            continue
        if not part.has_date or end < len(words):
            return None
        at = complete_moment(part, near, UTC)
        return Reading(at, part.zone is not None) if at else None
    return None
