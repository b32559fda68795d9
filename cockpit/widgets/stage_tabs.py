"""A row of names of which one is current: the stages of an update, the sections of a document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from msgspec import Struct
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from cockpit.domain.visible import make_visible
from cockpit.widgets.marks import marks, shorten

_MORE = 2
"""Cells of the mark that says there is more to that side, its blank included."""


class Tab(Struct, frozen=True):
    """One name of the row; `mark` stands before it (written, a draft is kept)."""

    id: str
    label: str
    mark: str = ""

    @property
    def text(self) -> str:
        """Return what the row shows for this name."""
        return f"{self.mark} {self.label}" if self.mark else self.label


def window(widths: Sequence[int], current: int, gap: int, width: int) -> tuple[int, int]:
    """Return the range (start, stop) of names that fit around the current one.

    widths, gap, width: in cells. The current name is always in the range, even when it alone is
    too wide; a name is never shown in part unless it is that one.
    """
    if not widths:
        return 0, 0
    start, stop = current, current + 1

    def fits(first: int, last: int) -> bool:
        cells = sum(widths[first:last]) + gap * (last - first - 1)
        cells += _MORE * (first > 0) + _MORE * (last < len(widths))
        return cells <= width

    # One name back, for orientation; then onwards, for that is where the person goes.
    if start > 0 and fits(start - 1, stop):
        start -= 1
    while stop < len(widths) and fits(start, stop + 1):
        stop += 1
    while start > 0 and fits(start - 1, stop):
        start -= 1
    return start, stop


def choose_gap(widths: Sequence[int], width: int) -> int:
    """Return the blanks between names: three, fewer only when all names then fit."""
    for gap in (3, 2):
        if sum(widths) + gap * (len(widths) - 1) <= width:
            return gap
    return 3 if width >= 40 else 2


class StageTabs(Widget):
    """One line of names, the current one bright and underlined; shows what fits around it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "stage-tabs--name",
        "stage-tabs--current",
        "stage-tabs--mark",
    }
    DEFAULT_CSS = """
    StageTabs { height: 1; width: 1fr; }
    StageTabs .stage-tabs--name { color: $muted; }
    StageTabs .stage-tabs--current { color: $bright; text-style: bold underline; }
    StageTabs .stage-tabs--mark { color: $told; }
    """

    class Picked(Message):
        """A name was picked with the mouse."""

        def __init__(self, tabs: StageTabs, name: str) -> None:
            """Keep the row and the picked name's id."""
            super().__init__()
            self.tabs = tabs
            self.name = name

        @property
        def control(self) -> StageTabs:
            """Return the row that was clicked."""
            return self.tabs

    def __init__(self, **options: Any) -> None:
        """Make an empty row; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._tabs: tuple[Tab, ...] = ()
        self._current = 0
        self._places: list[tuple[int, int, str]] = []

    @property
    def current(self) -> str:
        """Return the id of the current name, empty when the row is empty."""
        return self._tabs[self._current].id if self._tabs else ""

    def show_tabs(self, tabs: Sequence[Tab], current: str) -> None:
        """Show these names with `current` (an id; the first one if unknown) as the current one."""
        index = next((n for n, tab in enumerate(tabs) if tab.id == current), 0)
        if (tuple(tabs), index) == (self._tabs, self._current):
            return
        self._tabs = tuple(tabs)
        self._current = index
        self.refresh()

    def neighbour(self, step: int) -> str:
        """Return the id `step` places further, the current one at the row's ends."""
        if not self._tabs:
            return ""
        return self._tabs[min(max(self._current + step, 0), len(self._tabs) - 1)].id

    def render(self) -> Content:
        """Draw the names that fit."""
        width = self.content_size.width
        labels = [Content(make_visible(tab.text)) for tab in self._tabs]
        widths = [label.cell_length for label in labels]
        gap = choose_gap(widths, width)
        start, stop = window(widths, self._current, gap, width)
        self._places = []
        parts: list[Content | tuple[str, str]] = []
        column = 0
        if start > 0:
            parts.append((f"{marks().back} ", ".stage-tabs--name"))
            column = _MORE
        for number in range(start, stop):
            if number > start:
                parts.append((" " * gap, ""))
                column += gap
            parts.append(self._styled(number, labels[number]))
            self._places.append((column, column + widths[number], self._tabs[number].id))
            column += widths[number]
        if stop < len(labels):
            parts.append((f" {marks().on}", ".stage-tabs--name"))
        return shorten(Content.assemble(*parts), width)

    def _styled(self, number: int, label: Content) -> Content:
        mark = len(self._tabs[number].mark)
        name = label[mark + 1 :] if mark else label
        current = number == self._current
        name = name.stylize(".stage-tabs--current" if current else ".stage-tabs--name")
        if not mark:
            return name
        return Content.assemble((self._tabs[number].mark, ".stage-tabs--mark"), " ", name)

    def on_click(self, event: events.Click) -> None:
        """Pick the name under the pointer."""
        place = event.get_content_offset(self)
        if place is None:
            return
        for first, last, name in self._places:
            if first <= place.x < last:
                event.stop()
                self.post_message(self.Picked(self, name))
