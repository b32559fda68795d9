"""The timeline's list: draws only the entries on the screen, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from msgspec.structs import replace
from textual import events
from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from cockpit.domain.view import TimelineEntry
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.entry_actions import EntryActions
from cockpit.widgets.timeline_layout import Window
from cockpit.widgets.timeline_model import TimelineModel, TimelinePage


class TimelineView(EntryActions, can_focus=True):
    """A list of entries, the newest on the bottom line."""

    title: ClassVar[str] = "Timeline"

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("timeline", "list")
    DEFAULT_CSS = "TimelineView { height: 1fr; }"

    class PageWanted(Message):
        """Entries `start` to `stop` (exclusive) are needed on the screen."""

        def __init__(self, start: int, stop: int) -> None:
            """Keep the range of indexes."""
            super().__init__()
            self.start, self.stop_at = start, stop

    def __init__(self) -> None:
        """Begin without entries."""
        super().__init__()
        self.model = TimelineModel()
        self.total = 0
        self._active = False
        self._asked: tuple[int, int] | None = None

    @property
    def entry(self) -> TimelineEntry | None:
        """Return the selected entry, None without one."""
        return self.model.entry

    def summary(self) -> str:
        """Return what the tab says: nothing, the timeline is always counted in its band."""
        return ""

    def long_summary(self) -> str:
        """Return what the band says: how many entries, or how many of them are shown."""
        count = self.model.count
        if self.total != count:
            return f"{count:,} of {self.total:,}"
        return f"{count:,} entries" if count != 1 else "1 entry"

    def show_entries(self, page: TimelinePage) -> None:
        """Take a new state of the timeline, keeping the selected entry and the scroll position.

        A list whose last entry was selected follows the newest one.
        """
        self.model.take(page)
        self.total = page.total
        self._asked = None
        self._redraw()

    def show_active(self, *, active: bool) -> None:
        """Mark the selected entry only while this is the current pane."""
        if active != self._active:
            self._active = active
            self._refresh_entry(self.model.cursor)

    def forget_place(self) -> None:
        """Begin anew at the newest entry with the next state that comes."""
        old = self.model
        self.model = TimelineModel()
        self.model.draw_as(old.drawing, old.height)

    def set_page(self, start: int, entries: Sequence[TimelineEntry]) -> None:
        """Take the entries that were asked for."""
        self.model.add(start, entries)
        self._asked = None
        self._redraw()

    def show_in(self, zone: tzinfo, now: datetime, *, spacious: bool) -> None:
        """Say in which zone times are shown, what day it is, whether blank lines part entries."""
        today = now.astimezone(zone).date()
        drawing = replace(self.model.drawing, zone=zone, today=today, spacious=spacious)
        if self.model.draw_as(drawing, self.model.height):
            self._redraw()

    def select(self, index: int) -> None:
        """Select an entry by its index and bring it into view."""
        before, window = self.model.cursor, self.model.window
        self.model.select(index)
        if not self._moved(window) and before != self.model.cursor:
            self._refresh_entry(before)
            self._refresh_entry(self.model.cursor)

    def action_cursor_down(self) -> None:
        """Select the next entry."""
        self.select(self.model.cursor + 1)

    def action_cursor_up(self) -> None:
        """Select the entry above."""
        self.select(self.model.cursor - 1)

    def action_first(self) -> None:
        """Select the first entry."""
        self.select(0)

    def action_last(self) -> None:
        """Select the newest entry."""
        self.select(self.model.count - 1)

    def action_page_down(self) -> None:
        """Move on by a screenful."""
        self.model.page(max(1, self.size.height - 1))
        self._redraw()

    def action_page_up(self) -> None:
        """Move back by a screenful."""
        self.model.page(-max(1, self.size.height - 1))
        self._redraw()

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
            self._redraw()

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
        self._redraw()
        return True

    def _redraw(self) -> None:
        self.refresh()
        missing = self.model.missing()
        if missing is not None and missing != self._asked:
            self._asked = missing
            self.post_message(self.PageWanted(*missing))

    def _refresh_entry(self, index: int) -> None:
        for y, (owner, _) in enumerate(self.model.lines()):
            if owner == index:
                self.refresh_line(y)
