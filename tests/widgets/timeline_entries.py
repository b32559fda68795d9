"""Entries, and a screen with the cockpit's colours and nothing else, for the tests of widgets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from textual.app import App, ComposeResult
from textual.widget import Widget

from cockpit.domain.view import IncidentView, TimelineEntry
from cockpit.domain.vocabulary import PublicStatus, Severity, Stage
from cockpit.widgets.themes import cockpit_themes, colours

NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


def make_entry(number: int = 0, text: str = "", **facts: Any) -> TimelineEntry:
    """Return entry `number`, one minute after the one before it."""
    at = facts.pop("at", NOW - timedelta(minutes=60) + timedelta(minutes=number))
    known = {"kind": "note", "author": "Ana", "recorded_at": at} | facts
    return TimelineEntry(
        id=f"{number:032x}", at=at, t=f"{number:012x}", text=text or f"entry {number}", **known
    )


def make_view(**facts: Any) -> IncidentView:
    """Return an incident that began an hour and twelve minutes ago."""
    started = NOW - timedelta(minutes=72)
    known: dict[str, Any] = {
        "id": "1" * 32,
        "ref": "INC-7",
        "number": 7,
        "title": "Nobody can pay",
        "severity": Severity.SEV1,
        "status": PublicStatus.IDENTIFIED,
        "stage": Stage.CONTAINED,
        "started_at": started,
        "declared_at": started,
        "declared_by": "Ana",
    }
    return IncidentView(**(known | facts))


class OneWidgetApp(App[None]):
    """Shows one widget, and keeps the messages that it sends."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.heard: list[Any] = []
        for theme in cockpit_themes():
            self.register_theme(theme)
        self.theme = "night"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return colours("night")

    def compose(self) -> ComposeResult:
        yield self.widget


def lines_of(widget: Widget) -> list[str]:
    """Return the lines of a widget as plain text, blanks at the end cut."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.size.height)]
