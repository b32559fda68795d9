"""What the parts of the incident screen that serve single panes know of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cockpit.domain.view import IncidentView
from cockpit.errors import CockpitError
from cockpit.screens.live_work import close_after

if TYPE_CHECKING:
    from cockpit.screens.base import CockpitScreen
    from cockpit.widgets.draft_area import DraftArea

    _Screen = CockpitScreen[None]
else:
    # The library looks through all bases of each class that is a screen: over a millisecond for
    # every part, and there are many. Only the whole of them is one.
    _Screen = object


class IncidentPanes(_Screen):
    """A part of a screen that shows one incident: its id and its latest view."""

    inc: str
    view: IncidentView | None

    @abstractmethod
    async def refresh_view(self) -> None:
        """Read the view again and hand it to all panes."""

    def go_to(self, pane: int) -> None:
        """Show a pane and give it the keyboard."""

    def show_update_for(self, stage: str, audience: str) -> None:
        """Go to the update's pane with the text of a stage for an audience."""

    @abstractmethod
    async def list_findings(self, *, public: bool) -> bool:
        """Say whether something is left in a form of the post-mortem, and let one go there."""

    def on_draft_area_lines_broken(self, event: DraftArea.LinesBroken) -> None:
        """Say that a paste was changed, though nothing of it was left out."""
        event.stop()
        self.cockpit.notice("A very long pasted line was broken into several; nothing is lost.")

    def start_work(self, work: Coroutine[Any, Any, None], group: str) -> None:
        """Do `work` beside the screen, in place of earlier work of that group; errors are told."""
        worker = self.run_worker(self._tell_trouble(work), group=group, exclusive=True)
        close_after(worker, work)

    def queue_work(self, work: Coroutine[Any, Any, None], group: str) -> None:
        """Do `work` beside the screen, without stopping what is under way; errors are told."""
        close_after(self.run_worker(self._tell_trouble(work), group=group), work)

    def clock_words(self, at: datetime) -> str:
        """Return a time of day with its zone, as notices say it: "03:58 UTC"."""
        return f"{at.astimezone(self.cockpit.zone):%H:%M %Z}"

    async def _tell_trouble(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except CockpitError as error:
            self.tell_error(error)
