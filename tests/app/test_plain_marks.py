"""`ascii`: the cockpit draws no mark of its own beyond ASCII, and leaves people's text alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.content import Content

from cockpit.config import Config
from cockpit.domain.vocabulary import Ring
from cockpit.service import changes, people, timeline, updates
from cockpit.widgets.marks import FINE, PLAIN, choose_marks, shorten
from tests.screens.incident_app import Shown, Stage

SIZES = [(80, 24), (120, 35), (160, 45), (220, 60)]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    made = Stage(tmp_path / "home")
    made.config = Config(author="me", theme="night", ascii=True)
    made.log("/decision roll back", "/impact " + "nobody can pay anywhere " * 30)
    for number in range(60):
        made.log(f"entry number {number}")
    made.now += timedelta(days=1)
    made.log("the next day")
    with made.open() as session:
        last = timeline.log(session, made.inc, "look " * 400)
        timeline.star(session, made.inc, last.id, on=True)
        changes.set_field(session, made.inc, "severity", "SEV1", reason="it grew")
        view = session.reads.view(made.inc)
        people.tell(session, made.inc, [view.stakeholders[0].id])
        updates.sent(session, updates.compose(session, made.inc, audience=Ring.CUSTOMERS.audience))
    return made


def strange(shown: Shown) -> str:
    return "".join(sorted({each for each in shown.text() if not each.isascii()}))


@pytest.mark.parametrize("size", SIZES)
async def test_everything_that_the_cockpit_draws_is_ascii(
    stage: Stage, size: tuple[int, int]
) -> None:
    async with stage.show(size) as shown:
        await shown.until(lambda: "look look" in shown.text())
        for keys in (
            *(("1",), ("g",), ("G",), ("2",), ("j",), ("3",), ("e",), ("x",), ("escape",)),
            *(("escape",), ("4",), ("z",), ("z",), ("escape",), ("n", "a"), ("escape",)),
            *(("?",), ("escape",), ("ctrl+p",), ("escape",), ("S",), ("escape",)),
            *(("slash", "l"), ("enter",), ("escape",), ("q",), ("n",), ("tab",), ("tab",)),
        ):
            await shown.press(*keys)
            assert strange(shown) == "", (keys, shown.text())


async def test_notices_are_ascii_and_people_s_text_stays_as_it_is(stage: Stage) -> None:
    async with stage.show() as shown:
        await shown.press("1", "n", *"/descision")
        await shown.press("enter")
        await shown.until(lambda: "Did you mean /decision?" in shown.text())
        assert strange(shown) == ""
        stage.log("Überall “kaputt” …")
        await shown.until(lambda: "Überall “kaputt” …" in shown.text())


async def test_a_terminal_too_small_is_told_so_in_ascii(stage: Stage) -> None:
    async with stage.show((50, 10)) as shown:
        await shown.until(lambda: "needs 60x16" in shown.text())


def test_both_sets_take_the_same_room() -> None:
    for name in FINE.__struct_fields__:
        fine, plain = getattr(FINE, name), getattr(PLAIN, name)
        if isinstance(fine, str) and name != "between":
            assert cell_len(fine) == cell_len(plain) == 1, name
            assert plain.isascii()


def test_what_is_cut_says_so_with_the_chosen_mark() -> None:
    try:
        choose_marks(plain=True)
        assert shorten(Content("Payments"), 5).plain == "Paym~"
        assert shorten(Content("Pay"), 5, pad=True).plain == "Pay  "
        assert shorten(Content("Pay…"), 4).plain == "Pay…"
        assert shorten(Content("Pay"), 0).plain == ""
    finally:
        choose_marks(plain=False)
    assert shorten(Content("Payments"), 5).plain == "Paym…"
