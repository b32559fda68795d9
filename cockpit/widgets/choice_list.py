"""A short list of values to choose from: numbered, each with what it means."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct
from textual.binding import BindingType

from cockpit.domain.visible import make_visible
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.cells import cut
from cockpit.widgets.line_list import LineList, Part
from cockpit.widgets.painted import wrap_text

_MOST_DETAIL_LINES = 3


class Choice(Struct, frozen=True):
    """A value, the word for it, and what it means."""

    value: str
    label: str
    detail: str = ""


class ChoiceList(LineList[Choice]):
    """Numbered choices; a number chooses at once."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("choice")
    COMPONENT_CLASSES: ClassVar[set[str]] = LineList.COMPONENT_CLASSES | {
        "cursor",
        "bright",
        "muted",
        "cursor-muted",
    }
    DEFAULT_CSS = """
    ChoiceList {
        height: auto;
        max-height: 16;
        background: $raised;
        & > .cursor { background: $cursor; }
        & > .bright { color: $bright; text-style: bold; }
        & > .muted { color: $muted; }
        & > .cursor-muted { color: $cursor-muted; }
    }
    """

    def heights(self) -> list[tuple[int, int]]:
        """Return one line for the word and as many as the meaning needs."""
        return [(1 + len(self._details(each)), 0) for each in self.items]

    def parts_of(self, item: Choice, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the number and the word, or a line of the meaning."""
        muted = "cursor-muted" if selected else "muted"
        if line:
            # Between a change of the width and the next layout, lines may be missing.
            details = self._details(item)[line - 1 : line]
            return [("    " + cut("".join(details), width - 4), muted)]
        number = self.items.index(item) + 1
        return [
            (f" {number if number < 10 else ' '}  ", muted),
            (cut(make_visible(item.label), width - 4), "bright"),
        ]

    def action_pick(self, number: int) -> None:
        """Choose the value with that number, from 1."""
        if number <= len(self.items):
            self.move_to(number - 1)
            self.action_select()

    def _details(self, item: Choice) -> list[str]:
        if not item.detail:
            return []
        width = max(10, self.size.width - 5)
        return wrap_text(make_visible(item.detail), width, _MOST_DETAIL_LINES)
