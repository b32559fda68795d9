"""The dialog "have we seen this before?": past incidents like the one at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from cockpit.domain.past_incident import PastIncident
from cockpit.domain.visible import make_visible
from cockpit.screens.dialogs import Dialog
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.cells import cut
from cockpit.widgets.line_list import LineList
from cockpit.widgets.marks import marks
from cockpit.widgets.similar_list import SimilarList

OPEN = "open"
LINK = "link"

_AROUND = 12
"""Lines of the terminal that are not the list's: the margins, the title, what a row says."""


class SimilarDialog(Dialog[tuple[str, str] | None]):
    """Returns what is to be done (`OPEN` or `LINK`) with which incident."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("similar")
    DEFAULT_CSS = """
    SimilarDialog {
        & > Vertical { width: 112; }
        & #detail { height: 3; color: $text; margin-top: 1; }
        & #keys { height: 1; margin: 0; }
    }
    """

    def __init__(self, found: Sequence[PastIncident], *, links: bool, current: str = "") -> None:
        """Show the incidents `found`, with the cursor on the one with the id `current`.

        links: whether one can be linked to the incident at hand.
        """
        super().__init__()
        self._found = tuple(found)
        self._links = links
        self._current = current

    def compose(self) -> ComposeResult:
        """Lay out the list above what is known of the incident under the cursor."""
        with Vertical():
            yield Static(Content("Seen before?  Past incidents like this one"), id="title")
            yield SimilarList()
            yield Static(id="detail", markup=False)
            yield Static(id="keys", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the list."""
        ids = [each.id for each in self._found]
        similar = self.query_one(SimilarList)
        similar.show_items(self._found, ids.index(self._current) if self._current in ids else 0)
        similar.focus()
        self._tell()

    def on_resize(self, event: events.Resize) -> None:
        """Leave the list the lines that the words around it do not need."""
        self.query_one(SimilarList).styles.max_height = max(2, event.size.height - _AROUND)
        self.call_after_refresh(self._tell)

    @on(LineList.Moved)
    def _tell(self) -> None:
        item = self.query_one(SimilarList).current
        detail = self.query_one("#detail", Static)
        width = max(20, detail.size.width)
        lines = _details(item) if item else ["No past incident is like it."]
        lines = [cut(marks().prose(make_visible(each)), width) for each in lines]
        detail.update(Content("\n".join(lines)))
        link = "space takes the link back, " if item and item.linked else "space links it, "
        keys = f"enter opens it, {link if self._links else ''}esc back"
        self.query_one("#keys", Static).update(Content(keys))

    @on(LineList.Chosen)
    def _chosen(self) -> None:
        self._answer(OPEN)

    def action_link(self) -> None:
        """Say that this was seen before in the incident under the cursor, or that it was not."""
        if self._links:
            self._answer(LINK)

    def _answer(self, what: str) -> None:
        item = self.query_one(SimilarList).current
        if item is not None:
            self.dismiss((what, item.id))


def _details(item: PastIncident) -> list[str]:
    lines = [f"Cause: {item.cause}"] if item.cause else []
    lines += [f"What helped: {item.remedy}"] if item.remedy else []
    why = f"Both have: {', '.join(item.shared)}" if item.shared else ""
    return [*lines, why]
