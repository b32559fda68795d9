"""Where a stakeholder stands, and what they were told, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from cockpit.domain.stakeholder_board import CellState, StakeholderCell
from cockpit.domain.times import format_clock, format_stamp, format_words
from cockpit.domain.told_history import Telling

_NEAR = timedelta(hours=20)
"""A time further away than this is told with its date."""


def due_words(cell: StakeholderCell, now: datetime, zone: tzinfo) -> str:
    """Return when they must hear from us next, or why nobody waits: "late 4 min", "asleep …"."""
    if quiet := quiet_words(cell, now, zone):
        return quiet
    if cell.due_at is None:
        return "no update is due" if cell.told_at else "never told, and nobody waits"
    span = format_words(abs(now - cell.due_at))
    if cell.state is CellState.LATE:
        return f"late {span}"
    return f"due {moment_words(cell.due_at, now, zone)}, in {span}"


def quiet_words(cell: StakeholderCell, now: datetime, zone: tzinfo) -> str:
    """Return why they are left alone now: "asleep until 07:00, deputy: Kim", "paused: …"."""
    if cell.paused:
        due = f", next {moment_words(cell.due_at, now, zone)}" if cell.due_at else ""
        reason = f": {cell.pause_reason}" if cell.pause_reason else ""
        return f"paused{reason}{due}"
    if cell.asleep_until is None:
        return ""
    deputy = f", deputy: {cell.stakeholder.deputy}" if cell.stakeholder.deputy else ""
    return f"asleep until {moment_words(cell.asleep_until, now, zone)}{deputy}"


def told_words(each: Telling, channels: Mapping[str, str]) -> str:
    """Return who told them, how, and what in a few words; channels: channel id to its name."""
    way = channels.get(each.channel, each.channel.replace("-", " "))
    words = ", ".join(part for part in (f"by {each.by}" if each.by else "", way) if part)
    return f"{words}: {each.note}" if each.note else words


def moment_words(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a time of day, with date and zone when it is not near."""
    return format_clock(at, zone) if abs(at - now) < _NEAR else format_stamp(at, zone)
