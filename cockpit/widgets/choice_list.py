"""A short list of values to choose from: numbered, each with what it means."""

from __future__ import annotations

from typing import Any, ClassVar

from msgspec import Struct
from textual.binding import BindingType

from cockpit.domain.visible import make_visible
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.cells import cut
from cockpit.widgets.dialog_list import DialogList
from cockpit.widgets.line_list import Part
from cockpit.widgets.painted import wrap_text

_MOST_DETAIL_LINES = 7


class Choice(Struct, frozen=True):
    """A value, the word for it, and what it means."""

    value: str
    label: str
    detail: str = ""


class ChoiceList(DialogList[Choice]):
    """Numbered choices; a number chooses at once."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("choice")
    DEFAULT_CSS = "ChoiceList { max-height: 16; }"

    def __init__(self, **options: Any) -> None:
        """Start without choices."""
        super().__init__(**options)
        self._details: list[list[str]] = []

    def heights(self) -> list[tuple[int, int]]:
        """Return one line for the word and as many as the meaning needs."""
        self._details = [self._detail_lines(index) for index in range(len(self.items))]
        return [(1 + len(each), 0) for each in self._details]

    def move_to(self, index: int) -> None:
        """Put the cursor on a choice, which then shows all of its meaning."""
        before = self.cursor
        super().move_to(index)
        if self.cursor != before:
            self.lay_out()

    def parts_of(self, item: Choice, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the number and the word, or a line of the meaning."""
        muted = "cursor-muted" if selected else "muted"
        index = self.items.index(item)
        if line:
            return [("    " + cut(self._details[index][line - 1], width - 4), muted)]
        return [
            (f" {index + 1 if index < 9 else ' '}  ", muted),
            (cut(make_visible(item.label), width - 4), "bright"),
        ]

    def action_pick(self, number: int) -> None:
        """Choose the value with that number, from 1."""
        if number <= len(self.items):
            self.move_to(number - 1)
            self.action_select()

    def _detail_lines(self, index: int) -> list[str]:
        detail = make_visible(self.items[index].detail, newlines=True)
        if not detail:
            return []
        width = max(10, self.size.width - 5)
        if index == self.cursor:
            return wrap_text(detail, width, _MOST_DETAIL_LINES)
        return [cut(detail.partition("\n")[0], width)]
