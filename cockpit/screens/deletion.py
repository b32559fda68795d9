"""Deleting an incident, which asks for its reference, and bringing deleted ones back."""

from __future__ import annotations

from abc import abstractmethod

from textual import work

from cockpit.domain.view import IncidentSummary, IncidentView
from cockpit.errors import CockpitError
from cockpit.screens.base import CockpitScreen
from cockpit.service import deletion
from cockpit.widgets.incident_list import IncidentList


class DeletionMixin(CockpitScreen[None]):
    """A screen on which an incident can be deleted."""

    @abstractmethod
    def incident_at_hand(self) -> IncidentSummary | IncidentView | None:
        """Return the incident that deleting is about."""

    @abstractmethod
    async def after_deletion(self) -> None:
        """Leave or read again once an incident was deleted or brought back."""

    @work(exclusive=True, group="deletion")
    async def action_delete(self) -> None:
        """Ask for the reference, then put the incident away."""
        from cockpit.screens.dialogs import ConfirmReference

        incident = self.incident_at_hand()
        if incident is None:
            return
        sentence = f"Delete {incident.ref}, {incident.title}? It leaves every list and search."
        if not await self.app.push_screen_wait(ConfirmReference(incident.ref, sentence)):
            return
        inc, ref = incident.id, incident.ref
        try:
            await self.cockpit.perform(lambda session: deletion.delete(session, inc))
        except CockpitError as error:
            self.tell_error(error)
            return
        await self.after_deletion()
        self.cockpit.notice(f"{ref} is deleted. “Bring back” in the palette undoes it.")


class RestoringMixin(DeletionMixin):
    """A list of incidents: the one under its cursor can be deleted, and others brought back."""

    def incident_at_hand(self) -> IncidentSummary | None:
        """Return the incident under the cursor."""
        return self.query_one(IncidentList).current

    async def after_deletion(self) -> None:
        """Read the list again."""
        self.store_changed()

    @work(exclusive=True, group="deletion")
    async def action_restore(self) -> None:
        """Choose a deleted incident and bring it back."""
        from cockpit.screens.dialogs import Choice, ChoiceDialog

        try:
            found = await self.cockpit.fetch(deletion.list_deleted)
            if not found:
                self.cockpit.notice("No incident was deleted.")
                return
            choices = [Choice(each.id, each.ref, each.title) for each in found]
            dialog = ChoiceDialog("Bring back a deleted incident", choices, ask_reason=False)
            answer = await self.app.push_screen_wait(dialog)
            if answer is None:
                return
            inc = answer[0]
            view = await self.cockpit.perform(lambda session: deletion.restore(session, inc))
        except CockpitError as error:
            self.tell_error(error)
            return
        await self.after_deletion()
        self.cockpit.notice(f"{view.ref} is back: {view.title}")
