"""An update draws the lines that changed, of the widgets seen there, and the picture is whole."""

from __future__ import annotations

from random import Random

from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from cockpit.widgets.partial_drawing import PartialDrawing


class Sheet(Widget):
    """A widget whose lines say how often each was drawn."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.version = 0
        self.drawn: list[int] = []
        self.cropped: list[Region] = []

    def render_line(self, y: int) -> Strip:
        self.drawn.append(y)
        text = f"{self.id}{y} {self.version}"
        return Strip([Segment(text)], len(text)).adjust_cell_length(self.size.width)

    def render_lines(self, crop: Region) -> list[Strip]:
        self.cropped.append(crop)
        return super().render_lines(crop)


class Board(Screen[None]):
    """Two sheets beside each other, one below, and one that covers a part of all three."""

    DEFAULT_CSS = """
    Board { layers: below above; overflow: hidden; }
    Sheet { position: absolute; layer: below; }
    #left { width: 15; height: 6; }
    #right { width: 20; height: 6; offset: 15 0; }
    #foot { width: 35; height: 4; offset: 0 6; }
    #cover { layer: above; width: 8; height: 5; offset: 11 3; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = PartialDrawing()

    def compose(self) -> ComposeResult:
        yield from (Sheet(name) for name in ("left", "right", "foot", "cover"))


class Desk(App[None]):
    """The board alone."""

    def get_default_screen(self) -> Screen[None]:
        return Board()


def change(screen: Screen[object], sheet: Sheet, *regions: Region) -> list[int]:
    """Refresh a part of a sheet; return the lines that were drawn, which are those of the whole."""
    sheets = list(screen.query(Sheet))
    screen._compositor.update_widgets({screen, *sheets})
    screen._compositor.render_partial_update()
    for each in sheets:
        each.drawn.clear()
        each.cropped.clear()
    sheet.version += 1
    sheet.refresh(*regions)
    screen._compositor.update_widgets({sheet})
    update = screen._compositor.render_partial_update()
    drawn = [] if update is None else sorted({y for y, _, _ in update.spans})
    counted = [(each, list(each.drawn), list(each.cropped)) for each in sheets]
    whole = screen._compositor.render_strips()
    for y in drawn:
        assert update is not None
        pieces = [each for each in update.chops[y].values() if each is not None]
        assert Strip.join(pieces).text == whole[y].text
    for each, lines, crops in counted:
        each.drawn, each.cropped = lines, crops
    return drawn


async def test_one_line_is_drawn_where_one_changed() -> None:
    async with Desk().run_test(size=(40, 12)) as pilot:
        screen = pilot.app.screen
        left = screen.query_one("#left", Sheet)
        assert change(screen, left, Region(0, 1, 3, 1)) == [1]
        assert {each.id: each.drawn for each in screen.query(Sheet) if each.drawn} == {"left": [1]}
        assert [each.height for each in left.cropped] == [1]


async def test_what_is_covered_is_not_drawn() -> None:
    async with Desk().run_test(size=(40, 12)) as pilot:
        screen = pilot.app.screen
        cover, foot = screen.query_one("#cover", Sheet), screen.query_one("#foot", Sheet)
        assert change(screen, cover, Region(0, 0, 8, 2)) == [3, 4]
        assert cover.drawn == [0, 1]
        assert foot.cropped == []


async def test_the_picture_is_whole_after_any_changes() -> None:
    chance = Random(5)
    async with Desk().run_test(size=(40, 12)) as pilot:
        screen = pilot.app.screen
        sheets = list(screen.query(Sheet))
        for _ in range(200):
            sheet = chance.choice(sheets)
            width, height = sheet.size
            y, x = chance.randrange(height), chance.randrange(width)
            region = Region(x, y, chance.randint(1, width - x), chance.randint(1, height - y))
            lines = change(screen, sheet, region)
            top = sheet.region.y + y
            assert lines == list(range(top, top + region.height))


async def test_nothing_is_drawn_where_nothing_changed() -> None:
    async with Desk().run_test(size=(40, 12)) as pilot:
        pilot.app.screen._compositor.render_partial_update()
        assert pilot.app.screen._compositor.render_partial_update() is None
