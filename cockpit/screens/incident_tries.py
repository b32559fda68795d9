"""What we try on the incident screen: the dialog, and whose answer is late or comes next."""

from __future__ import annotations

from cockpit.domain.response_work import asked_words, late_asks, next_ask
from cockpit.screens.incident_panes import IncidentPanes
from cockpit.widgets.painted import Span


class TriesMixin(IncidentPanes):
    """Shows what was asked of people and what is supposed."""

    def action_tries(self) -> None:
        """Show what we try, to add to it and to say what came of it."""
        from cockpit.screens.response_work import TriesDialog

        if self.view is not None:
            self.app.push_screen(TriesDialog(self.inc, lambda: self.view, self.refresh_view))

    @property
    def late_answer(self) -> str:
        """Return whose answer has been late the longest; empty when none is."""
        if self.view is None or not self.view.is_open:
            return ""
        late = late_asks(self.view, self.cockpit.clock())
        if not late:
            return ""
        more = f" ({len(late) - 1} more late)" if len(late) > 1 else ""
        return f"! {late[0].sentence}{more}"

    @property
    def next_answer(self) -> tuple[str, Span]:
        """Return what was asked of whom, and when the answer comes; empty without any."""
        if self.view is None or not self.view.is_open:
            return "", ("", "")
        found = next_ask(self.view, self.cockpit.clock())
        return (
            (f"Asked {asked_words(found.action)}", (found.words, "")) if found else ("", ("", ""))
        )
