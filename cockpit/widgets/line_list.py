"""A list that draws only the lines on the screen, so that thousands of items stay quick."""

from __future__ import annotations

from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from cockpit.widgets.bindings import bindings_for

T = TypeVar("T")

Part = tuple[str, str]
"""A piece of a line: its text and the name of its component class, without the prefix."""


class LineList(ScrollView, Generic[T], can_focus=True, inherit_bindings=False):
    """Items of one or more lines each, with a cursor; subclasses say how an item looks."""

    BINDINGS = bindings_for("list")
    DEFAULT_CSS = """
    LineList {
        scrollbar-size-vertical: 1;
        overflow-x: hidden;
        overflow-y: auto;
        background: $ground;
    }
    """

    class Moved(Message):
        """The cursor stands on another item."""

        def __init__(self, sender: LineList[Any], index: int) -> None:
            """Keep the list and the item's index."""
            super().__init__()
            self.sender = sender
            self.index = index

        @property
        def control(self) -> LineList[Any]:
            """Return the list."""
            return self.sender

    class Chosen(Moved):
        """Somebody pressed enter on an item, or clicked the one under the cursor."""

    def __init__(self, **options: Any) -> None:
        """Start empty; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._items: tuple[T, ...] = ()
        self._starts: list[int] = []
        self._heights: list[tuple[int, int]] = []
        self._cursor = 0
        self._lines: dict[int, Strip] = {}

    @property
    def items(self) -> tuple[T, ...]:
        """Return the items."""
        return self._items

    @property
    def cursor(self) -> int:
        """Return the index of the item under the cursor, 0 for an empty list."""
        return self._cursor

    @property
    def current(self) -> T | None:
        """Return the item under the cursor."""
        return self._items[self._cursor] if self._items else None

    def show_items(self, items: Sequence[T], cursor: int) -> None:
        """Show other items, with the cursor on the one at `cursor`."""
        moved = tuple(items) != self._items
        self._items = tuple(items)
        self._cursor = max(0, min(cursor, len(self._items) - 1))
        if moved:
            self.lay_out()

    def redraw(self) -> None:
        """Draw again those lines on the screen that have changed, and only those."""
        if not self.is_mounted or not self._starts:
            return
        top = self.scroll_offset.y
        for y in range(top, min(top + self.size.height, self.virtual_size.height)):
            known, fresh = self._lines.get(y), self._draw(y)
            if known is None or known != fresh:
                self._lines[y] = fresh
                self.refresh(Region(0, y - top, self.size.width, 1))

    # What a subclass says

    def heights(self) -> list[tuple[int, int]]:
        """Return for each item how many lines it takes, and how many blank ones follow."""
        return [(1, 0)] * len(self._items)

    @abstractmethod
    def parts_of(self, item: T, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the pieces of one line of an item; they are cut at `width` cells."""

    # Drawing

    def lay_out(self) -> None:
        """Measure every item again and draw what is on the screen."""
        self._heights = self.heights()
        self._starts, total = [], 0
        for height, gap in self._heights:
            self._starts.append(total)
            total += height + gap
        self._lines.clear()
        self.virtual_size = Size(self.size.width, total)
        self.refresh()
        self.call_after_refresh(self._show_cursor)

    def on_resize(self) -> None:
        """Lay out again for another width."""
        self.lay_out()

    def notify_style_update(self) -> None:
        """Forget the drawn lines when the colours change."""
        super().notify_style_update()
        self._lines.clear()

    def render_line(self, y: int) -> Strip:
        """Draw the line at `y` of the screen's part."""
        line = y + self.scroll_offset.y
        if line not in self._lines:
            self._lines[line] = self._draw(line)
        return self._lines[line]

    def _draw(self, y: int) -> Strip:
        width = self.size.width
        ground = self._style("")
        if not self._starts or y >= self.virtual_size.height:
            return Strip.blank(width, ground)
        index = bisect_right(self._starts, y) - 1
        item, line = self._items[index], y - self._starts[index]
        if line >= self._heights[index][0]:
            return Strip.blank(width, ground)
        selected = index == self._cursor
        parts = self.parts_of(item, line, width, selected=selected)
        below = self._style("cursor") if selected else ground
        strip = Strip([Segment(text, below + self._style(name)) for text, name in parts if text])
        return strip.adjust_cell_length(width, below).simplify()

    def _style(self, name: str) -> Style:
        if not name:
            return self.rich_style
        return self.get_component_rich_style(name, partial=True)

    # Moving

    def move_to(self, index: int) -> None:
        """Put the cursor on the item at `index`, or on the nearest one that exists."""
        index = max(0, min(index, len(self._items) - 1))
        if index == self._cursor or not self._items:
            return
        self._cursor = index
        self.redraw()
        self._show_cursor()
        self.post_message(self.Moved(self, index))

    def _show_cursor(self) -> None:
        if not self._starts:
            return
        start = self._starts[self._cursor]
        height = self._heights[self._cursor][0]
        self.scroll_to_region(Region(0, start, 1, height), animate=False, force=True, x_axis=False)

    def action_cursor_down(self) -> None:
        """Go to the next item."""
        self.move_to(self._cursor + 1)

    def action_cursor_up(self) -> None:
        """Go to the item before."""
        self.move_to(self._cursor - 1)

    def action_first(self) -> None:
        """Go to the first item."""
        self.move_to(0)

    def action_last(self) -> None:
        """Go to the last item."""
        self.move_to(len(self._items) - 1)

    def action_page_down(self) -> None:
        """Go down by what fits on the screen."""
        self._page(max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """Go up by what fits on the screen."""
        self._page(-max(1, self.size.height - 1))

    def action_select(self) -> None:
        """Choose the item under the cursor."""
        if self._items:
            self.post_message(self.Chosen(self, self._cursor))

    def on_click(self, event: events.Click) -> None:
        """Move to the item under the mouse; choose it when the cursor is already there."""
        y = event.y + self.scroll_offset.y
        if not self._starts or y >= self.virtual_size.height:
            return
        index = _item_at(self._starts, y)
        if index == self._cursor:
            self.action_select()
        self.move_to(index)

    def _page(self, lines: int) -> None:
        if self._starts:
            self.move_to(_item_at(self._starts, self._starts[self._cursor] + lines))


def _item_at(starts: Sequence[int], y: int) -> int:
    """Return the index of the item that holds line `y`, given where each item starts."""
    return max(0, bisect_right(starts, max(0, y)) - 1)
