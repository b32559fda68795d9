"""The title lines at every width: what matters most stays longest."""

from __future__ import annotations

import tomllib
from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.playbook_merge import load_playbook
from cockpit.domain.sync_words import SyncWords
from cockpit.domain.together import Together
from cockpit.domain.view import Rival, RoleHolder
from cockpit.domain.vocabulary import PublicStatus, Stage
from cockpit.resources import data_file
from cockpit.widgets.painted import cells_of
from cockpit.widgets.sync_line import sync_line
from cockpit.widgets.title_band import TitleBand, Titles, rival_words, roles_line, title_line
from tests.widgets.timeline_entries import NOW, OneWidgetApp, lines_of, make_view

PLAYBOOK = load_playbook(tomllib.loads(data_file("playbook.toml")), None)
BERLIN = ZoneInfo("Europe/Berlin")
SYNCED = Together(SyncWords("synced 4 s ago "))
RIVAL = Rival("", "severity", "SEV2", "2" * 32, "Bo", NOW)


def make_titles(**facts: Any) -> Titles:
    zone = facts.pop("zone", UTC)
    local = facts.pop("local", UTC)
    me = facts.pop("me", "")
    together = facts.pop("together", Together())
    return Titles(make_view(**facts), PLAYBOOK, NOW, zone, local, me, together)


def first_line(width: int, **facts: Any) -> str:
    spans = title_line(make_titles(**facts), width, with_rivals=True)
    return "".join(text for text, _ in spans)


def second_line(**facts: Any) -> str:
    return "".join(text for text, _ in roles_line(make_titles(**facts), 100)).strip()


def test_the_first_line_says_how_bad_what_where_how_long_and_what_time() -> None:
    assert first_line(78) == (
        " SEV1   Nobody can pay" + " " * 25 + "Identified   1h 12m   12:00 UTC"
    )


def test_wide_screens_add_the_reference_the_start_and_the_local_time() -> None:
    line = first_line(158, local=BERLIN)
    assert line.endswith("INC-7   Identified   started 10:48   1h 12m   12:00 UTC   13:00 CET")


def test_the_zone_of_the_shown_times_is_always_said() -> None:
    assert first_line(78, zone=BERLIN).endswith("13:00 CET")


def test_a_drill_and_a_private_incident_say_so() -> None:
    assert "Nobody can pay  drill  private" in first_line(90, drill=True, private=True)


def test_a_long_title_gives_way_last() -> None:
    long = "Payments of all kinds fail for everybody in all regions since noon"
    line = first_line(78, title=long)
    assert line.startswith(" SEV1   Payments of all kinds fail for everyb…")
    assert line.endswith("Identified   1h 12m   12:00 UTC")
    assert first_line(40, title=long).endswith("… 1h 12m  12:00 UTC")


def test_the_elapsed_time_stands_still_once_it_is_over() -> None:
    over = {
        "status": PublicStatus.RESOLVED,
        "stage": Stage.RESOLVED,
        "resolved_at": NOW - timedelta(minutes=30),
    }
    assert "42m" in first_line(78, **over)


def test_rivals_are_named() -> None:
    assert rival_words(make_view()) == ()
    assert "! 2 values for severity, pick" in first_line(90, rivals=(RIVAL,))
    line = second_line(rivals=(RIVAL,), together=SYNCED)
    assert line.endswith("! 2 values for severity: Bo SEV2 12:00, pick   synced 4 s ago")
    roles = tuple(RoleHolder(f"role {n}", "Robin Example", NOW) for n in range(3))
    line = second_line(rivals=(RIVAL,), together=SYNCED, roles=roles)
    assert line.endswith("! 2 values for severity, pick")


def test_roles_stand_in_the_order_of_the_playbook() -> None:
    roles = (RoleHolder("scribe", "Bo", NOW), RoleHolder("commander", "Ana", NOW))
    assert second_line(roles=roles, me="Bo") == "Commander Ana   Scribe you"
    assert second_line() == "nobody has a role yet"


def test_who_is_here_gives_way_to_the_roles_and_the_state_stays() -> None:
    together = Together(SyncWords("synced 4 s ago "), ("ben, cleo here", "2 here"))
    assert second_line(together=together).endswith("ben, cleo here   synced 4 s ago")
    for count, end in ((3, "2 here   synced 4 s ago"), (4, "role 3  synced 4 s ago")):
        roles = tuple(RoleHolder(f"role {n}", "Robin Example", NOW) for n in range(count))
        line = second_line(together=together, roles=roles)
        assert line.endswith(end), line


def test_a_role_that_bounds_stands_beside_the_title() -> None:
    together = Together(SyncWords("synced 4 s ago "), role="reader")
    assert "Nobody can pay  reader" in first_line(90, together=together)


def test_the_line_without_a_second_title_line() -> None:
    together = Together(SyncWords("offline 2 min", loud=True), ("ben, cleo here", "2 here"))
    text = "".join(each for each, _ in sync_line(together, 78))
    assert text == " ben, cleo here" + " " * 50 + "offline 2 min"
    assert "".join(each for each, _ in sync_line(together, 22)) == " 2 here  offline 2 min"
    assert "".join(each for each, _ in sync_line(together, 16)).strip() == "offline 2 min"
    assert sync_line(Together(), 78) == ()


@given(st.text(max_size=200), st.integers(1, 200))
def test_no_title_breaks_the_line(title: str, width: int) -> None:
    spans = title_line(make_titles(title=title), width, with_rivals=True)
    assert cells_of(spans) <= width
    assert not any(ord(each) < 32 for text, _ in spans for each in text)


@pytest.mark.parametrize("size", [(80, 1), (120, 2), (3, 2)])
async def test_it_draws_one_line_or_two(size: tuple[int, int]) -> None:
    band = TitleBand()
    async with OneWidgetApp(band).run_test(size=size) as pilot:
        band.styles.height = size[1]
        await pilot.pause()
        band.show(make_titles())
        await pilot.pause()
        lines = lines_of(band)
        assert lines[0].startswith(" S")
        assert len(lines) == size[1]
