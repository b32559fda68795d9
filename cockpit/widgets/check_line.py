"""What is not yet right with an outgoing text, then what is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual.content import Content
from textual.widgets import Static

from cockpit.domain.outgoing import Check
from cockpit.domain.visible import make_visible

_GAP = "   "
_LINES = 3


def flow(items: Sequence[Content], width: int, lines: int = _LINES) -> Content:
    """Return the items set in lines of `width` cells, whole; "+2" stands for those left out."""
    rows: list[Content] = []
    for number, item in enumerate(items):
        if rows and rows[-1].cell_length + len(_GAP) + item.cell_length <= width:
            rows[-1] = Content.assemble(rows[-1], _GAP, item)
        elif len(rows) < lines:
            rows.append(item)
        else:
            more = f" +{len(items) - number}"
            rows[-1] = Content.assemble(rows[-1].truncate(max(width - len(more), 1)), more)
            break
    return Content("\n").join(rows)


class CheckLine(Static):
    """The outgoing checks: those that fail first, in words; those that hold by name."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "check-line--block",
        "check-line--warn",
        "check-line--held",
        "check-line--text",
        "check-line--tick",
    }
    DEFAULT_CSS = """
    CheckLine { height: auto; max-height: 3; color: $text; }
    CheckLine .check-line--block { color: $late; text-style: bold; }
    CheckLine .check-line--warn { color: $soon; text-style: bold; }
    CheckLine .check-line--text { color: $text; }
    CheckLine .check-line--held { color: $muted; }
    CheckLine .check-line--tick { color: $told; }
    """

    def __init__(self, **options: Any) -> None:
        """Make an empty line; `options` are the widget's own (id, classes)."""
        super().__init__(markup=False, **options)
        self._checks: tuple[Check, ...] = ()

    def show_checks(self, checks: Iterable[Check]) -> None:
        """Show these checks."""
        rank = {"block": 0, "warn": 1}
        self._checks = tuple(
            sorted(checks, key=lambda check: 2 if check.ok else rank.get(check.level, 1))
        )
        self._draw()

    def on_resize(self) -> None:
        """Set the checks for the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width or 80
        self.update(flow([self._item(check) for check in self._checks], width))

    def _item(self, check: Check) -> Content:
        if check.ok:
            return Content.assemble(
                ("✓ ", ".check-line--tick"), (make_visible(check.short), ".check-line--held")
            )
        style = ".check-line--block" if check.level == "block" else ".check-line--warn"
        words = make_visible(check.text or check.short).rstrip(".")
        return Content.assemble(("! ", style), (words, ".check-line--text"))
