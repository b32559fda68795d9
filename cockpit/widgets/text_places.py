"""Places in a text: by offset, and by row and column."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.domain.text_merge import Splice

Location = tuple[int, int]


def locate(text: str, offset: int) -> Location:
    """Return the (row, column) of the character at `offset` in `text`."""
    row = text.count("\n", 0, offset)
    return row, offset - (text.rfind("\n", 0, offset) + 1)


def find_offset(text: str, place: Location) -> int:
    """Return the offset in `text` of the character at a (row, column)."""
    row, column = place
    start = 0
    for _ in range(row):
        start = text.find("\n", start) + 1
    return start + column


def move_offset(offset: int, splices: Iterable[Splice]) -> int:
    """Return where a place in a text is after it was changed; what is put in there comes after."""
    moved = offset
    for each in splices:
        if each.stop <= offset and each.start < offset:
            moved += len(each.text) - (each.stop - each.start)
        elif each.start < offset:
            moved -= max(0, offset - each.start - len(each.text))
    return moved
