"""One quiet line of the others: who is here, and how long ago we heard of each other."""

from __future__ import annotations

from textual.strip import Strip

from cockpit.domain.together import Together
from cockpit.widgets.painted import Painted, Span, cells_of, changed_cells, clip_spans, spread

_GAP: Span = ("   ", "")


def together_spans(together: Together) -> list[tuple[Span, ...]]:
    """Return the wordings of the line, from the fullest to the shortest; none without sharing."""
    if not together.shares:
        return []
    words: Span = (together.words.text, "soon" if together.words.loud else "muted")
    here: list[tuple[Span, ...]] = [((each, "muted"), _GAP, words) for each in together.here]
    return [*here, (words,)]


class SyncLine(Painted):
    """The line where the title has no second one; blank on a machine that shares with nobody."""

    DEFAULT_CSS = "SyncLine { height: 1; }"

    def __init__(self) -> None:
        """Begin blank."""
        super().__init__()
        self._together = Together()
        self._line: tuple[Span, ...] = ()

    def show(self, together: Together) -> None:
        """Take what to say; only cells that change are repainted."""
        self._together = together
        self._show()

    def on_resize(self) -> None:
        """Draw anew for the new width."""
        self._show()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        return self.paint(() if y else self._line, self.size.width)

    def _show(self) -> None:
        old, self._line = self._line, sync_line(self._together, self.size.width)
        self.refresh_line(0, *changed_cells(old, self._line, self.size.width))


def sync_line(together: Together, width: int) -> tuple[Span, ...]:
    """Return the line: who is here on the left, how it stands on the right."""
    variants = together_spans(together)
    if not variants or not width:
        return ()
    right = variants[-1]
    for here in together.here:
        left: Span = (f" {here}", "muted")
        if cells_of((left, *right)) < width:
            return spread((left,), right, width)
    return clip_spans(spread((), right, width), width)
