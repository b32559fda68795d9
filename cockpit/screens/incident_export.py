"""Exports from the incident screen, into the cockpit's own directory for them."""

from __future__ import annotations

from pathlib import Path

from cockpit.keymap import find_key, keys_shown
from cockpit.screens.dialogs import Choice, ChoiceDialog
from cockpit.screens.incident_panes import IncidentPanes
from cockpit.service.session import Session

_FORMATS = (
    Choice("md", "Post-mortem", "The internal document, as Markdown."),
    Choice("public", "Public post-mortem", "For customers, as Markdown."),
    Choice("timeline", "Timeline", "A Markdown table."),
    Choice("html", "Everything, to read", "One HTML page."),
    Choice("json", "Everything, to keep", "JSON that any cockpit can import."),
)


class ExportMixin(IncidentPanes):
    """Writes an incident into a file and says where it is."""

    def action_export(self) -> None:
        """Choose what to export."""
        self.start_work(self._export(), "export")

    async def _export(self) -> None:
        answer = await self.app.push_screen_wait(
            ChoiceDialog("Export", list(_FORMATS), ask_reason=False)
        )
        if answer is None:
            return
        if answer[0] == "public" and await self.list_findings(public=True):
            return
        from cockpit.service import exports
        from cockpit.service.whole_files import write_export

        inc, fmt = self.inc, answer[0]

        def write(session: Session) -> Path:
            text = exports.export_incident(session, inc, fmt)
            path = exports.usual_place(session, inc, fmt)
            write_export(path, text, force=True)
            return path

        path = await self.cockpit.perform(write)
        self.cockpit.notice(f"Written to {path}")

    def key_for(self, row: str) -> str:
        """Return the first key of a row of the key table as people see it."""
        key = find_key(row)
        shown = keys_shown(key, self.cockpit.rebound) if key else []
        return shown[0] if shown else ""
