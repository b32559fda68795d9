"""The variables of the text: what each holds now, and how one that is open is filled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, ClassVar

from textual.message import Message

from cockpit.domain.filling import by_need, how_to_fill, value_words
from cockpit.domain.update_facts import Variable
from cockpit.domain.visible import cell_width, make_visible
from cockpit.widgets.cells import pad
from cockpit.widgets.line_list import LineList, Part
from cockpit.widgets.marks import marks

_WIDEST_NAME = 18


class VariableList(LineList[Variable]):
    """One line for each variable: those that the text waits for first, those left out last."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LineList.COMPONENT_CLASSES | {
        "cursor",
        "text",
        "open",
        "muted",
        "cursor-muted",
    }
    DEFAULT_CSS = """
    VariableList {
        height: 0;
        & > .text { color: $text; }
        & > .open { color: $late; text-style: bold; }
        & > .muted { color: $muted; }
        & > .cursor-muted { color: $cursor-muted; }
        &:focus > .cursor { background: $cursor; }
    }
    """

    class Wanted(Message):
        """The person wants to fill a variable."""

        def __init__(self, variable: Variable) -> None:
            """Keep the variable."""
            super().__init__()
            self.variable = variable

    def __init__(self, **options: Any) -> None:
        """Begin without variables; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._needed: Collection[str] = ()

    def show_variables(self, variables: Sequence[Variable], needed: Collection[str]) -> None:
        """Show these; `needed` are the names that the text waits for."""
        ordered = by_need(variables, needed)
        changed = set(needed) != set(self._needed)
        self._needed = tuple(needed)
        name = self.current.name if self.current else ""
        place = next((at for at, each in enumerate(ordered) if each.name == name), 0)
        self.show_items(ordered, place)
        if changed:
            self.lay_out()

    def parts_of(self, item: Variable, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return a variable's line: its name, its value or what stands for it, how to fill it."""
        del line, width
        muted = "cursor-muted" if selected and self.has_focus else "muted"
        needed = item.name in self._needed
        words = make_visible(" ".join(value_words(item, self._needed).split()))
        parts: list[Part] = [
            ("! " if needed else "  ", "open"),
            (pad(make_visible(item.name), self._widest), muted),
            (f"  {marks().prose(words)}", "text" if item.filled or needed else muted),
        ]
        if needed:
            parts.append((marks().prose(f"  {how_to_fill(item.name)}"), muted))
        return parts

    @property
    def _widest(self) -> int:
        return min(_WIDEST_NAME, max((cell_width(each.name) for each in self.items), default=0))

    def on_focus(self) -> None:
        """Show the cursor."""
        self.lay_out()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.lay_out()

    def action_select(self) -> None:
        """Ask to fill the variable under the cursor."""
        if self.current is not None:
            self.post_message(self.Wanted(self.current))
