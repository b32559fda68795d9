"""The hybrid logical clock: orders events beyond what wall clocks can, as text that sorts.

A stamp is `mmmmmmmmmmmm-cccc-dddddddd`: 12 hex digits of Unix milliseconds, a 4 hex counter, 8 hex
of the device (Kulkarni et al., 2014, "Logical Physical Clocks").
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from cockpit.errors import InvalidInputError

MAX_AHEAD_MS = 5000
"""How far a clock may run ahead of the server's receive time before it is held back."""

MAX_BEHIND_MS = 30_000
"""How far a clock may run behind the server's before this machine goes by the server's."""

_MS_DIGITS = 12
_MAX_COUNTER = 0xFFFF
_REMEMBERED = 4096
"""How many stamps stay parsed: each is asked for several times while its page is taken in."""


def format_stamp(ms: int, counter: int, device: str) -> str:
    """Return the stamp of Unix milliseconds, a counter and an 8 hex digit device."""
    return f"{ms:012x}-{counter:04x}-{device}"


@lru_cache(_REMEMBERED)
def parse_stamp(stamp: str) -> tuple[int, int, str]:
    """Return (Unix ms, counter, device); raises InvalidInputError when it is no stamp."""
    try:
        ms, counter, device = stamp.split("-")
        if (len(ms), len(counter), len(device)) != (12, 4, 8):
            raise ValueError
        return int(ms, 16), int(counter, 16), device
    except ValueError as error:
        raise InvalidInputError(f"“{stamp}” is not an event's clock stamp.") from error


def stamp_ms(stamp: str) -> int:
    """Return the Unix milliseconds of a stamp."""
    return parse_stamp(stamp)[0]


def stamp_time(stamp: str) -> datetime:
    """Return the UTC time of a stamp."""
    return from_ms(stamp_ms(stamp))


def next_stamp(last: str, now_ms: int, device: str) -> str:
    """Return a stamp later than `last` (empty: none yet), at the wall clock where that is later.

    A wall clock that went back keeps the last time and counts on; a full counter adds a ms.
    """
    now = f"{now_ms:012x}"
    if now > last[:_MS_DIGITS]:
        return f"{now}-0000-{device}"
    ms, counter, _ = last.split("-")
    if (count := int(counter, 16)) < _MAX_COUNTER:
        return f"{ms}-{count + 1:04x}-{device}"
    return format_stamp(int(ms, 16) + 1, 0, device)


def witness(last: str, seen: str, received_ms: int | None, device: str) -> str:
    """Return the clock after seeing another device's stamp, held back to 5 s past its receipt."""
    return max(last, format_stamp(*clamp(seen, received_ms), device))


def clamp(seen: str, received_ms: int | None) -> tuple[int, int]:
    """Return (Unix ms, counter) of a stamp, held back to 5 s past its receipt."""
    ms, counter, _ = parse_stamp(seen)
    if received_ms is not None and ms > received_ms + MAX_AHEAD_MS:
        return received_ms + MAX_AHEAD_MS, 0
    return ms, counter


def effective_ms(stamp: str, received_ms: int | None) -> int:
    """Return the time that merging goes by: the stamp's, at most 5 s after the server saw it."""
    ms = stamp_ms(stamp)
    return ms if received_ms is None else min(ms, received_ms + MAX_AHEAD_MS)


def effective_time(stamp: str, received_ms: int | None) -> datetime:
    """Return `effective_ms` as a UTC time."""
    return from_ms(effective_ms(stamp, received_ms))


def is_ahead(stamp: str, received_ms: int | None) -> bool:
    """Say whether a stamp lies further ahead of its receipt than clocks differ."""
    return received_ms is not None and stamp_ms(stamp) > received_ms + MAX_AHEAD_MS


def to_ms(at: datetime) -> int:
    """Return the Unix milliseconds of an aware time."""
    return round(at.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """Return the UTC time of Unix milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC)
