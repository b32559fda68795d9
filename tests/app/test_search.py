"""Search from home and past incidents while declaring, on a real database."""

from __future__ import annotations

from textual.widgets import Input, Static

from cockpit.domain.entry_grammar import ParsedEntry
from cockpit.domain.vocabulary import EntryKind
from cockpit.screens.declare import DeclareScreen
from cockpit.screens.incident import IncidentScreen
from cockpit.screens.similar import SimilarDialog
from cockpit.service import incidents, timeline
from cockpit.service.changes import set_field
from cockpit.service.incidents import Declaration
from cockpit.widgets.hit_list import HitList
from cockpit.widgets.postmortem_pane import PostmortemPane
from cockpit.widgets.timeline_view import TimelineView
from tests.app.world import screen_lines


def past(real, title="Payments time out", cause="Connection pool exhausted"):
    with real.open() as session:
        view = incidents.declare(session, Declaration(title, "SEV3"))
        set_field(session, view.id, "cause", cause)
        timeline.log(session, view.id, "the pool has 20 connections")
        timeline.log(session, view.id, "asked the database team")
        set_field(session, view.id, "stage", "fixed")
        set_field(session, view.id, "status", "resolved")
    return view


async def test_a_hit_in_an_entry_opens_the_incident_with_those_entries(real):
    view = past(real)
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"connections", "enter")
        await pilot.pause(0.5)
        hits = app.screen.query_one(HitList)
        assert [(each.where, each.ref) for each in hits.items] == [("entry", view.ref)]
        assert hits.terms == ("connections",)
        await pilot.press("enter")
        await pilot.pause(0.6)
        assert isinstance(app.screen, IncidentScreen)
        text = "\n".join(screen_lines(app))
        assert "20 connections" in text
        assert "asked the database" not in text
        await pilot.press("escape")
        await pilot.pause(0.5)
        assert "asked the database" in "\n".join(screen_lines(app))


async def test_a_hit_is_gone_to_and_leaving_the_filter_shows_what_stands_around_it(real):
    with real.open() as session:
        view = incidents.declare(session, Declaration("Payments time out", "SEV3"))
        lines = [f"deploy {number} looked at" for number in range(150)]
        lines[40], lines[90] = "pool resized to 40", "pool resized to 90"
        entries = [ParsedEntry(EntryKind.NOTE, None, line) for line in lines]
        timeline.log_many(session, view.id, entries)
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"resized", "enter")
        await pilot.pause(0.5)
        found = [each.snippet for each in app.screen.query_one(HitList).items]
        await pilot.press(*["down"] * found.index("pool resized to 40"), "enter")
        await pilot.pause(0.6)
        selected = app.screen.query_one(TimelineView)
        assert selected.entry is not None
        assert selected.entry.text == "pool resized to 40"
        await pilot.press("escape")
        await pilot.pause(0.5)
        assert selected.entry.text == "pool resized to 40"
        text = "\n".join(screen_lines(app))
        assert "deploy 39 " in text
        assert "deploy 41 " in text


async def test_what_stands_inside_words_is_found_and_said(real):
    past(real)
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("slash", *"xhaust", "enter")
        await pilot.pause(0.5)
        assert len(app.screen.query_one(HitList).items) == 2
        assert "stands inside" in screen_lines(app)[-1]


async def test_past_incidents_stand_below_the_title_and_are_looked_at(real):
    view = past(real)
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Payment timeouts")
        await pilot.pause(1.0)
        below = str(app.screen.query_one("#similar", Static).content)
        assert view.ref in below
        assert "SEV3" in below
        assert "fixed after" in below
        await pilot.press("f2")
        await pilot.pause(0.4)
        assert isinstance(app.screen, SimilarDialog)
        assert "Connection pool exhausted" in "\n".join(screen_lines(app))
        await pilot.press("enter")
        await pilot.pause(0.5)
        assert isinstance(app.screen, IncidentScreen)
        await pilot.press("q")
        await pilot.pause(0.5)
        assert isinstance(app.screen, DeclareScreen)
        assert app.screen.query_one("#title", Input).value == "Payment timeouts"
        await pilot.press("enter")
        await pilot.pause(0.5)
        assert isinstance(app.screen, IncidentScreen)


async def test_the_key_does_nothing_where_nothing_is_like_it(real):
    app = real.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("n", *"Volcano", "f2")
        await pilot.pause(0.6)
        assert isinstance(app.screen, DeclareScreen)
        assert "Seen before" not in "\n".join(screen_lines(app))


async def test_the_post_mortem_says_what_is_like_it_and_links_it(real):
    view = past(real)
    with real.open() as session:
        new = incidents.declare(session, Declaration("Payments time out again", "SEV2"))
    app = real.app(incident=new.id)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.5)
        await pilot.press("4")
        await pilot.pause(0.8)
        assert app.screen.query_one(PostmortemPane).seen_before == "1 like it before (f2)"
        await pilot.press("f2")
        await pilot.pause(0.4)
        await pilot.press("space")
        await pilot.pause(0.8)
        assert isinstance(app.screen, SimilarDialog)
        await pilot.press("escape")
        await pilot.pause(0.8)
        assert app.screen.query_one(PostmortemPane).seen_before == f"seen before: {view.ref} (f2)"
    with real.open() as session:
        assert session.reads.view(new.id).seen_before == {view.id: view.ref}
