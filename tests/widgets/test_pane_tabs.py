"""Tabs and bands: numbers that never change, the focus said by a mark as well as by colour."""

from __future__ import annotations

from cockpit.widgets.marks import choose_marks
from cockpit.widgets.pane_tabs import PaneTab, PaneTabs
from tests.widgets.timeline_entries import OneWidgetApp, lines_of

TABS = (
    PaneTab(1, "Timeline", "", shown=True, focused=True),
    PaneTab(2, "Stakeholders", "7/12"),
    PaneTab(3, "Update", "draft"),
    PaneTab(4, "Post-mortem", ""),
)


async def draw(width: int, tabs: tuple[PaneTab, ...]) -> str:
    strip = PaneTabs()
    async with OneWidgetApp(strip).run_test(size=(width, 1)) as pilot:
        strip.show(tabs)
        await pilot.pause()
        return lines_of(strip)[0]


async def test_tabs_stand_side_by_side_with_their_summaries() -> None:
    line = await draw(78, TABS)
    assert line == "▌1 Timeline   2 Stakeholders 7/12   3 Update draft   4 Post-mortem"


async def test_a_shown_pane_needs_no_summary() -> None:
    shown = (PaneTab(2, "Stakeholders", "7/12", shown=True), PaneTab(3, "Update", "draft"))
    assert await draw(60, shown) == " 2 Stakeholders   3 Update draft"


async def test_summaries_go_before_names() -> None:
    assert await draw(58, TABS) == "▌1 Timeline   2 Stakeholders   3 Update   4 Post-mortem"
    assert await draw(48, TABS) == "▌1 Timeline   2 Stakeh   3 Update   4 Post-m"


async def test_one_pane_alone_has_a_band_with_its_summary_at_the_end() -> None:
    band = (PaneTab(1, "Timeline", "15 entries", shown=True),)
    assert await draw(40, band) == " 1  Timeline" + " " * 16 + "15 entries"


async def test_ascii_has_its_own_mark() -> None:
    choose_marks(plain=True)
    try:
        assert (await draw(78, TABS)).startswith("|1 Timeline")
    finally:
        choose_marks(plain=False)


async def test_a_click_picks_the_pane() -> None:
    picked: list[int] = []

    class Listening(OneWidgetApp):
        def on_pane_tabs_picked(self, event: PaneTabs.Picked) -> None:
            picked.append(event.number)

    strip = PaneTabs()
    async with Listening(strip).run_test(size=(78, 1)) as pilot:
        strip.show(TABS)
        await pilot.pause()
        for x in (3, 20, 40, 60):
            await pilot.click(PaneTabs, offset=(x, 0))
        await pilot.pause()
    assert picked == [1, 2, 3, 4]
