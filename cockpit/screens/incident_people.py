"""The stakeholder pane's work: who was told, and by whom it is noted."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.domain.stakeholder_board import board
from cockpit.domain.view import IncidentView, Stakeholder
from cockpit.domain.vocabulary import Level, Quadrant, Ring
from cockpit.errors import InvalidInputError
from cockpit.screens.dialogs import Choice, ChoiceDialog, TextDialog
from cockpit.screens.incident_panes import IncidentPanes
from cockpit.screens.person_editing import ask_change, ask_value
from cockpit.service import people, stakeholders
from cockpit.service.session import Session
from cockpit.widgets.stakeholder_pane import StakeholderPane
from cockpit.widgets.stakeholder_wishes import StakeholderWishes

_FIELDS = {
    Quadrant.CLOSELY: (Level.HIGH, Level.HIGH, Ring.EXECUTIVES),
    Quadrant.SATISFIED: (Level.HIGH, Level.LOW, Ring.CUSTOMERS),
    Quadrant.INFORMED: (Level.LOW, Level.HIGH, Ring.SUPPORT),
    Quadrant.MONITOR: (Level.LOW, Level.LOW, Ring.EMPLOYEES),
}
"""Power, interest and usual ring of whoever is added to a field."""
_EXPLAINED = {
    Quadrant.CLOSELY: "high power, high interest",
    Quadrant.SATISFIED: "high power, low interest",
    Quadrant.INFORMED: "low power, high interest",
    Quadrant.MONITOR: "low power, low interest",
}


def names_in_words(names: list[str], most: int = 3) -> str:
    """Return names as a sentence says them: "A, B and C", "A, B and 5 more"."""
    if len(names) <= most:
        return " and ".join(", ".join(names).rsplit(", ", 1))
    return f"{', '.join(names[: most - 1])} and {len(names) - most + 1} more"


class PeopleMixin(IncidentPanes):
    """Marks stakeholders as told, one or many, changes them and adds new ones."""

    _mistake = ""

    @property
    def stakeholder_pane(self) -> StakeholderPane:
        """Return the pane."""
        return self.query_one(StakeholderPane)

    def show_board(self) -> None:
        """Show who was told and who waits, as of now."""
        if self.view is None:
            return
        playbook = self.cockpit.playbook
        names = {each.id: each.name for each in playbook.channels}
        self.stakeholder_pane.show_board(board(self.view, playbook, self.cockpit.clock()), names)

    def on_stakeholder_pane_board_stale(self, event: StakeholderPane.BoardStale) -> None:
        """Make the board again: the view or the clock has moved on."""
        event.stop()
        self.show_board()

    def on_stakeholder_wishes_told(self, event: StakeholderWishes.Told) -> None:
        """Note that those stakeholders were told now."""
        event.stop()
        inc, ids = self.inc, event.ids
        self._note_told(ids, lambda session: people.tell(session, inc, ids))

    def on_stakeholder_wishes_quadrant_told(self, event: StakeholderWishes.QuadrantTold) -> None:
        """Note that a whole field was told now."""
        event.stop()
        inc, field = self.inc, event.quadrant
        known = self.view.stakeholders if self.view else ()
        ids = tuple(each.id for each in known if each.quadrant is field)
        self._note_told(ids, lambda session: people.tell_quadrant(session, inc, field))

    def on_stakeholder_wishes_ring_told(self, event: StakeholderWishes.RingTold) -> None:
        """Note that a whole ring was told now."""
        event.stop()
        inc, ring = self.inc, event.ring
        known = self.view.stakeholders if self.view else ()
        ids = tuple(each.id for each in known if each.ring is ring)
        self._note_told(ids, lambda session: people.tell_ring(session, inc, ring))

    def action_tell_waiting(self) -> None:
        """Note that everybody who is due or late was told now."""
        if self.view is None:
            return
        waiting = board(self.view, self.cockpit.playbook, self.cockpit.clock()).to_tell()
        ids = tuple(cell.stakeholder.id for cell in waiting)
        if not ids:
            self.cockpit.notice("Nobody is waiting: everyone who is due was told.")
            return
        inc = self.inc
        self._note_told(ids, lambda session: people.tell(session, inc, ids))

    def on_stakeholder_wishes_edit_wanted(self, event: StakeholderWishes.EditWanted) -> None:
        """Ask what to change of somebody."""
        event.stop()
        known = self.view.stakeholders if self.view else ()
        person = next((each for each in known if each.id == event.person), None)
        if person is not None:
            self.start_work(self._edit_stakeholder(person), "people-add")

    def on_stakeholder_wishes_add_wanted(self, event: StakeholderWishes.AddWanted) -> None:
        """Ask for somebody new."""
        event.stop()
        self.start_work(self._add_stakeholder(), "people-add")

    def _note_told(self, ids: tuple[str, ...], work: Callable[[Session], IncidentView]) -> None:
        known = {each.id: each.name for each in (self.view.stakeholders if self.view else ())}
        names = names_in_words([known.get(each, each) for each in ids])

        async def tell() -> None:
            await self.cockpit.perform(work)
            at = self.clock_words(self.cockpit.clock())
            self.cockpit.notice(f"{names}: told at {at}. u takes it back.")
            await self.refresh_view()

        self.queue_work(tell(), "people")

    async def _edit_stakeholder(self, person: Stakeholder) -> None:
        change = await ask_change(self.app, person)
        while change is not None:
            field, text = change
            if await self._change_person(person, field, text):
                return
            again = await ask_value(self.app, person, field, text, self._mistake)
            change = None if again is None else (field, again)

    async def _change_person(self, person: Stakeholder, field: str, text: str) -> bool:
        """Set one field; say whether it was right, else keep what was wrong with it."""
        inc = self.inc
        try:
            await self.cockpit.perform(
                lambda session: stakeholders.edit(session, inc, person.id, {field: text})
            )
        except InvalidInputError as mistake:
            self._mistake = str(mistake)
            return False
        self.cockpit.notice(f"{person.name} is changed. u takes it back.")
        await self.refresh_view()
        return True

    async def _add_stakeholder(self) -> None:
        line = await self.app.push_screen_wait(
            TextDialog("Add a stakeholder", "Name, title (both as people call them)", "")
        )
        name, _, title = (line or "").partition(",")
        if not name.strip():
            return
        answer = await self.app.push_screen_wait(
            ChoiceDialog(
                f"Where does {name.strip()} stand?",
                [Choice(each.value, each.value.capitalize(), _EXPLAINED[each]) for each in _FIELDS],
                ask_reason=False,
            )
        )
        if answer is None:
            return
        power, interest, ring = _FIELDS[Quadrant(answer[0])]

        def add(session: Session) -> IncidentView:
            person = Stakeholder(
                session.new_id()[:12], name.strip(), ring, power, interest, title.strip()
            )
            return people.add_stakeholder(session, self.inc, person)

        await self.cockpit.perform(add)
        self.cockpit.notice(f"{name.strip()} stands in “{answer[0]}”. u takes it back.")
        await self.refresh_view()
