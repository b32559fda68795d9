"""Bars of block characters, of plain ones where a terminal has no others."""

from __future__ import annotations

from cockpit.domain.insight_text import bar
from cockpit.widgets.marks import marks


def bar_cells(share: float, cells: int) -> str:
    """Return a bar of at most `cells` cells for a share (0 to 1)."""
    return bar(share, cells, plain=marks().plain)
