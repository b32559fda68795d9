"""Where each stakeholder stands on the power/interest grid, and how far a step leads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

from msgspec import Struct
from rich.cells import cell_len

from cockpit.domain.stakeholder_board import StakeholderCell
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import Quadrant

NARROWEST_PAIR = 44
"""Cells below which the four fields stand one under the other instead of two by two."""
WIDEST_COLUMN = 52
"""Cells beyond which a column would put the time too far from the name."""
GAP = 4
"""Cells between the columns: two blanks, the hairline, a blank."""

MARK = 3
"""Cells before a name: a blank, the mark, a blank."""

_PAIRS = ((Quadrant.SATISFIED, Quadrant.CLOSELY), (Quadrant.MONITOR, Quadrant.INFORMED))
_STACK = (Quadrant.CLOSELY, Quadrant.SATISFIED, Quadrant.INFORMED, Quadrant.MONITOR)


class Place(Struct, frozen=True):
    """One line of one column: a field's name (`cell` is None) or a person of that field.

    name: the part of the person's name on this line; more: it is the rest of a long name.
    """

    quadrant: Quadrant
    cell: StakeholderCell | None = None
    empty: bool = False
    name: str = ""
    more: bool = False


class GridLayout(Struct, frozen=True):
    """The lines of the grid, each with what stands left and right (one column: left only)."""

    rows: tuple[tuple[Place | None, ...], ...]
    columns: int
    column_width: int

    def find(self, person: str) -> tuple[int, int] | None:
        """Return the (row, column) of the stakeholder with that id."""
        for number, row in enumerate(self.rows):
            for column, place in enumerate(row):
                if place and place.cell and place.cell.stakeholder.id == person:
                    return number, column  # the first line of a long name comes first
        return None

    def people(self, column: int) -> tuple[tuple[int, str], ...]:
        """Return (row, stakeholder id) of everybody in a column, downwards."""
        return tuple(
            (number, place.cell.stakeholder.id)
            for number, row in enumerate(self.rows)
            if column < len(row) and (place := row[column]) and place.cell and not place.more
        )

    def step(self, person: str, rows: int) -> str:
        """Return who stands `rows` people further down (negative: up) in the same column."""
        spot = self.find(person)
        if spot is None:
            return self.first()
        ids = [each for _, each in self.people(spot[1])]
        index = ids.index(person) + rows
        return ids[min(max(index, 0), len(ids) - 1)]

    def sideways(self, person: str, columns: int) -> str:
        """Return who stands nearest in the column to the right (negative: left).

        In one column, the first person of the next (previous) field instead.
        """
        spot = self.find(person)
        if spot is None:
            return self.first()
        if self.columns == 1:
            return self._next_field(spot[0], columns) or person
        row, column = spot
        there = self.people(column + columns) if 0 <= column + columns < self.columns else ()
        return min(there, key=lambda each: abs(each[0] - row))[1] if there else person

    def first(self) -> str:
        """Return the first person to look at, empty when there is nobody."""
        return self._edge(0)

    def last(self) -> str:
        """Return the last person of the last column."""
        return self._edge(-1)

    def _edge(self, index: int) -> str:
        # The right column is read first: those with most interest.
        columns = range(self.columns - 1, -1, -1) if index == 0 else range(self.columns)
        people = [found for column in columns for found in self.people(column)]
        return people[index][1] if people else ""

    def _next_field(self, row: int, step: int) -> str:
        heads = [number for number, (place, *_) in enumerate(self.rows) if place and not place.cell]
        heads = [number for number in heads if not (spot := self.rows[number][0]) or not spot.empty]
        own = max((n for n, head in enumerate(heads) if head <= row), default=0)
        target = own + step
        while 0 <= target < len(heads):
            inside = [each for at, each in self.people(0) if at > heads[target]]
            place = self.rows[heads[target] + 1][0] if heads[target] + 1 < len(self.rows) else None
            if inside and place and place.cell:
                return inside[0]
            target += step
        return ""


def lay_out(
    quadrants: Mapping[Quadrant, Sequence[StakeholderCell]],
    width: int,
    words: Callable[[StakeholderCell], str],
) -> GridLayout:
    """Return the grid for that many cells of width: two by two, or one column when narrow.

    words: what stands at the right of a person's name.
    """
    rows: list[tuple[Place | None, ...]] = []
    if width < NARROWEST_PAIR:
        column = max(width, 1)
        for quadrant in _STACK:
            field = _field(quadrant, quadrants.get(quadrant, ()), column, words)
            rows += [*((place,) for place in field), (None,)]
        return GridLayout(tuple(rows[:-1]), 1, column)
    column = min((width - GAP) // 2, WIDEST_COLUMN)
    for left, right in _PAIRS:
        pair = [_field(each, quadrants.get(each, ()), column, words) for each in (left, right)]
        rows += [*zip_longest(*pair), (None, None)]
    return GridLayout(tuple(rows[:-1]), 2, column)


def break_name(name: str, first: int, rest: int) -> tuple[str, str]:
    """Return a name in two parts, broken at a blank so that the first takes `first` cells at most.

    rest: cells for the second part; where both do not fit, the name stays in one part, to be cut.
    """
    if cell_len(name) <= first:
        return name, ""
    words = name.split(" ")
    for count in range(len(words) - 1, 0, -1):
        head, tail = " ".join(words[:count]), " ".join(words[count:])
        if cell_len(head) <= first:
            return (head, tail) if cell_len(tail) <= rest else (name, "")
    return name, ""


def _field(
    quadrant: Quadrant,
    cells: Sequence[StakeholderCell],
    width: int,
    words: Callable[[StakeholderCell], str],
) -> list[Place]:
    places = [Place(quadrant)]
    if not cells:
        return [*places, Place(quadrant, empty=True)]
    for cell in cells:
        right = cell_len(words(cell))
        room = width - MARK - (right + 1 if right else 0)
        name = make_visible(cell.stakeholder.name)
        head, tail = break_name(name, room, width - MARK)
        places.append(Place(quadrant, cell, name=head))
        if tail:
            places.append(Place(quadrant, cell, name=tail, more=True))
    return places
