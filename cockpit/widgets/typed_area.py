"""A text field whose undo is its own: it takes back what was typed here, never what others wrote.

The library's undo knows nothing of a second writer and ends with the app; it is used only for where
one step ends and the next one begins.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from textual.document._document import EditResult, Selection
from textual.document._edit import Edit
from textual.dom import DOMNode
from textual.types import WatchCallbackType
from textual.widgets import TextArea

from cockpit.domain.text_merge import Splice
from cockpit.domain.typing_history import Step, TypingHistory
from cockpit.widgets.text_places import find_offset, locate, move_offset


class TypedArea(TextArea):
    """Keeps a history of what is typed that can be put aside and taken up again."""

    takes_text = True

    def __init__(self, **options: Any) -> None:
        """Make an empty field; `options` are the widget's own (id, classes, …)."""
        super().__init__(max_checkpoints=2, **options)
        self.past = TypingHistory()
        self._records = True
        self._goes_on = False

    def watch(
        self, obj: DOMNode, attribute_name: str, callback: WatchCallbackType, init: bool = True
    ) -> None:
        """Watch nothing of the app: its list of those who do would keep the field and its text.

        The library asks to hear of new colours so; they come with the styles, and are looked up at
        each drawing.
        """
        if obj is not self.app:
            super().watch(obj, attribute_name, callback, init)

    def edit(self, edit: Edit) -> EditResult:
        """Change the text, and keep how to take that back."""
        at = find_offset(self.text, edit.top)
        result = super().edit(edit)
        if self._records:
            new = self.document.get_text_range(edit.top, result.end_location)
            batches = self.history.undo_stack
            fresh = not batches or len(batches[-1]) == 1
            self.past.record(at, result.replaced_text, new, fresh=fresh and not self._goes_on)
        return result

    def begin_history(self, past: TypingHistory | None = None) -> None:
        """Forget what could be taken back, or go on from a history that was kept."""
        self.past = past or TypingHistory()
        self.history.clear()

    def splice(self, splices: Iterable[Splice]) -> None:
        """Take in what somebody else changed; the cursor stays at its word, and undo is ours."""
        found = tuple(splices)
        if not found:
            return
        text = self.text
        start, end = (move_offset(find_offset(text, place), found) for place in (*self.selection,))
        self.past.move_around(found, text)
        self._records = False
        try:
            for each in reversed(found):
                self.replace(each.text, locate(text, each.start), locate(text, each.stop))
        finally:
            self._records = True
            self.history.checkpoint()
        after = self.text
        self.selection = self.selection._replace(start=locate(after, start), end=locate(after, end))

    def rewrite(self, splices: Iterable[Splice]) -> None:
        """Change several places of the text as one step of the person's own."""
        text = self.text
        try:
            for each in reversed(tuple(splices)):
                start, stop = locate(text, each.start), locate(text, each.stop)
                self.replace(each.text, start, stop, maintain_selection_offset=False)
                self._goes_on = True
        finally:
            self._goes_on = False
            self.history.checkpoint()

    def undo(self) -> None:
        """Take back the last step."""
        self._make(self.past.undo())

    def redo(self) -> None:
        """Do the last step again that was taken back."""
        self._make(self.past.redo())

    def forget_selection(self) -> None:
        """Put the cursor to the start without drawing it.

        The library scrolls to the old cursor while the text is already shorter, and fails when the
        cursor's line is gone; and it leaves the cursor where it was while none is drawn.
        """
        self.set_reactive(TextArea.selection, Selection.cursor((0, 0)))

    def _make(self, step: Step) -> None:
        if not step:
            return
        self._records = False
        try:
            for change in step:
                text = self.text
                start, stop = locate(text, change.at), locate(text, change.end)
                if text[change.at : change.end] != change.gone:
                    # The text is not the one that the steps are of: they must not touch it.
                    self.begin_history()
                    return
                self.replace(change.new, start, stop, maintain_selection_offset=False)
        finally:
            self._records = True
            self.history.checkpoint()
