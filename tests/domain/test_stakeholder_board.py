"""The board: four quadrants, the late ones first, everybody counted once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.fold import fold
from cockpit.domain.stakeholder_board import CellState, StakeholderBoard, board
from cockpit.domain.vocabulary import Quadrant
from tests.domain.incident_events import START, default_playbook, field, minutes, opened, told

CARDS = {
    "director": {"name": "Director", "ring": 3, "power": "high", "interest": "high"},
    "customers": {"name": "Customers", "ring": 5, "power": "high", "interest": "low"},
    "support": {"name": "Support", "ring": 2, "power": "low", "interest": "high"},
    "everyone": {"name": "Everyone", "ring": 4, "power": "low", "interest": "low"},
}


def _board(marks: dict[str, int], now: int) -> StakeholderBoard:
    cards = [
        field(100 + place, "card", card, START, obj=f"sh:{name}")
        for place, (name, card) in enumerate(CARDS.items())
    ]
    tells = [told(200 + place, name, minutes(at)) for place, (name, at) in enumerate(marks.items())]
    view = fold([opened(severity="SEV1"), *cards, *tells]).view
    return board(view, default_playbook(), minutes(now))


def test_everybody_stands_in_their_quadrant() -> None:
    found = _board({}, 1)
    names = {
        quadrant: [c.stakeholder.id for c in cells] for quadrant, cells in found.quadrants.items()
    }
    assert names == {
        Quadrant.SATISFIED: ["customers"],
        Quadrant.CLOSELY: ["director"],
        Quadrant.MONITOR: ["everyone"],
        Quadrant.INFORMED: ["support"],
    }


def test_somebody_told_long_ago_is_late_and_comes_first() -> None:
    found = _board({"director": 1, "support": 1}, 119)
    late = [cell.stakeholder.id for cell in found.to_tell()]
    assert set(late) >= {"director", "support", "customers"}
    cell = found.quadrants[Quadrant.CLOSELY][0]
    assert (cell.state, cell.told_at) == (CellState.LATE, minutes(1))


@given(st.dictionaries(st.sampled_from(sorted(CARDS)), st.integers(0, 300)), st.integers(0, 600))
def test_counts_agree_with_the_cells(marks: dict[str, int], now: int) -> None:
    found = _board(marks, now)
    cells = found.cells()
    assert found.total == len(cells) == len(CARDS)
    assert found.told == len(marks)
    assert found.late == sum(cell.state is CellState.LATE for cell in cells)
    for cell in cells:
        if cell.state is CellState.LATE:
            assert cell.due_at is not None
            assert cell.due_at <= minutes(now)
