"""Charts of the insights as inline SVG: drawn by us, coloured by the page's own styles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from cockpit.domain.insights import Column
from cockpit.domain.vocabulary import Severity

_WIDTH, _HEIGHT = 720, 220
_TOP, _LEFT, _BOTTOM = 22, 34, 26
_MOST_LABELS = 13
_WIDEST = 48


def column_chart(columns: Sequence[Column], by: str) -> str:
    """Return a stacked column for each period, its count above it."""
    most = max((len(each.cases) for each in columns), default=0)
    scale = _scale(most)
    label = f"Incidents by {by}, by severity; at most {most:,}"
    body = "".join((*_grid(scale), *_columns(columns, scale)))
    return (
        f'<svg class="chart" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(label)}">{body}</svg>'
    )


def share_bar(share: float, *, bad: bool = False) -> str:
    """Return a small bar for a share (0 to 1)."""
    width = 100 * min(1.0, max(0.0, share))
    kind = "over" if bad else "used"
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="8"/>'
        f'<rect class="{kind}" width="{width:.1f}" height="8"/></svg>'
    )


def stack_bar(stack: Sequence[int], most: int) -> str:
    """Return a small bar of counts by severity; `most` fills it."""
    parts, place = [], 0.0
    for level, count in zip(Severity, stack, strict=True):
        width = 100 * count / max(1, most)
        if count:
            parts.append(
                f'<rect class="{level.value.lower()}" x="{place:.1f}" width="{width:.1f}" '
                'height="8"/>'
            )
        place += width
    return (
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" width="100" height="8"/>{"".join(parts)}</svg>'
    )


def _scale(most: int) -> tuple[int, int]:
    """Return the greatest value of the axis and its step, round numbers that hold `most`."""
    step = next(
        each * 10**power
        for power in range(12)
        for each in (1, 2, 5)
        if each * 10**power * 4 >= most
    )
    return max(step, -(-most // step) * step), step


def _grid(scale: tuple[int, int]) -> Iterator[str]:
    top, step = scale
    for value in range(0, top + 1, step):
        y = _y(value, top)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>'
        place = f'x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end"'
        yield f'<text class="axis" {place}>{value:,}</text>'


def _y(value: float, top: int) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _BOTTOM - _TOP) * value / top


def _columns(columns: Sequence[Column], scale: tuple[int, int]) -> Iterator[str]:
    room = (_WIDTH - _LEFT) / max(1, len(columns))
    width = min(_WIDEST, room * 0.7)
    every = -(-len(columns) // _MOST_LABELS)
    for place, each in enumerate(columns):
        middle = _LEFT + room * (place + 0.5)
        yield from _column(each, middle, width, scale[0])
        if len(each.cases) and room >= 16:
            y = _y(len(each.cases), scale[0]) - 5
            yield _label("count", middle, y, f"{len(each.cases):,}")
        if place % every == 0:
            yield _label("axis", middle, _HEIGHT - 8, _short(each.name, columns))


def _column(each: Column, middle: float, width: float, top: int) -> Iterator[str]:
    below = 0
    for level in reversed(Severity):
        count = each.count(level)
        if not count:
            continue
        y, end = _y(below + count, top), _y(below, top)
        below += count
        yield (
            f'<rect class="{level.value.lower()}" x="{middle - width / 2:.1f}" y="{y:.1f}" '
            f'width="{width:.1f}" height="{end - y:.1f}">'
            f"<title>{escape(each.name)}: {count:,} of {level.value}</title></rect>"
        )


def _label(kind: str, x: float, y: float, text: str) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="middle">{escape(text)}</text>'
    )


def _short(name: str, columns: Sequence[Column]) -> str:
    """Return the name of a week or quarter without its year where all columns are of one year."""
    years = {each.name[:4] for each in columns}
    return name[5:] if len(years) == 1 and name[5:6].isalpha() else name
