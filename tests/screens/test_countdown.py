"""The countdown's key: extend, pause, resume and slow down, each with its reason, at every size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.domain.cadence import ClockState, RingClock, clock, situation
from cockpit.domain.vocabulary import Ring
from cockpit.screens.countdown import CountdownDialog
from cockpit.screens.dialogs import ChoiceDialog
from cockpit.service import promises, updates
from cockpit.service.changes import set_field
from cockpit.service.session import Session
from tests.screens.incident_app import BEGIN, Shown, Stage

SIZES = [(80, 24), (120, 35), (160, 45), (220, 60)]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """An incident whose customers were promised an update by 09:30, at 09:20."""
    made = Stage(tmp_path / "home")
    made.do(_send)
    made.now += timedelta(minutes=20)
    return made


def _send(session: Session) -> None:
    inc = session.reads.summaries()[0].id
    updates.sent(session, updates.compose(session, inc, stage="first word"))


def _clock(stage: Stage, ring: Ring = Ring.CUSTOMERS) -> RingClock:
    view = stage.do(lambda s: s.reads.view(stage.inc))
    return clock(ring, situation(view), stage.playbook, stage.now)


def _open(shown: Shown, kind: type = CountdownDialog) -> bool:
    return isinstance(shown.app.screen, kind)


async def _offer(shown: Shown, words: str) -> None:
    await shown.until(lambda: _open(shown) and words in shown.text())


@pytest.mark.parametrize("size", SIZES)
async def test_ten_more_minutes_with_a_reason(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.show(size) as shown:
        await shown.press("C")
        await _offer(shown, "Customers, due 09:30, in 10 min, every 30 min")
        assert "Extend by 10 min, to 09:40" in shown.text()
        await shown.press("1", *"a test runs", "enter")
        await shown.until(lambda: not _open(shown) and "extended once" in shown.text())
        await shown.until(lambda: "Customers: due 09:40. u takes it back." in shown.text())
        assert _clock(stage).reason == "a test runs"
        await shown.press("u")
        await shown.until(lambda: "extended once" not in shown.text())
    assert _clock(stage).due_at == BEGIN + timedelta(minutes=30)


async def test_a_refusal_is_shown_and_what_was_typed_stays(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        await shown.press("C", "4")
        await _offer(shown, "to when: 10:45")
        await shown.press(*"soon", "enter")
        await shown.until(lambda: "is not a time" in shown.text())
        await shown.press("enter", "ctrl+u", *"09:50", "enter")
        await shown.until(lambda: "is not a time" not in shown.text())
        await shown.press("enter")
        await shown.until(lambda: "A reason is needed" in shown.text())
        await shown.press(*"the vendor called", "enter")
        await shown.until(lambda: not _open(shown))
    assert (_clock(stage).due_at, _clock(stage).reason) == (
        BEGIN + timedelta(minutes=50),
        "the vendor called",
    )


@pytest.mark.parametrize("size", SIZES)
async def test_a_pause_is_calm_and_is_resumed(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.show(size) as shown:
        await shown.press("C", "5", "enter", *"waiting for the vendor", "enter")
        await shown.until(lambda: "waiting for the vendor" in shown.text() and not _open(shown))
        assert "Customer update paused" in shown.text()
        stage.now += timedelta(minutes=50)
        shown.screen.tick(stage.now)
        await shown.pilot.pause()
        assert "! Customer update overdue" not in shown.text()
        assert "Customer update paused" in shown.text()
        await shown.press("C")
        await _offer(shown, "1  Resume")
        await shown.press("1")
        await shown.until(lambda: not _open(shown) and "Customer update paused" not in shown.text())
    assert _clock(stage).state is ClockState.ON_TIME


async def test_a_pause_until_a_time(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("C", "5", *"45m", "enter", *"waiting", "enter")
        await shown.until(lambda: "until 10:05: waiting" in shown.text())
    assert _clock(stage).paused_until == BEGIN + timedelta(minutes=65)


@pytest.mark.parametrize("size", SIZES)
async def test_slower_leads_to_the_update_that_says_so(stage: Stage, size: tuple[int, int]) -> None:
    async with stage.show(size) as shown:
        await shown.press("C")
        await _offer(shown, "Slow down to every 60 min")
        await shown.press("6", *"nothing new is expected", "enter")
        await shown.until(lambda: shown.screen.update_pane.chosen[0] == "slower rhythm")
        assert shown.screen.body.wish.pane == 3
        await shown.until(lambda: "every 60 min" in shown.text())
    assert _clock(stage).slowed


async def test_another_audience(stage: Stage) -> None:
    async with stage.show((80, 24)) as shown:
        await shown.press("C")
        await _offer(shown, "7  Another audience")
        await shown.press("7")
        await shown.until(lambda: _open(shown, ChoiceDialog) and "Whose countdown?" in shown.text())
        place = shown.text().index("Executives")
        number = shown.text()[:place].split()[-1]
        await shown.press(number)
        await _offer(shown, "Executives, due 09:30")
        await shown.press("5", "enter", *"in a meeting", "enter")
        await shown.until(lambda: not _open(shown))
    assert _clock(stage, Ring.EXECUTIVES).state is ClockState.PAUSED
    assert _clock(stage).state is not ClockState.PAUSED


async def test_escape_changes_nothing(stage: Stage) -> None:
    before = stage.do(lambda s: s.reads.view(stage.inc)).last_op
    async with stage.show((80, 24)) as shown:
        await shown.press("C", "1", *"half a rea", "escape")
        await shown.until(lambda: not _open(shown))
    assert stage.do(lambda s: s.reads.view(stage.inc)).last_op == before


async def test_what_is_over_has_no_countdown(stage: Stage) -> None:
    stage.do(lambda s: set_field(s, stage.inc, "status", "resolved"))
    async with stage.show((80, 24)) as shown:
        await shown.press("C")
        await shown.until(lambda: "is over: no update is due" in shown.text())


@pytest.mark.parametrize("size", SIZES)
async def test_a_late_one_counts_from_now_and_says_what_was_missed(
    stage: Stage, size: tuple[int, int]
) -> None:
    stage.now += timedelta(minutes=15, seconds=40)
    async with stage.show(size) as shown:
        await shown.until(lambda: "! Customer update overdue" in shown.text())
        await shown.press("C")
        await _offer(shown, "Customers, overdue by 5 min")
        assert "to 09:45" in shown.text()
        await shown.press("1", *"nobody was here", "enter")
        await shown.until(lambda: "missed 09:30, now 09:45" in shown.text() and not _open(shown))


async def test_two_hours_without_news_offer_the_slower_rhythm(stage: Stage) -> None:
    def no_news(session: Session) -> None:
        updates.sent(session, updates.compose(session, stage.inc, stage="no news"))

    stage.do(lambda s: set_field(s, stage.inc, "stage", "acknowledged"))
    stage.now += timedelta(minutes=125)
    stage.do(no_news)
    async with stage.show() as shown:
        await shown.until(lambda: "announce updates every 60 min" in shown.text())
        await shown.press("!", "1")
        await shown.until(lambda: shown.screen.update_pane.chosen[0] == "slower rhythm")


async def test_words_of_a_reason_do_not_act(stage: Stage) -> None:
    stage.do(lambda s: promises.pause(s, stage.inc, "customers", "[/b] \x1b]0;x\x07 $late"))
    async with stage.show() as shown:
        await shown.until(lambda: "[/b] ␛]0;x␇ $late" in shown.text())
        await shown.press("C")
        await _offer(shown, "[/b] ␛]0;x␇ $late")


async def test_plain_letters_suffice(stage: Stage) -> None:
    stage.config = replace(stage.config, ascii=True)
    stage.do(lambda s: promises.pause(s, stage.inc, "executives", "asleep"))
    async with stage.show((80, 24)) as shown:
        await shown.press("C", "4")
        await _offer(shown, "to when: 10:45")
        assert shown.text().isascii()
        await shown.press(*"soon", "enter", "enter")
        await shown.until(lambda: "is not a time" in shown.text())
        assert shown.text().isascii()
