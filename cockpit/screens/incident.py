"""The incident screen: four live panes under one title, the same widgets at every size."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from msgspec.structs import replace
from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from cockpit.config import find_zone
from cockpit.domain.cadence import clocks
from cockpit.domain.rivals import other_editors
from cockpit.domain.view import IncidentView, TimelineFilter
from cockpit.screens.deletion import DeletionMixin
from cockpit.screens.incident_closing import ClosingMixin
from cockpit.screens.incident_drill import DrillMixin
from cockpit.screens.incident_export import ExportMixin
from cockpit.screens.incident_frame import FrameMixin
from cockpit.screens.incident_no_news import NoNewsMixin
from cockpit.screens.incident_people import PeopleMixin
from cockpit.screens.incident_postmortem import PostmortemMixin
from cockpit.screens.incident_promises import PromisesMixin
from cockpit.screens.incident_review import ReviewMixin
from cockpit.screens.incident_similar import SimilarMixin
from cockpit.screens.incident_timeline import TimelineMixin
from cockpit.screens.incident_tries import TriesMixin
from cockpit.screens.incident_workflow import WorkflowMixin
from cockpit.screens.reports import ReportMixin
from cockpit.service.suggestions import SUMMARY
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.entry_line import EntryLine, LineMode
from cockpit.widgets.headline import Headline
from cockpit.widgets.incident_layout import Form, form_of
from cockpit.widgets.painted import Span
from cockpit.widgets.promise_clock import PromiseBar
from cockpit.widgets.quiet_line import QuietLine
from cockpit.widgets.timeline_filter import filter_words
from cockpit.widgets.title_band import TitleBand, Titles, rival_words
from cockpit.widgets.trouble_line import trouble_words


class IncidentScreen(
    FrameMixin,
    TimelineMixin,
    WorkflowMixin,
    TriesMixin,
    ClosingMixin,
    ReviewMixin,
    ReportMixin,
    DrillMixin,
    ExportMixin,
    PeopleMixin,
    NoNewsMixin,
    PromisesMixin,
    PostmortemMixin,
    SimilarMixin,
    DeletionMixin,
):
    """One incident, from the first alert to its post-mortem."""

    HELP_CONTEXTS = (
        "incident",
        "timeline",
        "list",
        "stakeholders",
        "update",
        "postmortem",
        "app",
    )
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("incident")
    AUTO_FOCUS = ""
    DEFAULT_CSS = "IncidentScreen { background: $ground; color: $text; overflow: hidden; }"

    def __init__(self, inc: str, words: str = "", entry: str = "") -> None:
        """Show the incident with that id; at first only the entries with `words`, at `entry`."""
        super().__init__()
        self.inc = inc
        self.shown = TimelineFilter(text=words)
        self.sought = entry
        self.view: IncidentView | None = None
        self.prepare_entries()
        self._before: int | None = None
        self._local = find_zone("local")

    def on_mount(self) -> None:
        """Read the incident, with the timeline in front."""
        self.wait_for_content()
        self._panes[1].focus()
        self.offer_drafts()
        self.start_work(self.refresh_view(), "view")

    # What the app tells

    def tick(self, now: datetime) -> None:
        """Let the clocks go on; what did not change is not drawn."""
        if self.view is not None and self.is_mounted:
            self.show_time(now)
            for pane in self._others:
                pane.tick(now)
            self.show_tabs()
            if not now.second % 15:
                self.show_quiet()

    def store_changed(self) -> None:
        """Read again; selection, scroll position, focus and half-typed text stay."""
        self.start_work(self.refresh_view(changed=True), "view")

    def zone_changed(self) -> None:
        """Show all times in the other zone."""
        if self.view is not None:
            self._show(self.view)

    async def refresh_view(self, *, changed: bool = False) -> None:
        """Read the incident again and hand it to all panes, `changed`: only if it is another."""
        view, page = await self.read_incident()
        await self.read_place()
        if not self.is_attached or (changed and (view, page) == (self.view, self.page)):
            return
        self.page = page
        self.timeline_view.show_entries(page)
        self._show(view)
        self.show_content()

    def _show(self, view: IncidentView) -> None:
        self.watch_drill(view)
        self.view = view
        now, zone = self.cockpit.clock(), self.cockpit.zone
        self.query_one(Headline).show(view)
        for pane in self._others:
            pane.show(view, now, zone)
        self.show_board()
        self.timeline_view.show_editors(other_editors(view))
        self.show_time(now)
        self.show_quiet()
        self.show_tabs()

    def show_time(self, now: datetime) -> None:
        """Draw what depends on the time; what did not change is not drawn."""
        if self.view is None:
            return
        playbook, zone = self.cockpit.playbook, self.cockpit.zone
        me = self.cockpit.config.author
        self.show_together(now)
        titles = Titles(self.view, playbook, now, zone, self._local, me, self.together)
        self.query_one(TitleBand).show(titles)
        countdowns, kept = clocks(self.view, playbook, now), self.kept
        for part in (*self._clocks, self.query_one(PromiseBar)):
            part.show(countdowns, now, zone, kept)
        self.entry_line.tick(now, zone)
        self.draw_entries(zone, now, spacious=self.plan.spacious, shared=self.space is not None)

    def take_form(self) -> None:
        """Take the form of the present size, which may have no room for what is only useful."""
        super().take_form()
        if self.view is not None:
            self.show_quiet()

    def show_quiet(self) -> None:
        """Say the one thing that matters most now, or nothing."""
        text, level, key = self._quiet_words()
        aside = ("", "")
        if not text and self.plan.form is not Form.TINY:
            text, aside, row = self._calm_words()
            key = self.key_for(row) if text else ""
        self.query_one(QuietLine).show(text, level, key, aside)
        self.body.wish = replace(self.body.wish, says=bool(text))

    def _calm_words(self) -> tuple[str, Span, str]:
        """Return what comes next, while nothing is late: an answer, or a step of the workflow."""
        text, aside = self.coming_words
        answer = self.next_answer
        if answer[0] and aside[1] != "soon" and self.plan.form >= Form.HALVES:
            return (*answer, "incident.tries")
        return text, aside, "incident.workflow"

    def _quiet_words(self) -> tuple[str, str, str]:
        if self.trouble:
            return trouble_words(self.trouble), "late", ""
        if self.view is not None and self.view.archived:
            return "This incident was deleted; the list's palette can bring it back.", "late", ""
        if self.pasted:
            return "What was pasted waits: enter on an empty line shows it again.", "soon", ""
        if self.entry_line.mode in (LineMode.CORRECT, LineMode.MOVE):
            return "Enter keeps the change, esc leaves the entry as it was.", "muted", ""
        if self.restored:
            return "Draft restored.", "muted", ""
        if self.shown != TimelineFilter():
            return f"Shown: {filter_words(self.shown)}. Esc shows all.", "muted", ""
        return self._urgent_words()

    def _urgent_words(self) -> tuple[str, str, str]:
        """Return what somebody should do now, the key that does it last."""
        if self.view is not None and self.view.rivals:
            values = rival_words(self.view, self.cockpit.zone)[0]
            return values, "soon", self.key_for("incident.rivals")
        words, row = self.no_news_words
        if words:
            return words, "soon", self.key_for(row)
        if late := self.late_answer:
            return late, "late", self.key_for("incident.tries")
        if self.together.words.loud and self.plan.form is Form.TINY:
            return self.together.words.text, "soon", ""
        if found := self.suggested:
            row = "handover" if found[0].field == SUMMARY else "suggestions"
            return found[0].text, "muted", self.key_for(f"incident.{row}")
        return "", "muted", ""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Say whether an action is open now: while somebody types, `/` is a character."""
        if action == "filter" and _takes_text(self.focused):
            return False
        return super().check_action(action, parameters)

    def action_note(self) -> None:
        """Begin an entry, from whatever pane."""
        self.begin_line("")

    def begin_line(self, text: str) -> None:
        """Begin an entry with `text`; what was being written stays behind it."""
        pane = self.body.wish.pane
        if form_of(self.size.width, self.size.height) <= Form.TABS or self.body.wish.zoomed:
            self.make_current(1)
        self._before = pane
        line = self.entry_line
        line.end()
        if text:
            line.write(f"{text}{line.entry_text}")
        line.input.focus()

    def on_entry_line_submitted(self, event: EntryLine.Submitted) -> None:
        """Do what was entered."""
        event.stop()
        if event.mode is LineMode.FILTER:
            self.leave_line()
        else:
            self.enter_line(event.mode, event.text)

    def on_entry_line_left(self, event: EntryLine.Left) -> None:
        """Go back to where the person was; a filter that is left shows everything again."""
        event.stop()
        if event.mode is LineMode.FILTER:
            self.change_filter(TimelineFilter())
        self.leave_line()

    def leave_line(self) -> None:
        """Use the line for entries again and go back to where the person was."""
        self.entry_line.end()
        self.target = None
        pane, self._before = self._before, None
        self.go_to(pane or self.body.wish.pane)
        self.show_quiet()

    def action_clear(self) -> None:
        """Show every entry again, and every pane."""
        if self.shown != TimelineFilter():
            self.change_filter(TimelineFilter())
            self.show_quiet()
        elif self.body.wish.zoomed:
            self.action_zoom()

    def action_plain_text(self) -> None:
        """Show the selected entry, or the update, on a bare screen."""
        from cockpit.screens.plain_text import PlainTextScreen

        pane, entry = self.body.wish.pane, self.timeline_view.entry
        if pane == 1 and entry is not None:
            self.app.push_screen(PlainTextScreen(entry.text))
        elif pane == 4:
            self.show_plain_postmortem()
        else:
            self.show_plain_update()

    def action_editor(self) -> None:
        """Go on with the update's or the post-mortem's text in the person's own editor."""
        if self.body.wish.pane == 4:
            self.edit_section()
        else:
            self.edit_update()

    def incident_at_hand(self) -> IncidentView | None:
        """Return the incident shown."""
        return self.view

    async def after_deletion(self) -> None:
        """Go back to the list."""
        self.action_back()

    def action_back(self) -> None:
        """Go back to the list; everything is kept."""
        self.keep_drafts()
        self.dismiss(None)


def _takes_text(widget: Widget | None) -> bool:
    """Say whether letters typed there are text."""
    return isinstance(widget, Input) or getattr(widget, "takes_text", False)
