"""Declaring: a title and a few keys; nothing typed is lost; each level says what it means."""

from __future__ import annotations

import asyncio
import threading

from textual.widgets import Input

from cockpit.domain.vocabulary import Severity
from cockpit.errors import StoreUnavailableError
from cockpit.screens.declare import DeclareScreen
from cockpit.screens.home import HomeScreen
from cockpit.service import incidents
from cockpit.service.drafts import DECLARATION_KEY
from cockpit.widgets.severity_picker import SeverityPicker
from tests.app.world import screen_lines

SECONDS = 30.0
"""How long a test waits for what should come at once: machines that run tests are busy."""


def declared(real):
    with real.open() as session:
        return incidents.list_incidents(session, closed=True)


async def until(pilot, holds):
    async with asyncio.timeout(SECONDS):
        while not holds():
            await pilot.pause(0.02)


async def test_a_title_and_enter_declare_with_the_default_severity(real):
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Payments fail 503", "enter")
        await pilot.pause(0.5)
        assert type(app.screen).__name__ == "IncidentScreen"
        (found,) = declared(real)
        assert found.title == "Payments fail 503"
        assert found.severity == Severity(app.playbook.default_severity)
        assert found.commander == "Priya"
        await pilot.press("q")
        await pilot.pause(0.3)
        assert isinstance(app.screen, HomeScreen)
        assert "Payments fail 503" in screen_lines(app)[2]
    assert real.drafts.offer(DECLARATION_KEY) == ""


async def test_we_are_aware_is_copied_with_four_keys_and_the_title(real):
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Payments fail", "up", "enter", "c")
        await pilot.pause(1.5)
        (found,) = declared(real)
        assert found.severity is Severity.SEV1
        text = real.paths.last_update.read_text(encoding="utf-8")
        assert "We are aware" in text


async def test_numbers_are_text_in_the_title_and_severities_outside_it(real):
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"404 1")
        picker = app.screen.query_one(SeverityPicker)
        assert app.screen.query_one("#title", Input).value == "404 1"
        await pilot.press("tab", "4")
        assert picker.severity == "SEV4"
        await pilot.press("up")
        assert picker.severity == "SEV3"
        await pilot.press("1")
        assert picker.severity == "SEV1"


async def test_meaning_examples_and_response_stand_at_the_choice(real):
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        for severity in app.playbook.severities:
            await pilot.press("tab" if severity.id == "SEV1" else "down")
            if severity.id == "SEV1":
                await pilot.press("1")
            await pilot.pause()
            text = " ".join(" ".join(screen_lines(app)).split())
            assert severity.response.rstrip(".").split(". ")[0] in text
            assert severity.examples[0] in text
            assert "…" not in text


async def test_criterion_and_impact_are_kept(real):
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Data gone", "tab", "tab", "right", "tab", "right", "enter")
        await pilot.pause(0.5)
        (found,) = declared(real)
        with real.open() as session:
            view = incidents.view(session, found.id)
        assert view.criterion == app.playbook.criteria[0].id
        assert view.impact is not None
        assert view.impact.value == app.playbook.impacts[0].id


async def test_without_a_title_nothing_is_declared_and_it_says_so(real):
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", " ", "enter")
        await pilot.pause(0.2)
        assert isinstance(app.screen, DeclareScreen)
        assert "needs a title" in screen_lines(app)[23]
    assert declared(real) == ()


async def test_the_title_is_kept_when_one_leaves_and_offered_later(real):
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Half a tit", "escape")
        await pilot.pause(0.2)
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("n", *"le")
        assert app.screen.query_one("#title", Input).value == "Half a title"
    again = real.app()
    async with again.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        assert "Half a title" in screen_lines(again)[23]


async def test_like_earlier_ones_are_shown_below(real):
    with real.open() as session:
        incidents.declare(session, incidents.Declaration("Checkout payments failing", "SEV3"))
        incidents.declare(session, incidents.Declaration("Search is slow", "SEV3"))
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"checkout down")
        await pilot.pause(0.9)
        text = "\n".join(screen_lines(app))
        assert "Checkout payments failing" in text
        assert "Search is slow" not in text


async def test_a_full_disk_keeps_the_title_on_the_screen(real, monkeypatch):
    def refuse(session, declaration):
        raise StoreUnavailableError("The disk is full.", "Free some space.")

    monkeypatch.setattr(incidents, "declare", refuse)
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Lost?", "enter")
        await pilot.pause(0.3)
        assert isinstance(app.screen, DeclareScreen)
        assert app.screen.query_one("#title", Input).value == "Lost?"
        assert "The disk is full." in screen_lines(app)[23]
    assert real.drafts.offer(DECLARATION_KEY) == "Lost?"


async def test_a_busy_database_does_not_stop_the_screen_and_declares_once(real):
    gate = threading.Event()
    real.runner.submit(lambda session: gate.wait(2 * SECONDS))
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Slow", "enter", "enter")
        await until(pilot, lambda: "in a moment" in screen_lines(app)[23])
        gate.set()
        await until(pilot, lambda: type(app.screen).__name__ == "IncidentScreen")
    assert len(declared(real)) == 1


async def test_a_field_that_goes_away_holds_nobody_up(real):
    """Whoever quits while it declares: a field that is gone takes no letters any more."""
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Late")
        screen = app.screen
        field = screen.query_one("#title", Input)
        field.call_later = lambda *_: field.remove()
        async with asyncio.timeout(20):
            await screen.action_declare()
    assert declared(real) == ()


async def test_a_pasted_block_becomes_one_line(real):
    from textual.events import Paste

    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n")
        await pilot.pause()
        app.post_message(Paste("Payments fail\nin eu-west-1\r\nsince 9"))
        await pilot.pause(0.2)
        value = app.screen.query_one("#title", Input).value
        assert value == "Payments fail in eu-west-1 since 9"
