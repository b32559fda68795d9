"""One key when the clock is red and nothing is new; and the variables of the text."""

from __future__ import annotations

from cockpit.domain.filling import FIELDS
from cockpit.domain.outgoing_promise import NAME as PROMISE
from cockpit.domain.update_facts import Variable
from cockpit.domain.vocabulary import Ring
from cockpit.screens.dialogs import TextDialog
from cockpit.screens.incident_corrections import CorrectionsMixin
from cockpit.service import changes
from cockpit.service.no_news import is_copied, is_time_for_no_news, no_news_stage
from cockpit.widgets.variable_list import VariableList


class NoNewsMixin(CorrectionsMixin):
    """Copies "no news" with one key, so that the next one marks exactly it sent."""

    def go_to(self, pane: int) -> None:
        """Show a pane and give it the keyboard."""

    def action_no_news(self) -> None:
        """Copy "no news" for customers, and show it where it can be marked sent."""
        self.start_work(self._copy_no_news(), "copy")

    async def _copy_no_news(self) -> None:
        if self.view is None:
            return
        stage = no_news_stage(self.view, self.cockpit.clock())
        self.go_to(3)
        self._update_choice = (stage, Ring.CUSTOMERS.audience, "")
        await self._show_update()
        composition = await self._composition()
        promise = next((each for each in composition.checks if each.id == PROMISE), None)
        if self.update_pane.edited and promise is not None and not promise.ok:
            # Words that were kept from an earlier hour name an earlier time.
            self._keep_draft("")
            await self._show_update()
            await self._copy_update("Your words named a time that passed: ctrl+z in the text.")
            return
        await self._copy_update()

    @property
    def no_news_words(self) -> tuple[str, str]:
        """Return what to say when an update is due and nothing is new, and the row that does it."""
        view, now = self.view, self.cockpit.clock()
        if view is None or not is_time_for_no_news(view, self.cockpit.playbook, now):
            return "", ""
        if is_copied(view):
            return "“No news” is copied. Once it is out, mark it sent.", "incident.sent"
        return "Nothing new for customers? Copy a text that says so.", "incident.no_news"

    # Variables

    def on_variable_list_wanted(self, event: VariableList.Wanted) -> None:
        """Fill a variable: the incident's own field, or its place in the text."""
        event.stop()
        self.start_work(self._fill(event.variable), "fill")

    async def _fill(self, variable: Variable) -> None:
        name, place = variable.name, f"{{{variable.name}}}"
        if name not in FIELDS and place not in self.update_pane.text:
            self.cockpit.notice(f"{name}: {variable.meaning}. The text does without it.")
            return
        answer = await self.app.push_screen_wait(
            TextDialog(name.replace("_", " ").capitalize(), variable.meaning, variable.value)
        )
        value = (answer or "").strip()
        if not value or value == variable.value:
            return
        inc, pane = self.inc, self.update_pane
        if name in FIELDS:
            await self.cockpit.perform(lambda session: changes.set_field(session, inc, name, value))
        if place in pane.text and (pane.edited or name not in FIELDS):
            pane.area.put_text(pane.text.replace(place, value))
        await self.refresh_view()
