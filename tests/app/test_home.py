"""Home: what is open comes first, what is late says so in words, and every key does its work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec import Struct
from textual.widgets import Input

from cockpit.screens.home import HomeScreen
from cockpit.widgets.incident_list import IncidentList
from cockpit.widgets.incident_preview import IncidentPreview
from tests.app.world import NOW, make_summary, screen_lines


class Hit(Struct, frozen=True):
    """A stand-in for what the search finds."""

    inc: str
    ref: str
    title: str
    where: str
    entry_id: str
    at: object
    snippet: str


async def shown(app, pilot, pause=0.3):
    await pilot.pause(pause)
    return screen_lines(app)


async def test_at_80_columns_an_open_incident_has_two_lines(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        lines = await shown(app, pilot)
        assert lines[0].startswith("  Incidents   3 active, 1 update overdue")
        assert lines[2].startswith("  SEV1  Checkout payments failing in eu-west-1")
        assert lines[2].endswith("due in 7 min  ")
        assert lines[3].startswith("        INC-2043   Investigating   1h 12m   Priya")
        assert lines[6].rstrip().endswith("overdue 6 min")
        assert lines[8].strip() == ""
        assert lines[9].startswith("  SEV4  Invoice PDFs missing the VAT line")
        assert lines[23].startswith(
            " n New incident  / Filter  a All  t UTC or local  ? Help  q Quit"
        )
        assert lines[23].endswith("^p palette ")


async def test_at_120_columns_it_has_one_line_and_a_preview(busy):
    app = busy.app()
    async with app.run_test(size=(120, 35)) as pilot:
        lines = await shown(app, pilot, 0.5)
        assert "INC-2043  Investigating  1h 12m   due in 7 min  Priya" in lines[2]
        assert set(lines[23].strip()) == {"─"}
        assert lines[25].startswith("   Checkout payments failing in eu-west-1")
        assert lines[26].startswith("   Commander Priya Nair   Comms")
        assert "03:31  decision  Roll back to v412 rather than hot-fix" in lines[28]
        assert "03:58  action    Rollback complete" in lines[32]


async def test_late_is_red_and_bold(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.3)
        strips = app.screen._compositor.render_strips()
        late = next(each for each in strips[6] if "overdue" in each.text)
        assert late.style.bold
        assert late.style.color.triplet.hex == "#ff5f5f"


async def test_an_empty_home_shows_three_lines_with_keys(world):
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        lines = await shown(app, pilot)
        assert [line.split()[0] for line in lines[2:5]] == ["n", "?", "q"]
        assert not "".join(lines[5:22]).strip()


async def test_what_comes_to_an_empty_home_is_opened_at_once(world, monkeypatch):
    opened = []
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await shown(app, pilot)
        monkeypatch.setattr(app, "open_incident", opened.append)
        world.reads.all.insert(0, make_summary(2044, "DNS is slow", due=9))
        world.store.version += 1
        assert "DNS is slow" in (await shown(app, pilot, 0.6))[2]
        await pilot.press("enter")
        await pilot.pause()
        assert opened == [f"{2044:032x}"]


async def test_the_cursor_moves_by_letters_and_arrows(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        incidents = app.screen.query_one(IncidentList)
        for keys, place in (("j", 1), ("down", 2), ("k", 1), ("G", 6), ("up", 5), ("g", 0)):
            await pilot.press(keys)
            assert incidents.cursor == place
        await pilot.press("pagedown")
        assert incidents.cursor > 3
        await pilot.press("pageup", "home")
        assert incidents.cursor == 0


async def test_the_filter_narrows_while_typing_and_escape_clears_it(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        await pilot.press("/", *"saml")
        lines = await shown(app, pilot)
        assert "1 of 7 match" in lines[0]
        assert "SAML logins" in lines[2]
        assert "^p palette" in lines[23]
        assert "q Quit" not in lines[23]
        await pilot.press("escape")
        assert len(app.screen.query_one(IncidentList).items) == 7
        assert isinstance(app.focused, IncidentList)


async def test_the_filter_finds_a_reference_too(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("/", *"2040")
        await pilot.pause(0.3)
        assert [each.number for each in app.screen.query_one(IncidentList).items] == [2040]


async def test_enter_searches_everything_and_shows_where_it_stands(busy):
    busy.reads.hits = [
        Hit(f"{2038:032x}", "INC-2038", "Webhook deliveries", "entry", "1", NOW, "queue [/full]")
    ]
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("/", *"queue", "enter")
        lines = await shown(app, pilot)
        assert "INC-2038" in lines[2]
        assert "queue [/full]" in lines[3]
        await pilot.press("escape")
        lines = await shown(app, pilot)
        assert "Checkout" in lines[2]


async def test_a_search_without_a_hit_says_so(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("/", *"zzz", "enter")
        assert "Nothing contains “zzz”." in (await shown(app, pilot))[23]


async def test_what_another_program_writes_appears_and_the_cursor_stays(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        await pilot.press("j")
        busy.reads.all.insert(0, make_summary(2044, "DNS is slow", due=9))
        busy.store.version += 1
        lines = await shown(app, pilot, 0.6)
        assert "DNS is slow" in lines[2]
        assert app.screen.query_one(IncidentList).current.number == 2042


async def test_a_half_typed_filter_survives_a_change(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("/", *"sam")
        busy.store.version += 1
        await pilot.pause(0.4)
        await pilot.press("l")
        assert app.screen.query_one("#words", Input).value == "saml"


async def test_time_goes_on_in_words(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        busy.now = NOW + timedelta(minutes=8)
        lines = await shown(app, pilot, 1.3)
        assert "overdue 1 min" in lines[2]
        assert "2 updates overdue" in lines[0]


async def test_a_second_that_changes_nothing_draws_nothing(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.5)
        busy.now = NOW + timedelta(seconds=1)
        app.screen.tick(busy.now)
        await pilot.pause()
        drawn = []
        incidents = app.screen.query_one(IncidentList)
        incidents.refresh = lambda *regions, **options: drawn.append(regions)
        app.screen.tick(busy.now + timedelta(seconds=1))
        assert drawn == []


async def test_a_shows_all_and_the_heading_says_what_is_left_out(world):
    world.reads.all = [
        make_summary(number, f"Past number {number}", started=99 + number, lasted=5)
        for number in range(1, 101)
    ]
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        assert "latest 40 of 100, a shows all" in (await shown(app, pilot))[0]
        await pilot.press("a")
        await pilot.pause(0.3)
        assert len(app.screen.query_one(IncidentList).items) == 100


async def test_t_changes_the_zone_of_the_preview(busy):
    from cockpit.config import Config

    app = busy.app(Config(author="Priya", theme="night", zone="Asia/Tokyo"))
    async with app.run_test(size=(120, 35)) as pilot:
        lines = await shown(app, pilot, 0.4)
        assert "12:58  action" in lines[32]
        await pilot.press("t")
        lines = await shown(app, pilot, 0.4)
        assert "03:58  action" in lines[32]
        assert "UTC" in lines[34]


async def test_hostile_text_is_shown_as_text(world):
    title = "disk [/bold] full [@click=app.quit]x[/] \x1b]52;c;aGk=\x07 \u202egnp \x00"
    world.reads.all = [make_summary(1, title, due=5, commander="[red]\x9b2J")]
    app = world.app()
    for size in ((80, 24), (120, 35)):
        async with world.app().run_test(size=size) as pilot:
            await pilot.pause(0.3)
            text = "\n".join(screen_lines(pilot.app))
            assert "disk [/bold] full [@click=app.quit]x[/]" in text
            assert not {"\x1b", "\x07", "\x00", "\x9b", "\u202e"} & set(text)
    assert app is not None


@pytest.mark.parametrize("size", [(60, 16), (80, 20), (100, 30), (160, 45), (220, 60)])
async def test_nothing_is_wider_than_the_screen(busy, size):
    app = busy.app()
    async with app.run_test(size=size) as pilot:
        lines = await shown(app, pilot)
        assert all(len(line) <= size[0] for line in lines)
        assert "Checkout" in lines[2]
        wide = size[0] >= 110
        assert app.screen.query_one(IncidentPreview).display is wide


async def test_a_thousand_incidents_draw_only_what_is_seen(world):
    world.reads.all = [
        make_summary(number, f"Past number {number}", started=99 + number, lasted=5)
        for number in range(1, 1001)
    ]
    app = world.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("a")
        await pilot.pause(0.5)
        incidents = app.screen.query_one(IncidentList)
        assert len(incidents.items) == 1000
        assert len(incidents._lines) <= 24
        await pilot.press("G")
        assert incidents.cursor == 999
        assert "Past number 1000" in "\n".join(screen_lines(app))


async def test_enter_opens_and_n_declares(busy, monkeypatch):
    opened = []
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause(0.2)
        monkeypatch.setattr(app, "open_incident", opened.append)
        await pilot.press("j", "enter")
        await pilot.pause()
        assert opened == [f"{2042:032x}"]
        assert isinstance(app.screen, HomeScreen)
        await pilot.press("n")
        await pilot.pause()
        assert type(app.screen).__name__ == "DeclareScreen"


async def test_q_quits(busy):
    app = busy.app()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("q")
    assert app.return_code == 0
