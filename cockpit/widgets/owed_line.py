"""Home's quiet line: what incidents that are over have left to do."""

from __future__ import annotations

from cockpit.widgets.quiet_line import QuietLine

_MOST_NAMED = 3


def owed_words(overdue: int, postmortems: tuple[str, ...], late: int) -> str:
    """Return what is left in words, empty when it is nothing.

    overdue: action items whose day has passed; postmortems: references of incidents whose
    post-mortem waits for something, the `late` late ones in front.
    """
    parts = []
    if overdue:
        parts.append(f"{overdue:,} action item{'s' if overdue > 1 else ''} overdue")
    for names, word in ((postmortems[:late], "overdue"), (postmortems[late:], "to finish")):
        if names:
            plural = "s" if len(names) > 1 else ""
            parts.append(f"{len(names):,} post-mortem{plural} {word} ({_listed(names)})")
    return ", ".join(parts)


def _listed(names: tuple[str, ...]) -> str:
    rest = len(names) - _MOST_NAMED
    shown = names[:_MOST_NAMED] if rest > 0 else names
    return ", ".join((*shown, f"{rest:,} more") if rest > 0 else shown)


class OwedLine(QuietLine):
    """Takes no room while nothing is left to do."""

    DEFAULT_CSS = """
    OwedLine { height: 1; padding: 0 1; display: none; }
    OwedLine.-says { display: block; }
    """

    def say(self, words: str, key: str) -> None:
        """Say what is left, and the key that shows it; empty words say nothing."""
        self.show(words, "muted", key if words else "")
        self.set_class(bool(words), "-says")
