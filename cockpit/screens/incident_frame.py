"""The frame of the incident screen: its widgets, made once, and which panes are in front."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace
from textual import events
from textual.app import ComposeResult
from textual.widget import Widget

from cockpit.screens.incident_panes import IncidentPanes
from cockpit.widgets.entry_line import EntryLine
from cockpit.widgets.footer_line import FooterLine
from cockpit.widgets.headline import Headline
from cockpit.widgets.incident_layout import CLOCKS, PANES, STRIPS, IncidentBody, Plan
from cockpit.widgets.pane_tabs import PaneTab, PaneTabs
from cockpit.widgets.postmortem_pane import PostmortemPane
from cockpit.widgets.promise_clock import PromiseBar, PromiseClock
from cockpit.widgets.quiet_line import QuietLine
from cockpit.widgets.stakeholder_pane import StakeholderPane
from cockpit.widgets.sync_line import SyncLine
from cockpit.widgets.timeline_view import TimelineView
from cockpit.widgets.title_band import TitleBand
from cockpit.widgets.update_pane import UpdatePane

Pane = TimelineView | StakeholderPane | UpdatePane | PostmortemPane


class FrameMixin(IncidentPanes):
    """Holds the widgets, shows the panes that are wanted, and follows the keyboard."""

    def compose(self) -> ComposeResult:
        """Make every widget once, in the order in which tab and screen readers meet them."""
        self._others = (StakeholderPane(), UpdatePane(waits=True), PostmortemPane(waits=True))
        self._panes: dict[int, Pane] = {
            1: TimelineView(),
            **dict(enumerate(self._others, 2)),
        }
        self._clocks = [PromiseClock(place) for place in range(len(CLOCKS))]
        self._strips = [PaneTabs() for _ in STRIPS]
        slots: dict[str, Widget] = {
            "title": TitleBand(),
            "sync": SyncLine(),
            **{CLOCKS[place]: each for place, each in enumerate(self._clocks)},
            "bar": PromiseBar(),
            "headline": Headline(),
            **dict(zip(STRIPS, self._strips, strict=True)),
            **{PANES[number]: pane for number, pane in self._panes.items()},
            "quiet": QuietLine(),
            "entry": EntryLine(),
        }
        yield IncidentBody(slots)
        yield FooterLine()

    @property
    def body(self) -> IncidentBody:
        """Return the widget that lays out all others."""
        return self.query_one(IncidentBody)

    @property
    def plan(self) -> Plan:
        """Return where everything stands now."""
        return self.body.plan_for(self.body.size)

    def on_resize(self, event: events.Resize) -> None:
        """Let the clock and the tabs take the form of the new size."""
        del event
        self.call_after_refresh(self.take_form)

    def show_time(self, now: datetime) -> None:
        """Draw what depends on the time."""

    def take_form(self) -> None:
        """Let the clock and the tabs take the form of the present size."""
        plan = self.plan
        for clock in self._clocks:
            clock.form = plan.clock
        self.show_tabs()
        self.show_time(self.cockpit.clock())

    def show_tabs(self) -> None:
        """Draw the tabs and bands: what is shown, what is focused, and a few words of each."""
        plan, focused = self.plan, self.focused_pane
        self.query_one(TimelineView).show_active(active=focused == 1)
        for place, strip in enumerate(self._strips):
            numbers = plan.strips[place] if place < len(plan.strips) else ()
            tabs = []
            for number in numbers:
                pane = self._panes[number]
                alone = len(numbers) == 1
                words = pane.long_summary() if alone else pane.summary()
                shown = number in plan.shown
                tabs.append(PaneTab(number, pane.title, words, shown, number == focused))
            strip.show(tuple(tabs))

    @property
    def focused_pane(self) -> int:
        """Return the pane that has the keyboard; the entry line belongs to what is shown."""
        node = self.focused
        while node is not None and node is not self.body:
            for number, pane in self._panes.items():
                if node is pane:
                    return number
            node = node.parent if isinstance(node.parent, Widget) else None
        return self.body.wish.pane

    def on_descendant_focus(self) -> None:
        """Follow the keyboard: the pane that has it is the current one."""
        self.make_current(self.focused_pane)

    def on_pane_tabs_picked(self, event: PaneTabs.Picked) -> None:
        """Go to the pane that was clicked."""
        self.go_to(event.number)

    def go_to(self, pane: int) -> None:
        """Show a pane and give it the keyboard."""
        self.make_current(pane)
        self._panes[pane].focus()

    def make_current(self, pane: int) -> None:
        """Show a pane, wherever the keyboard is."""
        wish = self.body.wish
        right = pane if pane > 1 else wish.right
        lower = pane if pane > 2 else wish.lower
        self.body.wish = replace(wish, pane=pane, right=right, lower=lower)
        self.show_tabs()

    def action_pane(self, number: int) -> None:
        """Go to a pane."""
        self.go_to(number)

    def action_next_pane(self) -> None:
        """Go to the next pane."""
        self.action_pane(self.body.wish.pane % 4 + 1)

    def action_previous_pane(self) -> None:
        """Go to the pane before."""
        self.action_pane((self.body.wish.pane - 2) % 4 + 1)

    def action_zoom(self) -> None:
        """Give the current pane the whole screen, or put it back."""
        wish = self.body.wish
        self.body.wish = replace(wish, zoomed=not wish.zoomed)
        self.take_form()
