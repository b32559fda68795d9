"""What the timeline's list shows: known entries, the selected one, and the window on them.

Anchored on an entry: whatever is added, deleted or re-dated elsewhere, the entry that a person
looks at stays where it is. Only entries near the window are ever wrapped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date

from msgspec import Struct

from cockpit.domain.view import TimelineEntry
from cockpit.widgets.entry_rows import Drawing, Line, entry_lines
from cockpit.widgets.marks import marks
from cockpit.widgets.timeline_layout import Window, last_visible, line_of, reveal, scroll, settle

PAGE = 200
"""Entries read at once."""

_KEPT_ENTRIES = 2_000
_KEPT_LINES = 1_000


class TimelinePage(Struct, frozen=True):
    """What was read of a timeline: its length, some entries, and where known entries stand now.

    count, total: entries that the filter shows, and all of them; cursor, anchor: the new index of
    the entry that was selected and of the first visible one, None when it is no longer shown (or
    was not asked for); sought: the index of an entry to go to.
    """

    count: int
    total: int = 0
    start: int = 0
    entries: tuple[TimelineEntry, ...] = ()
    cursor: int | None = None
    anchor: int | None = None
    sought: int | None = None


class TimelineModel:
    """The list without its painting: every method leaves the window full and in range."""

    def __init__(self) -> None:
        """Begin empty, with no room to draw."""
        self.count = 0
        self.cursor = -1
        self.height = 0
        self.window = Window(0, 0)
        self.drawing = Drawing(20, UTC, date(1970, 1, 1))
        self._entries: dict[int, TimelineEntry] = {}
        self._lines: dict[int, tuple[Line, ...]] = {}
        self._drawn: list[tuple[int, Line]] | None = None
        self._wanted_end: bool | None = None

    @property
    def entry(self) -> TimelineEntry | None:
        """Return the selected entry, None without one (or before it was read)."""
        return self._entries.get(self.cursor)

    def at(self, index: int) -> TimelineEntry | None:
        """Return the entry at an index, None when it was not read."""
        return self._entries.get(index)

    @property
    def first_entry(self) -> TimelineEntry | None:
        """Return the first visible entry."""
        return self._entries.get(self.window.first)

    @property
    def following(self) -> bool:
        """Say whether the newest entry is selected, so that newer ones are followed."""
        return self.cursor >= self.count - 1

    # What is known

    def take(self, page: TimelinePage) -> None:
        """Take a new state of the timeline, keeping the selected entry and the scroll position."""
        following, line = self.following, self.window.top
        self.count = page.count
        self._entries = dict(enumerate(page.entries, page.start))
        self._forget_lines()
        if self._wanted_end is not None:
            self.select(self.count - 1 if self._wanted_end else 0)
            self._wanted_end = None
            return
        if page.sought is not None:
            self.select(page.sought)
            return
        if following:
            self.cursor = self.count - 1
            self._place(self.cursor, self.height)
        elif page.cursor is None:
            self.cursor = min(self.cursor, self.count - 1)
            self._place(self.window.first, line)
        else:
            self.cursor = page.cursor
            self._place(self.window.first if page.anchor is None else page.anchor, line)
            return
        self.reveal_cursor()

    def add(self, start: int, entries: Sequence[TimelineEntry]) -> None:
        """Take entries from index `start` on; those far away are forgotten."""
        following = self.following
        self._entries.update(enumerate(entries, start))
        if len(self._entries) > _KEPT_ENTRIES:
            near = range(self.window.first - PAGE * 2, self.window.first + PAGE * 3)
            self._entries = {at: each for at, each in self._entries.items() if at in near}
        self._forget_lines()
        self._place(*self.window)
        if following:
            self.reveal_cursor()

    def append(self, entries: Sequence[TimelineEntry]) -> bool:
        """Take entries that are newer than all others; False where that is not known."""
        newest = self._entries.get(self.count - 1)
        if not entries or newest is None or entries[0].at < newest.at or not self.following:
            return False
        self._entries.update(enumerate(entries, self.count))
        self.count += len(entries)
        self.cursor = self.count - 1
        self._place(self.cursor, self.height)
        self.reveal_cursor()
        return True

    def draw_as(self, drawing: Drawing, height: int) -> bool:
        """Draw in another width, zone or height; say whether anything changes."""
        if (drawing, height) == (self.drawing, self.height):
            return False
        following = self.following
        self.drawing, self.height = drawing, height
        self._forget_lines()
        self._place(*self.window)
        if following or self._cursor_line() is None:
            self.reveal_cursor()
        return True

    def wanted(self) -> tuple[int, int]:
        """Return the range of entries to read so that the screen can be drawn."""
        middle = self.count if self.following else self.window.first + self.height // 2
        start = max(0, middle - PAGE // 2 - self.height)
        return start, start + PAGE + 2 * self.height

    def missing(self) -> tuple[int, int] | None:
        """Return the range to read for entries that are on the screen but not known yet."""
        stop = self.last_visible() + 1
        if all(index in self._entries for index in range(self.window.first, stop)):
            return None
        start = max(0, (self.window.first + stop - PAGE) // 2)
        return start, start + PAGE

    # Moving

    def select(self, index: int) -> None:
        """Select an entry by its index and bring it into view.

        Beyond the edge half a screen comes into view at once: one drawing of the list instead of
        one for every key, which is what a slow line feels.
        """
        self.cursor = min(max(0, index), self.count - 1)
        self.reveal_cursor(ahead=self.height // 2)

    def select_end(self, *, newest: bool) -> None:
        """Select the first entry or the newest one; before any is known, once they are."""
        if not self.count:
            self._wanted_end = newest
        self.select(self.count - 1 if newest else 0)

    def page(self, lines: int) -> None:
        """Scroll by `lines`, the selection keeping its place on the screen."""
        target = min(max(0, self._cursor_line() or 0), max(0, self.height - 1))
        self.scroll(lines)
        line, index = self.window.top, self.window.first
        while index < self.count - 1 and line + self.rows(index) <= target:
            line += self.rows(index)
            index += 1
        if index == self.cursor:
            index += 1 if lines > 0 else -1
        self.select(index)

    def scroll(self, lines: int) -> None:
        """Move the window by `lines` (positive: towards the newest entries)."""
        self._show(scroll(self.window, lines, height=self.height, count=self.count, rows=self.rows))

    def reveal_cursor(self, *, ahead: int = 0) -> None:
        """Bring the selected entry into view, with `ahead` lines beyond it if that takes a move."""
        if self.count and self.height and self.cursor >= 0:
            self._show(
                reveal(
                    self.cursor,
                    self.window,
                    height=self.height,
                    count=self.count,
                    rows=self.rows,
                    ahead=ahead,
                )
            )

    # Drawing

    def rows(self, index: int) -> int:
        """Return the lines that an entry takes."""
        return len(self._lines_of(index))

    def last_visible(self) -> int:
        """Return the index of the last visible entry, -1 without entries."""
        return last_visible(self.window, height=self.height, count=self.count, rows=self.rows)

    def lines(self) -> list[tuple[int, Line]]:
        """Return (entry index, spans) of every line of the screen, -1 for an empty one."""
        if self._drawn is None:
            index, top = self.window
            drawn: list[tuple[int, Line]] = [(-1, ())] * max(0, top)
            skip = max(0, -top)
            while index < self.count and len(drawn) < self.height:
                drawn.extend((index, line) for line in self._lines_of(index)[skip:])
                skip = 0
                index += 1
            self._drawn = drawn[: self.height]
        return self._drawn

    def thumb(self) -> range:
        """Return the lines of the scroll bar's thumb, none when everything is visible."""
        visible = self.last_visible() - self.window.first + 1
        if self.count <= 0 or visible >= self.count:
            return range(0)
        size = max(1, self.height * visible // self.count)
        hidden = self.count - visible
        start = round((self.height - size) * min(self.window.first, hidden) / hidden)
        return range(start, start + size)

    def _lines_of(self, index: int) -> tuple[Line, ...]:
        lines = self._lines.get(index)
        if lines is None:
            entry = self._entries.get(index)
            if entry is None:
                return (((f"      {marks().more}", "faint"),),)
            before = self._entries.get(index - 1)
            if before is None and index > 0:
                before = entry
            lines = entry_lines(entry, before, self.drawing)
            if len(self._lines) > _KEPT_LINES:
                self._lines.clear()
            self._lines[index] = lines
        return lines

    def _cursor_line(self) -> int | None:
        return line_of(self.cursor, self.window, self.rows, self.height)

    def _place(self, anchor: int, line: int) -> None:
        self._show(settle(anchor, line, height=self.height, count=self.count, rows=self.rows))

    def _show(self, window: Window) -> None:
        self.window = window
        self._drawn = None

    def _forget_lines(self) -> None:
        self._lines.clear()
        self._drawn = None
