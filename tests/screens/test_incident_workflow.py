"""The workflow on the screen: the next step, all steps, the owner, a hand-over, what was kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.clipboard import CopyResult
from cockpit.domain.playbook import Step
from cockpit.domain.view import IncidentView, TimelineFilter
from cockpit.screens.handover import HandoverDialog
from cockpit.screens.steps import StepsDialog
from cockpit.service import timeline, updates
from cockpit.service.changes import set_field
from cockpit.service.session import Session
from cockpit.widgets.step_list import StepList
from tests.screens.incident_app import Shown, Stage

SIZES = [(80, 24), (120, 35), (160, 45), (220, 60)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    return Stage(tmp_path / "home")


def _dialog(shown: Shown, kind: type) -> bool:
    return isinstance(shown.app.screen, kind)


def _known(shown: Shown) -> IncidentView:
    assert shown.screen.view is not None
    return shown.screen.view


@pytest.mark.parametrize("size", SIZES)
async def test_the_next_step_is_in_sight_with_whose_it_is(
    stage: Stage, size: tuple[int, int]
) -> None:
    stage.now += timedelta(minutes=7)
    async with stage.show(size) as shown:
        await shown.until(lambda: "Next step: Acknowledge the alert" in shown.text())
        assert "me, 2 min late  w" in shown.text()


async def test_more_urgent_words_come_first(stage: Stage) -> None:
    stage.do(lambda s: set_field(s, stage.inc, "impact", "high"))
    async with stage.show() as shown:
        await shown.until(lambda: "open the public status page" in shown.text())
        assert "Next step" not in shown.text()


async def test_what_was_left_open_at_the_declaration_is_said_later(stage: Stage) -> None:
    stage.now += timedelta(minutes=7)
    async with stage.show() as shown:
        for action, *keys in (("criterion", "3", "enter"), ("start", "ctrl+u", *"-20m", "enter")):
            shown.app.screen.run_worker(shown.app.run_action(action, shown.screen))
            await shown.until(lambda: len(shown.app.screen_stack) == 3)
            await shown.press(*keys)
            await shown.until(lambda: len(shown.app.screen_stack) == 2)
        await shown.until(lambda: _known(shown).started_at == stage.now - timedelta(minutes=20))
        assert (_known(shown).criterion, _known(shown).kind) == ("data-loss", "data")
        shown.app.screen.run_worker(shown.app.run_action("kind", shown.screen))
        await shown.until(lambda: len(shown.app.screen_stack) == 3)
        await shown.press("1", "enter")
        await shown.until(lambda: _known(shown).kind == "outage")


@pytest.mark.parametrize("size", SIZES)
async def test_all_steps_are_one_key_away(stage: Stage, size: tuple[int, int]) -> None:
    stage.now += timedelta(minutes=7)
    async with stage.show(size) as shown:
        await shown.press("w")
        await shown.until(lambda: _dialog(shown, StepsDialog) and "steps done" in shown.text())
        text = shown.text()
        assert "identify" in text
        assert "✓  Declare it with a severity" in text
        assert "!  Acknowledge the alert" in text
        assert "2 min late" in text
        assert "Incident manager: me, due at 09:05" in text
        assert "esc goes back" in text
        await shown.press("G")
        await shown.until(lambda: "Review how the incident process itself worked" in shown.text())
        await shown.press("space")
        await shown.until(lambda: "It ticks itself once it is done." in shown.text())
        await shown.press("w")
        await shown.until(lambda: not _dialog(shown, StepsDialog))


async def test_a_step_is_ticked_by_a_person_and_undone(stage: Stage) -> None:
    toml = '[[steps]]\nid = "call"\nfront = "learn"\ntext = "Call the owner"\nrole = "commander"\n'
    stage.paths.playbook.write_text(toml, encoding="utf-8")
    step = Step("call", "learn", "Call the owner", "commander")
    stage.playbook = replace(stage.playbook, steps=(*stage.playbook.steps, step))
    async with stage.show() as shown:
        await shown.press("w")
        await shown.until(lambda: _dialog(shown, StepsDialog) and "steps done" in shown.text())
        await shown.press("G", "space")
        await shown.until(lambda: "✓  Call the owner" in shown.text())
        assert shown.app.screen.query_one(StepList).cursor == len(stage.playbook.steps) - 1
        assert stage.do(lambda s: s.reads.view(stage.inc)).steps == ("call",)
        await shown.press("escape")
        await shown.until(lambda: not _dialog(shown, StepsDialog))
        await shown.press("u")
        await shown.until(lambda: shown.screen.view is not None and not shown.screen.view.steps)


async def test_the_affected_area_names_who_to_call(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("o")
        await shown.until(lambda: "Checkout team, on-call rota" in shown.text())
        await shown.press("3", "enter", *"cards", "enter")
        await shown.until(lambda: "Area Orders and payments, Checkout team" in shown.text())
    assert stage.do(lambda s: s.reads.view(stage.inc)).area == "orders"


async def test_a_hand_over_shows_what_the_next_person_must_know(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    async def copy(text: str) -> CopyResult:
        copied.append(text)
        return CopyResult("test", "Copied with test.", ok=True)

    stage.do(lambda s: timeline.log(s, stage.inc, "Revert the release", kind="decision"))
    async with stage.show() as shown:
        monkeypatch.setattr(shown.app, "copy_text", copy)
        await shown.press("r", "enter", "ctrl+u", *"robin", "enter")
        await shown.until(lambda: _dialog(shown, HandoverDialog) and "Where it" in shown.text())
        assert "Incident manager: me hands over to robin" in shown.text()
        await shown.press("c")
        await shown.until(lambda: "Copied with test." in shown.text())
        assert "Revert the release" in copied[0]
        await shown.press("enter", *"night", "enter")
        await shown.until(lambda: "Commander robin" in shown.text())
    view = stage.do(lambda s: s.reads.view(stage.inc))
    assert view.holder("commander") == "robin"
    entries = stage.do(lambda s: s.reads.timeline(stage.inc, TimelineFilter(), 0, 99))
    assert entries[-1].text == "Commander: me → robin (night)"


async def test_a_hand_over_that_is_left_changes_nothing(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        await shown.press("r", "enter", "ctrl+u", *"robin", "enter")
        await shown.until(lambda: _dialog(shown, HandoverDialog))
        assert "c copies the summary" in shown.text()
        await shown.press("escape")
        await shown.until(lambda: not _dialog(shown, HandoverDialog))
    assert stage.do(lambda s: s.reads.view(stage.inc)).holder("commander") == "me"


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_over_shows_how_its_cadence_was_kept(
    stage: Stage, size: tuple[int, int]
) -> None:
    def tell(session: Session) -> None:
        composition = updates.compose(session, stage.inc, stage="first word", audience="customers")
        updates.sent(session, composition)

    stage.now += timedelta(minutes=4)
    stage.do(tell)
    stage.now += timedelta(minutes=9)
    stage.do(lambda s: set_field(s, stage.inc, "status", "resolved"))
    async with stage.show(size) as shown:
        await shown.until(lambda: "1 of 1 deadline kept" in shown.text())
        assert "ongest silence 9 min" in shown.text()
        assert "irst word after 4 min" in shown.text()
