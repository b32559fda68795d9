"""The grid on the screen: marks, words, order, keys, and nothing that user text can do to it."""

from __future__ import annotations

from datetime import UTC, timedelta

import msgspec
import pytest

from cockpit.domain.view import ToldMark
from cockpit.domain.vocabulary import Quadrant, Ring
from cockpit.widgets.stakeholder_grid import late_words
from cockpit.widgets.stakeholder_pane import StakeholderPane
from cockpit.widgets.themes import colours
from tests.widgets.pane_host import (
    BOARD,
    HOSTILE,
    NOW,
    PaneHost,
    cell,
    make_board,
    make_view,
    message,
    person,
)

KINDS = (
    StakeholderPane.Told,
    StakeholderPane.QuadrantTold,
    StakeholderPane.RingTold,
    StakeholderPane.EditWanted,
    StakeholderPane.AddWanted,
    StakeholderPane.BoardStale,
)
NAMES = {"phone": "Phone", "chat": "Slack"}


def make_host() -> tuple[PaneHost, StakeholderPane]:
    pane = StakeholderPane()
    return PaneHost(pane, KINDS), pane


def fill(pane: StakeholderPane) -> None:
    pane.show(make_view(), NOW, UTC)
    pane.show_board(BOARD, NAMES)


async def test_each_state_is_said_by_mark_and_word() -> None:
    host, pane = make_host()
    async with host.run_test(size=(80, 24)) as pilot:
        fill(pane)
        await pilot.pause()
        text = host.text()
        assert "! Marcus, CTO" in text
        assert "4m late" in text
        assert "○ Noor, Legal" in text
        assert "04:10" in text
        assert "✓ Ingrid" in text
        assert "03:39" in text
        assert "· Finance" in text
        assert "never" in text


@pytest.mark.parametrize("size", [(38, 40), (53, 24), (80, 24), (110, 50), (20, 8), (4, 3), (1, 1)])
async def test_it_fits_any_size(size: tuple[int, int]) -> None:
    host, pane = make_host()
    async with host.run_test(size=size) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("j", "l", "h", "G", "pagedown")
        assert len(host.lines()) == size[1]
        if size[0] >= 38 and size[1] > 20:
            assert "Manage closely" in host.text()


async def test_keys_walk_and_tell() -> None:
    host, pane = make_host()
    async with host.run_test(size=(80, 24)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.pause()
        await pilot.press("space", "j", "space", "T")
        await pilot.pause()
        first, second, field = host.heard
        assert isinstance(first, StakeholderPane.Told)
        assert first.ids == ("marcus",)
        assert isinstance(second, StakeholderPane.Told)
        assert second.ids == ("acme",)
        assert isinstance(field, StakeholderPane.QuadrantTold)
        assert field.quadrant is Quadrant.CLOSELY


async def test_details_follow_the_selected_person() -> None:
    host, pane = make_host()
    async with host.run_test(size=(80, 24)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.pause()
        text = host.text()
        assert "Marcus, CTO   4 min late" in text
        assert "wants numbers, every 30 min" in text
        assert "reach Phone, then Slack   last told 03:25 by Sam, Phone" in text
        await pilot.press("j")
        await pilot.pause()
        assert "Acme   due 04:07" in host.text()


async def test_the_selected_person_stays_selected_when_the_order_changes() -> None:
    host, pane = make_host()
    async with host.run_test(size=(80, 24)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("j")
        pane.show_board(make_board(*reversed(BOARD.cells())))
        await pilot.pause()
        assert pane.grid.selected is not None
        assert pane.grid.selected.stakeholder.id == "acme"


async def test_a_passing_minute_asks_for_a_new_board_and_a_second_does_not() -> None:
    host, pane = make_host()
    async with host.run_test(size=(80, 24)) as pilot:
        fill(pane)
        pane.tick(NOW + timedelta(seconds=1))
        await pilot.pause()
        assert not host.heard
        pane.tick(NOW + timedelta(seconds=61))
        await pilot.pause()
        assert len(host.heard) == 1
        assert "5m late" in host.text()


async def test_the_rest_of_the_room_holds_what_they_were_told() -> None:
    host, pane = make_host()
    marks = tuple(
        ToldMark(
            f"{number}", "marcus", NOW - timedelta(minutes=number), "Sam", "phone", f"note {number}"
        )
        for number in (30, 20, 10)
    )
    said = message("03:49", "We are [/bold] looking into it.\nNext update by 04:30 UTC.")
    told = msgspec.structs.replace(marks[2], via=said.entry)
    async with host.run_test(size=(80, 40)) as pilot:
        pane.show(make_view(told=(*marks[:2], told), messages=(said,)), NOW, UTC)
        pane.show_board(BOARD, NAMES)
        pane.focus()
        await pilot.pause()
        await pilot.pause()
        text = host.text()
        assert "said “We are [/bold] looking into it. Next update" in text
        assert text.index("note 10") < text.index("note 20") < text.index("note 30")
        await pilot.resize_terminal(80, 22)
        await pilot.pause()
        await pilot.pause()
        assert "Marcus, CTO" in host.text()


async def test_who_sleeps_or_is_paused_says_so() -> None:
    host, pane = make_host()
    sleeper = msgspec.structs.replace(
        cell(person("Ana", deputy="Ben", because="Data was lost"), "quiet", told="03:25"),
        asleep_until=NOW + timedelta(hours=3, minutes=1),
    )
    paused = msgspec.structs.replace(
        cell(person("Noor"), "told", told="03:25"), paused=True, pause_reason="night"
    )
    async with host.run_test(size=(80, 30)) as pilot:
        pane.show(make_view(), NOW, UTC)
        pane.show_board(make_board(sleeper, paused), NAMES)
        pane.focus()
        await pilot.pause()
        text = host.text()
        assert "✓ Ana" in text
        assert "asleep until 07:00, deputy: Ben   at once: Data was lost" in text
        await pilot.press("j")
        await pilot.pause()
        assert "Noor   paused: night" in host.text()


async def test_ring_and_change_are_asked_for() -> None:
    host, pane = make_host()
    async with host.run_test(size=(80, 24)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.pause()
        await pilot.press("O", "e", "+")
        await pilot.pause()
        ring, change, _ = host.heard
        assert isinstance(ring, StakeholderPane.RingTold)
        assert ring.ring is Ring.EXECUTIVES
        assert isinstance(change, StakeholderPane.EditWanted)
        assert change.person == "marcus"


async def test_user_text_is_only_text() -> None:
    host, pane = make_host()
    board = make_board(cell(person(HOSTILE, title=HOSTILE, wants=HOSTILE), "late", due="03:55"))
    async with host.run_test(size=(110, 24)) as pilot:
        pane.show(make_view(), NOW, UTC)
        pane.show_board(board)
        await pilot.pause()
        text = host.text()
        assert "[/bold]" in text
        assert not set(text) & {"\x1b", "\x07", "\u202e"}


async def test_summaries_say_who_is_told_and_late() -> None:
    host, pane = make_host()
    async with host.run_test(size=(80, 24)):
        assert pane.summary() == ""
        fill(pane)
        assert pane.summary() == "2/6"
        assert pane.long_summary() == "2 of 6 told, 1 late"


def test_lateness_in_few_letters() -> None:
    spans = {0: "late", 4: "4m late", 59: "59m late", 60: "1h late", 60 * 50: "2d late"}
    for minutes, expected in spans.items():
        assert late_words(timedelta(minutes=minutes)) == expected
    assert late_words(timedelta(minutes=4), " min") == "4 min late"


async def test_the_selected_line_is_lit_only_while_the_keyboard_is_there() -> None:
    host, pane = make_host()

    def lit() -> bool:
        strips = host.screen._compositor.render_strips()
        line = next(strip for strip in strips if any("Marcus" in part.text for part in strip))
        part = next(part for part in line if "Marcus" in part.text)
        assert part.style is not None
        assert part.style.bgcolor is not None
        return part.style.bgcolor.name == colours("night")["cursor"]

    async with host.run_test(size=(80, 24)) as pilot:
        fill(pane)
        host.set_focus(None)
        await pilot.pause()
        assert not lit()
        pane.focus()
        await pilot.pause()
        assert lit()
