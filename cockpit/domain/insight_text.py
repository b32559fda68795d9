"""The insights as plain text for the shell: tables with bars of blocks, or of plain characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from cockpit.domain.insight_sections import (
    FigureRow,
    Section,
    count_words,
    period_words,
    sections,
)
from cockpit.domain.insights import Insights
from cockpit.domain.visible import cell_width, clip, make_visible

_GAP = "  "
_BAR = 20
_LONGEST = 40
_WIDTH = 80
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_HEIGHTS = "▁▂▃▄▅▆▇█"
_PLAIN_HEIGHTS = ".:-=+*#@"


def insight_lines(found: Insights, *, plain: bool = False) -> Iterator[str]:
    """Yield all figures of a period; `plain`: bars of ASCII."""
    yield f"{period_words(found)} (UTC), {count_words(len(found.cases))}"
    if found.columns:
        counts = [len(each.cases) for each in found.columns]
        yield f"By {found.by}: {sparkline(counts, plain=plain)}  at most {max(counts):,}"
    for section in sections(found):
        yield ""
        yield section.title
        if section.rows:
            yield from _table(section, plain=plain)
        else:
            yield "  none"
        if section.note:
            yield from wrap(section.note, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def bar(share: float, cells: int, *, plain: bool = False) -> str:
    """Return a bar of at most `cells` cells for a share (0 to 1); anything above zero shows."""
    share = min(1.0, max(0.0, share))
    if plain:
        return "#" * max(round(share * cells), int(share > 0))
    eighths = max(round(share * cells * 8), int(share > 0))
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def sparkline(counts: Sequence[int], *, plain: bool = False) -> str:
    """Return one character for each count, a blank or a point for zero."""
    most = max(counts, default=0)
    heights = _PLAIN_HEIGHTS if plain else _HEIGHTS
    return "".join(
        heights[max(0, -(-count * len(heights) // most) - 1)] if count else ("_" if plain else " ")
        for count in counts
    )


def _table(section: Section, *, plain: bool) -> Iterator[str]:
    lines = [section.headers, *(_cells(row) for row in section.rows)]
    widths = [max(cell_width(line[at]) for line in lines) for at in range(len(section.headers))]
    for line, row in zip(lines, (None, *section.rows), strict=True):
        cells = (
            _fit(cell, width, place)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        tail = bar(row.share, _BAR, plain=plain) if row and row.share is not None else ""
        yield f"  {_GAP.join(cells)}{_GAP}{tail}".rstrip()


def _cells(row: FigureRow) -> tuple[str, ...]:
    return tuple(clip(make_visible(each), _LONGEST) for each in row.cells)


def _fit(cell: str, width: int, place: int) -> str:
    """Return a cell in its width: names to the left, numbers to the right."""
    room = " " * (width - cell_width(cell))
    return cell + room if place == 0 or not cell[:1].isdigit() else room + cell
