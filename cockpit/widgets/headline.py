"""Impact, cause and next step, in three lines above the timeline."""

from __future__ import annotations

from textual.strip import Strip

from cockpit.domain.view import IncidentView
from cockpit.domain.visible import make_visible
from cockpit.widgets.painted import Painted, Span, clip_spans

_LABEL_WIDTH = 8


class Headline(Painted):
    """What a person must know who joins now."""

    DEFAULT_CSS = "Headline { height: 3; }"

    def __init__(self) -> None:
        """Begin with nothing known."""
        super().__init__()
        self._rows: tuple[tuple[str, str], ...] = ()

    def show(self, view: IncidentView) -> None:
        """Take what is known of an incident."""
        rows = headline_rows(view)
        if rows != self._rows:
            self._rows = rows
            self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return line `y`: the label and what is known."""
        width = self.size.width
        if y >= len(self._rows):
            return self.paint((), width)
        label, text = self._rows[y]
        known: Span = (text, "") if text else ("not known yet", "muted")
        return self.paint(clip_spans([(label.ljust(_LABEL_WIDTH), "muted"), known], width), width)


def headline_rows(view: IncidentView) -> tuple[tuple[str, str], ...]:
    """Return the labels impact, cause and next with what is known of each (may be empty)."""
    return (
        ("impact", _one_line(view.impact_text) or impact_words(view)),
        ("cause", _one_line(view.cause)),
        ("next", _one_line(view.next_step)),
    )


def impact_words(view: IncidentView) -> str:
    """Return the impact as class and share, empty when it is unknown."""
    if view.impact is None:
        return ""
    share = f", {view.share:g} % of customers" if view.share is not None else ""
    return f"{view.impact.value}{share}"


def _one_line(text: str) -> str:
    return make_visible(" ".join(text.split()))
