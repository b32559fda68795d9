"""The stakeholder pane's work: who was told, and by whom it is noted."""

from __future__ import annotations

from collections.abc import Callable

from cockpit.domain.stakeholder_board import board
from cockpit.domain.view import IncidentView, Stakeholder
from cockpit.domain.vocabulary import Level, Quadrant, Ring
from cockpit.screens.dialogs import Choice, ChoiceDialog, TextDialog
from cockpit.screens.incident_panes import IncidentPanes
from cockpit.service import people
from cockpit.service.session import Session
from cockpit.widgets.stakeholder_pane import StakeholderPane

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
    """Marks stakeholders as told, one or a whole field, and adds new ones."""

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

    def on_stakeholder_pane_told(self, event: StakeholderPane.Told) -> None:
        """Note that those stakeholders were told now."""
        event.stop()
        inc, ids = self.inc, event.ids
        self._note_told(ids, lambda session: people.tell(session, inc, ids))

    def on_stakeholder_pane_quadrant_told(self, event: StakeholderPane.QuadrantTold) -> None:
        """Note that a whole field was told now."""
        event.stop()
        inc, field = self.inc, event.quadrant
        known = self.view.stakeholders if self.view else ()
        ids = tuple(each.id for each in known if each.quadrant is field)
        self._note_told(ids, lambda session: people.tell_quadrant(session, inc, field))

    def on_stakeholder_pane_add_wanted(self, event: StakeholderPane.AddWanted) -> None:
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
