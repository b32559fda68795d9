"""Telling people from the screen: one key for one person, two for a field, all of it recorded."""

from __future__ import annotations

from pathlib import Path

from cockpit.screens.incident_people import names_in_words
from cockpit.service import changes, people, stakeholders
from cockpit.service.session import Session
from tests.screens.pane_stage import open_stage


async def test_space_tells_the_selected_person(home: Path) -> None:
    async with open_stage(home) as stage:
        await stage.press("2", "space")
        told = stage.view.told
        assert len(told) == 1
        pane = stage.screen.stakeholder_pane
        assert pane.summary().startswith("1/")
        assert "u takes it back" in stage.notice()


async def test_two_keys_tell_a_whole_field_as_one_action(home: Path) -> None:
    async with open_stage(home) as stage:
        await stage.press("2", "T")
        cell = stage.screen.stakeholder_pane.grid.selected
        assert cell is not None
        field = cell.stakeholder.quadrant
        expected = {each.id for each in stage.view.stakeholders if each.quadrant is field}
        assert {mark.stakeholder for mark in stage.view.told} == expected
        await stage.press("u")
        await stage.until(lambda: not stage.view.told)


async def test_a_whole_ring_and_everyone_who_waits_are_told_and_taken_back(home: Path) -> None:
    async with open_stage(home) as stage:
        await stage.press("2", "O")
        cell = stage.screen.stakeholder_pane.grid.selected
        assert cell is not None
        ring = cell.stakeholder.ring
        expected = {each.id for each in stage.view.stakeholders if each.ring is ring}
        assert {mark.stakeholder for mark in stage.view.told} == expected
        await stage.press("u")
        await stage.until(lambda: not stage.view.told)
        stage.screen.action_tell_waiting()
        await stage.until(lambda: len(stage.view.told) == len(stage.view.stakeholders))
        assert "u takes it back" in stage.notice()
        stage.screen.action_tell_waiting()
        await stage.settle()
        assert "Nobody is waiting" in stage.notice()
        await stage.press("u")
        await stage.until(lambda: not stage.view.told)


async def test_a_person_is_changed_and_what_was_wrong_stays_typed(home: Path) -> None:
    async with open_stage(home) as stage:
        await stage.pilot.press("2", "e")
        await stage.until(lambda: "what changes?" in stage.text())
        await stage.pilot.press("5")
        await stage.until(lambda: "quiet hours" in stage.text())
        await stage.pilot.press(*"22:00", "enter")
        await stage.until(lambda: "no quiet hours" in stage.text())
        assert "22:00" in stage.text()
        await stage.pilot.press(*"-07:00", "enter")
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        await stage.until(lambda: any(each.quiet_from for each in stage.view.stakeholders))
        (changed,) = [each for each in stage.view.stakeholders if each.quiet_from]
        assert (changed.quiet_from, changed.quiet_until) == ("22:00", "07:00")
        await stage.pilot.press("e", "3")
        await stage.until(lambda: ": ring" in stage.text())
        await stage.pilot.press("1")
        await stage.until(
            lambda: any(
                each.id == changed.id and each.ring.audience == "core"
                for each in stage.view.stakeholders
            )
        )


async def test_leaving_a_change_changes_nothing(home: Path) -> None:
    async with open_stage(home) as stage:
        before = stage.view.last_op
        for keys in (("escape",), ("1", "escape")):
            await stage.pilot.press("2", "e")
            await stage.until(lambda: "what changes?" in stage.text())
            for key in keys:
                await stage.pilot.press(key)
                await stage.pilot.pause(0.1)
            await stage.until(lambda: len(stage.app.screen_stack) == 2)
        assert stage.view.last_op == before


async def test_who_sleeps_is_left_alone_and_what_was_told_is_shown(home: Path) -> None:
    async with open_stage(home, title="Checkout fails") as stage:
        inc = stage.screen.inc
        fields = {"quiet": "01:00-06:30", "deputy": "Ben"}

        def prepare(session: Session) -> None:
            changes.set_field(session, inc, "severity", "SEV2")
            stakeholders.edit(session, inc, "key-customers", fields)
            people.tell(session, inc, ["key-customers"], channel="phone", note="we are on it")

        await stage.ask(prepare)
        await stage.until(lambda: stage.view.told)
        await stage.press("2")
        stage.screen.stakeholder_pane.grid.select("key-customers")
        await stage.settle()
        text = stage.text()
        assert "asleep until 06:30, deputy: Ben" in text
        assert "03:00 by Sam, Phone: we are on it" in text
        stage.clock.pass_minutes(200)
        stage.screen.tick(stage.clock())
        await stage.settle()
        assert "asleep" in stage.text()


async def test_the_grid_gives_way_to_who_is_being_chosen(home: Path) -> None:
    async with open_stage(home, size=(160, 45)) as stage:
        inc = stage.screen.inc
        fields = {"contact": "+49 30 1234"}
        await stage.ask(
            lambda session: stakeholders.edit(session, inc, "engineering-manager", fields)
        )
        await stage.until(lambda: any(each.contact for each in stage.view.stakeholders))
        assert "+49 30 1234" not in stage.text()
        await stage.press("2")
        stage.screen.stakeholder_pane.grid.select("engineering-manager")
        await stage.settle()
        assert "+49 30 1234" in stage.text()
        await stage.press("1")
        assert "+49 30 1234" not in stage.text()


async def test_lateness_comes_with_the_clock(home: Path) -> None:
    async with open_stage(home) as stage:
        pane = stage.screen.stakeholder_pane
        assert "late" not in pane.long_summary()
        stage.clock.pass_minutes(90)
        stage.screen.tick(stage.clock())
        await stage.settle()
        assert "late" in pane.long_summary()
        assert "late" in stage.text()


async def test_what_another_process_tells_is_seen(home: Path) -> None:
    async with open_stage(home) as stage:
        inc, who = stage.screen.inc, stage.view.stakeholders[0].id
        await stage.ask(lambda session: people.tell(session, inc, [who]))
        await stage.until(lambda: stage.view.told)
        await stage.until(lambda: stage.screen.stakeholder_pane.summary().startswith("1/"))


async def test_somebody_is_added_to_a_field(home: Path) -> None:
    async with open_stage(home) as stage:
        before = len(stage.view.stakeholders)
        await stage.pilot.press("2", "+")
        await stage.until(lambda: stage.app.screen is not stage.app.screen_stack[1])
        await stage.pilot.press(*"Ada", ",", *"CTO", "enter")
        await stage.until(lambda: "Where does Ada stand?" in stage.text())
        await stage.pilot.press("enter")
        await stage.until(lambda: len(stage.app.screen_stack) == 2)
        await stage.until(lambda: len(stage.view.stakeholders) == before + 1)
        added = next(each for each in stage.view.stakeholders if each.name == "Ada")
        assert added.title == "CTO"


def test_names_are_said_in_words() -> None:
    assert names_in_words(["A"]) == "A"
    assert names_in_words(["A", "B"]) == "A and B"
    assert names_in_words(["A", "B", "C"]) == "A, B and C"
    assert names_in_words(["A", "B", "C", "D"]) == "A, B and 2 more"
