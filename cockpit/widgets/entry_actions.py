"""What can be done with the selected entry of a timeline, as messages of intent."""

from __future__ import annotations

from textual.message import Message

from cockpit.domain.view import TimelineEntry
from cockpit.widgets.painted import Painted


class EntryActions(Painted):
    """Turns keys on the selected entry into messages; stores nothing."""

    class Chosen(Message):
        """Something is wanted of the selected entry: correct, move, star or hide."""

        def __init__(self, entry: TimelineEntry, action: str) -> None:
            """Keep the entry and the action's word."""
            super().__init__()
            self.entry, self.action = entry, action

    class FilterWanted(Message):
        """The list should show `starred` entries only, or `hidden` ones too, or no longer."""

        def __init__(self, what: str) -> None:
            """Keep the word."""
            super().__init__()
            self.what = what

    @property
    def entry(self) -> TimelineEntry | None:
        """Return the selected entry, None without one."""
        return None

    def action_select(self) -> None:
        """Correct the selected entry."""
        self._choose("correct")

    def action_correct_entry(self) -> None:
        """Correct the selected entry."""
        self._choose("correct")

    def action_hide_entry(self) -> None:
        """Delete the selected entry (undo brings it back)."""
        self._choose("hide")

    def action_move_entry(self) -> None:
        """Give the selected entry another time."""
        self._choose("move")

    def action_star_entry(self) -> None:
        """Star the selected entry, or take its star away."""
        self._choose("star")

    def action_only_starred(self) -> None:
        """Show starred entries only, or all again."""
        self.post_message(self.FilterWanted("starred"))

    def action_show_hidden(self) -> None:
        """Show what was deleted, too, or no longer."""
        self.post_message(self.FilterWanted("hidden"))

    def _choose(self, action: str) -> None:
        if self.entry is not None:
            self.post_message(self.Chosen(self.entry, action))
