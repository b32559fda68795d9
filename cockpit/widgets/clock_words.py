"""What a countdown says in words: due, overdue, when, how often, and who is next."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from cockpit.domain.cadence import ClockState, RingClock
from cockpit.domain.promise_words import move_words, pause_words, rhythm_words
from cockpit.domain.times import format_clock, format_countdown, format_words
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import Ring
from cockpit.widgets.painted import Span

RING_WORDS = {
    Ring.CUSTOMERS: "customers",
    Ring.EXECUTIVES: "executives",
    Ring.EMPLOYEES: "employees",
    Ring.SUPPORT: "support",
    Ring.CORE: "core team",
}
_TITLES = {Ring.CUSTOMERS: "Customer update"}


def paint_of(clock: RingClock) -> str:
    """Return the paint of a countdown: amber when due soon, red when overdue."""
    return {ClockState.DUE_SOON: "soon", ClockState.OVERDUE: "late"}.get(clock.state, "")


def countdown(clock: RingClock, now: datetime) -> str:
    """Return the time left, or since the deadline, as 07:42; empty without one that counts."""
    if clock.due_at is None or clock.state is ClockState.PAUSED:
        return ""
    seconds = int(clock.remaining(now).total_seconds() // 1)
    return format_countdown(timedelta(seconds=abs(seconds)))


def remark(clock: RingClock, now: datetime, zone: tzinfo) -> str:
    """Return why it is paused, or what became of the promised time; empty in the usual case."""
    return make_visible(pause_words(clock, now, zone) or move_words(clock, now, zone))


def aside(clock: RingClock, now: datetime, zone: tzinfo) -> str:
    """Return what is said behind the countdown on one line; empty in the usual case."""
    return remark(clock, now, zone) or (rhythm_words(clock) if clock.slowed else "")


def sentence(clock: RingClock, now: datetime, zone: tzinfo) -> str:
    """Return the words before the countdown on one line."""
    title = title_of(clock)
    if clock.state is ClockState.PAUSED:
        return f"{title} {remark(clock, now, zone)}"
    if clock.state is ClockState.OVERDUE:
        return f"! {title} overdue by"
    if clock.due_at is not None:
        first = clock.last_at is None and clock.ring is Ring.CUSTOMERS
        return "First word to customers due in" if first else f"{title} due in"
    return silence(clock)


def heading(clock: RingClock) -> str:
    """Return the words beside the big figures."""
    title = title_of(clock)
    if clock.state is ClockState.OVERDUE:
        return f"! {title} overdue"
    if clock.state is ClockState.PAUSED:
        return f"{title} paused"
    if clock.due_at is None:
        return silence(clock)
    first = clock.last_at is None and clock.ring is Ring.CUSTOMERS
    return "First word to customers" if first else title


def title_of(clock: RingClock) -> str:
    """Return a ring's name as a heading."""
    return _TITLES.get(clock.ring, RING_WORDS[clock.ring].capitalize())


def silence(clock: RingClock) -> str:
    """Return why there is no countdown."""
    title = title_of(clock)
    return f"{title}: none due" if clock.state is ClockState.NONE else f"{title}: not started"


def beside(clock: RingClock, now: datetime, zone: tzinfo) -> tuple[str, ...]:
    """Return what stands below a heading, from the longest wording to the shortest.

    Why it is paused, or what became of the promised time; then how often and when last.
    """
    if clock.state is ClockState.PAUSED:
        return (remark(clock, now, zone).removeprefix("paused").lstrip(": ") or "until resumed",)
    often = rhythm(clock, zone)
    said = remark(clock, now, zone)
    if not said:
        return often
    return (*(f"{said}, {each}" for each in often), said)


def rhythm(clock: RingClock, zone: tzinfo) -> tuple[str, ...]:
    """Return how often and when last, from the longest wording to the shortest."""
    every = rhythm_words(clock)
    if clock.last_at is None:
        return tuple(each for each in (f"{every}, none sent yet" if every else "", every) if each)
    last = f"last {format_clock(clock.last_at, zone)}"
    by = f" by {make_visible(clock.last_by)}" if clock.last_by else ""
    both = f"{every}, {last}" if every else last
    return (both + by, both, last)


def next_ring(clock: RingClock, now: datetime) -> tuple[Span, ...]:
    """Return another ring and its time in a few words: executives 22 min."""
    name = RING_WORDS[clock.ring]
    if clock.state is ClockState.PAUSED:
        return ((f"{name} paused", "muted"),)
    left = clock.remaining(now)
    words = format_words(abs(left))
    if clock.state is ClockState.OVERDUE:
        return ((f"! {name} {words} late", "late"),)
    paint = "soon" if clock.state is ClockState.DUE_SOON else ""
    return ((f"{name} ", "muted"), (words, paint))
