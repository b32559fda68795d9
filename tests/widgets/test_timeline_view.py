"""The timeline's list: anchored on an entry, resting on the bottom line, drawing little."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.events import Message, Source
from cockpit.domain.vocabulary import MessageState
from cockpit.widgets.entry_rows import FOLDED_LINES, INDENT, Drawing, entry_lines
from cockpit.widgets.painted import cells_of
from cockpit.widgets.timeline_layout import Window, last_visible, line_of, reveal, scroll, settle
from cockpit.widgets.timeline_model import PAGE, TimelineModel, TimelinePage
from cockpit.widgets.timeline_view import TimelineView
from tests.widgets.timeline_entries import NOW, OneWidgetApp, lines_of, make_entry

DRAWING = Drawing(60, UTC, NOW.date())
HEIGHTS = st.lists(st.integers(1, 7), min_size=1, max_size=40)


def page_of(count: int, **facts: Any) -> TimelinePage:
    entries = tuple(make_entry(number) for number in range(count))
    return TimelinePage(count, count, 0, entries, **facts)


def text_of(entry: Any, drawing: Drawing = DRAWING, before: Any = None) -> list[str]:
    return ["".join(text for text, _ in line) for line in entry_lines(entry, before, drawing)]


# The window


@given(HEIGHTS, st.integers(1, 20), st.data())
def test_the_window_is_always_full_and_rests_on_the_last_line(
    heights: list[int], height: int, data: st.DataObject
) -> None:
    anchor = data.draw(st.integers(-3, len(heights) + 3))
    line = data.draw(st.integers(-30, 40))
    rows = heights.__getitem__
    window = settle(anchor, line, height=height, count=len(heights), rows=rows)
    below = window.top + sum(heights[window.first :])
    assert 0 <= window.first < len(heights)
    assert below >= height
    if sum(heights) <= height:
        assert (window.first, below) == (0, height)
    else:
        assert window.top <= 0
        assert window.top + heights[window.first] > 0


@given(HEIGHTS, st.integers(1, 20), st.data())
def test_an_entry_that_is_wanted_is_seen_whole_or_from_its_beginning(
    heights: list[int], height: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(heights) - 1))
    start = data.draw(st.integers(0, len(heights) - 1))
    rows = heights.__getitem__
    known: dict[str, Any] = {"height": height, "count": len(heights), "rows": rows}
    window = reveal(index, settle(start, 0, **known), **known)
    line = line_of(index, window, rows, height)
    assert line is not None
    assert line >= 0
    assert line + heights[index] <= height or line == 0 or heights[index] > height


@given(HEIGHTS, st.integers(1, 20), st.integers(-50, 50))
def test_scrolling_there_and_back_returns_unless_it_met_an_end(
    heights: list[int], height: int, lines: int
) -> None:
    known: dict[str, Any] = {"height": height, "count": len(heights), "rows": heights.__getitem__}
    begin = settle(len(heights) // 2, 0, **known)
    there = scroll(begin, lines, **known)
    back = scroll(there, -lines, **known)
    met_start = there == settle(0, 0, **known)
    met_end = there == settle(len(heights) - 1, height - heights[-1], **known)
    assert back == begin or met_start or met_end


def test_few_entries_rest_above_the_entry_line() -> None:
    window = settle(0, 0, height=10, count=3, rows=lambda _: 1)
    assert window == Window(0, 7)
    assert last_visible(window, height=10, count=3, rows=lambda _: 1) == 2


def test_nothing_is_measured_far_from_the_anchor() -> None:
    measured: set[int] = set()

    def rows(index: int) -> int:
        measured.add(index)
        return 1

    settle(50_000, 0, height=40, count=100_000, rows=rows)
    assert len(measured) <= 3 * 40


# One entry


def test_an_entry_hangs_its_text_under_itself() -> None:
    lines = text_of(
        make_entry(1, "one two three four five six seven eight nine ten", kind="action")
    )
    assert lines == [
        " 11:01  action    one two three four five six seven eight",
        "                  nine ten",
    ]


def test_a_day_is_named_where_it_changes_and_when_it_is_not_today() -> None:
    yesterday = make_entry(0, at=NOW - timedelta(days=1))
    assert text_of(yesterday)[0].startswith(" Tue 3 Mar 2026 ─")
    assert text_of(make_entry(1), before=yesterday)[0].startswith(" Wed 4 Mar 2026 ─")
    assert len(text_of(make_entry(1))) == 1


def test_the_day_is_that_of_the_zone() -> None:
    late = make_entry(0, at=NOW.replace(hour=23))
    east = Drawing(60, timezone(timedelta(hours=2)), NOW.date())
    assert text_of(late, east)[0].startswith(" Thu 5 Mar 2026")
    assert text_of(late, east)[1].startswith(" 01:00")


def test_marks_tell_what_a_reader_must_know() -> None:
    entry = make_entry(1, "fixed", starred=True, corrected=True)
    assert text_of(entry) == ["★11:01  note      fixed  corrected"]
    late = make_entry(1, "seen", recorded_at=NOW)
    assert text_of(late) == [" 11:01  note      seen  recorded 12:00"]
    soon = make_entry(1, "seen", recorded_at=NOW - timedelta(minutes=58))
    assert text_of(soon) == [" 11:01  note      seen"]


def test_an_outgoing_text_is_told_in_few_words() -> None:
    message = Message(MessageState.SENT, "customers", ("status-page",), "identified")
    entry = make_entry(1, "Dear customers …", kind="communication", msg=message)
    short = " 11:01  update    Identified: customers, status page"
    assert text_of(entry) == [short]
    drawing = Drawing(60, UTC, NOW.date(), texts=True)
    assert text_of(entry, drawing) == [short, f"{' ' * INDENT}Dear customers …"]


def test_where_several_people_write_others_are_named() -> None:
    entry = make_entry(1, "Is it over?", author="support")
    assert text_of(entry) == [" 11:01  note      Is it over?"]
    for me, words in (("support", "Is it over?"), ("ben", "Is it over?  by support")):
        drawing = Drawing(60, UTC, NOW.date(), me=me)
        assert text_of(entry, drawing) == [f" 11:01  note      {words}"]
    said = make_entry(1, "Is it over?", author="support", src=Source("drill", "7"))
    assert text_of(said, drawing) == [" 11:01  note      Is it over?  by support"]
    copied = make_entry(1, "ana: is it over?", author="slack", src=Source("slack", "7"))
    assert text_of(copied, drawing) == [" 11:01  note      ana: is it over?"]


def test_a_long_text_is_folded() -> None:
    lines = text_of(make_entry(1, "line\n" * 400))
    assert len(lines) == FOLDED_LINES + 1
    assert "p shows it whole" in lines[-1]


@given(st.text(max_size=300), st.integers(20, 120), st.booleans())
def test_any_text_fits_its_column_and_acts_on_nothing(
    text: str, width: int, spacious: bool
) -> None:
    drawing = Drawing(width, UTC, NOW.date(), spacious=spacious)
    for line in entry_lines(make_entry(1, text), None, drawing):
        shown = "".join(piece for piece, _ in line)
        assert cells_of(line) <= width
        assert not any(ord(each) < 32 or 127 <= ord(each) < 160 for each in shown)


# The list's state


def test_the_newest_entry_is_followed_only_while_it_is_selected() -> None:
    model = TimelineModel()
    model.draw_as(DRAWING, 5)
    model.take(page_of(20))
    model.take(page_of(21))
    assert model.cursor == 20
    model.select(10)
    chosen, window = model.entry, model.window
    model.take(page_of(22, cursor=10, anchor=window.first))
    assert (model.entry, model.window) == (chosen, window)


def test_what_was_just_written_is_shown_where_reading_will_find_it() -> None:
    model, known = TimelineModel(), page_of(20)
    model.draw_as(DRAWING, 6)
    model.take(known)
    written = (make_entry(20), make_entry(21))
    assert model.append(written)
    shown = model.lines()
    model.take(TimelinePage(22, 22, 0, (*known.entries, *written)))
    assert model.lines() == shown
    assert model.entry == written[-1]


@pytest.mark.parametrize("case", ["earlier", "not following", "unknown", "none"])
def test_what_may_belong_elsewhere_waits_until_it_is_read(case: str) -> None:
    model = TimelineModel()
    model.draw_as(DRAWING, 6)
    if case != "unknown":
        model.take(page_of(20))
    if case == "not following":
        model.select(18)
    written = () if case == "none" else (make_entry(20 if case != "earlier" else 5),)
    assert not model.append(written)
    assert model.count == (0 if case == "unknown" else 20)


def test_what_is_added_above_moves_nothing_on_the_screen() -> None:
    model = TimelineModel()
    model.draw_as(DRAWING, 5)
    model.take(page_of(20))
    model.select(10)
    seen = [line for _, line in model.lines()]
    early = make_entry(99, "back-dated", at=NOW - timedelta(minutes=200))
    entries = (early, *(make_entry(number) for number in range(20)))
    model.take(TimelinePage(21, 21, 0, entries, cursor=11, anchor=model.window.first + 1))
    assert [line for _, line in model.lines()] == seen
    assert model.cursor == 11


def test_a_selected_entry_that_is_gone_leaves_its_neighbour_selected() -> None:
    model = TimelineModel()
    model.draw_as(DRAWING, 5)
    model.take(page_of(20))
    model.select(19 - 1)
    model.take(page_of(10, cursor=None, anchor=None))
    assert model.cursor == 9


def test_only_what_is_near_is_asked_for() -> None:
    model = TimelineModel()
    model.draw_as(DRAWING, 10)
    last = tuple(make_entry(number) for number in range(99_900, 100_000))
    model.take(TimelinePage(100_000, 100_000, 99_900, last))
    assert model.missing() is None
    model.select(50_000)
    missing = model.missing()
    assert missing is not None
    assert missing[1] - missing[0] == PAGE
    assert missing[0] <= 50_000 < missing[1]
    model.add(missing[0], [make_entry(number) for number in range(*missing)])
    assert model.missing() is None
    assert model.entry == make_entry(50_000)


@given(st.lists(st.sampled_from(["up", "down", "page", "back", "first", "last"]), max_size=30))
def test_whatever_keys_are_pressed_the_selection_is_on_the_screen(keys: list[str]) -> None:
    model = TimelineModel()
    model.draw_as(DRAWING, 7)
    model.take(page_of(30))
    moves = {
        "up": lambda: model.select(model.cursor - 1),
        "down": lambda: model.select(model.cursor + 1),
        "page": lambda: model.page(6),
        "back": lambda: model.page(-6),
        "first": lambda: model.select(0),
        "last": lambda: model.select(29),
    }
    for key in keys:
        moves[key]()
        assert model.cursor in {index for index, _ in model.lines()}


# The widget


async def test_keys_move_the_selection_and_name_the_entry() -> None:
    view = TimelineView()
    app = OneWidgetApp(view)
    async with app.run_test(size=(60, 6)) as pilot:
        view.show_entries(page_of(20))
        view.focus()
        await pilot.press("k", "k")
        assert view.entry == make_entry(17)
        await pilot.press("g")
        assert view.entry == make_entry(0)
        await pilot.press("G")
        assert view.entry == make_entry(19)
        await pilot.press("pageup")
        assert lines_of(view)[-1].startswith(" 11:14")


@pytest.mark.parametrize(("key", "expected"), [("G", 19), ("g", 0), ("j", 7)])
async def test_where_somebody_goes_while_it_is_read_counts_more_than_what_was_sought(
    key: str, expected: int
) -> None:
    view = TimelineView()
    async with OneWidgetApp(view).run_test(size=(60, 8)) as pilot:
        view.focus()
        view.forget_place()
        await pilot.press(key)
        view.show_entries(page_of(20, sought=7))
        assert view.model.cursor == expected
        view.show_entries(page_of(20, cursor=expected))
        assert view.model.cursor == expected


async def test_one_step_repaints_two_entries_only() -> None:
    view = TimelineView()
    app = OneWidgetApp(view)
    async with app.run_test(size=(60, 6)) as pilot:
        view.show_entries(page_of(20))
        view.focus()
        await pilot.pause()
        painted: list[int] = []
        render = view.render_line
        view.render_line = lambda y: painted.append(y) or render(y)  # type: ignore[method-assign,func-returns-value]
        await pilot.press("k")
        await pilot.pause()
        assert sorted(set(painted)) == [4, 5]


async def test_entries_that_are_not_read_yet_are_asked_for() -> None:
    wanted: list[tuple[int, int]] = []

    class Listening(OneWidgetApp):
        def on_timeline_view_page_wanted(self, event: TimelineView.PageWanted) -> None:
            wanted.append((event.start, event.stop_at))

    view = TimelineView()
    async with Listening(view).run_test(size=(60, 6)) as pilot:
        view.show_in(UTC, NOW, spacious=False)
        view.show_entries(
            TimelinePage(1_000, 1_000, 990, tuple(map(make_entry, range(990, 1_000))))
        )
        view.focus()
        await pilot.press("g")
        await pilot.pause()
        assert len(wanted) == 1
        assert wanted[0][0] == 0
        view.set_page(0, [make_entry(number) for number in range(PAGE)])
        assert lines_of(view)[0].startswith(" 11:00")


@pytest.mark.parametrize("size", [(1, 1), (5, 2), (20, 3), (200, 60)])
async def test_it_can_be_drawn_at_any_size(size: tuple[int, int]) -> None:
    view = TimelineView()
    async with OneWidgetApp(view).run_test(size=size) as pilot:
        view.show_entries(page_of(50))
        view.focus()
        await pilot.press("k", "pageup", "g", "G")
        lines_of(view)
