"""Where everything stands: nothing overlaps, nothing is cut off, at any size."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.widgets.incident_layout import Form, Wish, form_of, plan

WISHES = st.builds(
    Wish,
    pane=st.integers(1, 4),
    right=st.integers(2, 4),
    lower=st.integers(3, 4),
    zoomed=st.booleans(),
    says=st.booleans(),
    shares=st.booleans(),
    upper=st.integers(0, 40),
)


@given(st.integers(40, 300), st.integers(12, 120), WISHES)
def test_nothing_overlaps_or_leaves_the_screen(width: int, height: int, wish: Wish) -> None:
    regions = plan(width, height, wish).regions
    for name, region in regions.items():
        assert region.area > 0, name
        assert region.x >= 0
        assert region.right <= width, name
        assert region.y >= 0
        assert region.bottom <= height - 1, name
    for (one, here), (other, there) in combinations(regions.items(), 2):
        assert not here.overlaps(there), (one, other)


@given(st.integers(1, 60), st.integers(1, 16), WISHES)
def test_no_size_is_too_small_to_plan(width: int, height: int, wish: Wish) -> None:
    assert plan(width, height, wish).regions


@given(st.integers(60, 300), st.integers(16, 120), WISHES)
def test_the_title_the_clock_and_the_entry_line_are_always_there(
    width: int, height: int, wish: Wish
) -> None:
    found = plan(width, height, wish)
    assert {"title", "clock", "entry", "strip_1"} <= set(found.regions)
    assert sorted(number for strip in found.strips for number in strip) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("size", "form", "shown"),
    [
        ((79, 24), Form.TINY, (3,)),
        ((80, 24), Form.TABS, (3,)),
        ((120, 35), Form.HALVES, (1, 3)),
        ((160, 45), Form.QUARTERS, (1, 2, 3)),
        ((220, 60), Form.ALL, (1, 2, 3, 4)),
    ],
)
def test_larger_screens_show_more_panes_at_once(
    size: tuple[int, int], form: Form, shown: tuple[int, ...]
) -> None:
    assert form_of(*size) is form
    assert plan(*size, Wish(pane=3, right=3, lower=3)).shown == shown


def test_zoom_gives_one_pane_the_screen() -> None:
    found = plan(220, 60, Wish(pane=4, right=4, lower=4, zoomed=True))
    assert found.shown == (4,)
    assert found.regions["postmortem"].width > 200


def test_the_timeline_stays_where_it_is_when_there_is_something_to_say() -> None:
    for size in ((120, 35), (160, 45), (220, 60)):
        quiet = plan(*size, Wish()).regions["timeline"]
        assert plan(*size, Wish(says=True)).regions["timeline"] == quiet


@given(st.integers(60, 300), st.integers(16, 120), WISHES)
def test_what_is_said_of_others_moves_nothing(width: int, height: int, wish: Wish) -> None:
    alone = plan(width, height, replace(wish, shares=False)).regions
    shared = dict(plan(width, height, replace(wish, shares=True)).regions)
    line = shared.pop("sync", None)
    assert shared == alone
    assert (line is not None) == (form_of(width, height) is Form.TABS)
