"""The reports on cadence as pages of plain text: of one incident, and of all of them."""

from __future__ import annotations

from cockpit.screens.incident_panes import IncidentPanes


class ReportMixin(IncidentPanes):
    """Shows how the cadence of one incident was kept."""

    def action_report(self) -> None:
        """Show the report on cadence."""
        self.start_work(self._show_report(), "report")

    async def _show_report(self) -> None:
        from cockpit.domain.cadence_text import report_lines
        from cockpit.screens.plain_text import PlainTextScreen
        from cockpit.service import reports

        inc, zone = self.inc, self.cockpit.zone
        found = await self.cockpit.fetch(lambda session: reports.incident_cadence(session, inc))
        text = "\n".join(report_lines(found.view, found.report, zone))
        self.app.push_screen(PlainTextScreen(text))
