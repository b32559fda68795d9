"""The app in read-only mode: it says so, shows everything, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.domain.view import TimelineFilter
from tests.screens.incident_app import Stage

SENTENCE = "This cockpit is read-only; nothing was changed."


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(tmp_path / "home")
    made.log("looking into it")
    made.config = Config(author="me", readonly=True, clipboard_command=f"tee {tmp_path / 'clip'}")
    return made


def count(stage: Stage) -> int:
    return stage.do(lambda session: session.reads.timeline_count(stage.inc, TimelineFilter()))


async def test_the_footer_says_so_and_nothing_is_written(stage: Stage) -> None:
    before = count(stage)
    async with stage.show((80, 24)) as shown:
        assert "read-only" in shown.text().splitlines()[-1]
        await shown.press("n", *"half", "enter")
        await shown.until(lambda: SENTENCE in shown.text())
        assert "half" in shown.text()
        await shown.press("escape", "q", "n")
        await shown.until(lambda: SENTENCE in shown.text())
        assert "Incidents" in shown.text()
    assert count(stage) == before


async def test_an_update_is_copied_without_a_note(stage: Stage, tmp_path: Path) -> None:
    before = count(stage)
    async with stage.show() as shown:
        await shown.press("c")
        await shown.until(lambda: "Copied with tee" in shown.text())
    assert "Nobody can pay" in (tmp_path / "clip").read_text(encoding="utf-8")
    assert count(stage) == before


async def test_another_one_s_entries_appear(stage: Stage) -> None:
    async with stage.show() as shown:
        stage.config = Config(author="you")
        stage.log("it was the certificate")
        await shown.until(lambda: "it was the certificate" in shown.text())
