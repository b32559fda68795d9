"""The last guard before the terminal: no control byte of any text reaches it."""

from __future__ import annotations

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from cockpit.domain.visible import drop_acting


class ControlFilter(LineFilter):
    """Drops from drawn text what acts on a terminal, turns its direction or cannot be seen.

    Texts are made visible where they are shown; what slips through, as in a field in which people
    write, takes no room on the screen and is left out here.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without them; the library's own controls stay."""
        del background
        if all(text == drop_acting(text) for text, _, control in segments if not control):
            return segments
        return [
            Segment(text if control else drop_acting(text), style, control)
            for text, style, control in segments
        ]
