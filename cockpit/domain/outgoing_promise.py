"""The promised time in an outgoing text: is there one, is it ahead, can it be kept?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from cockpit.domain.cadence import Situation, rhythm, ring_of
from cockpit.domain.outgoing_check import BLOCK, WARN, Check, well, wrong
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_clock, format_words
from cockpit.domain.vocabulary import Ring

NAME = "next-update"

_PLANNED = "planned"
_GRACE = timedelta(minutes=1)
"""Texts name no seconds: a promise may be up to a minute later than the rhythm."""


class Measure(Struct, frozen=True):
    """What a promised time is held against, in minutes; 0 means that there is nothing.

    now: the moment of writing; every: the rhythm; least: sooner than that cannot be kept;
    most: later than that is too long to wait.
    """

    now: datetime
    audience: str
    every: int = 0
    least: float = 0
    most: int = 0


def measure(
    facts: Situation,
    playbook: Playbook,
    audience: str,
    now: datetime,
    *,
    kind: str = "",
) -> Measure:
    """Return what a time promised to an audience is held against.

    facts: with the public status and the rhythm that the text announces. A promise that leaves
    less than half the rhythm leaves no time to learn anything; ten minutes (by default) can always
    be kept. Planned work has its own times.
    """
    ring = ring_of(audience)
    if ring is None:
        return Measure(now, audience)
    usual = rhythm(ring, facts, playbook, now)[0]
    most = usual
    if ring is Ring.CUSTOMERS:
        limit = playbook.cadence_settings.customers_at_most
        most = min(usual or limit, limit)
    if kind == _PLANNED or not facts.is_open:
        most = 0
    floor = float(playbook.checks.promise_at_least)
    least = min(floor, usual / 2) if usual else floor
    return Measure(now, audience, usual, least, most)


def check_promise(
    next_at: datetime | None, measured: Measure | None, *, over: bool, asked: bool
) -> Check | None:
    """Return what to say about the promise, None when there is none and none is needed.

    over: the text says that it is resolved; asked: its place in the text is known to be empty,
    which another check says.
    """
    if next_at is None:
        if over or asked:
            return None
        sentence = "It does not say at what time (UTC) the next update comes."
        return wrong(NAME, WARN, sentence, "no next update")
    if measured is not None and (found := _mismatch(next_at, measured, over=over)):
        return found
    return well(NAME, "It says when the next update comes.", "next update")


def _mismatch(next_at: datetime, measured: Measure, *, over: bool) -> Check | None:
    ahead = next_at - measured.now
    if ahead <= timedelta():
        text = f"The promised time, {format_clock(next_at, UTC)} UTC, has passed."
        return wrong(NAME, BLOCK, text, "the promised time has passed")
    words = format_words(max(ahead, timedelta(minutes=1)))
    short = f"next update in {words}"
    if ahead < timedelta(minutes=measured.least):
        behind = f"; the rhythm is {measured.every} min" if measured.every else ", hard to keep"
        return wrong(NAME, WARN, f"It promises the next update in {words}{behind}.", short)
    if measured.most and not over and ahead > timedelta(minutes=measured.most) + _GRACE:
        text = (
            f"It promises the next update in {words}; "
            f"{measured.audience} should hear within {measured.most} min."
        )
        return wrong(NAME, WARN, text, short)
    return None
