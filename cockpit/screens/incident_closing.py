"""Closing on the incident screen: what is left, seeing to it or waiving it, and the components."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from msgspec import Struct

from cockpit.domain.closing import ClosingCheck, closing_checks, things_left
from cockpit.domain.components import OPERATIONAL, STATES, offered_components, state_words
from cockpit.domain.stages import DONE, PLANNED, RESOLVED
from cockpit.domain.vocabulary import Ring
from cockpit.screens.dialogs import Choice, ChoiceDialog, TextDialog
from cockpit.screens.incident_changes import ChangesMixin
from cockpit.service import closing, components

_FIX = "fix"
_WAIVE = "waive"
_OTHER = ""


class Remedy(Struct, frozen=True):
    """What sees to a check from here: its words, the work, and whether the list comes back."""

    label: str
    work: Callable[[], Awaitable[None]]
    stays: bool = True


class ClosingMixin(ChangesMixin):
    """Shows what is left before the end, and closes the incident once nothing is."""

    def action_close_incident(self) -> None:
        """Show what is left before the incident is closed."""
        self.start_work(self.end_incident(), "change")

    def action_component(self) -> None:
        """Say in which state a component is."""
        self.start_work(self._set_component(), "change")

    async def end_incident(self, reason: str | None = None) -> None:
        """Show what is left until nothing is, or somebody goes back.

        reason: why it is closed, as somebody said who chose the stage; then it is closed without
        another question once nothing is left.
        """
        from cockpit.screens.closing import CLOSE, ClosingDialog, closing_rows, closing_title

        current = ""
        while (view := self.view) is not None:
            checks = closing_checks(view, self.cockpit.playbook, self.cockpit.clock())
            left = things_left(checks)
            if not left and reason is not None:
                await self._close(reason)
                return
            title, rows = closing_title(view.stage, left), closing_rows(checks, view.stage)
            answer = await self.app.push_screen_wait(ClosingDialog(title, rows, current))
            if answer is None:
                return
            current = answer
            if current == CLOSE:
                await self._close(reason or "")
                return
            found = next((each for each in checks if each.id == current), None)
            if found is not None and not await self._see_to(found):
                return

    async def _close(self, reason: str) -> None:
        inc = self.inc
        await self.cockpit.perform(lambda session: closing.close(session, inc, reason=reason))
        self.cockpit.notice("Closed. u takes it back.")
        await self.refresh_view()

    async def _see_to(self, check: ClosingCheck) -> bool:
        """Do something about a check; say whether its list is shown again."""
        inc = self.inc
        if check.waived:
            ask = Choice(_FIX, "Ask for it again", f"It was waived: {check.waived}")
            if await self._choose_one(check.sentence, [ask]):
                await self.cockpit.perform(lambda session: closing.unwaive(session, inc, check.id))
                await self.refresh_view()
            return True
        remedy = self._remedies().get(check.id)
        choices = [Choice(_FIX, remedy.label, check.how)] if remedy else []
        choices.append(Choice(_WAIVE, "Waive it", "Not in this incident; the reason is kept."))
        answer = await self._choose_one(check.sentence, choices)
        if answer == _FIX and remedy is not None:
            await remedy.work()
            return remedy.stays
        if answer == _WAIVE:
            await self._waive(check)
        return True

    async def _waive(self, check: ClosingCheck) -> None:
        inc = self.inc
        reason = await self.app.push_screen_wait(
            TextDialog(f"Waive: {check.sentence}", "Why it does not apply here")
        )
        if reason is None or not reason.strip():
            return
        await self.cockpit.perform(lambda session: closing.waive(session, inc, check.id, reason))
        self.cockpit.notice("Waived. u takes it back.")
        await self.refresh_view()

    def _remedies(self) -> dict[str, Remedy]:
        return {
            "public-word": Remedy("Write the last update", self._write_last_word, stays=False),
            "audiences": Remedy("Go to the people to tell", self._go_to_people, stays=False),
            "components": Remedy("Set a component", self._set_affected),
            "debt": Remedy("Add the debt item", self._add_debt),
            "owner": Remedy("Name the owner", self._name_owner),
            "meeting": Remedy("Set the date", self._set_meeting),
            "asked": Remedy("Say what came of it", self._answer, stays=False),
        }

    async def _write_last_word(self) -> None:
        planned = self.view is not None and self.view.kind == PLANNED
        self.show_update_for(DONE if planned else RESOLVED, Ring.CUSTOMERS.audience)

    async def _go_to_people(self) -> None:
        self.go_to(2)

    async def _answer(self) -> None:
        await self.run_action("tries")

    async def _name_owner(self) -> None:
        name = await self.app.push_screen_wait(TextDialog("Who owns the post-mortem?", "Name"))
        if name is not None and name.strip():
            await self.change_field("pm.owner", name.strip())

    async def _set_meeting(self) -> None:
        when = await self.app.push_screen_wait(
            TextDialog("When is the post-mortem meeting?", "2026-12-01 10:00 (UTC), or +3d")
        )
        if when is not None and when.strip():
            await self.change_field("pm.meeting_at", when)

    async def _add_debt(self) -> None:
        from cockpit.service import action_items

        inc = self.inc
        title = await self.app.push_screen_wait(
            TextDialog("Add a debt item", "How it will be fixed for good")
        )
        if title is None or not title.strip():
            return
        await self.cockpit.perform(
            lambda session: action_items.add_action(session, inc, title, kind="debt")
        )
        await self.refresh_view()

    async def _set_affected(self) -> None:
        """Set the one component that is affected, or one of several."""
        affected = self.view.components.items() if self.view else ()
        wrong = [name for name, state in affected if state != OPERATIONAL]
        await self._set_component(wrong[0] if len(wrong) == 1 else "")

    async def _set_component(self, name: str = "") -> None:
        name = name or await self._choose_component()
        if self.view is None or not name:
            return
        choices = [Choice(state, state_words(state).capitalize()) for state in STATES]
        answer = await self.app.push_screen_wait(
            ChoiceDialog(name, choices, current=self.view.components.get(name, ""))
        )
        if answer is None:
            return
        inc, (state, reason) = self.inc, answer
        await self.cockpit.perform(
            lambda session: components.set_component(session, inc, name, state, reason)
        )
        self.cockpit.notice(f"{name}: {state_words(state)}. u takes it back.")
        await self.refresh_view()

    async def _choose_component(self) -> str:
        """Return the name of one of the known components, or of a new one; empty for none."""
        if self.view is None:
            return ""
        playbook = self.cockpit.playbook
        known = offered_components(self.view, playbook)
        choices = [Choice(name, name, state_words(state)) for name, state in known.items()]
        if not playbook.components:
            choices.append(Choice(_OTHER, "Another one", "Type its name."))
        answer = await self.app.push_screen_wait(
            ChoiceDialog("Which component?", choices, ask_reason=False)
        )
        if answer is None or answer[0]:
            return answer[0] if answer else ""
        name = await self.app.push_screen_wait(TextDialog("Which component?", "Name"))
        return " ".join((name or "").split())

    async def _choose_one(self, title: str, choices: list[Choice]) -> str:
        answer = await self.app.push_screen_wait(ChoiceDialog(title, choices, ask_reason=False))
        return answer[0] if answer else ""
