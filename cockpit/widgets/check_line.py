"""What is not yet right with an outgoing text, then what is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from textual.content import Content

from cockpit.domain.outgoing import Check
from cockpit.domain.visible import make_visible
from cockpit.widgets.marks import marks
from cockpit.widgets.steady_text import SteadyText

_GAP = "   "
MOST_LINES = 3
_MORE = len(" +99")
_ASKED_FIRST = ("next-update", "impact", "blame")


def flow(items: Sequence[Content], width: int, lines: int, style: str) -> Content:
    """Return the items set whole in at most `lines` lines of `width` cells.

    "+2" (in `style`) stands for those that are left out; an item longer than a line is broken.
    """
    rows: list[Content] = []
    for number, item in enumerate(items):
        last = number == len(items) - 1
        # The last line keeps room to say how many more there are.
        room = width if last or len(rows) < lines else width - _MORE
        if rows and rows[-1].cell_length + len(_GAP) + item.cell_length <= room:
            rows[-1] = Content.assemble(rows[-1], _GAP, item)
        elif len(rows) < lines:
            rows += item.wrap(max(width, 1))[: lines - len(rows)]
        else:
            more = f" +{len(items) - number}"
            cut = rows[-1].truncate(max(width - len(more), 0))
            rows[-1] = Content.assemble(cut, (more, style)).truncate(width)
            break
    return Content("\n").join(rows)


class CheckLine(SteadyText):
    """The outgoing checks: those that fail first, those that hold muted."""

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
        super().__init__(**options)
        self._checks: tuple[Check, ...] = ()

    def show_checks(self, checks: Iterable[Check]) -> None:
        """Show these checks."""
        self._checks = tuple(sorted(checks, key=_rank))
        self._draw()

    def on_resize(self) -> None:
        """Set the checks for the new width."""
        self._draw()

    def _draw(self) -> None:
        width = self.content_size.width or 80
        failed = [self._item(check) for check in self._checks if not check.ok]
        held = [self._item(check) for check in self._checks if check.ok]
        style = ".check-line--held"
        wrong = flow(failed, width, MOST_LINES, style)
        if failed and str(flow(failed, width, len(failed), style)) != str(wrong):
            # Not all that is wrong fits: the gravest stands there, and only the rest is counted.
            self.update(wrong)
            return
        # What holds fills the last line of what fails; alone it takes one line.
        lines = str(wrong).count("\n") + 1 if failed else 1
        self.update(flow([*failed, *held], width, lines, style))

    def _item(self, check: Check) -> Content:
        if check.ok:
            return Content.assemble(
                (f"{marks().done} ", ".check-line--tick"),
                (marks().prose(make_visible(check.short)), ".check-line--held"),
            )
        style = ".check-line--block" if check.level == "block" else ".check-line--warn"
        return Content.assemble(
            ("! ", style), (marks().prose(make_visible(check.short)), ".check-line--text")
        )


def _rank(check: Check) -> tuple[int, int]:
    if not check.ok:
        return (0 if check.level == "block" else 1, 0)
    # What a person asks first: when they hear again, what is hit, and whom it accuses.
    return (2, _ASKED_FIRST.index(check.id) if check.id in _ASKED_FIRST else len(_ASKED_FIRST))
