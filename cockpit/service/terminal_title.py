"""The terminal's title: the most urgent countdown in few words, and what stood there before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from cockpit.domain.cadence import ClockState, RingClock, summary_clock
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import IncidentSummary
from cockpit.domain.visible import clip, make_visible

_KEEP = "\x1b[22;2t"
"""Puts the title on the terminal's stack; terminals without one do nothing."""
_RESTORE = "\x1b]2;\x07\x1b[23;2t"
"""Empties the title, for terminals without a stack, then takes the old one from it."""
_LONGEST = 60
_DEAF = ("dumb", "linux", "ansi", "cons25", "vt")
"""What the names of terminals begin with that print a title instead of taking it."""


def takes_titles(environ: Mapping[str, str], *, plain: bool) -> bool:
    """Say whether the terminal has a title to set; plain: it draws plain characters only."""
    kind = environ.get("TERM", "")
    return not plain and bool(kind) and not kind.startswith(_DEAF)


def title_words(opened: Iterable[IncidentSummary], playbook: Playbook, now: datetime) -> str:
    """Return what is most urgent: "INC-42 overdue 3 min", "INC-42 in 7 min"; empty without any.

    Whole minutes only, so that it changes once a minute at most while the state is the same.
    """
    found = [(summary_clock(each, playbook, now), each) for each in opened if each.is_open]
    if not found:
        return ""
    clock, incident = min(found, key=lambda each: _urgency(each[0]))
    words = f"{incident.ref} {_state_words(clock, now)}".strip()
    return clip(make_visible(words), _LONGEST)


def _urgency(clock: RingClock) -> tuple[bool, bool, float]:
    due = clock.due_at.timestamp() if clock.due_at else 0.0
    return clock.due_at is None, clock.state is ClockState.PAUSED, due


def _state_words(clock: RingClock, now: datetime) -> str:
    if clock.state is ClockState.PAUSED:
        return "paused"
    if clock.due_at is None:
        return ""
    minutes = abs(clock.due_at - now) // timedelta(minutes=1)
    hours = f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"
    return f"{'overdue' if clock.state is ClockState.OVERDUE else 'in'} {hours}"


class TerminalTitle:
    """Writes the title when its words change, and leaves the terminal with its own."""

    def __init__(self, write: Callable[[str], object]) -> None:
        """Take the function that writes to the terminal."""
        self._write = write
        self._shown = ""

    @property
    def leftover(self) -> str:
        """Return what gives the terminal its title back, empty when nothing was changed."""
        return _RESTORE if self._shown else ""

    def show(self, words: str) -> None:
        """Show some words (visible text of one line); empty ones bring back what was there."""
        if not words:
            self.leave()
        elif words != self._shown:
            first = "" if self._shown else _KEEP
            self._shown = words
            self._write(f"{first}\x1b]2;{words}\x07")

    def leave(self) -> None:
        """Bring back what was there before."""
        if self._shown:
            self._shown = ""
            self._write(_RESTORE)
