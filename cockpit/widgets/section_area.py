"""The text field of a post-mortem's section: marks wording, takes entries of the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.message import Message

from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.draft_area import DraftArea
from cockpit.widgets.text_places import find_offset, locate

Span = tuple[int, int]
"""Where words begin and end in the text, in code points."""


class SectionArea(DraftArea):
    """A long text with some of its words underlined."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("section")

    class EntryWanted(Message):
        """The person wants to put an entry of the timeline in."""

    class NextWanted(Message):
        """The person wants to go to the next wording that is pointed out."""

    class AcceptWanted(Message):
        """The person says that the wording pointed out is fine as it is."""

    class PreviewWanted(Message):
        """The person wants to see how the text will read."""

    def __init__(self, **options: Any) -> None:
        """Make an empty field; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._underlined: dict[int, list[Span]] = {}

    @property
    def cursor(self) -> int:
        """Return the offset of the cursor in the text."""
        return find_offset(self.text, self.cursor_location)

    def underline(self, spans: Sequence[Span]) -> None:
        """Underline these places of the text as it is now, and no others."""
        text, marked = self.text, dict[int, list[Span]]()
        for start, stop in spans:
            row, column = locate(text, start)
            for line in text[start:stop].split("\n"):
                marked.setdefault(row, []).append((column, column + len(line)))
                row, column = row + 1, 0
        if marked != self._underlined:
            self._underlined = marked
            self._line_cache.clear()
            self.refresh()

    def get_line(self, line_index: int) -> Text:
        """Return a line for drawing, with its underlined words."""
        line = super().get_line(line_index)
        for start, stop in self._underlined.get(line_index, ()):
            line.stylize("underline", start, stop)
        return line

    def insert_line(self, line: str) -> None:
        """Put a line in at the cursor, on a line of its own."""
        row, column = self.cursor_location
        rest = self.document.get_line(row)[column:]
        before, after = "\n" if column else "", "\n" if rest or not column else ""
        start, end = self.selection
        self.history.checkpoint()
        self.replace(f"{before}{line}{after}", start, end, maintain_selection_offset=False)

    def action_insert_entry(self) -> None:
        """Choose an entry of the timeline to put in."""
        if not self.read_only:
            self.post_message(self.EntryWanted())

    def action_preview(self) -> None:
        """Show how the text will read."""
        self.post_message(self.PreviewWanted())

    def action_next_hint(self) -> None:
        """Go to the next wording that is pointed out."""
        self.post_message(self.NextWanted())

    def action_accept_hint(self) -> None:
        """Say that the wording pointed out is fine as it is."""
        self.post_message(self.AcceptWanted())
