"""What was decided about a countdown, in few words: paused, missed and moved, extended, slowed."""

from __future__ import annotations

from datetime import datetime, tzinfo

from cockpit.domain.cadence import ClockState, RingClock
from cockpit.domain.times import format_clock, format_stamp

_TIMES = {1: "once", 2: "twice"}
_FAR = 12 * 3600
"""Seconds from which on a time of day alone would leave open which day is meant."""


def rhythm_words(clock: RingClock) -> str:
    """Return how often updates come: "every 60 min (slowed down)"; empty without a rhythm."""
    if not clock.every:
        return ""
    return f"every {clock.every} min{' (slowed down)' if clock.slowed else ''}"


def pause_words(clock: RingClock, now: datetime, zone: tzinfo, *, behind: bool = False) -> str:
    """Return that it is paused, until when and why; empty when it is not.

    behind: the words stand behind a colon, and so the reason in brackets.
    """
    if clock.state is not ClockState.PAUSED:
        return ""
    until = f" until {moment_words(clock.paused_until, now, zone)}" if clock.paused_until else ""
    why = (f" ({clock.reason})" if behind else f": {clock.reason}") if clock.reason else ""
    return f"paused{until}{why}"


def move_words(clock: RingClock, now: datetime, zone: tzinfo) -> str:
    """Return what became of the time that was promised; empty when it was never moved."""
    if clock.due_at is None or clock.state is ClockState.PAUSED:
        return ""
    if clock.missed_at is None:
        return f"extended {times_words(clock.extended)}" if clock.extended else ""
    missed = f"missed {moment_words(clock.missed_at, now, zone)}"
    if clock.state is ClockState.OVERDUE:
        return f"{missed} before"
    return f"{missed}, now {moment_words(clock.due_at, now, zone)}"


def times_words(count: int) -> str:
    """Return how often: once, twice, 3 times."""
    return _TIMES.get(count, f"{count} times")


def moment_words(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a time of day, with its date when it is far from now."""
    far = abs((at - now).total_seconds()) > _FAR
    return format_stamp(at, zone) if far else format_clock(at, zone)
