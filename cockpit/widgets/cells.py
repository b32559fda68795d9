"""Text in cells of the screen: cut and pad by what it takes up, not by its characters."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from cockpit.widgets.marks import marks


def cut(text: str, cells: int) -> str:
    """Return `text` in at most `cells` cells, with an ellipsis where something was cut."""
    if cells <= 0:
        return ""
    if cell_len(text) <= cells:
        return text
    return set_cell_size(text, cells - 1).rstrip() + marks().more


def pad(text: str, cells: int) -> str:
    """Return `text` in exactly `cells` cells, aligned to the left."""
    return set_cell_size(cut(text, cells), cells)


def pad_left(text: str, cells: int) -> str:
    """Return `text` in exactly `cells` cells, aligned to the right."""
    short = cut(text, cells)
    return " " * (cells - cell_len(short)) + short
