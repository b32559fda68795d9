"""What we try as a list: whose answer is awaited, what may be the cause, what came of the rest."""

from __future__ import annotations

from msgspec import Struct
from rich.cells import cell_len

from cockpit.domain.visible import make_visible
from cockpit.widgets.cells import cut, pad
from cockpit.widgets.dialog_list import DialogList
from cockpit.widgets.line_list import Part
from cockpit.widgets.marks import marks

_GROUP_CELLS = 11
_MARK_CELLS = 3
_SIDE_SHARE = 0.42


class TryRow(Struct, frozen=True):
    """One action that was asked, or one theory, as it is shown.

    group: the group's word on its first row, empty on the others; side: the timer, or what came
    of it; over: nobody waits for it any more; good: it helped, or it is the cause; last: the group
    ends here; detail: what else is to say once the cursor stands on it.
    """

    id: str
    text: str
    side: str
    theory: bool = False
    group: str = ""
    late: bool = False
    over: bool = False
    good: bool = False
    last: bool = False
    detail: str = ""


class TryList(DialogList[TryRow]):
    """One line for each, a blank one between the groups; what is over is muted."""

    DEFAULT_CSS = "TryList { max-height: 26; }"

    def heights(self) -> list[tuple[int, int]]:
        """Return one line for each row."""
        end = len(self.items) - 1
        return [(1, int(each.last and at != end)) for at, each in enumerate(self.items)]

    def parts_of(self, item: TryRow, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the group, the mark, what it is, and the timer or what came of it."""
        del line
        muted = "cursor-muted" if selected else "muted"
        side = make_visible(item.side)
        room = min(cell_len(side) + 2, round(width * _SIDE_SHARE)) if side else 0
        # One cell stays free at the right: the scroll bar comes and goes there.
        text = width - _GROUP_CELLS - _MARK_CELLS - room - 1
        return [
            (pad(f" {item.group}", _GROUP_CELLS), muted),
            _mark(item, muted),
            (pad(make_visible(item.text), text), muted if item.over else "bright"),
            (f"  {cut(side, room - 2)}" if room else "", "late" if item.late else muted),
        ]


def _mark(item: TryRow, muted: str) -> Part:
    if item.late:
        return pad("!", _MARK_CELLS), "late"
    if item.good:
        return pad(marks().done, _MARK_CELLS), "told"
    return pad(marks().never if item.over else marks().due, _MARK_CELLS), muted
