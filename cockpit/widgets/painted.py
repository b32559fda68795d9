"""Widgets that draw their own lines: named spans of plain text, never markup."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from cockpit.widgets.marks import marks

Span = tuple[str, str]
"""A piece of text and the name of its paint (a word of `PAINTS`, empty for normal text)."""

PAINTS = (
    "bright",
    "strong",
    "muted",
    "faint",
    "hairline",
    "soon",
    "late",
    "told",
    "sev1",
    "sev2",
    "sev3",
    "sev4",
    "cursor-muted",
    "thumb",
)
GROUNDS = ("cursor", "band", "band-focus")


class Painted(Widget):
    """A widget whose lines are spans in the theme's paints, on one of its grounds."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"paint--{name}" for name in (*PAINTS, *GROUNDS)}
    DEFAULT_CSS = """
    Painted {
        & .paint--bright { color: $bright; text-style: bold; }
        & .paint--strong { color: $bright; }
        & .paint--muted { color: $muted; }
        & .paint--faint { color: $faint; }
        & .paint--hairline { color: $hairline; }
        & .paint--soon { color: $soon; }
        & .paint--late { color: $late; text-style: bold; }
        & .paint--told { color: $told; }
        & .paint--sev1 { color: $badge-light; background: $sev1-badge; text-style: bold; }
        & .paint--sev2 { color: $badge-dark; background: $sev2-badge; text-style: bold; }
        & .paint--sev3 { color: $bright; background: $sev3-badge; text-style: bold; }
        & .paint--sev4 { color: $bright; background: $sev4-badge; text-style: bold; }
        & .paint--cursor-muted { color: $cursor-muted; }
        & .paint--thumb { background: $hairline; }
        & .paint--cursor { background: $cursor; }
        & .paint--band { background: $band; }
        & .paint--band-focus { background: $band-focus; }
    }
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
        if not name:
            return Style.null()
        return self.get_component_rich_style(f"paint--{name}", partial=True)

    def refresh_line(self, y: int, start: int = 0, stop: int | None = None) -> None:
        """Repaint the cells `start` to `stop` (exclusive; None: the end) of line `y` only."""
        end = self.size.width if stop is None else stop
        if end > start:
            self.refresh(Region(start, y, end - start, 1))


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
