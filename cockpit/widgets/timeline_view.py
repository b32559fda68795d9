"""The timeline's list: draws only the entries on the screen, however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import BindingType
from textual.message import Message

from cockpit.domain.view import TimelineEntry
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.entry_list import EntryList
from cockpit.widgets.entry_rows import Drawing
from cockpit.widgets.timeline_model import TimelineModel, TimelinePage


class TimelineView(EntryList, can_focus=True):
    """The list in step with the store: takes states and pages of it, asks for more."""

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
        self.total = 0

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
        self.redraw()

    def show_written(self, entries: Sequence[TimelineEntry]) -> None:
        """Show what was just written here, before the whole timeline is read again."""
        if self.total == self.model.count and self.model.append(entries):
            self.total = self.model.count
            self.redraw()

    def show_active(self, *, active: bool) -> None:
        """Mark the selected entry only while this is the current pane."""
        if active != self._active:
            self._active = active
            self.redraw_entry(self.model.cursor)

    def forget_place(self) -> None:
        """Begin anew at the newest entry with the next state that comes."""
        old = self.model
        self.model = TimelineModel()
        self.model.draw_as(old.drawing, old.height)

    def set_page(self, start: int, entries: Sequence[TimelineEntry]) -> None:
        """Take the entries that were asked for."""
        self.model.add(start, entries)
        self._asked = None
        self.redraw()

    def show_in(
        self, zone: tzinfo, now: datetime, *, spacious: bool, texts: bool = False, me: str = ""
    ) -> None:
        """Say in which zone times are shown, what day it is, whether blank lines part entries.

        texts: outgoing texts are shown with their words; me: who reads, if others write too.
        """
        today, drawing = now.astimezone(zone).date(), self.model.drawing
        self._draw_as(
            replace(drawing, zone=zone, today=today, spacious=spacious, texts=texts, me=me)
        )

    def show_editors(self, others: Mapping[str, Sequence[str]]) -> None:
        """Say by entry who else corrected it at the same time."""
        self._draw_as(replace(self.model.drawing, others=others))

    def _draw_as(self, drawing: Drawing) -> None:
        if self.model.draw_as(drawing, self.model.height):
            self.redraw()

    def ask_for(self, start: int, stop: int) -> None:
        """Ask the screen for entries."""
        self.post_message(self.PageWanted(start, stop))
