"""One value out of a few on a single line, changed with the left and right arrows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.strip import Strip

from cockpit.domain.visible import make_visible
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.cells import cut, pad
from cockpit.widgets.marks import marks
from cockpit.widgets.painted import Painted

_LABEL = 11


class ValueLine(Painted, can_focus=True):
    """A label and the chosen value, which may be none."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("value")
    DEFAULT_CSS = """
    ValueLine { height: 1; background: $ground; }
    """

    class Changed(Message):
        """Another value was chosen."""

    def __init__(
        self, label: str, values: Sequence[tuple[str, str]], nothing: str, **options: Any
    ) -> None:
        """Offer `values` (id and words); `nothing` stands for no value."""
        super().__init__(**options)
        self._label = label
        self._values = (("", nothing), *values)
        self._index = 0

    @property
    def value(self) -> str:
        """Return the chosen value's id, empty for none."""
        return self._values[self._index][0]

    def action_value(self, step: int) -> None:
        """Go to the value `step` places further, around the end."""
        self._index = (self._index + step) % len(self._values)
        self.refresh()
        self.post_message(self.Changed())

    def on_focus(self) -> None:
        """Show that the keys go here."""
        self.refresh()

    def on_blur(self) -> None:
        """Show that the keys go elsewhere."""
        self.refresh()

    def get_content_height(self, *_sizes: Any) -> int:
        """Return one line."""
        return 1

    def render_line(self, y: int) -> Strip:
        """Draw the line."""
        del y
        width = self.size.width
        value, words = self._values[self._index]
        arrows = f"  {self._index}/{len(self._values) - 1}" if self.has_focus and value else ""
        room = width - _LABEL - len(arrows) - 6
        shown = cut(make_visible(words), room)
        return self.paint(
            [
                (" " + pad(self._label, _LABEL - 1), "muted"),
                (f"{marks().back} " if self.has_focus else "  ", "muted"),
                (shown, "bright" if value else "muted"),
                (f" {marks().on}" if self.has_focus else "", "muted"),
                (arrows, "muted"),
            ],
            width,
            "band-focus" if self.has_focus else "",
        )
