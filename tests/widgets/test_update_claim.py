"""The update pane minds who else writes: words before, and nothing that moves what is typed."""

from __future__ import annotations

from datetime import UTC

import pytest

from cockpit.widgets.update_claim import UpdateClaim
from cockpit.widgets.update_pane import UpdatePane
from cockpit.widgets.writing_pane import WritingPane
from tests.widgets.pane_host import NOW, PAGE, SMS, PaneHost, Update, make_view

KINDS = (WritingPane.Began, UpdateClaim.Held, UpdateClaim.TakeOverWanted)
TEXT = "We know the cause.\n\nNext update by 10:30 UTC.\n" + "\n".join(map(str, range(40)))
WORDS = "ben writes this update since 14:02"


def make_host() -> tuple[PaneHost, UpdatePane]:
    pane = UpdatePane()
    return PaneHost(pane, KINDS), pane


def fill(pane: UpdatePane) -> None:
    pane.set_choices(("customers", "executives"), (PAGE, SMS))
    pane.show(make_view(), NOW, UTC)
    pane.show_composition(Update(TEXT))


@pytest.mark.parametrize("size", [(38, 16), (78, 20), (110, 50)])
async def test_who_writes_is_seen_before_anybody_else_begins(size: tuple[int, int]) -> None:
    host, pane = make_host()
    async with host.run_test(size=size) as pilot:
        fill(pane)
        pane.focus()
        pane.show_writer("ben", WORDS, held=True)
        await pilot.pause()
        assert WORDS in host.text()
        assert pane.summary() == "ben writes"
        await pilot.press("e", "x")
        await pilot.pause()
        assert [type(each) for each in host.heard] == [UpdateClaim.Held]
        assert not pane.edited
        await pilot.click(pane.area)
        assert not pane.is_writing
        await pilot.press("K")
        await pilot.pause()
        assert isinstance(host.heard[-1], UpdateClaim.TakeOverWanted)
        pane.take_over()
        await pilot.press("x")
        await pilot.pause()
        assert pane.text.startswith("xWe know")
        pane.show_writer("", "", held=False)
        await pilot.press("escape")
        await pilot.pause()
        assert WORDS not in host.text()


async def test_whoever_is_in_the_text_stays_there_and_nothing_moves() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("e", *["down"] * 25, "h", "a")
        await pilot.pause()
        before = (host.lines(), pane.area.selection, pane.area.scroll_offset, pane.text)
        pane.show_writer("ben", WORDS, held=True)
        await pilot.pause()
        assert (host.lines(), pane.area.selection, pane.area.scroll_offset, pane.text) == before
        await pilot.press("l", "f")
        await pilot.pause()
        assert "half" in pane.text
        await pilot.press("escape")
        await pilot.pause()
        assert WORDS in host.text()


async def test_going_in_and_out_is_told() -> None:
    host, pane = make_host()
    async with host.run_test(size=(78, 20)) as pilot:
        fill(pane)
        pane.focus()
        await pilot.press("e", "x", "escape")
        await pilot.pause()
        assert [type(each) for each in host.heard] == [WritingPane.Began, WritingPane.Rested]
