"""What we try on the screen: ask, hear back, suppose, eliminate; late answers; the sheet."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.clipboard import CopyResult
from cockpit.domain.view import IncidentView
from cockpit.screens.handover import HandoverDialog, HandoverSheet
from cockpit.screens.response_work import TriesDialog
from cockpit.service import response_work
from cockpit.service.changes import set_field
from cockpit.widgets.try_list import TryList
from tests.screens.incident_app import Shown, Stage

SIZES = [(80, 24), (120, 35), (160, 45), (220, 60)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    return Stage(tmp_path / "home")


def known(stage: Stage) -> IncidentView:
    view: IncidentView = stage.do(lambda session: session.reads.view(stage.inc))
    return view


def ask(stage: Stage, title: str, owner: str = "", within: str = "") -> str:
    return str(stage.do(lambda s: response_work.ask(s, stage.inc, title, owner, within)).id)


async def open_dialog(shown: Shown) -> None:
    await shown.press("y")
    await shown.until(
        lambda: isinstance(shown.app.screen, TriesDialog) and "What we try" in shown.text()
    )


async def test_it_says_what_is_tried_in_its_first_frame(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("y")
        await shown.until(lambda: isinstance(shown.app.screen, TriesDialog))
        for _ in range(15):
            await shown.pilot.pause()
            if "Nothing was asked" in shown.text():
                return
            await asyncio.sleep(0.02)
        pytest.fail("it was drawn without what is tried")


@pytest.mark.parametrize("size", SIZES)
async def test_all_that_is_tried_is_one_key_away(stage: Stage, size: tuple[int, int]) -> None:
    ask(stage, "restart the cache", "ana")
    ask(stage, "look at the disks", within="30m")
    failed = ask(stage, "roll back", "cleo")
    stage.do(lambda s: response_work.finish(s, stage.inc, failed, "no", "same errors"))
    stage.do(lambda s: response_work.suppose(s, stage.inc, "the queue is stuck"))
    stage.do(lambda s: response_work.suppose(s, stage.inc, "the cache is full"))
    stage.do(lambda s: response_work.eliminate(s, stage.inc, "cache", "half empty"))
    stage.now += timedelta(minutes=13)
    async with stage.show(size) as shown:
        await open_dialog(shown)
        text = shown.text()
        assert "2 answers awaited, 1 late, 1 open theory" in text
        assert "ana: restart the cache" in text
        assert "!  ana: restart the cache" in text
        assert "  3 min late" in text
        assert "back in 17 min" in text
        assert "did not help: same errors" in text
        assert "eliminated: half empty" in text
        assert "asked 09:00, back by 09:10 UTC" in text
        assert "esc back" in text
        order = ("restart the cache", "look at the disks", "queue is stuck", "roll back", "is full")
        rows = [each.text for each in shown.app.screen.query_one(TryList).items]
        assert [next(w for w in order if w in row) for row in rows] == list(order)
        await shown.press("y")
        await shown.until(lambda: not isinstance(shown.app.screen, TriesDialog))


async def test_timers_go_on_while_they_are_looked_at(stage: Stage) -> None:
    ask(stage, "restart the cache", "ana")
    async with stage.show() as shown:
        await open_dialog(shown)
        assert "back in 10 min" in shown.text()
        stage.now += timedelta(minutes=10, seconds=4)
        await shown.until(lambda: "  4 s late" in shown.text())
        assert "1 answer awaited, 1 late" in shown.text()


async def test_somebody_is_asked_and_answers(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        await open_dialog(shown)
        assert "Nothing was asked or supposed yet" in shown.text()
        await shown.press("n", *"@ana 0m restart", "enter")
        await shown.until(lambda: "is not a span of time" in shown.text())
        await shown.press("home", *["delete"] * 7, *"@ana 5m", "enter")
        await shown.until(lambda: "ana: restart" in shown.text())
        assert "back in 5 min" in shown.text()
        await shown.press("m", "ctrl+u", *"20m", "enter")
        await shown.until(lambda: "back in 20 min" in shown.text())
        await shown.press("enter")
        await shown.until(lambda: "Did it help? ana: restart" in shown.text())
        await shown.press("2", *"same errors", "enter")
        await shown.until(lambda: "did not help: same errors" in shown.text())
        await shown.press("escape", "u")
        await shown.until(lambda: known(stage).response_actions[0].state == "open")
    (asked,) = known(stage).response_actions
    assert (asked.owner, asked.title) == ("ana", "restart")


async def test_a_theory_is_kept_confirmed_and_made_the_cause(stage: Stage) -> None:
    async with stage.show() as shown:
        await open_dialog(shown)
        await shown.press("+", *"the queue is stuck", "enter")
        await shown.until(lambda: "1 open theory" in shown.text())
        await shown.press("m")
        await shown.until(lambda: "Only an open action can get more time." in shown.text())
        await shown.press("c")
        await shown.until(lambda: "It is so: the queue is stuck" in shown.text())
        await shown.press(*"it grows", "enter")
        await shown.until(lambda: "Is it the cause?" in shown.text())
        await shown.press("1")
        await shown.until(lambda: known(stage).cause == "the queue is stuck")
        await shown.until(lambda: "confirmed: it grows" in shown.text())


async def test_a_theory_is_eliminated_with_the_reason(stage: Stage) -> None:
    stage.do(lambda s: response_work.suppose(s, stage.inc, "the cache is full"))
    ask(stage, "restart")
    async with stage.show() as shown:
        await open_dialog(shown)
        await shown.press("e")
        await shown.until(lambda: "Only a theory can be eliminated." in shown.text())
        await shown.press("down", "e")
        await shown.until(lambda: "It is not so: the cache is full" in shown.text())
        await shown.press(*"half empty", "enter")
        await shown.until(lambda: "eliminated: half empty" in shown.text())


async def test_the_entry_line_asks_too(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("n", *"/ask @ana 10m restart")
        await shown.until(lambda: "ask ana, 10 min" in shown.text())
        await shown.press("enter")
        await shown.until(lambda: "Asked ana: restart (back by 09:10 UTC)" in shown.texts)


@pytest.mark.parametrize("size", SIZES)
async def test_a_late_answer_stands_above_the_entry_line(
    stage: Stage, size: tuple[int, int]
) -> None:
    ask(stage, "restart the cache", "ana")
    stage.now += timedelta(minutes=13)
    async with stage.show(size) as shown:
        await shown.until(lambda: "! ana is 3 min late: restart the cache" in shown.text())


async def test_an_answer_that_is_not_late_costs_no_line_on_a_small_screen(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        before = shown.screen.plan.regions
    ask(stage, "restart the cache", "ana")
    async with stage.show((80, 24)) as shown:
        assert shown.screen.plan.regions == before
        assert "back in" not in shown.text()


@pytest.mark.parametrize("size", SIZES[1:])
async def test_the_next_answer_is_in_sight_where_there_is_room(
    stage: Stage, size: tuple[int, int]
) -> None:
    ask(stage, "restart the cache", "ana", "20m")
    async with stage.show(size) as shown:
        await shown.until(lambda: "Asked ana: restart the cache" in shown.text())
        await shown.until(lambda: "back in 20 min  y" in shown.text())


async def test_an_incident_that_is_over_waits_for_nobody(stage: Stage) -> None:
    ask(stage, "restart the cache", "ana")
    stage.now += timedelta(minutes=13)
    stage.do(lambda s: set_field(s, stage.inc, "status", "resolved"))
    async with stage.show() as shown:
        await shown.until(lambda: "Resolved" in shown.text())
        assert "late: restart" not in shown.text()


@pytest.mark.parametrize("size", SIZES)
async def test_the_sheet_is_shown_copied_and_kept_as_given(
    stage: Stage, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    async def copy(text: str) -> CopyResult:
        copied.append(text)
        return CopyResult("test", "Copied with test.", ok=True)

    ask(stage, "restart the cache", "ana")
    async with stage.show(size) as shown:
        monkeypatch.setattr(shown.app, "copy_text", copy)
        await shown.press("H")
        await shown.until(
            lambda: isinstance(shown.app.screen, HandoverSheet) and "Where it" in shown.text()
        )
        assert "s notes that it was given" in shown.text()
        await shown.press("c")
        await shown.until(lambda: "Copied with test." in shown.text())
        assert "ana, back in 10 min: restart the cache" in copied[0]
        await shown.press("s")
        await shown.until(lambda: "Kept in the timeline as given." in shown.text())
        await shown.press("H")
        await shown.until(lambda: shown.texts[-1].startswith("State summary: INC-1 Nobody can pay"))
        await shown.press("u")
        await shown.until(lambda: not shown.texts[-1].startswith("State summary"))
    assert known(stage).summary_at is None


async def test_a_summary_is_asked_for_after_four_hours(stage: Stage) -> None:
    stage.do(lambda s: set_field(s, stage.inc, "stage", "contained"))
    stage.now += timedelta(hours=4, minutes=5)
    async with stage.show() as shown:
        await shown.press("!")
        await shown.until(lambda: "No state summary for 4h 5m" in shown.text())
        place = next(
            line for line in shown.text().splitlines() if "No state summary" in line
        ).split("No state")[0]
        await shown.press(next(letter for letter in place if letter.isdigit()))
        await shown.until(lambda: isinstance(shown.app.screen, HandoverSheet))


async def test_a_commander_s_hand_over_shows_the_sheet(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        await shown.press("r", "1")
        await shown.until(lambda: "Who takes it" in shown.text())
        await shown.press("ctrl+u", *"robin", "enter")
        await shown.until(lambda: isinstance(shown.app.screen, HandoverDialog))
        await shown.until(lambda: "Where it stands" in shown.text())
        assert "s notes it as given" in shown.text()
        await shown.press("s")
        await shown.until(lambda: "Kept in the timeline as given." in shown.text())
        await shown.press("enter", "enter")
        await shown.until(lambda: known(stage).holder("commander") == "robin")
    assert known(stage).summary_at == stage.now
