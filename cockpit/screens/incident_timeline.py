"""The timeline pane's work: read its pages, filter it, act on the selected entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import ClassVar

from msgspec.structs import replace

from cockpit.domain.times import format_clock
from cockpit.domain.view import IncidentView, TimelineEntry, TimelineFilter
from cockpit.screens.incident_entries import EntriesMixin
from cockpit.service import incidents, timeline
from cockpit.service.session import Session
from cockpit.widgets.entry_actions import EntryActions
from cockpit.widgets.entry_line import EntryLine, LineMode
from cockpit.widgets.timeline_filter import parse_filter
from cockpit.widgets.timeline_model import TimelinePage
from cockpit.widgets.timeline_view import TimelineView

FILTER_SECONDS = 0.15
"""How long typing must pause before the filter reads again."""


class TimelineMixin(EntriesMixin):
    """Keeps the list in step with the store, and hands on what is wanted of an entry."""

    shown: TimelineFilter = TimelineFilter()
    page: TimelinePage | None = None
    """What was shown last: one's own entry is there before the database is found to have it."""

    sought: str = ""
    """The entry to go to once the timeline is read."""
    _typed: ClassVar[str] = ""

    @property
    def timeline_view(self) -> TimelineView:
        """Return the list."""
        return self.query_one(TimelineView)

    async def read_incident(self) -> tuple[IncidentView, TimelinePage]:
        """Return the incident and what the list needs, read together."""
        inc, shown, sought = self.inc, self.shown, self.sought
        model = self.timeline_view.model
        start, stop = model.wanted()
        cursor = model.entry.id if model.entry and not model.following else ""
        anchor = model.first_entry.id if model.first_entry and not model.following else ""
        room = max(1, stop - start)

        def read(session: Session) -> tuple[IncidentView, TimelinePage]:
            reads = session.reads
            count = reads.timeline_count(inc, shown)
            total = reads.timeline_count(inc, TimelineFilter()) if shown != _ALL else count
            at = reads.position(inc, shown, cursor) if cursor else None
            first = reads.position(inc, shown, anchor) if anchor else None
            goal = reads.position(inc, shown, sought) if sought else None
            middle = next((each for each in (goal, first) if each is not None), count)
            begin = max(0, middle - room // 2)
            entries = reads.timeline(inc, shown, begin, begin + room)
            view = incidents.view(session, inc)
            return view, TimelinePage(count, total, begin, entries, at, first, goal)

        found = await self.cockpit.fetch(read)
        if self.sought == sought:
            self.sought = ""
        return found

    def show_written(self, entries: Sequence[TimelineEntry]) -> None:
        """Show one's own entries at once; what else they change is read afterwards."""
        if self.shown == _ALL:
            self.timeline_view.show_written(entries)

    def on_timeline_view_page_wanted(self, event: TimelineView.PageWanted) -> None:
        """Read the entries that came into view."""
        event.stop()
        self.start_work(self._read_page(event.start, event.stop_at), "page")

    async def _read_page(self, start: int, stop: int) -> None:
        inc, shown = self.inc, self.shown
        entries = await self.cockpit.fetch(
            lambda session: session.reads.timeline(inc, shown, start, stop)
        )
        if shown == self.shown:
            self.timeline_view.set_page(start, entries)

    def draw_entries(self, zone: tzinfo, now: datetime, *, spacious: bool, shared: bool) -> None:
        """Draw the entries as `TimelineView.show_in` does, with the words that were looked for.

        shared: others write, too, as they seem to do in a drill; each is named then.
        """
        texts = bool(self.shown.text)
        several = shared or (self.view is not None and self.view.drill)
        me = self.cockpit.config.author if several else ""
        self.timeline_view.show_in(zone, now, spacious=spacious, texts=texts, me=me)

    # Filter

    def action_filter(self) -> None:
        """Type a filter: words, /kind, *."""
        self.go_to(1)
        self.entry_line.begin(LineMode.FILTER, self._filter_text)

    def go_to(self, pane: int) -> None:
        """Show a pane and give it the keyboard."""

    @property
    def _filter_text(self) -> str:
        kinds = " ".join(f"/{kind}" for kind in self.shown.kinds)
        return " ".join(part for part in (self.shown.text, kinds) if part)

    def change_filter(self, shown: TimelineFilter) -> None:
        """Show other entries, beginning at the newest; all of them around the selected one."""
        if shown != self.shown:
            selected = self.timeline_view.model.entry
            self.sought = selected.id if selected and shown == _ALL else ""
            self.shown = shown
            self.timeline_view.forget_place()
            self.start_work(self.refresh_view(), "filter")

    def on_entry_line_edited(self, event: EntryLine.Edited) -> None:
        """Filter while it is typed."""
        if event.mode is LineMode.FILTER:
            event.stop()
            typed = event.text
            self.set_timer(FILTER_SECONDS, lambda: self._filter_if_still(typed))

    def _filter_if_still(self, typed: str) -> None:
        line = self.entry_line
        if line.mode is LineMode.FILTER and line.input.value == typed:
            base = replace(self.shown, text="", kinds=())
            self.change_filter(parse_filter(typed, base))

    def on_entry_actions_filter_wanted(self, event: EntryActions.FilterWanted) -> None:
        """Show starred entries only, or deleted ones too, or no longer."""
        event.stop()
        if event.what == "starred":
            self.change_filter(replace(self.shown, starred=not self.shown.starred))
        else:
            self.change_filter(replace(self.shown, hidden=not self.shown.hidden))

    # The selected entry

    def on_entry_actions_chosen(self, event: EntryActions.Chosen) -> None:
        """Correct, re-date, star or delete an entry."""
        event.stop()
        entry = event.entry
        if event.action in ("correct", "move") and not entry.editable:
            self.cockpit.notice("This line shows a change; undo it, or log a note about it.")
        elif event.action == "correct":
            self._begin(entry, LineMode.CORRECT, entry.text)
        elif event.action == "move":
            zone = self.cockpit.zone
            moment = f"{entry.at.astimezone(zone):%Y-%m-%d} {format_clock(entry.at, zone)}"
            self._begin(entry, LineMode.MOVE, moment)
        else:
            self.queue_work(self._mark(entry, event.action), "mark")

    def _begin(self, entry: TimelineEntry, mode: LineMode, text: str) -> None:
        self.target = entry
        self.entry_line.begin(mode, text)
        self.show_quiet()

    async def _mark(self, entry: TimelineEntry, action: str) -> None:
        inc, on = self.inc, not entry.starred

        def mark(session: Session) -> TimelineEntry:
            if action == "star":
                return timeline.star(session, inc, entry.id, on=on)
            return timeline.hide(session, inc, entry.id)

        await self.cockpit.perform(mark)
        if action == "hide":
            self.cockpit.notice("Deleted. u brings it back.")
        await self.refresh_view()


_ALL = TimelineFilter()
