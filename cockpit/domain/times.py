"""Times and spans: read as people type them, written so that nobody has to guess the zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cockpit.errors import InvalidInputError

_DAYS = {"yesterday": -1, "today": 0, "tomorrow": 1}
_SPAN_PART = r"(\d{1,6})\s*(d|days?|h|hours?|hrs?|m|mins?|minutes?|s|secs?|seconds?)(?![a-z])\s*"
_SECONDS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_CLOCK = r"(?i)(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d{1,9})?)?(?:\s*([ap])\.?m\.?)?"
_DATE = r"(?i)(\d{4}-\d{2}-\d{2})(?:[T\s]+(\S.*))?"
_UTC_SUFFIX = r"(?i)(?<=\d)\s*(?:z|utc|gmt)$"
_OFFSET = r"(?<=:\d{2})\S*?[+-]\d{2}:?\d{2}$"
_FORMS = "09:10, -5m, yesterday 23:10 or 2026-11-21 09:10"
_FORMS_AHEAD = "10:45, +15m, tomorrow 09:00 or 2026-11-21 10:45"
_MOST_SHOWN = 40
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_AHEAD = timedelta(days=366)


def parse_when(text: str, now: datetime, zone: tzinfo = UTC) -> datetime:
    """Return the moment (in UTC) that `text` names, as seen from `now` (aware).

    `09:10` is the most recent one in `zone`; `-5m` and `+1h30m` count from now; `yesterday 23:10`,
    `2026-11-21 09:10` and ISO 8601 with an offset name a day. A time that a zone has twice is the
    most recent one not after now, else the first; one that it never had is refused.
    """
    return _read_when(text, now, zone, _FORMS)


def _read_when(text: str, now: datetime, zone: tzinfo, forms: str) -> datetime:
    words = " ".join(text.split())
    try:
        at = _parse_words(words.lower(), now, zone)
    except (ValueError, OverflowError):
        at = None
    if at is None:
        raise _not_a_time(text, words, forms)
    return at


def parse_ahead(
    text: str, now: datetime, zone: tzinfo = UTC, base: datetime | None = None
) -> datetime:
    """Return the moment after `now` (in UTC) that `text` names: `10:45`, `+15m`, `in 30 min`.

    A time of day is the next one in `zone`, also on a day on which clocks are put back; a span
    counts from `base` (None: from `now`). Raises InvalidInputError for anything else or earlier.
    """
    words = " ".join(text.lower().split())
    span = words.removeprefix("in ").removeprefix("+").strip()
    if _is_count(span) or (span and span[0].isdigit() and _parse_span(span)):
        at = ((base or now) + parse_duration(span)).astimezone(UTC)
    elif re.fullmatch(_CLOCK, re.sub(_UTC_SUFFIX, "", words)):
        at = _next_clock(words, now, UTC if re.search(_UTC_SUFFIX, words) else zone)
    else:
        at = _read_when(text, now, zone, _FORMS_AHEAD)
    if at <= now:
        raise InvalidInputError(f"“{_show(text)}” has passed.", "Give a time ahead, such as +15m.")
    return check_plausible(at, now)


def _next_clock(words: str, now: datetime, zone: tzinfo) -> datetime:
    """Return when clocks in `zone` next show a time of day."""
    today = parse_when(f"today {words}", now, zone)
    again = today.astimezone(zone).replace(fold=1).astimezone(UTC)
    ahead = next((each for each in (today, again) if each > now), None)
    return ahead or parse_when(f"tomorrow {words}", now, zone)


def check_plausible(at: datetime, now: datetime) -> datetime:
    """Return `at` if an incident can have to do with it; a mistyped year is refused."""
    if not _EARLIEST <= at <= now + _AHEAD:
        raise InvalidInputError(
            f"{at.year:04}-{at:%m-%d} is too far from now.",
            "Expected a time since 1970, and at most a year ahead.",
        )
    return at


def parse_duration(text: str) -> timedelta:
    """Return a span of time (> 0) written `90m`, `1h30m`, `2d` or, in minutes, `45`."""
    words = text.strip().lower()
    span = timedelta(minutes=int(words)) if _is_count(words) else _parse_span(words)
    if not span:
        shown = _show(text)
        raise InvalidInputError(f"“{shown}” is not a span of time; expected 45m, 1h30m or 2d.")
    return span


def format_clock(at: datetime, zone: tzinfo) -> str:
    """Return the time of day in `zone`: "09:10"."""
    return f"{_in_zone(at, zone):%H:%M}"


def format_stamp(at: datetime, zone: tzinfo) -> str:
    """Return date, time of day and zone: "2026-11-21 09:10 UTC"."""
    local = _in_zone(at, zone)
    return f"{local:%Y-%m-%d %H:%M} {local.tzname()}".replace("\n", " ")


def format_iso(at: datetime) -> str:
    """Return the moment in UTC, to the second: "2026-11-21T09:10:00Z"."""
    utc = at.astimezone(UTC)
    return f"{utc.year:04}-{utc:%m-%dT%H:%M:%S}Z"


def format_span(span: timedelta) -> str:
    """Return the two greatest units, whole ones: "2d 3h", "1h 12m", "47m", "38s"."""
    return _format(span, ("d", "h", "m", "s"), gap="")


def format_words(span: timedelta) -> str:
    """Return the two greatest units in words: "2 d 3 h", "1 h 5 min", "7 min", "38 s"."""
    return _format(span, ("d", "h", "min", "s"), gap=" ")


def format_countdown(span: timedelta) -> str:
    """Return minutes and seconds, with hours where needed, without sign: "07:42", "1:07:42"."""
    minutes, seconds = divmod(int(abs(span).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes:02}:{seconds:02}"


def _format(span: timedelta, units: tuple[str, str, str, str], gap: str) -> str:
    seconds = int(abs(span).total_seconds())
    sign = "-" if span < timedelta() and seconds else ""
    minutes, hours, days = seconds // 60, seconds // 3_600, seconds // 86_400
    if not minutes:
        return f"{sign}{seconds}{gap}{units[3]}"
    if not hours:
        return f"{sign}{minutes}{gap}{units[2]}"
    great, small = (days, hours % 24) if days else (hours, minutes % 60)
    unit, less = units[:2] if days else units[1:3]
    tail = f" {small}{gap}{less}" if small else ""
    return f"{sign}{great}{gap}{unit}{tail}"


def _parse_words(words: str, now: datetime, zone: tzinfo) -> datetime | None:
    if words == "now":
        return now.astimezone(UTC)
    if words[:1] in ("-", "+") and (span := _parse_span(words[1:].strip())):
        return (now - span if words[0] == "-" else now + span).astimezone(UTC)
    if words.endswith(" ago") and (span := _parse_span(words[:-4].strip())):
        return (now - span).astimezone(UTC)
    if re.search(_OFFSET, words):
        return datetime.fromisoformat(words).astimezone(UTC)
    plain = re.sub(_UTC_SUFFIX, "", words)
    if plain != words:
        zone = UTC
    return _parse_local(plain, now, zone)


def _parse_local(words: str, now: datetime, zone: tzinfo) -> datetime | None:
    today = now.astimezone(zone).date()
    if clock := _parse_clock(words):
        at = _resolve(today, clock, now, zone)
        if at > now:
            at = _resolve(today - timedelta(days=1), clock, now, zone)
        return at
    day_word, _, rest = words.partition(" ")
    if day_word in _DAYS:
        day, rest = today + timedelta(days=_DAYS[day_word]), rest.strip()
    elif dated := re.fullmatch(_DATE, words):
        day, rest = date.fromisoformat(dated[1]), dated[2] or ""
    else:
        return None
    clock = _parse_clock(rest) if rest else time()
    return _resolve(day, clock, now, zone) if clock else None


def _parse_clock(words: str) -> time | None:
    match = re.fullmatch(_CLOCK, words)
    if match is None:
        return None
    hour = int(match[1])
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4].lower() == "p" else 0)
    return time(hour, int(match[2]), int(match[3] or 0))


def _resolve(day: date, clock: time, now: datetime, zone: tzinfo) -> datetime:
    """Return the moment of a wall-clock time in `zone`, minding clocks put forward or back."""
    first, second = (
        datetime.combine(day, clock.replace(fold=fold), zone).astimezone(UTC).replace(fold=0)
        for fold in (0, 1)
    )
    wanted = datetime.combine(day, clock)
    if first.astimezone(zone).replace(tzinfo=None, fold=0) != wanted:
        # In a gap the two readings lie on both sides of it: the later one is what clocks showed.
        later = max(first, second).astimezone(zone)
        raise InvalidInputError(
            f"{wanted:%Y-%m-%d %H:%M} never was in {zone}: clocks were put forward.",
            f"Did you mean {later:%H:%M}?",
        )
    return second if second <= now else first


def _parse_span(words: str) -> timedelta:
    """Return the span that `words` names, zero if they name none."""
    total, place = timedelta(), 0
    while place < len(words):
        match = re.match(_SPAN_PART, words[place:])
        if match is None:
            return timedelta()
        total += timedelta(seconds=int(match[1]) * _SECONDS[match[2][0]])
        place += match.end()
    return total


def _is_count(words: str) -> bool:
    return words.isascii() and words.isdecimal() and len(words) <= 6


def _in_zone(at: datetime, zone: tzinfo) -> datetime:
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at.astimezone(UTC)


def _not_a_time(text: str, words: str, forms: str) -> InvalidInputError:
    digits = re.fullmatch(r"(\d{1,2})[.\-hH ]?(\d{2})", words, re.ASCII)
    guess = ""
    if digits and int(digits[1]) < 24 and int(digits[2]) < 60:
        guess = f"{int(digits[1]):02}:{digits[2]}"
    elif words[:1].isdigit() and _parse_span(words.lower()):
        guess = f"-{words}"
    return InvalidInputError(
        f"“{_show(text)}” is not a time; expected {forms}.",
        f"Did you mean {guess}?" if guess else "",
    )


def _show(text: str) -> str:
    from cockpit.domain.visible import clip, make_visible

    return clip(make_visible(text.strip()), _MOST_SHOWN)
