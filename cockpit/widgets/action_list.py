"""Action items as a list: when each is due, what it is, whose, and where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from msgspec import Struct
from rich.cells import cell_len

from cockpit.domain.visible import make_visible
from cockpit.widgets.cells import cut, pad
from cockpit.widgets.line_list import LineList, Part
from cockpit.widgets.marks import marks

_MARK_CELLS = 3
_LONGEST_DUE = 11
_LONGEST_OWNER = 18
_LONGEST_REF = 14
_KIND_CELLS = 9
_KIND_FROM = 100
"""Columns from which the kind has one of its own."""


class ActionRow(Struct, frozen=True):
    """One item as it is shown.

    due: when, in words; late, over: its day has passed, nothing is left to do; last: a group ends
    here; detail: what else is to say once the cursor stands on it.
    """

    inc: str
    id: str
    title: str
    due: str
    owner: str
    ref: str
    kind: str
    late: bool = False
    over: bool = False
    last: bool = False
    detail: str = ""

    @property
    def place(self) -> tuple[str, str]:
        """Return what tells it from all others."""
        return self.inc, self.id


class ActionList(LineList[ActionRow]):
    """One line for each item, a blank one between groups; what is done is muted."""

    COMPONENT_CLASSES: ClassVar[set[str]] = LineList.COMPONENT_CLASSES | {
        "cursor",
        "bright",
        "muted",
        "cursor-muted",
        "late",
        "cursor-late",
        "told",
    }
    DEFAULT_CSS = """
    ActionList {
        & > .cursor { background: $cursor; }
        & > .bright { color: $bright; text-style: bold; }
        & > .muted { color: $muted; }
        & > .cursor-muted { color: $cursor-muted; }
        & > .late { color: $late; text-style: bold; }
        & > .cursor-late { color: $cursor-late; text-style: bold; }
        & > .told { color: $told; }
    }
    """

    _due = 0
    _owner = 0
    _ref = 0

    def show(self, rows: Sequence[ActionRow]) -> None:
        """Show these items; the cursor stays on the item that it was on."""
        self._due = _widest((each.due for each in rows), _LONGEST_DUE)
        self._owner = _widest((each.owner for each in rows), _LONGEST_OWNER)
        self._ref = _widest((each.ref for each in rows), _LONGEST_REF)
        current = self.current.place if self.current else None
        places = [at for at, each in enumerate(rows) if each.place == current]
        near = min(places, key=lambda at: abs(at - self.cursor), default=self.cursor)
        self.show_items(rows, near)

    def heights(self) -> list[tuple[int, int]]:
        """Return one line for each item."""
        end = len(self.items) - 1
        return [(1, int(each.last and at != end)) for at, each in enumerate(self.items)]

    def parts_of(self, item: ActionRow, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the mark, when it is due, what it is, whose, and of which incident."""
        del line
        muted = "cursor-muted" if selected else "muted"
        late = "cursor-late" if selected else "late"
        kind = _KIND_CELLS + 2 if width >= _KIND_FROM else 0
        # One cell stays free at the right: the scroll bar comes and goes there.
        room = width - _MARK_CELLS - self._due - self._owner - self._ref - kind - 7
        return [
            _mark(item, muted, late),
            (pad(item.due, self._due), late if item.late else muted),
            (f"  {pad(make_visible(item.title), max(room, 0))}", muted if item.over else "bright"),
            (f"  {pad(make_visible(item.owner), self._owner)}", muted),
            (f"  {pad(item.kind, _KIND_CELLS)}" if kind else "", muted),
            (f"  {cut(item.ref, self._ref)}", muted),
        ]


def _widest(texts: Iterable[str], most: int) -> int:
    return min(most, max((cell_len(make_visible(each)) for each in texts), default=0))


def _mark(item: ActionRow, muted: str, late: str) -> Part:
    if item.late:
        return pad(" !", _MARK_CELLS), late
    if item.over:
        return pad(f" {marks().done}", _MARK_CELLS), "told"
    return pad(f" {marks().due}", _MARK_CELLS), muted
