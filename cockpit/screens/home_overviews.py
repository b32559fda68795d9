"""What home opens over all incidents: the insights, and the report on cadence.

Either is loaded once somebody asks for it: home shall not wait for them.
"""

from __future__ import annotations

from textual import work

from cockpit.errors import CockpitError
from cockpit.screens.base import CockpitScreen
from cockpit.service.session import Session

_BY = "quarter"


class OverviewsMixin(CockpitScreen[None]):
    """Opens what is told of many incidents at once."""

    def action_insights(self) -> None:
        """Show what many incidents teach."""
        from cockpit.screens.insights import InsightsScreen

        self.app.push_screen(InsightsScreen())

    @work(exclusive=True, group="report")
    async def action_report(self) -> None:
        """Show the report on cadence: all incidents together, then by quarter."""
        from cockpit.domain.cadence_text import history_lines
        from cockpit.screens.plain_text import PlainTextScreen
        from cockpit.service import reports

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
