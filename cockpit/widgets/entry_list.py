"""A list of entries to move about in: cursor, pages, wheel; draws only what is on the screen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from msgspec.structs import replace
from textual import events
from textual.strip import Strip

from cockpit.domain.view import TimelineEntry
from cockpit.widgets.entry_actions import EntryActions
from cockpit.widgets.timeline_layout import Window
from cockpit.widgets.timeline_model import TimelineModel


class EntryList(EntryActions):
    """Shows a model's lines, the newest entry on the bottom line, and moves its cursor."""

    def __init__(self) -> None:
        """Begin without entries."""
        super().__init__()
        self.model = TimelineModel()
        self._active = False
        self._asked: tuple[int, int] | None = None

    @property
    def entry(self) -> TimelineEntry | None:
        """Return the selected entry, None without one."""
        return self.model.entry

    @abstractmethod
    def ask_for(self, start: int, stop: int) -> None:
        """Have entries `start` to `stop` (exclusive) read: they are needed on the screen."""

    def select(self, index: int) -> None:
        """Select an entry by its index and bring it into view."""
        self._select(lambda: self.model.select(index))

    def _select(self, select: Callable[[], None]) -> None:
        before, window = self.model.cursor, self.model.window
        select()
        if not self._moved(window) and before != self.model.cursor:
            self.redraw_entry(before)
            self.redraw_entry(self.model.cursor)

    def action_cursor_down(self) -> None:
        """Select the next entry."""
        self.select(self.model.cursor + 1)

    def action_cursor_up(self) -> None:
        """Select the entry above."""
        self.select(self.model.cursor - 1)

    def action_first(self) -> None:
        """Select the first entry."""
        self._select(lambda: self.model.select_end(newest=False))

    def action_last(self) -> None:
        """Select the newest entry."""
        self._select(lambda: self.model.select_end(newest=True))

    def action_page_down(self) -> None:
        """Move on by a screenful."""
        self.model.page(max(1, self.size.height - 1))
        self.redraw()

    def action_page_up(self) -> None:
        """Move back by a screenful."""
        self.model.page(-max(1, self.size.height - 1))
        self.redraw()

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the list, with its cell of the scroll bar."""
        lines = self.model.lines()
        index, spans = lines[y] if y < len(lines) else (-1, ())
        selected = index >= 0 and index == self.model.cursor and self._active
        ground = "cursor" if selected else ""
        line = self.paint(spans, self.size.width - 1, ground)
        bar = self.paint((), 1, "thumb" if y in self.model.thumb() else ground)
        return Strip.join([line, bar])

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew for the new width, keeping the selected entry in view."""
        drawing = replace(self.model.drawing, width=event.size.width - 2)
        if self.model.draw_as(drawing, event.size.height):
            self.redraw()

    def on_click(self, event: events.Click) -> None:
        """Select the entry under the pointer."""
        lines = self.model.lines()
        if 0 <= event.y < len(lines) and lines[event.y][0] >= 0:
            self.select(lines[event.y][0])

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """Scroll on without moving the selection."""
        event.stop()
        self._scroll(3)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """Scroll back without moving the selection."""
        event.stop()
        self._scroll(-3)

    def _scroll(self, lines: int) -> None:
        window = self.model.window
        self.model.scroll(lines)
        self._moved(window)

    def _moved(self, window: Window) -> bool:
        """Repaint everything if the window is no longer `window`; say whether it moved."""
        if window == self.model.window:
            return False
        self.redraw()
        return True

    def redraw(self) -> None:
        """Draw everything again, and ask for entries that came into view and are not known."""
        self.refresh()
        missing = self.model.missing()
        if missing is not None and missing != self._asked:
            self._asked = missing
            self.ask_for(*missing)

    def redraw_entry(self, index: int) -> None:
        """Draw the lines of one entry again."""
        for y, (owner, _) in enumerate(self.model.lines()):
            if owner == index:
                self.refresh_line(y)
