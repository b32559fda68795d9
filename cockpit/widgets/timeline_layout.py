"""Where the visible timeline entries stand: anchored on one entry, resting on the bottom line."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Heights = Callable[[int], int]
"""From an entry's index to the lines that it takes (at least 1)."""


class Window(NamedTuple):
    """The first visible entry, and the line at which it starts (0 or less when it is cut).

    A line above 0 means that all entries fit and rest on the bottom line.
    """

    first: int
    top: int


def settle(anchor: int, line: int, *, height: int, count: int, rows: Heights) -> Window:
    """Return the window in which entry `anchor` starts as near as possible to `line`.

    There is never room below the last entry, nor above the first one unless all entries fit; only
    entries near the anchor are measured.
    """
    if count <= 0 or height <= 0:
        return Window(0, 0)
    first, top = min(max(0, anchor), count - 1), line
    first, top = _fill_above(first, top, rows)
    first, top = _drop_above(first, top, count, rows)
    below = _lowest(first, top, height + max(0, top), count, rows)
    if below < height:
        return Window(*_fill_above(first, top + height - below, rows))
    if top > 0:
        top -= min(top, below - height)
    return Window(first, top)


def line_of(index: int, window: Window, rows: Heights, height: int) -> int | None:
    """Return the line at which an entry starts; None when it starts off the window."""
    if index < window.first:
        return None
    line = window.top
    for each in range(window.first, index):
        line += rows(each)
        if line >= height:
            return None
    return line


def reveal(
    index: int, window: Window, *, height: int, count: int, rows: Heights, ahead: int = 0
) -> Window:
    """Return the nearest window that shows all of an entry (its beginning when it is too tall).

    ahead: where the window has to move, the lines that it shows beyond the entry, too.
    """
    if count <= 0:
        return window
    line = line_of(index, window, rows, height)
    tall = rows(index)
    if line is not None and line >= 0 and line + tall <= height:
        return window
    above = index < window.first or (line is not None and line < 0)
    target = min(ahead, max(0, height - tall))
    if not above and tall < height:
        target = max(0, height - tall - ahead)
    return settle(index, target, height=height, count=count, rows=rows)


def scroll(window: Window, lines: int, *, height: int, count: int, rows: Heights) -> Window:
    """Return the window moved by `lines` (positive: towards the newest entries)."""
    return settle(window.first, window.top - lines, height=height, count=count, rows=rows)


def last_visible(window: Window, *, height: int, count: int, rows: Heights) -> int:
    """Return the index of the last entry of which a line is visible (-1 without entries)."""
    index, line = window.first, window.top
    while index < count:
        line += rows(index)
        if line >= height:
            return index
        index += 1
    return count - 1


def _fill_above(first: int, top: int, rows: Heights) -> tuple[int, int]:
    while top > 0 and first > 0:
        first -= 1
        top -= rows(first)
    return first, top


def _drop_above(first: int, top: int, count: int, rows: Heights) -> tuple[int, int]:
    while first < count - 1 and top + rows(first) <= 0:
        top += rows(first)
        first += 1
    return first, top


def _lowest(first: int, top: int, stop: int, count: int, rows: Heights) -> int:
    """Return the line below the last entry, or some line at or after `stop`."""
    line = top
    for index in range(first, count):
        if line >= stop:
            break
        line += rows(index)
    return line
