"""The report on cadence, from the palette of an incident and of the list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.screens.plain_text import PlainTextScreen
from cockpit.service import updates
from tests.screens.incident_app import Shown, Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    return Stage(tmp_path / "home")


async def _report(shown: Shown) -> str:
    await shown.press("colon")
    await shown.until(lambda: "What do you want to do?" in shown.text())
    await shown.press(*"report on", "enter")
    await shown.until(lambda: isinstance(shown.app.screen, PlainTextScreen))
    await shown.until(lambda: "AUDIENCE" in shown.text())
    return shown.text()


async def test_the_report_is_a_page_of_plain_text(stage: Stage) -> None:
    stage.now += timedelta(minutes=6)
    stage.do(
        lambda session: updates.sent(
            session, updates.compose(session, stage.inc, stage="investigating")
        )
    )
    async with stage.show((80, 24)) as shown:
        text = await _report(shown)
        assert "INC-1  SEV2" in text
        assert "customers  1     6m" in text
        await shown.press("q", "q")
        await shown.until(lambda: not isinstance(shown.app.screen, PlainTextScreen))
        await shown.until(lambda: "INC-1" in shown.text())
        text = await _report(shown)
        assert "Cadence over all incidents" in text
        assert "1 incident" in text
        assert "2026-Q1: 1 incident" in text
