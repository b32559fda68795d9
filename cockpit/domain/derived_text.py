"""A person's own words for one channel, made fit for another one."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from cockpit.domain.phrases import shorten
from cockpit.domain.playbook import Channel
from cockpit.domain.sms import plain_marks, sms_segments
from cockpit.domain.times import format_clock, format_stamp

_NEXT = re.compile(r"(?:^|(?<=[.!?\n]))[^.!?\n]*\bnext update\b[^\n]*?[.!?](?=\s|$)", re.IGNORECASE)
_DATED_FROM = timedelta(hours=12)
_LEAST_WORDS = 12


def derive(
    text: str, channel: Channel, *, link: str, next_at: datetime | None, now: datetime
) -> str:
    """Return a text for another channel: as it is, or its beginning where the room is short.

    link: the primary channel's address, empty for none or when this is the primary one; next_at:
    what the text promises. Both stand at the end of a shortened text, and are never cut.
    """
    missing = link if link and link not in text else ""
    limit = channel.limit or channel.segment
    if not limit:
        return f"{text.rstrip()}\n\n{missing}" if missing else text
    whole = " ".join(text.split())
    plain = plain_marks(whole) if channel.segment else whole
    joined = f"{plain} {missing}" if missing else plain
    tail = " ".join(part for part in (_promise(next_at, now), link) if part)
    head = " ".join(_NEXT.sub(" ", text.replace(link, " ") if link else text).split())
    head = plain_marks(head) if channel.segment else head
    for most in range(limit - len(tail) - 1, _LEAST_WORDS - 1, -1):
        if _fits(joined, channel):
            break
        joined = f"{shorten(head, most)} {tail}".strip()
    return joined


def _fits(text: str, channel: Channel) -> bool:
    return sms_segments(text) == 1 if channel.segment else len(text) <= channel.limit


def _promise(next_at: datetime | None, now: datetime) -> str:
    if next_at is None:
        return ""
    near = abs(next_at - now) < _DATED_FROM
    at = f"{format_clock(next_at, UTC)} UTC" if near else format_stamp(next_at, UTC)
    return f"Next update by {at}."
