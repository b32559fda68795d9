"""The incident list: open ones first and bright, with the next update in words; then the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len

from cockpit.domain.cadence import ClockState, RingClock, summary_clock
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_span, format_words
from cockpit.domain.view import IncidentSummary
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import Severity
from cockpit.widgets.cells import cut, pad, pad_left
from cockpit.widgets.line_list import LineList, Part

ONE_LINE_FROM = 106
"""Columns of the list from which an open incident fits on one line."""

_LONGEST_NAME = 16
_LEAST_DUE = 22
_LONGEST_DUE = 32
_SHORTEST_TITLE = 54
_MEASURED = 200
"""How many lines decide the widths of the columns."""
_BADGES = {Severity.SEV1: "sev1", Severity.SEV2: "sev2"}


def due_words(clock: RingClock, now: datetime) -> tuple[str, str]:
    """Return when the next customer update is due, in words, and the style that fits."""
    if clock.state is ClockState.PAUSED:
        why = f": {make_visible(clock.reason)}" if clock.reason else ""
        return cut(f"paused{why}", _LONGEST_DUE), "muted"
    if clock.due_at is None:
        return ("no update yet" if clock.state is ClockState.NOT_STARTED else ""), "muted"
    left = clock.remaining(now)
    if clock.state is ClockState.OVERDUE:
        return f"overdue {format_words(abs(left))}", "late"
    style = "soon" if clock.state is ClockState.DUE_SOON else "text"
    moved = ", one missed" if clock.missed_at else ", extended" if clock.extended else ""
    return f"due in {format_words(left)}{moved}", style


class IncidentList(LineList[IncidentSummary]):
    """Two lines per open incident, one where the screen is wide; one per past incident."""

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | frozenset(
        {"cursor", "bright", "text", "muted", "late", "soon", "sev1", "sev2"}
        | {"cursor-muted", "cursor-late", "cursor-soon"}
    )
    DEFAULT_CSS = """
    IncidentList {
        & > .cursor { background: $cursor; }
        & > .bright { color: $bright; text-style: bold; }
        & > .text { color: $text; }
        & > .muted { color: $muted; }
        & > .cursor-muted { color: $cursor-muted; }
        & > .late { color: $late; text-style: bold; }
        & > .soon { color: $soon; }
        & > .cursor-late { color: $cursor-late; text-style: bold; }
        & > .cursor-soon { color: $cursor-soon; }
        & > .sev1 { color: $sev1; text-style: bold; }
        & > .sev2 { color: $sev2; }
    }
    """

    _playbook: Playbook | None = None
    _now: datetime | None = None
    _title = _SHORTEST_TITLE
    _columns: tuple[int, ...] = (8, 13, 7, 13, 6)

    def show(self, summaries: Sequence[IncidentSummary], playbook: Playbook, now: datetime) -> None:
        """Show these incidents; the cursor stays on the incident that it was on."""
        self._playbook, self._now = playbook, now
        self._columns = self._measure(summaries)
        current = self.current.id if self.current else ""
        place = next((n for n, each in enumerate(summaries) if each.id == current), self.cursor)
        self.show_items(summaries, place)

    def tick(self, now: datetime) -> None:
        """Draw again what a second has changed, which is nothing most of the time."""
        self._now = now
        self._columns = self._measure(self.items)
        self.redraw()

    def heights(self) -> list[tuple[int, int]]:
        """Return two lines for an open incident where it is narrow; a blank before the past."""
        lines = 1 if self.size.width >= ONE_LINE_FROM else 2
        opened = [each.is_open for each in self.items]
        return [
            (lines if here else 1, int(here and not after))
            for here, after in zip(opened, [*opened[1:], True], strict=False)
        ]

    def parts_of(
        self, item: IncidentSummary, line: int, width: int, *, selected: bool
    ) -> list[Part]:
        """Return one line of an incident."""
        muted = "cursor-muted" if selected else "muted"
        if self._now is None or self._playbook is None:
            return []
        if width >= ONE_LINE_FROM:
            return self._wide_line(item, width, muted)
        if line:
            return self._second_line(item, width, muted)
        return self._first_line(item, width, muted)

    def _head(self, item: IncidentSummary, width: int, muted: str) -> list[Part]:
        badge = _BADGES.get(item.severity, muted) if item.is_open else muted
        if badge != muted and muted != "muted":
            badge = "cursor-late" if badge == "sev1" else "cursor-soon"
        marks = "drill: " if item.drill else ""
        title = marks + make_visible(item.title)
        return [
            (f" {item.severity.value}  ", badge),
            (pad(title, width), "bright" if item.is_open else muted),
        ]

    def _first_line(self, item: IncidentSummary, width: int, muted: str) -> list[Part]:
        words, style = self._due(item, muted) if item.is_open else (self._span(item), muted)
        words = cut(words, max(_LEAST_DUE, width * 2 // 5))
        room = width - 7 - cell_len(words) - 3
        return [*self._head(item, room, muted), (f"  {words} ", style)]

    def _second_line(self, item: IncidentSummary, width: int, muted: str) -> list[Part]:
        facts = (item.ref, item.phase.capitalize(), self._span(item), make_visible(item.commander))
        return [(" " * 7 + cut("   ".join(each for each in facts if each), width - 8), muted)]

    def _wide_line(self, item: IncidentSummary, width: int, muted: str) -> list[Part]:
        ref, phase, span, due, name = self._columns
        room = width - 7 - sum(self._columns) - 2 * len(self._columns) - 1
        room = min(room, self._title)
        words, style = self._due(item, muted) if item.is_open else ("", muted)
        return [
            *self._head(item, room, muted),
            (f"  {pad(item.ref, ref)}", muted),
            (f"  {pad(item.phase.capitalize(), phase)}", "text" if item.is_open else muted),
            (f"  {pad_left(self._span(item), span)}", muted),
            (f"  {pad_left(words, due)}", style),
            (f"  {pad(make_visible(item.commander), name)}", muted),
        ]

    def _measure(self, items: Sequence[IncidentSummary]) -> tuple[int, ...]:
        """Return the widths of the columns right of the title, from what stands in them."""
        first = items[:_MEASURED]
        opened = [each for each in first if each.is_open]
        titles = (cell_len(make_visible(each.title)) + 7 * each.drill for each in first)
        self._title = max(_SHORTEST_TITLE, *titles) if first else _SHORTEST_TITLE
        names = (cell_len(make_visible(each.commander)) for each in first)
        return (
            max((len(each.ref) for each in first), default=8),
            max((len(each.phase) for each in first), default=8),
            max((len(self._span(each)) for each in first), default=6),
            max((len(self._due(each, "muted")[0]) for each in opened), default=0),
            min(_LONGEST_NAME, max(names, default=0)),
        )

    def _due(self, item: IncidentSummary, muted: str) -> tuple[str, str]:
        if self._playbook is None or self._now is None:
            return "", muted
        words, style = due_words(summary_clock(item, self._playbook, self._now), self._now)
        return words, f"{'cursor-' if muted != 'muted' and style != 'text' else ''}{style}"

    def _span(self, item: IncidentSummary) -> str:
        end = item.over_at or self._now
        return format_span(end - item.started_at) if end else ""
