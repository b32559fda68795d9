"""What the parts of the post-mortem pane's work share: the pane, and the section being edited."""

from __future__ import annotations

from abc import abstractmethod

from cockpit.screens.incident_panes import IncidentPanes
from cockpit.screens.section_editing import SectionEditing
from cockpit.widgets.postmortem_pane import PostmortemPane


class PostmortemBase(IncidentPanes):
    """Knows which form and section are open, and can store what was typed."""

    _editing: SectionEditing | None = None
    public_form: bool = False

    @property
    def postmortem_pane(self) -> PostmortemPane:
        """Return the pane."""
        return self.query_one(PostmortemPane)

    @abstractmethod
    def key_for(self, row: str) -> str:
        """Return the first key of a row of the key table as people see it."""

    @abstractmethod
    def store_section(self) -> None:
        """Hand what was typed to the writer's thread at once."""

    @abstractmethod
    async def show_sections(self, section: str = "") -> None:
        """Show the strip, and open `section` (empty: stay where we are, or the first one)."""
