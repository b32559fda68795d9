"""What a terminal too small for the cockpit sees: a plain notice; everything goes on behind it."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.geometry import Size
from textual.widgets import Static

from cockpit.screens.base import CockpitScreen
from cockpit.widgets.marks import marks

LEAST_WIDTH, LEAST_HEIGHT = 60, 16


def is_too_small(size: Size) -> bool:
    """Say whether the cockpit cannot be drawn in that many cells."""
    return size.width < LEAST_WIDTH or size.height < LEAST_HEIGHT


class TooSmallScreen(CockpitScreen[None]):
    """Asks for a larger terminal; quitting works, and what was typed is kept."""

    DEFAULT_CSS = """
    TooSmallScreen {
        background: $ground;
        overflow: hidden;
        & Static { color: $text; height: auto; }
    }
    """

    def compose(self) -> ComposeResult:
        """Say what is needed, in few words."""
        yield Static(
            marks().prose(
                f"The cockpit needs {LEAST_WIDTH}×{LEAST_HEIGHT}. All is saved.\nctrl+q quits."
            ),
            markup=False,
        )
