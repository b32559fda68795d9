"""The debrief of a drill on the incident screen: on its key, and by itself once it is closed."""

from __future__ import annotations

from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import Stage
from cockpit.screens.incident_panes import IncidentPanes

MOST_CELLS = 100
"""Longer lines are hard to read."""


class DrillMixin(IncidentPanes):
    """Shows how a drill went, so far or in the end."""

    def action_debrief(self) -> None:
        """Show the debrief."""
        if self.view is not None and not self.view.drill:
            self.cockpit.notice("This is no drill: a debrief belongs to exercises.", "bad")
            return
        self.start_work(self._show_debrief(), "debrief")

    def watch_drill(self, view: IncidentView) -> None:
        """Show the debrief when a drill has just been closed; `view` is the newer one."""
        was = self.view.stage if self.view is not None else Stage.CLOSED
        if view.drill and view.stage is Stage.CLOSED and was is not Stage.CLOSED:
            self.start_work(self._show_debrief(), "debrief")

    async def _show_debrief(self) -> None:
        # Few incidents are drills: what a debrief needs is loaded with the first.
        from cockpit.domain.debrief_text import debrief_lines
        from cockpit.screens.plain_text import PlainTextScreen
        from cockpit.service import drills

        inc, zone = self.inc, self.cockpit.zone
        found = await self.cockpit.fetch(lambda session: drills.debrief_of(session, inc, zone))
        lines = debrief_lines(found, zone, min(self.size.width - 1, MOST_CELLS))
        self.app.push_screen(PlainTextScreen("\n".join(lines)))
