"""The workflow as a list: front by front what is done, what comes next, and whose it is."""

from __future__ import annotations

from msgspec import Struct

from cockpit.domain.visible import make_visible
from cockpit.widgets.cells import cut, pad
from cockpit.widgets.dialog_list import DialogList
from cockpit.widgets.line_list import Part
from cockpit.widgets.marks import marks

_FRONT_CELLS = 13
_MARK_CELLS = 3
_OWNER_SHARE = 0.36


class StepRow(Struct, frozen=True):
    """One step as it is shown.

    front: the front's name on its first step, empty on the others; late: by how much, in words;
    last: the front ends here; by_hand: only a person can tell that it is done; detail: what else
    is to say once the cursor stands on it.
    """

    id: str
    text: str
    owner: str
    front: str = ""
    done: bool = False
    coming: bool = False
    late: str = ""
    last: bool = False
    by_hand: bool = False
    detail: str = ""


class StepList(DialogList[StepRow]):
    """One line for each step, a blank one between the fronts."""

    DEFAULT_CSS = "StepList { max-height: 26; }"

    def heights(self) -> list[tuple[int, int]]:
        """Return one line for each step."""
        end = len(self.items) - 1
        return [(1, int(each.last and at != end)) for at, each in enumerate(self.items)]

    def parts_of(self, item: StepRow, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the front, the mark, what to do, and whose it is."""
        del line
        muted = "cursor-muted" if selected else "muted"
        owner = ", ".join(each for each in (item.owner, item.late) if each)
        room = min(len(owner) + 2, round(width * _OWNER_SHARE)) if owner else 0
        # One cell stays free at the right: the scroll bar comes and goes there.
        text = width - _FRONT_CELLS - _MARK_CELLS - room - 1
        paint = muted if item.done else "bright" if item.coming else "plain"
        return [
            (pad(f" {item.front}", _FRONT_CELLS), muted),
            *_mark(item, muted),
            (pad(make_visible(item.text), text), paint),
            (f"  {cut(make_visible(owner), room - 2)}" if room else "", _owner_paint(item, muted)),
        ]


def _owner_paint(item: StepRow, muted: str) -> str:
    return "soon" if item.late else "plain" if item.coming else muted


def _mark(item: StepRow, muted: str) -> list[Part]:
    if item.done:
        return [(pad(marks().done, _MARK_CELLS), "told")]
    if item.late:
        return [(pad("!", _MARK_CELLS), "soon")]
    if item.coming:
        return [(pad(marks().on, _MARK_CELLS), "bright")]
    return [(pad(marks().never, _MARK_CELLS), muted)]
