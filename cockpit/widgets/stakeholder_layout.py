"""Where each stakeholder stands on the power/interest grid, and how far a step leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from cockpit.domain.stakeholder_board import StakeholderCell
from cockpit.domain.vocabulary import Quadrant

NARROWEST_PAIR = 44
"""Cells below which the four fields stand one under the other instead of two by two."""
WIDEST_COLUMN = 52
"""Cells beyond which a column would put the time too far from the name."""
GAP = 4
"""Cells between the columns: two blanks, the hairline, a blank."""

_PAIRS = ((Quadrant.SATISFIED, Quadrant.CLOSELY), (Quadrant.MONITOR, Quadrant.INFORMED))
_STACK = (Quadrant.CLOSELY, Quadrant.SATISFIED, Quadrant.INFORMED, Quadrant.MONITOR)


class Place(Struct, frozen=True):
    """One line of one column: a field's name (`cell` is None) or a person of that field."""

    quadrant: Quadrant
    cell: StakeholderCell | None = None
    empty: bool = False


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
                    return number, column
        return None

    def people(self, column: int) -> tuple[tuple[int, str], ...]:
        """Return (row, stakeholder id) of everybody in a column, downwards."""
        return tuple(
            (number, place.cell.stakeholder.id)
            for number, row in enumerate(self.rows)
            if column < len(row) and (place := row[column]) and place.cell
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


def lay_out(quadrants: Mapping[Quadrant, Sequence[StakeholderCell]], width: int) -> GridLayout:
    """Return the grid for that many cells of width: two by two, or one column when narrow."""
    if width < NARROWEST_PAIR:
        rows: list[tuple[Place | None, ...]] = []
        for quadrant in _STACK:
            rows += [(place,) for place in _field(quadrant, quadrants.get(quadrant, ()))]
            rows.append((None,))
        return GridLayout(tuple(rows[:-1]), 1, max(width, 1))
    rows = []
    for left, right in _PAIRS:
        one = _field(left, quadrants.get(left, ()))
        two = _field(right, quadrants.get(right, ()))
        height = max(len(one), len(two))
        rows += [
            (one[n] if n < len(one) else None, two[n] if n < len(two) else None)
            for n in range(height)
        ]
        rows.append((None, None))
    return GridLayout(tuple(rows[:-1]), 2, min((width - GAP) // 2, WIDEST_COLUMN))


def _field(quadrant: Quadrant, cells: Sequence[StakeholderCell]) -> list[Place]:
    head = Place(quadrant)
    if not cells:
        return [head, Place(quadrant, empty=True)]
    return [head, *(Place(quadrant, cell) for cell in cells)]
