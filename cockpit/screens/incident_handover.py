"""Roles on the incident screen: who holds which, and the sheet for whoever takes one over."""

from __future__ import annotations

from cockpit.domain.times import format_span
from cockpit.screens.dialogs import Choice, ChoiceDialog, TextDialog
from cockpit.screens.incident_panes import IncidentPanes


class HandoverMixin(IncidentPanes):
    """Assigns roles and hands them over, with the sheet that says where it stands."""

    async def change_field(self, field: str, value: str, reason: str = "") -> None:
        """Set a field and show what came of it; raises CockpitError."""

    def action_role(self) -> None:
        """Choose a role, then the person who takes it."""
        self.start_work(self._assign(), "change")

    def action_handover(self) -> None:
        """Show the hand-over sheet."""
        self.start_work(self._show_sheet(), "change")

    async def hand_over(self, role: str) -> None:
        """Ask who takes a role, and show that person's sheet before it changes hands."""
        name = self.cockpit.playbook.role(role).name
        holder = self.view.holder(role) if self.view else ""
        title = f"{name}: hand over from {holder}" if holder else f"{name}: assign"
        answer = await self.app.push_screen_wait(
            TextDialog(title, "Who takes it (empty: nobody)", holder)
        )
        person = holder if answer is None else answer.strip()
        if person == holder:
            return
        reason: str | None = ""
        if holder and person:
            from cockpit.screens.handover import HandoverDialog

            title = f"{name}: {holder} hands over to {person}"
            sheet = HandoverDialog(title, await self._sheet(), self._give)
            reason = await self.app.push_screen_wait(sheet)
        if reason is not None:
            await self.change_field(f"role.{role}", person, reason)

    async def _assign(self) -> None:
        if self.view is None:
            return
        now = self.cockpit.clock()
        held = {each.role: each for each in self.view.roles}
        choices = []
        for role in self.cockpit.playbook.roles:
            holder = held.get(role.id)
            on_duty = (
                f"{holder.person}, for {format_span(now - holder.since)}" if holder else "nobody"
            )
            choices.append(Choice(role.id, f"{role.name}: {on_duty}", role.duty))
        answer = await self.app.push_screen_wait(
            ChoiceDialog("Which role changes?", choices, ask_reason=False)
        )
        if answer is not None:
            await self.hand_over(answer[0])

    async def _show_sheet(self) -> None:
        from cockpit.screens.handover import HandoverSheet

        await self.app.push_screen_wait(HandoverSheet(await self._sheet(), self._give))

    async def _sheet(self) -> str:
        from cockpit.domain.handover import handover_text
        from cockpit.service import handovers

        inc, zone = self.inc, self.cockpit.zone
        found = await self.cockpit.fetch(lambda session: handovers.summary(session, inc, zone))
        return handover_text(found, zone)

    async def _give(self) -> str:
        """Note that the sheet was given, and return its text as it was kept."""
        from cockpit.domain.handover import handover_text
        from cockpit.service import handovers

        inc, zone = self.inc, self.cockpit.zone
        found = await self.cockpit.perform(lambda session: handovers.give(session, inc, zone))
        await self.refresh_view()
        return handover_text(found, zone)
