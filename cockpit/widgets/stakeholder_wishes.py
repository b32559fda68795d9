"""What a person may want of the selected stakeholder: told, alone or with others; changed."""

from __future__ import annotations

from abc import abstractmethod

from textual.message import Message
from textual.widget import Widget

from cockpit.domain.stakeholder_board import StakeholderCell
from cockpit.domain.vocabulary import Quadrant, Ring


class StakeholderWishes(Widget):
    """The actions of a widget in which one stakeholder is selected."""

    class Told(Message):
        """Those stakeholders were told now."""

        def __init__(self, ids: tuple[str, ...]) -> None:
            """Keep the stakeholders' ids."""
            super().__init__()
            self.ids = ids

    class QuadrantTold(Message):
        """Everybody in the selected person's field was told now."""

        def __init__(self, quadrant: Quadrant) -> None:
            """Keep the field."""
            super().__init__()
            self.quadrant = quadrant

    class RingTold(Message):
        """Everybody in the selected person's ring was told now."""

        def __init__(self, ring: Ring) -> None:
            """Keep the ring."""
            super().__init__()
            self.ring = ring

    class AddWanted(Message):
        """The person wants to add a stakeholder."""

    class EditWanted(Message):
        """The person wants to change what is known of a stakeholder."""

        def __init__(self, person: str) -> None:
            """Keep the stakeholder's id."""
            super().__init__()
            self.person = person

    @property
    @abstractmethod
    def selected(self) -> StakeholderCell | None:
        """Return the selected person, None when there is nobody."""

    def action_tell(self) -> None:
        """Say that the selected person was told now."""
        if cell := self.selected:
            self.post_message(self.Told((cell.stakeholder.id,)))

    def action_tell_quadrant(self) -> None:
        """Say that the selected person's whole field was told now."""
        if cell := self.selected:
            self.post_message(self.QuadrantTold(cell.stakeholder.quadrant))

    def action_tell_ring(self) -> None:
        """Say that the selected person's whole ring was told now."""
        if cell := self.selected:
            self.post_message(self.RingTold(cell.stakeholder.ring))

    def action_edit_stakeholder(self) -> None:
        """Ask what to change of the selected person."""
        if cell := self.selected:
            self.post_message(self.EditWanted(cell.stakeholder.id))

    def action_add_stakeholder(self) -> None:
        """Ask for a new stakeholder."""
        self.post_message(self.AddWanted())
