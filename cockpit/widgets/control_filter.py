"""The last guard before the terminal: no control byte of any text reaches it."""

from __future__ import annotations

import re

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

# Controls of both sets, and marks that turn the direction of what follows.
_ACTIVE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class ControlFilter(LineFilter):
    """Drops control characters and direction marks from drawn text."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments without them; the library's own controls stay."""
        del background
        if not any(_ACTIVE.search(text) for text, _, control in segments if not control):
            return segments
        return [
            Segment(text if control else _ACTIVE.sub("", text), style, control)
            for text, style, control in segments
        ]
