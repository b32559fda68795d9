"""The reports on cadence as pages of plain text: of one incident, and of all of them."""

from __future__ import annotations

from textual import work

from cockpit.domain.cadence_text import history_lines, report_lines
from cockpit.errors import CockpitError
from cockpit.screens.base import CockpitScreen
from cockpit.screens.incident_panes import IncidentPanes
from cockpit.screens.plain_text import PlainTextScreen
from cockpit.service import reports
from cockpit.service.session import Session

_BY = "quarter"


class AllReportsMixin(CockpitScreen[None]):
    """Shows how the cadence was kept over all incidents."""

    @work(exclusive=True, group="report")
    async def action_report(self) -> None:
        """Show the report on cadence: all incidents together, then by quarter."""

        def read(session: Session) -> str:
            everything = list(history_lines(reports.cadence_history(session)))
            quarters = list(history_lines(reports.cadence_history(session, by=_BY)))
            return "\n".join(["Cadence over all incidents", "", *everything, "", *quarters])

        try:
            text = await self.cockpit.fetch(read)
        except CockpitError as error:
            self.tell_error(error)
            return
        self.app.push_screen(PlainTextScreen(text))


class ReportMixin(IncidentPanes):
    """Shows how the cadence of one incident was kept."""

    def action_report(self) -> None:
        """Show the report on cadence."""
        self.start_work(self._show_report(), "report")

    async def _show_report(self) -> None:
        inc, zone = self.inc, self.cockpit.zone
        found = await self.cockpit.fetch(lambda session: reports.incident_cadence(session, inc))
        text = "\n".join(report_lines(found.view, found.report, zone))
        self.app.push_screen(PlainTextScreen(text))
