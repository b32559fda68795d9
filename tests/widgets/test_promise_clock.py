"""The countdown: in words, in figures, up when it is late, and cheap to keep going."""

from __future__ import annotations

from datetime import UTC, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.cadence import ClockState, RingClock
from cockpit.domain.vocabulary import Ring
from cockpit.widgets.big_digits import big_digits
from cockpit.widgets.painted import cells_of
from cockpit.widgets.promise_clock import (
    FIGURES,
    FIGURES_AND_RINGS,
    LINE,
    LINE_WITHOUT_BAR,
    THREE_CLOCKS,
    ClockFace,
    PromiseClock,
    changed_cells,
    face_lines,
)
from tests.widgets.timeline_entries import NOW, OneWidgetApp, lines_of

SINCE = NOW - timedelta(minutes=22, seconds=18)


def make_clock(seconds: int, state: ClockState, ring: Ring = Ring.CUSTOMERS) -> RingClock:
    due = NOW + timedelta(seconds=seconds)
    return RingClock(ring, state, due, SINCE, 30, promised=True, last_at=SINCE, last_by="Sam")


ON_TIME = make_clock(462, ClockState.ON_TIME)
OVERDUE = make_clock(-146, ClockState.OVERDUE)
EXECUTIVES = make_clock(22 * 60, ClockState.ON_TIME, Ring.EXECUTIVES)


def text_of(form: int, width: int, *clocks: RingClock) -> list[str]:
    lines = face_lines(ClockFace(clocks, NOW, UTC), form, width)
    return ["".join(text for text, _ in line).rstrip() for line in lines]


def test_the_line_says_what_when_and_who_is_next() -> None:
    (line,) = text_of(LINE, 78, ON_TIME, EXECUTIVES)
    assert line.startswith("Customer update due in 07:42  ━━━")
    assert line.endswith("─  executives 22 min")
    assert len(line) == 78


def test_late_is_said_in_words_with_a_sign_and_in_red() -> None:
    (line,) = face_lines(ClockFace((OVERDUE,), NOW, UTC), LINE, 78)
    assert line[0] == ("! Customer update overdue by ", "late")
    assert line[1] == ("02:26", "late")
    assert "─" not in "".join(text for text, _ in line)


def test_soon_is_amber() -> None:
    soon = make_clock(190, ClockState.DUE_SOON)
    (line,) = face_lines(ClockFace((soon,), NOW, UTC), LINE, 78)
    assert {paint for text, paint in line if "03:10" in text} == {"soon"}


def test_without_room_the_bar_goes_first_and_the_next_ring_last() -> None:
    assert "━" not in text_of(LINE_WITHOUT_BAR, 78, ON_TIME, EXECUTIVES)[0]
    assert text_of(LINE, 50, ON_TIME, EXECUTIVES) == [
        "Customer update due in 07:42     executives 22 min"
    ]
    assert text_of(LINE, 30, ON_TIME, EXECUTIVES) == ["Customer update due in 07:42"]


def test_figures_stand_beside_their_words() -> None:
    lines = text_of(FIGURES, 51, ON_TIME)
    assert lines[0] == "┏━┓╺━┓   ╻ ╻╺━┓  Customer update"
    assert lines[1] == "┃ ┃  ┃ : ┗━┫┏━┛  every 30 min, last 11:37 by Sam"
    assert len(lines) == 3


def test_large_screens_name_the_next_rings_and_larger_ones_show_their_clocks() -> None:
    assert "executives 22 min" in text_of(FIGURES_AND_RINGS, 76, ON_TIME, EXECUTIVES)[2]
    lines = face_lines(ClockFace((ON_TIME, EXECUTIVES), NOW, UTC), THREE_CLOCKS, 46, 1)
    assert ("Executives", "bright") in lines[0]
    assert face_lines(ClockFace((ON_TIME, EXECUTIVES), NOW, UTC), THREE_CLOCKS, 46, 2) == []


def test_before_the_first_word_and_after_the_end_there_is_no_wrong_countdown() -> None:
    first = RingClock(Ring.CUSTOMERS, ClockState.ON_TIME, NOW + timedelta(minutes=9), SINCE, 15)
    assert text_of(LINE_WITHOUT_BAR, 60, first)[0].startswith("First word to customers due in")
    assert text_of(LINE, 60, RingClock(Ring.CUSTOMERS, ClockState.NONE)) == [
        "Customer update: none due"
    ]


@given(
    st.integers(-200_000, 200_000),
    st.integers(1, 220),
    st.sampled_from([LINE, LINE_WITHOUT_BAR, FIGURES, FIGURES_AND_RINGS, THREE_CLOCKS]),
)
def test_no_line_is_wider_than_the_clock(seconds: int, width: int, form: int) -> None:
    state = ClockState.OVERDUE if seconds <= 0 else ClockState.ON_TIME
    clocks = (make_clock(seconds, state), EXECUTIVES, make_clock(-9, ClockState.OVERDUE, Ring.CORE))
    for line in face_lines(ClockFace(clocks, NOW, UTC), form, width):
        assert cells_of(line) <= width


@given(st.text("0123456789:", max_size=8))
def test_figures_have_a_fixed_width(text: str) -> None:
    for heavy in (True, False):
        assert {len(line) for line in big_digits(text, heavy=heavy)} == {3 * len(text)}
    assert {len(line) for line in big_digits(text, ascii_only=True)} == {3 * len(text)}


PAUSED = replace(
    ON_TIME,
    state=ClockState.PAUSED,
    paused_until=NOW + timedelta(minutes=40),
    reason="waiting for the \x1b[31mvendor",
)
EXTENDED = replace(ON_TIME, extended=1, reason="the fix is being tested")
MISSED = replace(ON_TIME, missed_at=NOW - timedelta(minutes=3))
SLOWED = replace(ON_TIME, every=60, slowed=True)
DECIDED = {
    "paused until 12:40: waiting for the ␛[31mvendor": PAUSED,
    "paused: waiting": replace(PAUSED, paused_until=None, reason="waiting"),
    "due in 07:42, extended once": EXTENDED,
    "due in 07:42, extended twice": replace(EXTENDED, extended=2),
    "due in 07:42, extended 3 times": replace(EXTENDED, extended=3),
    "due in 07:42, missed 11:57, now 12:07": MISSED,
    "overdue by 02:26, missed 11:50 before": replace(
        OVERDUE, missed_at=NOW - timedelta(minutes=10)
    ),
    "due in 07:42, every 60 min (slowed down)": SLOWED,
}


@pytest.mark.parametrize("words", DECIDED)
def test_what_was_decided_is_said_on_one_line(words: str) -> None:
    (line,) = text_of(LINE, 90, DECIDED[words], EXECUTIVES)
    assert f"Customer update {words}" in line
    assert line.endswith("executives 22 min")


def test_a_pause_is_calm_and_shows_no_figures() -> None:
    (line,) = face_lines(ClockFace((PAUSED,), NOW, UTC), LINE, 78)
    assert {paint for text, paint in line if text.strip()} == {""}
    head, why, _ = text_of(FIGURES, 60, PAUSED)
    assert (head, why) == ("Customer update paused", "until 12:40: waiting for the ␛[31mvendor")
    open_end = replace(PAUSED, paused_until=None, reason="")
    assert text_of(FIGURES, 60, open_end)[1] == "until resumed"


def test_figures_name_what_was_decided_as_far_as_there_is_room() -> None:
    every = "every 30 min, last 11:37 by Sam"
    assert text_of(FIGURES, 80, MISSED)[1].endswith(f"missed 11:57, now 12:07, {every}")
    assert text_of(FIGURES, 42, MISSED)[1].endswith("  missed 11:57, now 12:07")
    assert text_of(FIGURES, 60, SLOWED)[1].endswith("every 60 min (slowed down), last 11:37")


def test_a_paused_audience_stands_behind_the_others() -> None:
    support = replace(make_clock(60, ClockState.PAUSED, Ring.SUPPORT), reason="asleep")
    face = ClockFace((ON_TIME, support, EXECUTIVES), NOW, UTC)
    assert [each.ring for each in face.others] == [Ring.EXECUTIVES, Ring.SUPPORT]
    lines = face_lines(face, FIGURES_AND_RINGS, 80)
    assert "".join(text for text, _ in lines[2]).strip().endswith("support paused")


@given(st.text(max_size=40), st.integers(1, 220), st.sampled_from([*DECIDED.values()]))
def test_no_reason_breaks_a_line(reason: str, width: int, clock: RingClock) -> None:
    for form in (LINE, LINE_WITHOUT_BAR, FIGURES, FIGURES_AND_RINGS, THREE_CLOCKS):
        shown = (replace(clock, reason=reason), EXECUTIVES)
        for line in face_lines(ClockFace(shown, NOW, UTC), form, width):
            assert cells_of(line) <= width
            assert not any(ord(each) < 32 for text, _ in line for each in text)


def test_only_cells_that_differ_are_repainted() -> None:
    before = (("due in ", ""), ("07:42", "bright"))
    after = (("due in ", ""), ("07:41", "bright"))
    assert changed_cells(before, after, 40) == (11, 12)
    assert changed_cells(before, before, 40) == (0, 0)


@pytest.mark.parametrize("form", [LINE, FIGURES])
async def test_a_second_repaints_few_cells(form: int) -> None:
    clock = PromiseClock()
    async with OneWidgetApp(clock).run_test(size=(60, 5)) as pilot:
        clock.styles.height = 4
        clock.form = form
        clock.show((ON_TIME,), NOW, UTC)
        await pilot.pause()
        regions: list[Any] = []
        refresh = clock.refresh
        clock.refresh = lambda *a, **k: regions.extend(a) or refresh(*a, **k)  # type: ignore[method-assign,func-returns-value]
        clock.show((ON_TIME,), NOW + timedelta(seconds=1), UTC)
        assert regions
        assert sum(region.area for region in regions) <= 12
        await pilot.pause()
        assert "07:41" in lines_of(clock)[0] or form == FIGURES
