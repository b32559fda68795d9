"""Widgets that draw their own lines: named spans of plain text, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from cockpit.widgets.marks import marks

Span = tuple[str, str]
"""A piece of text and the name of its paint (a word of `PAINTS`, empty for normal text)."""

Paint = tuple[str, str, bool]
"""The theme's colours of the letters and of what is behind them (empty: none), and boldness."""

PAINTS: dict[str, Paint] = {
    "bright": ("bright", "", True),
    "strong": ("bright", "", False),
    "muted": ("muted", "", False),
    "faint": ("faint", "", False),
    "hairline": ("hairline", "", False),
    "soon": ("soon", "", False),
    "late": ("late", "", True),
    "told": ("told", "", False),
    "sev1": ("badge-light", "sev1-badge", True),
    "sev2": ("badge-dark", "sev2-badge", True),
    "sev3": ("bright", "sev3-badge", True),
    "sev4": ("bright", "sev4-badge", True),
    "cursor-muted": ("cursor-muted", "", False),
    "thumb": ("", "hairline", False),
}
GROUNDS: dict[str, Paint] = {
    "cursor": ("", "cursor", False),
    "band": ("", "band", False),
    "band-focus": ("", "band-focus", False),
}
_LOOKS = {**PAINTS, **GROUNDS, "": ("", "", False)}


class Painted(Widget):
    """A widget whose lines are spans in the theme's paints, on one of its grounds.

    The paints are the same everywhere, and so no styles of the widget's own: matching these for
    each widget took longer than drawing it.
    """

    def __init__(self, **options: Any) -> None:
        """Start without known styles; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._inks: dict[Span, Style] = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw lines; what a paint looks like is asked once for all of them."""
        self._inks.clear()
        return super().render_lines(crop)

    def paint(self, spans: Sequence[Span], width: int, ground: str = "") -> Strip:
        """Return one line of exactly `width` cells; what does not fit is cut."""
        on_cursor = ground in ("cursor", "band-focus")
        segments = []
        left = width
        for text, name in spans:
            if left <= 0:
                break
            cells = cell_len(text)
            if cells > left:
                text, cells = set_cell_size(text, left), left
            paint = "cursor-muted" if on_cursor and name in ("muted", "faint") else name
            segments.append(Segment(text, self._ink(ground, paint)))
            left -= cells
        if left > 0:
            segments.append(Segment(" " * left, self._ink(ground, "")))
        return Strip(segments, width)

    def _ink(self, ground: str, paint: str) -> Style:
        """Return the style of a paint on a ground."""
        ink = self._inks.get((ground, paint))
        if ink is None:
            base = self._ink(ground, "") if paint else self.rich_style
            ink = base + self._style(paint or ground)
            self._inks[ground, paint] = ink
        return ink

    def _style(self, name: str) -> Style:
        front, ground, bold = _LOOKS[name]
        colours = self.app.theme_variables
        return _style_of(colours.get(front, ""), colours.get(ground, ""), bold)

    def refresh_line(self, y: int, start: int = 0, stop: int | None = None) -> None:
        """Repaint the cells `start` to `stop` (exclusive; None: the end) of line `y` only."""
        end = self.size.width if stop is None else stop
        if end > start:
            self.refresh(Region(start, y, end - start, 1))


@lru_cache(maxsize=256)
def _style_of(front: str, ground: str, bold: bool) -> Style:
    """Return the style of a theme's colours; an empty one leaves what is there."""
    return Style(
        color=Color.parse(front).rich_color if front else None,
        bgcolor=Color.parse(ground).rich_color if ground else None,
        bold=bold or None,
    )


def spread(left: Sequence[Span], right: Sequence[Span], width: int) -> tuple[Span, ...]:
    """Return a line with `left` at its start and `right` at its end, the right part kept whole."""
    room = width - cells_of(right)
    kept = clip_spans(left, room - 1 if right else room)
    return (*kept, (" " * max(0, room - cells_of(kept)), ""), *right)


def cells_of(spans: Sequence[Span]) -> int:
    """Return the width of spans in cells."""
    return sum(cell_len(text) for text, _ in spans)


def clip_spans(spans: Sequence[Span], width: int) -> tuple[Span, ...]:
    """Return spans of at most `width` cells; a cut one ends with an ellipsis."""
    kept: list[Span] = []
    left = width
    for text, name in spans:
        cells = cell_len(text)
        if cells <= left:
            kept.append((text, name))
            left -= cells
            continue
        if left > 0:
            kept.append((set_cell_size(text, left - 1).rstrip() + marks().more, name))
        break
    return tuple(kept)


def changed_cells(before: Sequence[Span], after: Sequence[Span], width: int) -> tuple[int, int]:
    """Return the first changed cell of a line, and the one after the last (all when unsure)."""
    if before == after:
        return 0, 0
    old, new = _cells(before), _cells(after)
    if old is None or new is None:
        return 0, width
    size = max(len(old), len(new))
    old += [(" ", "")] * (size - len(old))
    new += [(" ", "")] * (size - len(new))
    different = [at for at in range(size) if old[at] != new[at]]
    return (different[0], min(width, different[-1] + 1)) if different else (0, 0)


def _cells(line: Sequence[Span]) -> list[Span] | None:
    """Return one span per cell; None when a character is not one cell wide."""
    cells = [(character, paint) for text, paint in line for character in text]
    return cells if len(cells) == cells_of(line) else None


def wrap_text(text: str, width: int, limit: int = 1_000) -> list[str]:
    """Return the lines of `text`, broken at blanks to at most `width` cells.

    Args:
        text: Visible text; its own line breaks are kept.
        width: Cells of a line, at least 2.
        limit: The most lines that are computed; the rest is left out.
    """
    width = max(2, width)
    lines: list[str] = []
    for paragraph in text.split("\n"):
        if len(lines) >= limit:
            break
        lines.extend(_wrap_paragraph(paragraph, width, limit - len(lines)))
    return lines[:limit]


def _wrap_paragraph(paragraph: str, width: int, limit: int) -> list[str]:
    if cell_len(paragraph) <= width:
        return [paragraph]
    lines: list[str] = []
    line, used = "", 0
    for word in paragraph.split(" "):
        cells = cell_len(word)
        if line and used + 1 + cells > width:
            lines.append(line.rstrip())
            line, used = "", 0
        if cells > width:
            *full, word = chop_cells(f"{line} {word}".lstrip() if line else word, width)
            lines.extend(full)
            line, used = word, cell_len(word)
        elif line or used:
            line, used = f"{line} {word}", used + 1 + cells
        else:
            line, used = word, cells
        if len(lines) > limit:
            return lines
    return [*lines, line.rstrip()]
