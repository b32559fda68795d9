"""What is drawn for an update: of the lines that hold something new, the widgets seen there.

The library draws every line of every widget whose container the update touches, and then throws
away all but a few. A second of the countdown changes four lines of four widgets out of thirty.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

Line = dict[int, Strip | None]
"""The pieces of a line by the columns where they begin, None for those that are not drawn yet."""


class PartialDrawing(Compositor):
    """Draws for an update whole lines, each from the widgets in front, and no others."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """Return what changed since the last drawing, None when nothing did."""
        cuts = self.cuts
        spans = [
            each for each in self._regions_to_spans(self._dirty_regions) if each[0] < len(cuts)
        ]
        self._dirty_regions.clear()
        if not spans:
            return None
        lines: dict[int, Line] = {y: dict.fromkeys(cuts[y][:-1]) for y, _, _ in spans}
        undrawn = dict(lines)
        for widget, seen, at in self._seen():
            _draw(widget, seen, at, undrawn, cuts)
            if not undrawn:
                break
        blank: Line = {}
        chops = [lines.get(y, blank) for y in range(len(cuts))]
        return ChopsUpdate(chops, spans, [each[1:] for each in cuts])

    def _seen(self) -> Iterator[tuple[Widget, Region, tuple[int, int]]]:
        """Yield the widgets, the one in front first: where each is seen, and where it begins."""
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            if seen:
                yield widget, seen, (region.x, region.y)


def _draw(
    widget: Widget,
    seen: Region,
    at: tuple[int, int],
    undrawn: dict[int, Line],
    cuts: Sequence[Sequence[int]],
) -> None:
    """Draw those lines of a widget of which something is seen; take out lines that are whole."""
    stop = seen.right
    wanted = [
        y
        for y, line in undrawn.items()
        if seen.y <= y < seen.bottom
        and any(piece is None and seen.x <= x < stop for x, piece in line.items())
    ]
    if not wanted:
        return
    first, last = min(wanted), max(wanted)
    x, y = at
    strips = widget.render_lines(Region(seen.x - x, first - y, seen.width, last - first + 1))
    for y in wanted:
        line = undrawn[y]
        places = [cut for cut in cuts[y] if seen.x <= cut <= stop]
        pieces = strips[y - first].divide([cut - seen.x for cut in places[1:]])
        for place, piece in zip(places, pieces, strict=False):
            if line[place] is None:
                line[place] = piece
        if None not in line.values():
            del undrawn[y]
