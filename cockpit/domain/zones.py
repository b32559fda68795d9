"""Time zones as people write them: abbreviations, offsets, names of the IANA database.

Sources: RFC 5322, 4.3, for the abbreviations of the United States; all others as the IANA time
zone database uses them at present (2024 and later), which a test compares.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta, timezone, tzinfo

_MINUTES = {
    "utc": 0,
    "gmt": 0,
    "z": 0,
    "est": -300,
    "edt": -240,
    "cst": -360,
    "cdt": -300,
    "mst": -420,
    "mdt": -360,
    "pst": -480,
    "pdt": -420,
    "akst": -540,
    "akdt": -480,
    "hst": -600,
    "ast": -240,
    "adt": -180,
    "nst": -210,
    "ndt": -150,
    "wet": 0,
    "west": 60,
    "bst": 60,
    "cet": 60,
    "cest": 120,
    "eet": 120,
    "eest": 180,
    "msk": 180,
    "wat": 60,
    "cat": 120,
    "eat": 180,
    "sast": 120,
    "idt": 180,
    "pkt": 300,
    "wib": 420,
    "wita": 480,
    "wit": 540,
    "hkt": 480,
    "jst": 540,
    "kst": 540,
    "awst": 480,
    "acst": 570,
    "acdt": 630,
    "aest": 600,
    "aedt": 660,
    "nzst": 720,
    "nzdt": 780,
}
"""Abbreviation → minutes east of UTC, taken at its word: EST is 5 h behind UTC in July too.

CST and PST are those of the United States, not of China or the Philippines, because RFC 5322 says
so. IST is left out: India, Ireland and Israel use it at present, and a guess would be hours wrong.
"""

_PLACES = {
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    "eastern": "America/New_York",
    "central": "America/Chicago",
    "mountain": "America/Denver",
    "pacific": "America/Los_Angeles",
}
"""Words of the United States that do not say whether clocks are put forward: the date decides."""

_ALSO_WORDS = frozenset(("cat", "ct", "eat", "et", "mt", "pt", "wat", "west", "wet", "wit"))
"""Abbreviations that are words as well: they count in capital letters only."""

_OFFSET = re.compile(r"([+\-\u2212])(\d{1,2})(?::?([0-5]\d))?")
_NAME = re.compile(r"[A-Za-z_]{1,20}(?:/[A-Za-z0-9_+\-]{1,30}){1,2}")
_MOST_HOURS = 14
"""No place on earth is farther from UTC than 14 h."""


def find_zone(word: str) -> tzinfo | None:
    """Return the zone of an abbreviation or an IANA name with a slash, None for other words."""
    short = word.lower()
    if short in _ALSO_WORDS and not word.isupper():
        return None
    if short in _MINUTES:
        return _fixed(_MINUTES[short])
    if short in _PLACES:
        return _load(_PLACES[short])
    if _NAME.fullmatch(word):
        return _load(word)
    return None


def find_offset(text: str) -> tzinfo | None:
    """Return the zone of an offset such as `+02:00`, `+0200` or `-5`, None for other text."""
    found = _OFFSET.fullmatch(text)
    if found is None or int(found[2]) > _MOST_HOURS:
        return None
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return _fixed(minutes if found[1] == "+" else -minutes)


def abbreviations() -> dict[str, int]:
    """Return the abbreviations that are understood, with their minutes east of UTC."""
    return {name.upper(): minutes for name, minutes in _MINUTES.items()}


def _fixed(minutes: int) -> tzinfo:
    return timezone(timedelta(minutes=minutes)) if minutes else UTC


def _load(name: str) -> tzinfo | None:
    from zoneinfo import ZoneInfo

    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
