"""What is left before an incident is closed, as a list: done, open, or waived with its reason."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.visible import make_visible
from cockpit.widgets.cells import cut, pad
from cockpit.widgets.dialog_list import DialogList
from cockpit.widgets.line_list import Part
from cockpit.widgets.marks import marks

_MARK_CELLS = 3
_WAIVED_SHARE = 0.4


class ClosingRow(Struct, frozen=True):
    """One check, or the closing itself, as it is shown.

    detail: what to do next, or why it was waived, in full; last: nothing is left but this.
    """

    id: str
    text: str
    detail: str = ""
    done: bool = False
    waived: str = ""
    last: bool = False


class ClosingList(DialogList[ClosingRow]):
    """One line for each check; a blank one before the closing itself."""

    DEFAULT_CSS = "ClosingList { max-height: 12; }"

    def heights(self) -> list[tuple[int, int]]:
        """Return one line for each check."""
        before_last = len(self.items) - 2
        gap = bool(self.items and self.items[-1].last)
        return [(1, int(gap and at == before_last)) for at in range(len(self.items))]

    def parts_of(self, item: ClosingRow, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the mark, how it stands, and the reason where it was waived."""
        del line
        muted = "cursor-muted" if selected else "muted"
        why = f"waived: {make_visible(item.waived)}" if item.waived else ""
        room = min(len(why) + 2, round(width * _WAIVED_SHARE)) if why else 0
        # One cell stays free at the right: the scroll bar comes and goes there.
        text = width - _MARK_CELLS - room - 2
        paint = muted if item.done or item.waived else "bright"
        return [
            (" ", muted),
            *_mark(item, muted),
            (pad(make_visible(item.text), text), paint),
            (f"  {cut(why, room - 2)}" if room else "", muted),
        ]


def _mark(item: ClosingRow, muted: str) -> list[Part]:
    if item.last:
        return [(pad(marks().on, _MARK_CELLS), "bright")]
    if item.done:
        return [(pad(marks().done, _MARK_CELLS), "told")]
    if item.waived:
        return [(pad(marks().never, _MARK_CELLS), muted)]
    return [(pad("!", _MARK_CELLS), "soon")]
