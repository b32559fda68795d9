"""One line between the list and the entry: what stands in the way, or what could be done next."""

from __future__ import annotations

from textual.strip import Strip

from cockpit.domain.visible import make_visible
from cockpit.widgets.painted import Painted, Span, clip_spans, spread


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

        aside: words at the right, which stay whole when the sentence is cut.
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
        right: tuple[Span, ...] = ((self._key, "strong"), (" ", "")) if self._key else ()
        if self._aside[0]:
            right = ((f" {make_visible(self._aside[0])}  ", self._aside[1]), *right)
        return self.paint(clip_spans(spread(left, right, width), width), width)
