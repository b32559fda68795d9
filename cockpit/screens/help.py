"""The help: every key of the screen behind it, by what one wants to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from cockpit.keymap import HelpLine, help_lines
from cockpit.screens.base import CockpitDialog
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.painted import wrap_text

_WIDTH = 84


class HelpScreen(CockpitDialog[None]):
    """Keys in two columns; any way out closes it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("help")
    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        background: $ground 60%;
        & #keys {
            width: 84;
            max-width: 100%;
            height: auto;
            max-height: 100%;
            padding: 1 3;
            background: $raised;
            scrollbar-size-vertical: 1;
        }
        & Horizontal { height: auto; }
        & .column { width: 1fr; height: auto; }
        & #top { height: 2; }
        & #bottom { color: $muted; }
    }
    """

    def __init__(self, contexts: Iterable[str]) -> None:
        """Show the keys of these contexts of the key table."""
        super().__init__()
        self._contexts = tuple(contexts)

    def compose(self) -> ComposeResult:
        """Lay the groups out in two columns of about the same height."""
        groups = help_lines(
            self._contexts, self.cockpit.rebound, ascii_only=self.cockpit.config.ascii
        )
        left, right = _split(groups)
        width = (min(_WIDTH, self.app.size.width) - 8) // 2
        with VerticalScroll(id="keys"):
            yield Static(Content.styled("Keys", "bold $bright"), id="top")
            with Horizontal():
                yield Static(_column(left, width), classes="column", markup=False)
                yield Static(_column(right, width), classes="column", markup=False)
            yield Static(
                Content("Change any key: cockpit config edit      esc closes"), id="bottom"
            )

    def action_close(self) -> None:
        """Close the help."""
        self.dismiss(None)


Group = tuple[str, list[HelpLine]]


def _split(groups: dict[str, list[HelpLine]]) -> tuple[list[Group], list[Group]]:
    """Return the groups in two columns, in order, the left one not much longer."""
    everything = list(groups.items())
    total = sum(len(lines) + 2 for _, lines in everything)
    left: list[Group] = []
    height = 0
    while everything and height + len(everything[0][1]) / 2 < total / 2:
        group = everything.pop(0)
        left.append(group)
        height += len(group[1]) + 2
    return left, everything


def _column(groups: list[Group], width: int) -> Content:
    """Return one column of at most `width` cells; a long text goes on under its own beginning."""
    keys = max((cell_len(line.keys) for _, lines in groups for line in lines), default=0) + 2
    pieces: list[tuple[str, str]] = []
    for name, lines in groups:
        pieces.append((f"{name}\n", "bold $bright"))
        for line in lines:
            text = ("\n" + " " * keys).join(wrap_text(line.text, max(8, width - keys)))
            pieces.append((line.keys + " " * (keys - cell_len(line.keys)), "bold $bright"))
            pieces.append((f"{text}\n", "$text"))
        pieces.append(("\n", ""))
    return Content.assemble(*pieces)
