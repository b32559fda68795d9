"""The app: notices, sizes, changes from outside, and text that must not act."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from rich.segment import Segment
from textual.color import Color

from cockpit.config import Config
from cockpit.errors import PlaybookError, StoreUnavailableError
from cockpit.screens.too_small import TooSmallScreen
from cockpit.widgets.control_filter import ControlFilter
from cockpit.widgets.footer_line import FooterLine
from tests.app.world import NOW, make_summary, screen_lines


async def test_a_notice_takes_the_footer_s_place_for_a_while(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        app.notice("Copied with [tmux] \x1b[2J")
        await pilot.pause(0.1)
        assert screen_lines(app)[23].startswith(" Copied with [tmux] ␛[2J")
        app.screen.query_one(FooterLine).clear_notice()
        await pilot.pause(0.1)
        assert "New incident" in screen_lines(app)[23]


async def test_a_long_notice_is_shown_whole(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        app.notice("The disk is full, and nothing can be stored. " * 3 + "End.", "bad")
        await pilot.pause(0.2)
        assert "End." in "\n".join(screen_lines(app)[20:])


async def test_a_notice_of_the_library_reads_no_markup(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        app.notify("disk [/bold] full", severity="error")
        await pilot.pause(0.1)
        assert "disk [/bold] full" in screen_lines(app)[23]


async def test_ctrl_c_says_how_to_quit(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        await pilot.press("ctrl+c")
        await pilot.pause(0.1)
        assert "ctrl+q quits" in screen_lines(app)[23]


async def test_a_database_in_trouble_is_told_and_that_it_is_well_again(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.1)
        busy.store.trouble = StoreUnavailableError("The file is gone.")
        await pilot.pause(0.3)
        assert "The file is gone." in screen_lines(app)[23]
        assert "! Not recording: The file is gone. What you typed is kept." in screen_lines(app)[22]
        await pilot.press("n")
        await pilot.pause(0.1)
        assert "! Not recording: The file is gone." in screen_lines(app)[22]
        await pilot.press("escape")
        busy.store.trouble = None
        await pilot.pause(0.3)
        assert "is recording again" in screen_lines(app)[23]
        assert not any("Not recording" in line for line in screen_lines(app))


async def test_a_terminal_too_small_shows_a_notice_and_quits(busy):
    app = busy.app()
    async with app.run_test(size=(59, 24)) as pilot:
        await pilot.pause(0.2)
        assert isinstance(app.screen, TooSmallScreen)
        assert "needs 60×16" in screen_lines(app)[0]
        await pilot.resize_terminal(60, 16)
        await pilot.pause(0.2)
        assert "Incidents" in screen_lines(app)[0]
        await pilot.resize_terminal(60, 15)
        await pilot.pause(0.2)
        await pilot.press("ctrl+q")
    assert app.return_code == 0


@pytest.mark.parametrize("keys", [(), ("n",), ("/", "s"), ("?",), ("ctrl+p",)])
async def test_no_size_is_a_fault(busy, keys):
    sizes = random.Random(len(keys) * 7 + sum(map(ord, "".join(keys))))
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        await pilot.press(*keys)
        for width, height in [(1, 1), (200, 60), (60, 16), (2, 40)] + [
            (sizes.randint(1, 200), sizes.randint(1, 60)) for _ in range(12)
        ]:
            await pilot.resize_terminal(width, height)
            await pilot.pause()
        await pilot.resize_terminal(80, 24)
        await pilot.pause(0.2)
        assert app.is_running


async def test_half_typed_text_survives_a_terminal_too_small(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Paym")
        await pilot.resize_terminal(30, 8)
        await pilot.pause(0.2)
        await pilot.resize_terminal(80, 24)
        await pilot.pause(0.2)
        await pilot.press(*"ents")
        assert app.screen.query_one("#title").value == "Payments"


def test_keys_that_cannot_be_are_refused_before_anything_is_drawn(world):
    with pytest.raises(PlaybookError):
        world.app(Config(author="x", keys={"home.new": "ctrl+h"}))


async def test_the_bell_rings_once_when_an_update_becomes_overdue(world, monkeypatch):
    world.reads.all = [make_summary(1, "Payments", due=5)]
    app = world.app(Config(author="x", theme="night", bell=True))
    rung = []
    async with app.run_test(size=(80, 24)) as pilot:
        monkeypatch.setattr(app, "bell", lambda: rung.append(1))
        await pilot.pause(1.2)
        assert rung == []
        world.now = NOW + timedelta(minutes=6)
        await pilot.pause(2.3)
        assert rung == [1]
        assert "INC-1: customer update overdue" in screen_lines(app)[23]


def test_the_last_guard_drops_what_acts_and_keeps_the_rest():
    guard = ControlFilter()
    ground = Color(0, 0, 0)
    plain = [Segment("plain ␛[31m ✓")]
    assert guard.apply(plain, ground) is plain
    (drawn,) = guard.apply([Segment("a\x1b]52;c;x\x07b\x9b1m\u202ec")], ground)
    assert drawn.text == "a]52;c;xb1mc"
