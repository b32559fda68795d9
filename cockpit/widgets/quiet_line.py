"""One line between the list and the entry: what stands in the way, or what could be done next."""

from __future__ import annotations

from textual.strip import Strip

from cockpit.domain.visible import make_visible
from cockpit.widgets.painted import Painted, Span, cells_of, clip_spans, spread


class QuietLine(Painted):
    """A sentence that stays as long as it is true."""

    DEFAULT_CSS = "QuietLine { height: 1; }"

    def __init__(self) -> None:
        """Begin with nothing to say."""
        super().__init__()
        self._text, self._level, self._key = "", "muted", ""
        self._aside: Span = ("", "")

    @property
    def text(self) -> str:
        """Return the sentence, empty when there is none."""
        return self._text

    def show(self, text: str, level: str = "muted", key: str = "", aside: Span = ("", "")) -> bool:
        """Take a sentence, its paint and the key that answers it; say whether it is a new one.

        aside: words at the right; where there is no room beside the sentence, only those behind
        the last comma stay (how late it is, without whose it is).
        """
        if (text, level, key, aside) == (self._text, self._level, self._key, self._aside):
            return False
        self._text, self._level, self._key, self._aside = text, level, key, aside
        self.refresh()
        return True

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        width = self.size.width
        if y or not self._text:
            return self.paint((), width)
        left: tuple[Span, ...] = ((f" {make_visible(self._text)}", self._level),)
        right = self._right(self._aside[0])
        if cells_of(left) + cells_of(right) >= width:
            right = self._right(self._aside[0].rpartition(", ")[2])
        return self.paint(clip_spans(spread(left, right, width), width), width)

    def _right(self, aside: str) -> tuple[Span, ...]:
        key: tuple[Span, ...] = ((self._key, "strong"), (" ", "")) if self._key else ()
        return ((f" {make_visible(aside)}  ", self._aside[1]), *key) if aside else key
