"""Deleting an incident in the app: it asks for the reference, and can be brought back."""

from __future__ import annotations

from pathlib import Path

from cockpit.screens.home import HomeScreen
from cockpit.widgets.incident_list import IncidentList
from tests.screens.incident_app import Stage


def refs(app) -> list[str]:
    return [each.ref for each in app.screen.query_one(IncidentList).items]


async def test_the_wrong_reference_changes_nothing(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.show() as shown:
        await shown.screen.run_action("delete")
        await shown.pilot.pause(0.2)
        await shown.pilot.press(*"INC-2", "enter", "escape")
        await shown.pilot.pause(0.2)
        assert stage.do(lambda session: session.reads.deleted()) == ()


async def test_delete_from_the_incident_and_bring_it_back_from_home(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.show() as shown:
        app, pilot = shown.app, shown.pilot
        await shown.screen.run_action("delete")
        await pilot.pause(0.2)
        await pilot.press(*"inc-1", "enter")
        await shown.until(lambda: isinstance(app.screen, HomeScreen))
        await shown.until(lambda: refs(app) == [])
        await app.screen.run_action("restore")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await shown.until(lambda: refs(app) == ["INC-1"])


async def test_delete_under_the_cursor_of_the_list(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    async with stage.show() as shown:
        app, pilot = shown.app, shown.pilot
        await pilot.press("q")
        await shown.until(lambda: isinstance(app.screen, HomeScreen) and refs(app) == ["INC-1"])
        await pilot.press("delete")
        await pilot.pause(0.2)
        await pilot.press(*"INC-1", "enter")
        await shown.until(lambda: refs(app) == [])
        assert [each.ref for each in stage.do(lambda session: session.reads.deleted())] == ["INC-1"]


async def test_an_incident_that_somebody_deleted_meanwhile_says_so(tmp_path: Path) -> None:
    from cockpit.service import deletion

    stage = Stage(tmp_path)
    async with stage.show() as shown:
        stage.do(lambda session: deletion.delete(session, stage.inc))
        await shown.until(lambda: shown.screen.view.archived)
        assert "deleted" in shown.screen._quiet_words()[0]
