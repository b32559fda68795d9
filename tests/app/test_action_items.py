"""The screen of action items: reached from home, done with a key, taken back with another."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from cockpit.domain.action_items import ItemFilter
from cockpit.keymap import keys_of
from cockpit.screens.action_items import ActionItemsScreen
from cockpit.screens.dialogs import ChoiceDialog, TextDialog
from cockpit.screens.palette import commands_for
from cockpit.service.action_items import add_action, list_items
from cockpit.service.changes import set_field
from cockpit.service.incidents import Declaration, declare
from cockpit.service.reviews import set_review
from cockpit.widgets.action_list import ActionList
from cockpit.widgets.owed_line import OwedLine, owed_words
from tests.app.world import NOW, RealWorld, screen_lines

HOSTILE = "[/bold] \x1b]0;x\x07 [@click=app.quit]all[/]"


@pytest.fixture
def left(real: RealWorld) -> RealWorld:
    """Two incidents with three items, one of them overdue."""
    with real.open() as session:
        first = declare(session, Declaration("Payments fail", "SEV1")).id
        second = declare(session, Declaration("Search is stale", "SEV3")).id
        add_action(session, first, "Alert on pool use", owner="ana, ben", due="2026-11-18")
        add_action(session, second, "Index again", kind="debt", due="2026-12-24")
        add_action(session, second, HOSTILE, owner=HOSTILE, link=HOSTILE)
    return real


async def until(pilot, holds, seconds=30.0):
    for _ in range(int(seconds / 0.05)):
        await pilot.pause()
        if holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("\n".join(screen_lines(pilot.app)))


async def opened(app, pilot, count=3):
    await until(pilot, lambda: app.screen.query(OwedLine) and app.screen.query_one(OwedLine).text)
    await pilot.press("A")
    await until(pilot, lambda: isinstance(app.screen, ActionItemsScreen))
    await until(pilot, lambda: len(rows(app)) == count)


def rows(app):
    return app.screen.query_one(ActionList).items


def states(world, shown="all"):
    with world.open() as session:
        return {
            each.item.title[:5]: each.item.state for each in list_items(session, ItemFilter(shown))
        }


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_list_says_what_is_late_and_whose(left, size):
    app = left.app()
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot)
        lines = screen_lines(app)
        assert "Action items   3 open, 1 overdue   by due date" in lines[0]
        late = next(line for line in lines if "Alert on pool use" in line)
        assert "! 3 d late" in late
        assert "ana, ben" in late
        assert "INC-1" in late
        assert "\x1b" not in "".join(lines)
        assert any("INC-1 Payments fail" in line for line in lines[-5:])


async def test_space_is_done_and_not_and_u_takes_it_back(left):
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("u")
        await until(pilot, lambda: "Nothing more was changed here" in screen_lines(app)[-1])
        await pilot.press("space")
        await until(pilot, lambda: len(rows(app)) == 2)
        assert states(left)["Alert"] == "done"
        await pilot.press("a")
        await until(pilot, lambda: len(rows(app)) == 3)
        assert rows(app)[-1].over
        await pilot.press("u")
        await until(pilot, lambda: not any(each.over for each in rows(app)))
        assert states(left)["Alert"] == "open"
        await pilot.press("ctrl+r")
        await until(pilot, lambda: any(each.over for each in rows(app)))
        await pilot.press("G", "space")
        await until(pilot, lambda: not any(each.over for each in rows(app)))


async def test_the_filter_narrows_while_typing(left):
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("/", *"debt")
        await until(pilot, lambda: len(rows(app)) == 1)
        assert "1 of 3 match" in screen_lines(app)[0]
        await pilot.press("enter")
        assert isinstance(app.focused, ActionList)
        await pilot.press("escape")
        await until(pilot, lambda: len(rows(app)) == 3)
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ActionItemsScreen))


async def test_enter_opens_the_incident_and_q_comes_back(left):
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("j", "enter")
        await until(pilot, lambda: type(app.screen).__name__ == "IncidentScreen")
        await until(pilot, lambda: "Search is stale" in "".join(screen_lines(app)))
        await pilot.press("q")
        await until(pilot, lambda: isinstance(app.screen, ActionItemsScreen))
        assert app.screen.query_one(ActionList).cursor == 1


async def test_a_due_date_is_asked_for_until_it_is_one(left):
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("2")
        await until(pilot, lambda: isinstance(app.screen, TextDialog))
        await pilot.press(*["backspace"] * 10, *"soonish", "enter")
        await until(pilot, lambda: "is not a due date" in "".join(screen_lines(app)))
        await pilot.press(*["backspace"] * 7, *"+7d", "enter")
        await until(pilot, lambda: isinstance(app.screen, ActionItemsScreen))
        await until(pilot, lambda: not any(each.late for each in rows(app)))
        with left.open() as session:
            assert list_items(session)[0].item.due == "2026-11-28"


async def test_what_changes_nothing_is_nothing_to_take_back(left):
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("1")
        await until(pilot, lambda: isinstance(app.screen, TextDialog))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ActionItemsScreen))
        await pilot.press("u")
        await until(pilot, lambda: "Nothing more was changed here" in screen_lines(app)[-1])
        assert states(left) == {"Alert": "open", "Index": "open", HOSTILE[:5]: "open"}


async def test_what_another_program_does_is_seen_and_the_cursor_stays(left):
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("j")
        with left.open() as session:
            inc = list_items(session)[0].inc
            add_action(session, inc, "First of all", due="2026-11-01")
        await until(pilot, lambda: len(rows(app)) == 4)
        current = app.screen.query_one(ActionList).current
        assert current is not None
        assert current.title == "Index again"


async def test_groups_follow_each_other(left):
    app = left.app()
    async with app.run_test(size=(120, 35)) as pilot:
        await opened(app, pilot)
        for words, count in (("by owner", 5), ("by incident", 3), ("by kind", 3), ("by due", 3)):
            await pilot.press("b")
            await until(pilot, lambda words=words: words in screen_lines(app)[0])
            assert len(rows(app)) == count


async def test_it_exports_what_is_shown(left):
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("x")
        await until(pilot, lambda: isinstance(app.screen, ChoiceDialog))
        await pilot.press("1", "enter")
        place = left.paths.exports / "action-items.md"
        await until(pilot, place.exists)
        assert place.read_text().count("- [ ] ") == 3


async def test_its_palette_has_every_action(left):
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        offered = " ".join(each.text for each in commands_for(app, {})).casefold()
        for key in keys_of("items"):
            assert key.help.casefold() in offered, key.id


async def test_a_day_that_ends_makes_items_late(left):
    left.now = NOW.replace(year=2026, month=11, day=18, hour=23)
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.screen.query(OwedLine))
        await pilot.press("A")
        await until(
            pilot, lambda: isinstance(app.screen, ActionItemsScreen) and len(rows(app)) == 3
        )
        assert not any(each.late for each in rows(app))
        left.now += timedelta(hours=2)
        await until(pilot, lambda: rows(app)[0].late)


async def test_home_says_what_is_overdue_and_nothing_otherwise(left):
    with left.open() as session:
        inc = list_items(session)[0].inc
        set_field(session, inc, "status", "resolved")
    app = left.app()
    async with app.run_test(size=(80, 24)) as pilot:
        line = app.screen.query_one(OwedLine)
        await until(pilot, lambda: line.text)
        assert line.text == "1 action item overdue, 1 post-mortem to finish (INC-1)"
        assert screen_lines(app)[1].rstrip().endswith("A")
        with left.open() as session:
            set_review(session, inc, "reviewed")
            for each in list_items(session):
                from cockpit.service.action_items import close_item

                close_item(session, each)
        await until(pilot, lambda: not line.text)
        assert not line.display


def test_home_s_line_in_words() -> None:
    assert owed_words(0, (), 0) == ""
    assert owed_words(3, (), 0) == "3 action items overdue"
    many = tuple(f"INC-{number}" for number in range(1, 7))
    assert owed_words(0, many, 1) == (
        "1 post-mortem overdue (INC-1), 5 post-mortems to finish (INC-2, INC-3, INC-4, 2 more)"
    )
