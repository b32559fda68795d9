"""Help and palette: they hold every action of the screen behind them, and the palette runs it."""

from __future__ import annotations

import pytest

from cockpit.keymap import keys_of
from cockpit.screens.palette import PaletteScreen, commands_for
from cockpit.service import incidents
from cockpit.widgets.command_list import CommandList, matching
from tests.app.world import screen_lines

# Rows that are moves within a text, a field or a dialog: the palette would have to close first.
IN_PLACE = {
    "steps",
    "handover",
    "tries",
    "closing",
    "entry",
    "editor",
    "section",
    "picker",
    "similar",
    "field",
    "dialog",
    "value",
    "choice",
    "help",
    "palette",
    "plain",
}


async def opened(app, pilot, key="ctrl+p"):
    await pilot.pause(0.3)
    await pilot.press(key)
    await pilot.pause(0.3)


@pytest.mark.parametrize("key", ["ctrl+p", ":"])
async def test_both_keys_open_it_and_escape_closes_it(busy, key):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, key)
        assert isinstance(app.screen, PaletteScreen)
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert not isinstance(app.screen, PaletteScreen)


async def test_it_runs_what_a_few_letters_find(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press(*"day", "enter")
        await pilot.pause(0.2)
        assert app.theme == "day"


async def test_the_arrows_move_in_it(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot)
        await pilot.press("down", "down", "up")
        assert app.screen.query_one(CommandList).cursor == 1
        await pilot.press(*"qzx", "enter")
        await pilot.pause(0.1)
        assert not isinstance(app.screen, PaletteScreen)


async def test_home_has_every_action_of_its_contexts(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        offered = " ".join(each.text for each in commands_for(app, {})).casefold()
        for key in keys_of("app", "home", "list"):
            if key.name != "palette":
                assert key.help.casefold() in offered, key.id


async def test_the_incident_has_every_action_of_its_contexts(real):
    with real.open() as session:
        view = incidents.declare(session, incidents.Declaration("Payments fail", "SEV2"))
    app = real.app(incident=view.id)
    async with app.run_test(size=(120, 35)) as pilot:
        await pilot.pause(0.6)
        offered = " ".join(each.text for each in commands_for(app, {})).casefold()
        contexts = {"incident", "timeline", "stakeholders", "update", "postmortem", "app", "list"}
        missing = [
            key.id
            for key in keys_of(*contexts)
            if key.name not in ("palette", "cursor") and key.help.casefold() not in offered
        ]
        assert missing == []


async def test_each_action_is_offered_once_and_words_may_come_in_any_order(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        commands = commands_for(app, {})
        assert len({each.text for each in commands}) == len(commands)
        assert [each.text for each in matching(commands, "incident new")] == ["New incident"]
        assert matching(commands, "") == commands


async def test_the_help_names_the_keys_and_a_person_s_own(busy):
    from cockpit.config import Config

    app = busy.app(Config(author="Priya", theme="night", keys={"home.new": "N"}))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        assert screen_lines(app)[23].startswith(" N New incident")
        await pilot.press("?")
        await pilot.pause(0.2)
        text = "\n".join(screen_lines(app))
        assert "Incidents" in text
        assert "new incident" in text
        assert "cockpit config edit" in text
        await pilot.press("q")
        await pilot.pause(0.1)
        await pilot.press("n")
        await pilot.pause(0.1)
        assert type(app.screen).__name__ == "HomeScreen"
        await pilot.press("N")
        await pilot.pause(0.1)
        assert type(app.screen).__name__ == "DeclareScreen"


def test_every_context_is_somewhere_in_a_palette_or_in_place():
    from cockpit.keymap import CONTEXTS

    shown = {"app", "home", "list", "items", "declare"} | {"incident", "timeline", "stakeholders"}
    shown |= {"insights", "behind"}
    assert set(CONTEXTS) == shown | {"update", "postmortem"} | IN_PLACE
