"""Where everything stands on the incident screen, at any size: a pure plan, and its layout.

The widgets stay the same at every size; a resize only moves them, so that half-written text,
selections and undo histories survive.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

from msgspec import Struct
from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.widget import Widget

from cockpit.widgets.promise_clock import (
    FIGURES,
    FIGURES_AND_RINGS,
    LINE,
    LINE_WITHOUT_BAR,
    THREE_CLOCKS,
)

PANES = {1: "timeline", 2: "stakeholders", 3: "update", 4: "postmortem"}
CLOCKS = ("clock", "clock_2", "clock_3")
STRIPS = ("strip_1", "strip_2", "strip_3", "strip_4")

_GAP = 2
_UPPER = 10
"""Lines of the stakeholders' grid where it stands above the lower panes."""


class Form(IntEnum):
    """The sizes of the screen, by what is always visible."""

    TINY = 1
    TABS = 2
    HALVES = 3
    QUARTERS = 4
    ALL = 5


class Wish(Struct, frozen=True):
    """What a person looks at: the current pane, the last of 2 to 4, the last of 3 and 4.

    says: the quiet line has something to say; upper: lines that the stakeholders would fill;
    shares: there is something to say of others, where the title has no line for it.
    """

    pane: int = 1
    right: int = 2
    lower: int = 3
    zoomed: bool = False
    says: bool = False
    upper: int = _UPPER
    shares: bool = False


class Plan(Struct, frozen=True):
    """Regions by slot name, the panes of each strip, and how the clock is drawn."""

    form: Form
    regions: Mapping[str, Region]
    strips: tuple[tuple[int, ...], ...] = ()
    clock: int = LINE
    spacious: bool = False

    @property
    def shown(self) -> tuple[int, ...]:
        """Return the numbers of the panes on the screen."""
        return tuple(number for number, name in PANES.items() if name in self.regions)


def form_of(width: int, height: int) -> Form:
    """Return the form for a terminal of that size in cells."""
    if width < 80 or height < 20:
        return Form.TINY
    if width < 110 or height < 30:
        return Form.TABS
    if width < 150 or height < 40:
        return Form.HALVES
    return Form.QUARTERS if width < 200 or height < 55 else Form.ALL


def plan(width: int, height: int, wish: Wish) -> Plan:
    """Return where everything stands above the footer's line.

    Args:
        width: Cells of the terminal.
        height: Lines of the terminal, the footer's included.
        wish: What the person looks at.
    """
    form = form_of(width, height)
    if form <= Form.TABS:
        return _tabs(form, width, height - 1, wish)
    if wish.zoomed:
        return _zoomed(form, width, height - 1, wish)
    return _columns(form, width, height - 1, wish)


def _tabs(form: Form, width: int, height: int, wish: Wish) -> Plan:
    """One pane under four tabs."""
    air = 0 if form is Form.TINY else 1
    inner = max(1, width - 2)
    height = max(6, height)
    quiet = 1 if wish.says else 0
    top = 3 + 2 * air
    regions = {
        "title": Region(1, 0, inner, 1),
        "clock": Region(1, 1, inner, 1),
        "strip_1": Region(1, 2 + air, inner, 1),
        "entry": Region(1, height - 1, inner, 1),
    }
    if quiet:
        regions["quiet"] = Region(1, height - 2, inner, 1)
    if wish.shares and air:
        regions["sync"] = Region(1, 2, inner, 1)
    room = Region(1, top, inner, max(1, height - 1 - quiet - top))
    regions[PANES[wish.pane]] = _inside(wish.pane, room)
    clock = LINE_WITHOUT_BAR if form is Form.TINY else LINE
    return Plan(form, regions, ((1, 2, 3, 4),), clock)


def _zoomed(form: Form, width: int, height: int, wish: Wish) -> Plan:
    """One pane under four tabs on a large screen, with the roles."""
    inner = width - 2
    regions = {
        "title": Region(1, 0, inner, 2),
        "clock": Region(1, 3, inner, 1),
        "strip_1": Region(1, 5, inner, 1),
        "quiet": Region(1, height - 3, inner, 1),
        "entry": Region(1, height - 2, inner, 1),
    }
    top = 7
    if wish.pane == 1 and form >= Form.QUARTERS:
        regions["headline"] = Region(2, 7, inner - 2, 3)
        top = 11
    room = Region(1, top, inner, height - 3 - top)
    regions[PANES[wish.pane]] = _inside(wish.pane, room)
    return Plan(form, regions, ((1, 2, 3, 4),), LINE, spacious=False)


def _columns(form: Form, width: int, height: int, wish: Wish) -> Plan:
    """The timeline on the left, the other panes beside it."""
    inner = width - 2
    room = inner - _GAP * (2 if form is Form.ALL else 1)
    share = {Form.HALVES: 0.543, Form.QUARTERS: 0.5, Form.ALL: 1 / 3}[form]
    left = -int(-room // 3) if form is Form.ALL else round(room * share)
    regions = {
        "title": Region(1, 0, inner, 2),
        "strip_1": Region(1, 3, left, 1),
        "quiet": Region(1, height - 3, left, 1),
        "entry": Region(1, height - 2, left, 1),
    }
    top = 4
    if form >= Form.QUARTERS:
        regions["headline"] = Region(2, 5, left - 2, 3)
        top = 9
    regions["timeline"] = Region(1, top, left, height - 3 - top)
    x = 1 + left + _GAP
    regions["clock"] = Region(x + 1, 3, width - 2 - x - 1, 3)
    regions["bar"] = Region(x + 1, 6, width - 2 - x - 1, 1)
    if form is Form.HALVES:
        return _one_beside(regions, x, width - 1 - x, height, wish)
    if form is Form.QUARTERS:
        return _two_beside(regions, x, width - 1 - x, height, wish)
    middle = (width - 1 - x - _GAP) // 2
    return _three_beside(regions, x, middle, width, height, wish)


def _one_beside(regions: dict[str, Region], x: int, width: int, height: int, wish: Wish) -> Plan:
    regions["strip_2"] = Region(x, 8, width, 1)
    room = Region(x, 10, width, height - 1 - 10)
    regions[PANES[wish.right]] = _inside(wish.right, room)
    return Plan(Form.HALVES, regions, ((1,), (2, 3, 4)), FIGURES)


def _two_beside(regions: dict[str, Region], x: int, width: int, height: int, wish: Wish) -> Plan:
    upper = _upper(height, wish)
    regions["strip_2"] = Region(x, 8, width, 1)
    regions["stakeholders"] = _inside(2, Region(x, 10, width, upper))
    regions["strip_3"] = Region(x, 11 + upper, width, 1)
    room = Region(x, 13 + upper, width, height - 1 - (13 + upper))
    regions[PANES[wish.lower]] = _inside(wish.lower, room)
    return Plan(Form.QUARTERS, regions, ((1,), (2,), (3, 4)), FIGURES_AND_RINGS)


def _three_beside(
    regions: dict[str, Region], x: int, middle: int, width: int, height: int, wish: Wish
) -> Plan:
    upper = _upper(height, wish)
    last = x + middle + _GAP
    clock = regions["clock"]
    for place, name in enumerate(CLOCKS):
        third = clock.width // len(CLOCKS)
        regions[name] = Region(clock.x + place * third, clock.y, third - 1, clock.height)
    regions["strip_2"] = Region(x, 8, middle, 1)
    regions["stakeholders"] = _inside(2, Region(x, 10, middle, upper))
    regions["strip_3"] = Region(x, 11 + upper, middle, 1)
    below = 13 + upper
    regions["update"] = _inside(3, Region(x, below, middle, height - 1 - below))
    regions["strip_4"] = Region(last, 8, width - 1 - last, 1)
    regions["postmortem"] = _inside(4, Region(last, 10, width - 1 - last, height - 1 - 10))
    return Plan(Form.ALL, regions, ((1,), (2,), (3,), (4,)), THREE_CLOCKS, spacious=True)


def _upper(height: int, wish: Wish) -> int:
    return max(_UPPER, min(wish.upper, (height - 14) // 2))


def _inside(pane: int, room: Region) -> Region:
    """Return the pane's own region: all but the timeline keep a blank cell on both sides."""
    if pane == 1:
        return room
    return Region(room.x + 1, room.y, max(0, room.width - 2), max(0, room.height))


class PlannedLayout(Layout):
    """Puts every child where the plan has its slot; children without a slot are not shown."""

    name = "planned"

    def __init__(self, body: IncidentBody) -> None:
        """Lay out the children of `body`."""
        super().__init__()
        self._body = body

    def arrange(
        self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True
    ) -> ArrangeResult:
        """Return the placements of the children that have a region."""
        del greedy
        parent.pre_layout(self)
        regions = self._body.plan_for(size).regions
        return [
            WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child)
            for child in children
            if (region := regions.get(child.id or "")) is not None
        ]


class IncidentBody(Widget):
    """Holds the screen's widgets by the ids of their slots."""

    DEFAULT_CSS = "IncidentBody { height: 1fr; width: 1fr; overflow: hidden; }"

    def __init__(self, slots: Mapping[str, Widget]) -> None:
        """Take every widget once, by the name of its slot."""
        for name, widget in slots.items():
            widget.id = name
        super().__init__(*slots.values())
        self._planned = PlannedLayout(self)
        self._wish = Wish()

    @property
    def layout(self) -> Layout:
        """Return the planned layout."""
        return self._planned

    @property
    def wish(self) -> Wish:
        """Return what the person looks at."""
        return self._wish

    @wish.setter
    def wish(self, wish: Wish) -> None:
        before, after = (
            plan(self.size.width, self.size.height + 1, each) for each in (self._wish, wish)
        )
        self._wish = wish
        if before != after:
            # The library asks a widget again only when a child of it has changed.
            self._clear_arrangement_cache()
            self.refresh(layout=True)

    def plan_for(self, size: Size) -> Plan:
        """Return the plan for a body of that size (the terminal's without the footer)."""
        return plan(size.width, size.height + 1, self._wish)
