"""The dialog that puts an entry of the timeline into a text: a field, and what matches it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.timer import Timer
from textual.widgets import Input, Static

from cockpit.domain.view import TimelineEntry
from cockpit.errors import CockpitError
from cockpit.screens.dialogs import Dialog
from cockpit.service.entry_picking import Picked
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.entry_choices import EntryChoices
from cockpit.widgets.text_field import TextField

NARROW_AFTER_SECONDS = 0.12
_AROUND = 9
"""Lines of the terminal that are not the list's: the margins, the title, the field, the count."""

Read = Callable[[str], Awaitable[Picked]]


class EntryPicker(Dialog[TimelineEntry | None]):
    """Starred entries first; typing narrows the list, enter chooses."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("picker")
    DEFAULT_CSS = """
    EntryPicker {
        & > Vertical { width: 112; }
        & TextField { margin-bottom: 1; }
        & #count { height: 1; }
    }
    """

    def __init__(self, read: Read) -> None:
        """Offer what `read` finds for the words in the field."""
        super().__init__()
        self._read = read
        self._timer: Timer | None = None
        self._asked = ""
        self._answered = False

    def compose(self) -> ComposeResult:
        """Lay the field out above the list and what is said of it."""
        with Vertical():
            yield Static(Content("Insert from the timeline"), id="title")
            yield TextField(placeholder="words of the entry")
            yield EntryChoices()
            yield Static(id="count", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Show the entries."""
        self.query_one(TextField).focus()
        self._narrow()

    def on_resize(self, event: events.Resize) -> None:
        """Leave the list the lines that the words around it do not need."""
        self.query_one(EntryChoices).styles.max_height = max(2, event.size.height - _AROUND)

    def action_cursor(self, step: str) -> None:
        """Move in the list; step: down, up, page_down or page_up."""
        choices = self.query_one(EntryChoices)
        {
            "down": choices.action_cursor_down,
            "up": choices.action_cursor_up,
            "page_down": choices.action_page_down,
            "page_up": choices.action_page_up,
        }[step]()

    @on(Input.Changed)
    def _changed(self) -> None:
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(NARROW_AFTER_SECONDS, self._narrow)

    def _narrow(self) -> None:
        self.run_worker(self._show(self.query_one(TextField).value), exclusive=True)

    async def _show(self, words: str) -> None:
        try:
            found = await self._read(words)
        except CockpitError as error:
            self.query_one("#count", Static).update(str(error))
            return
        self._asked, self._answered = words, True
        self.query_one(EntryChoices).show_items(found.entries, 0)
        self.query_one("#count", Static).update(_count_words(found))

    @on(Input.Submitted)
    async def _choose(self) -> None:
        # Enter may come before the list has followed what was typed.
        words = self.query_one(TextField).value
        if not self._answered or words != self._asked:
            await self._show(words)
        self.dismiss(self.query_one(EntryChoices).current)

    @on(EntryChoices.Chosen)
    def _clicked(self) -> None:
        self.dismiss(self.query_one(EntryChoices).current)


def _count_words(found: Picked) -> str:
    if not found.count:
        return "No entry has these words."
    shown = len(found.entries)
    if shown == found.count:
        return f"{shown:,} {'entry' if shown == 1 else 'entries'}. Enter puts one in."
    return f"The latest {shown:,} of {found.count:,}; type to narrow them."
