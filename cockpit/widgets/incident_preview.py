"""Below the list: the incident under the cursor, who runs it and what happened last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import Any

from textual.strip import Strip

from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_clock
from cockpit.domain.view import IncidentView, TimelineEntry
from cockpit.domain.visible import make_visible
from cockpit.widgets.entry_rows import KIND_WIDTH, kind_word
from cockpit.widgets.marks import marks
from cockpit.widgets.painted import Painted, Span, clip_spans

ENTRIES = 5
_ROLES = 4


class IncidentPreview(Painted):
    """Title, roles and the last entries of one incident; drawn, never focused."""

    DEFAULT_CSS = f"""
    IncidentPreview {{
        height: {ENTRIES + 6};
        border-top: solid $hairline;
        padding: 1 2;
        background: $ground;
    }}
    """

    def __init__(self, **options: Any) -> None:
        """Start empty."""
        super().__init__(**options)
        self._lines: list[tuple[Span, ...]] = []

    def show(
        self,
        view: IncidentView | None,
        entries: Sequence[TimelineEntry],
        playbook: Playbook,
        zone: tzinfo,
    ) -> None:
        """Show an incident and its last entries, oldest first; None shows nothing."""
        lines = _lines(view, entries, playbook, zone) if view else []
        if lines != self._lines:
            self._lines = lines
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line."""
        width = self.size.width
        line = self._lines[y] if y < len(self._lines) else ()
        return self.paint(clip_spans(line, width), width)


def _lines(
    view: IncidentView, entries: Sequence[TimelineEntry], playbook: Playbook, zone: tzinfo
) -> list[tuple[Span, ...]]:
    roles: list[Span] = []
    for each in view.roles[:_ROLES]:
        role = playbook.role(each.role)
        roles += [(f"{'   ' if roles else ''}{role.short} ", "muted")]
        roles += [(make_visible(each.person), "")]
    lines: list[tuple[Span, ...]] = [
        ((make_visible(view.title), "bright"),),
        tuple(roles) or (("no roles yet", "muted"),),
        (),
    ]
    lines += [_entry(each, zone, view.started_at) for each in entries[-ENTRIES:]]
    return lines


def _entry(entry: TimelineEntry, zone: tzinfo, started_at: datetime) -> tuple[Span, ...]:
    old = abs(entry.at - started_at).days > 0
    at = f"{entry.at.astimezone(zone):%m-%d} " if old else ""
    strong = "bright" if entry.kind == "decision" else ""
    first = make_visible(entry.text.strip().partition("\n")[0])
    first = first if entry.editable else marks().prose(first)
    return (
        (f"{at}{format_clock(entry.at, zone)}  ", "muted"),
        (f"{kind_word(entry).ljust(KIND_WIDTH)}  ", "muted"),
        (first, strong),
    )
