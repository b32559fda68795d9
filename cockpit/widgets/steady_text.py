"""A text that is drawn when it changes, and moves others only when it needs more or fewer lines."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.visual import VisualType
from textual.widgets import Static


class SteadyText(Static):
    """Lines of text without markup.

    The library lays out the whole screen at each new text, even at the same one once more: in an
    update that was done for every letter.
    """

    def __init__(self, **options: Any) -> None:
        """Make an empty text; `options` are the widget's own (id, classes)."""
        super().__init__(markup=False, **options)

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        """Show another text; `layout`: as far as its lines ask for it."""
        before = self.content
        if isinstance(content, Content) and isinstance(before, Content) and content.is_same(before):
            return
        lines = self._lines()
        super().update(content, layout=False)
        if layout and self._lines() != lines:
            self.refresh(layout=True)

    def _lines(self) -> int:
        """Return how many lines the text takes at the present width."""
        width = self.content_size.width
        return self.get_content_height(self.size, self.size, width) if width else -1
