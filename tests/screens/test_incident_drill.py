"""The debrief on the incident screen: on its key, and by itself when a drill is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.screens.plain_text import PlainTextScreen
from cockpit.service import closing
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session
from tests.screens.incident_app import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    return Stage(tmp_path / "home")


def _make_drill(stage: Stage) -> None:
    declared = stage.do(
        lambda session: declare(session, Declaration("Only a try", "SEV2", drill=True))
    )
    stage.inc = declared.id


def _close(session: Session, inc: str) -> None:
    for each in closing.checks(session, inc):
        if each.is_left:
            closing.waive(session, inc, each.id, "a try")
    closing.close(session, inc)


async def test_the_key_shows_how_it_goes_so_far(stage: Stage) -> None:
    _make_drill(stage)
    stage.now += timedelta(minutes=25)
    async with stage.show((80, 24)) as shown:
        await shown.press("f8")
        await shown.until(lambda: isinstance(shown.app.screen, PlainTextScreen))
        await shown.until(lambda: "Debrief: Only a try" in shown.text())
        assert "so far, after 25 min" in shown.text()
        assert "The first word to customers was due after 15 min" in shown.text()
        await shown.press("q")
        assert not isinstance(shown.app.screen, PlainTextScreen)


async def test_a_real_incident_has_none(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        await shown.press("f8")
        await shown.until(lambda: "This is no drill" in shown.text())
        stage.do(lambda session: _close(session, stage.inc))
        await shown.until(lambda: "Closed" in shown.text())
        assert not isinstance(shown.app.screen, PlainTextScreen)


async def test_it_comes_by_itself_once_a_drill_is_closed(stage: Stage) -> None:
    _make_drill(stage)
    async with stage.show((80, 24)) as shown:
        stage.do(lambda session: _close(session, stage.inc))
        await shown.until(lambda: isinstance(shown.app.screen, PlainTextScreen))
        await shown.until(lambda: "it took" in shown.text())
        await shown.press("q")
    async with stage.show((80, 24)) as shown:
        assert not isinstance(shown.app.screen, PlainTextScreen), "only when it is closed"
