"""Dialogs: chosen by number or arrows, left with escape, and never in the way of quitting."""

from __future__ import annotations

from textual.widgets import Input

from cockpit.screens.dialogs import Choice, ChoiceDialog, ConfirmReference, TextDialog
from cockpit.screens.plain_text import PlainTextScreen
from tests.app.world import screen_lines

CHOICES = [
    Choice("SEV1", "SEV1 [bold]", "The worst.\nCall somebody."),
    Choice("SEV2", "SEV2", "Bad."),
    Choice("SEV3", "SEV3", "x" * 500),
]


async def answer(app, pilot, dialog, *keys):
    answers = []
    app.push_screen(dialog, answers.append)
    await pilot.pause(0.1)
    await pilot.press(*keys)
    await pilot.pause(0.1)
    return answers


async def test_a_number_chooses_and_the_reason_follows(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = ChoiceDialog("Severity", CHOICES, current="SEV3")
        assert await answer(app, pilot, dialog, "2", *"many", "enter") == [("SEV2", "many")]


async def test_the_cursor_starts_on_the_current_value(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = ChoiceDialog("Severity", CHOICES, ask_reason=False, current="SEV2")
        assert await answer(app, pilot, dialog, "up", "enter") == [("SEV1", "")]


async def test_the_whole_meaning_of_the_choice_under_the_cursor_is_shown(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ChoiceDialog("Severity", CHOICES))
        await pilot.pause(0.2)
        text = "\n".join(screen_lines(app))
        assert "SEV1 [bold]" in text
        assert "Call somebody." in text
        await pilot.press("j", "j")
        await pilot.pause(0.2)
        text = "\n".join(screen_lines(app))
        assert "Call somebody." not in text
        assert text.count("x" * 40) > 3


async def test_escape_leaves_without_a_change_from_anywhere(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        assert await answer(app, pilot, ChoiceDialog("Severity", CHOICES), "escape") == [None]
        dialog = ChoiceDialog("Severity", CHOICES)
        assert await answer(app, pilot, dialog, "1", *"why", "escape") == [None]
        assert await answer(app, pilot, TextDialog("Title"), *"x", "escape") == [None]


async def test_a_text_is_changed(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = TextDialog("Title", "what is broken", "Paymen")
        assert await answer(app, pilot, dialog, *"ts", "enter") == ["Payments"]


async def test_only_the_reference_confirms(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        dialog = ConfirmReference("INC-42", "INC-42 is hidden for all.")
        assert await answer(app, pilot, dialog, *"yes", "enter") == []
        dialog.query_one(Input).value = ""
        await pilot.press(*"inc-42", "enter")
        await pilot.pause(0.1)
        assert app.screen is not dialog


async def test_ctrl_q_quits_from_a_dialog(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ChoiceDialog("Severity", CHOICES))
        await pilot.pause(0.1)
        await pilot.press("ctrl+q")
    assert app.return_code == 0


async def test_a_plain_text_starts_in_the_first_column(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(PlainTextScreen("We are aware [b]of\x1b[31m it.\nSecond line"))
        await pilot.pause(0.2)
        lines = screen_lines(app)
        assert lines[0].startswith("We are aware [b]of␛[31m it.")
        assert lines[1].startswith("Second line")
        await pilot.press("escape")
        await pilot.pause(0.1)
        assert "Incidents" in screen_lines(app)[0]
