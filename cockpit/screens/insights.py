"""Insights: the figures of a period with a chart, and the incidents behind each of them."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from cockpit.domain.insight_sections import (
    FigureRow,
    Section,
    count_words,
    period_words,
    sections,
)
from cockpit.domain.insights import Insights
from cockpit.domain.visible import make_visible
from cockpit.errors import CockpitError
from cockpit.screens.base import CockpitScreen
from cockpit.service.insights import EVERYTHING, YEAR, insights, write_page
from cockpit.widgets.behind_list import BehindList
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.footer_line import FooterLine
from cockpit.widgets.insight_chart import InsightChart
from cockpit.widgets.insight_list import InsightList
from cockpit.widgets.line_list import LineList
from cockpit.widgets.marks import marks
from cockpit.widgets.trouble_line import TroubleLine

_PERIODS = ("", YEAR, EVERYTHING)


class InsightsScreen(CockpitScreen[None]):
    """A chart of the period above its figures; enter shows the incidents behind one."""

    HELP_CONTEXTS = ("insights", "list", "app")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("insights")
    AUTO_FOCUS = "InsightList"
    DEFAULT_CSS = """
    InsightsScreen {
        & #title { height: 1; padding: 0 2; }
        & InsightChart { margin: 1 1 1 1; }
        & InsightList { height: 1fr; margin: 0 1; }
        & #note { height: 2; padding: 0 2; color: $muted; }
    }
    """

    def __init__(self) -> None:
        """Begin with the playbook's usual period, without exercises."""
        super().__init__()
        self._period = _PERIODS[0]
        self._drills = False
        self._found: Insights | None = None

    def compose(self) -> ComposeResult:
        """Lay out the title, the chart, the figures, what the current one counts, the footer."""
        yield Static(id="title", markup=False)
        yield InsightChart()
        yield InsightList()
        yield Static(id="note", markup=False)
        yield TroubleLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Count as soon as it is there."""
        self.reload()

    def store_changed(self) -> None:
        """Count again; the cursor stays where it is."""
        self.reload()

    @work(exclusive=True, group="insights")
    async def reload(self) -> None:
        """Count again and show it."""
        count = partial(insights, since=self._period, drills=self._drills, zone=self.cockpit.zone)
        try:
            self._found = await self.cockpit.fetch(count)
        except CockpitError as error:
            self.tell_error(error)
            return
        self._show(self._found)

    def _show(self, found: Insights) -> None:
        drills = ", exercises too" if found.wish.drills else ""
        words = f"{period_words(found)} UTC, {count_words(len(found.cases))}{drills}"
        title = Content.assemble(("Insights", "bold $bright"), (f"   {words}", "$muted"))
        self.query_one("#title", Static).update(title)
        self.query_one(InsightChart).show(found.columns)
        self.query_one(InsightList).show(sections(found))
        self._tell()

    @on(InsightList.Moved)
    def _tell(self) -> None:
        """Say what the current figure counts."""
        current = self.query_one(InsightList).current
        note = current.section.note if current else ""
        self.query_one("#note", Static).update(Content(marks().prose(make_visible(note))))

    @on(InsightList.Chosen)
    def _chosen(self) -> None:
        current = self.query_one(InsightList).current
        if current is None or current.row is None:
            return
        if current.row.behind:
            self.app.push_screen(BehindScreen(current.section, current.row))
        else:
            self.cockpit.notice("No incident is behind it.")

    def action_period(self) -> None:
        """Count another period: the usual weeks, this year, everything."""
        place = _PERIODS.index(self._period) + 1
        self._period = _PERIODS[place % len(_PERIODS)]
        self.reload()

    def action_drills(self) -> None:
        """Count exercises too, or not."""
        self._drills = not self._drills
        self.reload()

    @work(exclusive=True, group="page")
    async def action_page(self) -> None:
        """Write the figures as a page to show."""
        found = self._found
        if found is None:
            return
        try:
            path = await self.cockpit.perform(lambda session: write_page(session, found))
        except CockpitError as error:
            self.tell_error(error)
            return
        self.cockpit.notice(f"Written to {path}")

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)


class BehindScreen(CockpitScreen[None]):
    """The incidents behind one figure; enter opens one."""

    HELP_CONTEXTS = ("behind", "list", "app")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("behind")
    AUTO_FOCUS = "BehindList"
    DEFAULT_CSS = """
    BehindScreen {
        & #title { height: 1; padding: 0 2; margin-bottom: 1; }
        & BehindList { height: 1fr; margin: 0 1; }
    }
    """

    def __init__(self, section: Section, row: FigureRow) -> None:
        """Show what is behind `row` of `section`."""
        super().__init__()
        self._section = section
        self._row = row

    def compose(self) -> ComposeResult:
        """Lay out the title above the incidents."""
        name = make_visible(f"{self._section.title}: {self._row.name}")
        count = f"   {count_words(len(self._row.behind))}"
        title = Content.assemble((name, "bold $bright"), (count, "$muted"))
        yield Static(title, id="title", markup=False)
        yield BehindList()
        yield TroubleLine()
        yield FooterLine()

    def on_mount(self) -> None:
        """Show the incidents."""
        self.query_one(BehindList).show_items(self._row.behind, 0)

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        current = self.query_one(BehindList).current
        if current is not None:
            self.cockpit.open_incident(current.facts.id)

    def action_back(self) -> None:
        """Go back to the figures."""
        self.dismiss(None)
