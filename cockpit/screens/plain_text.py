"""A text on a bare screen, from the first column on, to be selected by hand."""

from __future__ import annotations

import sys
from typing import ClassVar

from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from cockpit.domain.visible import make_visible
from cockpit.screens.base import CockpitScreen
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.footer_line import FooterLine


class PlainTextScreen(CockpitScreen[None]):
    """Shows a text without frames or margins; enter prints it on the terminal itself."""

    HELP_CONTEXTS = ("plain", "app")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("plain")
    DEFAULT_CSS = """
    PlainTextScreen {
        background: $ground;
        & VerticalScroll { height: 1fr; scrollbar-size-vertical: 1; }
        & Static { width: 1fr; height: auto; color: $text; }
    }
    """

    def __init__(self, text: str) -> None:
        """Keep the text."""
        super().__init__()
        self._text = make_visible(text, newlines=True)

    def compose(self) -> ComposeResult:
        """Lay out the text above the footer."""
        with VerticalScroll():
            yield Static(Content(self._text))
        yield FooterLine()

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    def action_bare(self) -> None:
        """Print the text on the terminal's own screen, where every terminal can select it."""
        try:
            with self.app.suspend():
                _print_and_wait(self._text)
        except SuspendNotSupported:
            self.cockpit.notice("This terminal cannot be left; select the text here.", "bad")
        else:
            self.app.refresh(layout=True)


def _print_and_wait(text: str) -> None:
    sys.stdout.write(f"\x1b[2J\x1b[H{text}\n\nEnter goes back to the cockpit. ")
    sys.stdout.flush()
    sys.stdin.readline()
