"""Where stakeholders stand: nobody is lost, and every step leads to somebody."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.stakeholder_board import StakeholderBoard, StakeholderCell
from cockpit.domain.vocabulary import Level, Quadrant
from cockpit.widgets.stakeholder_layout import GAP, GridLayout, break_name, lay_out
from tests.widgets.pane_host import BOARD, cell, make_board, person

LEVELS = st.sampled_from(Level)
PEOPLE = st.lists(
    st.tuples(st.text("ab ü漢", min_size=1, max_size=30), LEVELS, LEVELS), max_size=12
).map(
    lambda drawn: make_board(
        *(
            cell(person(f"{number} {name}", power, interest), "due", due="04:10")
            for number, (name, power, interest) in enumerate(drawn)
        )
    )
)


def words(_: StakeholderCell) -> str:
    return "04:10"


def lay(board_width: int = 80) -> GridLayout:
    return lay_out(BOARD.quadrants, board_width, words)


def take_step(layout: GridLayout, here: str, key: str) -> str:
    if key in "hl":
        return layout.sideways(here, -1 if key == "h" else 1)
    if key in "jk":
        return layout.step(here, -1 if key == "k" else 1)
    return layout.first() if key == "g" else layout.last()


@given(PEOPLE, st.integers(1, 200))
def test_everybody_stands_there_once_at_any_width(board: StakeholderBoard, width: int) -> None:
    layout = lay_out(board.quadrants, width, words)
    shown = [who for column in range(layout.columns) for _, who in layout.people(column)]
    assert sorted(shown) == sorted(each.stakeholder.id for each in board.cells())
    assert layout.columns == 1 or 2 * layout.column_width + GAP <= width


@given(PEOPLE, st.integers(1, 200), st.lists(st.sampled_from("hjklgG"), max_size=30))
def test_every_step_leads_to_somebody(board: StakeholderBoard, width: int, keys: list[str]) -> None:
    layout = lay_out(board.quadrants, width, words)
    here = layout.first()
    for key in keys:
        here = take_step(layout, here, key)
        assert (layout.find(here) is not None) == bool(board.total)


def test_power_is_up_and_interest_to_the_right() -> None:
    layout = lay()
    heads = [
        tuple(place.quadrant for place in row if place)
        for row in layout.rows
        if row[0] and row[0].cell is None and not row[0].empty
    ]
    assert heads == [
        (Quadrant.SATISFIED, Quadrant.CLOSELY),
        (Quadrant.MONITOR, Quadrant.INFORMED),
    ]


def test_steps_cross_from_one_field_to_the_next() -> None:
    layout = lay()
    assert layout.step("acme", 1) == "support"
    assert layout.step("support", 1) == "support"
    assert layout.sideways("marcus", -1) == "noor"
    assert layout.sideways("finance", 1) == "support"
    assert layout.sideways("noor", -1) == "noor"


def test_a_narrow_grid_puts_those_with_most_interest_and_power_first() -> None:
    layout = lay(40)
    assert layout.columns == 1
    assert [who for _, who in layout.people(0)] == [
        "marcus",
        "acme",
        "noor",
        "ingrid",
        "support",
        "finance",
    ]
    assert layout.sideways("marcus", 1) == "noor"
    assert layout.sideways("acme", -1) == "acme"


def test_a_long_name_is_broken_at_a_blank_and_else_kept() -> None:
    assert break_name("Engineering manager", 13, 20) == ("Engineering", "manager")
    assert break_name("Noor", 13, 20) == ("Noor", "")
    assert break_name("Donaudampfschiff", 13, 20) == ("Donaudampfschiff", "")
