"""Insights: from home to the figures, to the incidents behind one, to an incident and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.screens.home import HomeScreen
from cockpit.screens.incident import IncidentScreen
from cockpit.screens.insights import BehindScreen, InsightsScreen
from cockpit.service import changes, updates
from cockpit.service.incidents import Declaration, declare
from cockpit.widgets.insight_chart import InsightChart
from cockpit.widgets.insight_list import InsightList
from tests.screens.incident_app import Shown, Stage

HOSTILE = "[/bold] \x1b]0;pwned\x07 <b>x</b>"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    stage = Stage(tmp_path / "home")
    stage.now += timedelta(minutes=6)
    stage.do(lambda session: changes.set_field(session, stage.inc, "stage", "contained"))
    stage.do(
        lambda session: updates.sent(
            session, updates.compose(session, stage.inc, stage="investigating")
        )
    )
    stage.do(lambda session: declare(session, Declaration(HOSTILE, "SEV4")))
    stage.do(lambda session: declare(session, Declaration("What if", "SEV1", drill=True)))
    return stage


async def _open(shown: Shown) -> InsightList:
    await shown.press("q")
    await shown.until(lambda: isinstance(shown.app.screen, HomeScreen))
    await shown.press("I")
    await shown.until(lambda: isinstance(shown.app.screen, InsightsScreen))
    await shown.until(lambda: "All incidents" in shown.text())
    return shown.app.screen.query_one(InsightList)


async def _go(shown: Shown, figures: InsightList, row: str) -> None:
    wanted = next(n for n, each in enumerate(figures.items) if each.row and each.row.id == row)
    while figures.cursor < wanted:
        before = figures.cursor
        await shown.press("j")
        assert figures.cursor > before
    assert figures.cursor == wanted


@pytest.mark.parametrize("size", [(80, 24), (120, 35), (60, 16), (220, 60)])
async def test_the_figures_stand_below_their_chart(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.show(size) as shown:
        figures = await _open(shown)
        text = shown.text()
        assert "2 incidents" in text
        assert "█" in text
        if size[0] >= 80:
            assert "1 exercise left out" in text
        assert figures.current is not None
        assert figures.current.row is not None, "the cursor stands on a row, not on a heading"


async def test_every_figure_opens_its_incidents_and_each_of_them(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        figures = await _open(shown)
        await _go(shown, figures, "contain")
        await shown.press("enter")
        await shown.until(lambda: isinstance(shown.app.screen, BehindScreen))
        await shown.until(lambda: "Nobody can pay" in shown.text())
        assert "6 min" in shown.text()
        assert "pwned" not in shown.text()
        await shown.press("enter")
        await shown.until(lambda: isinstance(shown.app.screen, IncidentScreen))
        await shown.until(lambda: shown.screen.view is not None)
        assert shown.screen.inc == stage.inc
        await shown.press("q")
        await shown.until(lambda: isinstance(shown.app.screen, BehindScreen))
        await shown.press("escape")
        await shown.until(lambda: isinstance(shown.app.screen, InsightsScreen))
        assert figures.current is not None
        assert figures.current.row is not None
        assert figures.current.row.id == "contain"
        await shown.press("q")
        await shown.until(lambda: isinstance(shown.app.screen, HomeScreen))


async def test_a_figure_of_nothing_says_so(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        figures = await _open(shown)
        await _go(shown, figures, "SEV3")
        await shown.press("enter")
        await shown.until(lambda: "No incident is behind it." in shown.text())


async def test_hostile_titles_do_nothing(stage: Stage) -> None:
    async with stage.show((100, 30)) as shown:
        await _open(shown)
        await shown.press("enter")
        await shown.until(lambda: isinstance(shown.app.screen, BehindScreen))
        await shown.until(lambda: "[/bold]" in shown.text())
        assert "\x1b" not in shown.text()


async def test_exercises_and_other_periods_are_a_key_away(stage: Stage) -> None:
    stage.now += timedelta(days=400)
    async with stage.show((100, 30)) as shown:
        await shown.press("q", "I")
        await shown.until(lambda: "0 incidents" in shown.text())
        await shown.press("p")
        await shown.until(lambda: "2027-01-01 to" in shown.text())
        await shown.press("p")
        await shown.until(lambda: "2026-03-04 to" in shown.text() and "2 incidents" in shown.text())
        await shown.press("d")
        await shown.until(lambda: "3 incidents, exercises too" in shown.text())
        await shown.press("p")
        await shown.until(lambda: "0 incidents, exercises too" in shown.text())


async def test_what_somebody_else_declares_is_counted(stage: Stage) -> None:
    async with stage.show((100, 30)) as shown:
        figures = await _open(shown)
        await _go(shown, figures, "resolve")
        stage.do(lambda session: declare(session, Declaration("Another", "SEV2")))
        await shown.until(lambda: "3 incidents" in shown.text())
        assert figures.current is not None
        assert figures.current.row is not None
        assert figures.current.row.id == "resolve", "the cursor stays"


async def test_the_page_is_written_where_exports_go(stage: Stage) -> None:
    async with stage.show((120, 35)) as shown:
        await _open(shown)
        await shown.press("x")
        await shown.until(lambda: "Written to" in shown.text())
    written = list(stage.paths.exports.glob("insights-*.html"))
    assert len(written) == 1
    assert "Nobody can pay" in written[0].read_text(encoding="utf-8")


async def test_plain_characters_suffice(stage: Stage) -> None:
    stage.config = Config(author="me", ascii=True)
    async with stage.show((100, 30)) as shown:
        await _open(shown)
        chart = shown.app.screen.query_one(InsightChart)
        drawn = "".join(chart.render_line(y).text for y in range(chart.size.height))
        assert "#" in drawn
        assert drawn.isascii()
