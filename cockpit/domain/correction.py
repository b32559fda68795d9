"""A mistake in a text that went out, put right: what the timeline says about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cockpit.domain.times import format_clock, format_stamp
from cockpit.domain.view import TimelineEntry
from cockpit.domain.vocabulary import MessageState

_DATED_FROM = timedelta(hours=12)
_LONGEST_QUOTE = 60


def is_sent_text(entry: TimelineEntry) -> bool:
    """Say whether an entry is a text that went out, word for word."""
    return entry.msg is not None and entry.msg.state is MessageState.SENT


def describe_correction(entry: TimelineEntry, text: str, now: datetime, reason: str = "") -> str:
    """Return the sentence for the timeline: which text was corrected, and what changed in it."""
    audience = entry.msg.audience if entry.msg else "nobody"
    dated = abs(now - entry.at) >= _DATED_FROM
    at = format_stamp(entry.at, UTC) if dated else f"{format_clock(entry.at, UTC)} UTC"
    why = f" ({reason.strip()})" if reason.strip() else ""
    return f"Corrected the update to {audience} of {at}: {describe_change(entry.text, text)}{why}"


def describe_change(before: str, after: str) -> str:
    """Return what changed between two wordings: `“recieve” → “receive”`, whole words."""
    old, new = before.split(), after.split()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    was, now = " ".join(old[start : len(old) - end]), " ".join(new[start : len(new) - end])
    if was and now:
        return f"“{_clip(was)}” → “{_clip(now)}”"
    if now:
        return f"added “{_clip(now)}”"
    return f"left out “{_clip(was)}”" if was else "only blanks and line breaks"


def _clip(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
