"""The next update time printed in an outgoing text: that promise is what counts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_BY = re.compile(
    r"next update[^.\n]{0,40}?\bby\s+(?:(?P<date>\d{4}-\d\d-\d\d)[ T])?"
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)\s*(?:UTC|GMT|Z)\b",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"(?:next update|update you|hear from us)[^.\n]{0,40}?\b(?:in|within)\s+"
    r"(?P<number>\d{1,3})\s*(?P<unit>min|h)",
    re.IGNORECASE,
)
_DAY = timedelta(days=1)


def promised_time(text: str, now: datetime) -> datetime | None:
    """Return the UTC time of the next update that a text promises, None when it names none.

    Understands “next update by 10:30 UTC” (the 10:30 nearest to `now`), the same with a date, and
    “in 30 minutes”.
    """
    found = _BY.search(text)
    if found:
        return _clock_time(found, now)
    found = _WITHIN.search(text)
    if found:
        number = int(found["number"])
        return now + timedelta(**{"hours" if found["unit"].lower() == "h" else "minutes": number})
    return None


def _clock_time(found: re.Match[str], now: datetime) -> datetime | None:
    try:
        day = datetime.fromisoformat(found["date"]).replace(tzinfo=UTC) if found["date"] else now
        at = day.astimezone(UTC).replace(
            hour=int(found["hour"]), minute=int(found["minute"]), second=0, microsecond=0
        )
    except ValueError:
        return None
    if found["date"]:
        return at
    return min((at - _DAY, at, at + _DAY), key=lambda each: abs(each - now))
