"""The power/interest grid: power upwards, interest to the right, those who wait first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.style import Style

from cockpit.domain.stakeholder_board import CellState, StakeholderBoard, StakeholderCell
from cockpit.domain.times import format_clock
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import Quadrant
from cockpit.widgets.bindings import bindings_for
from cockpit.widgets.marks import marks, shorten
from cockpit.widgets.stakeholder_layout import GAP, MARK, Place, lay_out
from cockpit.widgets.stakeholder_wishes import StakeholderWishes

_OLD = timedelta(hours=20)
"""Age from which a time of day would be misread; then the date is shown."""


def mark_of(cell: StakeholderCell) -> str:
    """Return the mark before a name: told, late, due, or not told and nobody waits."""
    ours = marks()
    state = CellState.TOLD if cell.state is CellState.QUIET and cell.told_at else cell.state
    known = {CellState.TOLD: ours.told, CellState.LATE: "!", CellState.DUE: ours.due}
    return known.get(state, ours.never)


def late_words(late_by: timedelta, unit: str = "m") -> str:
    """Return how late someone is, short: "4m late", "2h late", "3d late" ("late" under a minute).

    unit: the word for minutes, "m" in the grid and " min" where there is room.
    """
    minutes = int(late_by.total_seconds() // 60)
    if minutes < 1:
        return "late"
    if minutes < 60:
        return f"{minutes}{unit} late"
    hours = minutes // 60
    return f"{hours}h late" if hours < 48 else f"{hours // 24}d late"


def state_words(cell: StakeholderCell, now: datetime, zone: tzinfo) -> str:
    """Return what stands at the right of a name: a time, how late, never, or nothing."""
    if cell.state is CellState.LATE and cell.due_at:
        return late_words(now - cell.due_at)
    if cell.paused:
        return "paused"
    if cell.asleep_until is not None:
        return "asleep"
    if cell.state is CellState.NEVER:
        return "never"
    at = cell.due_at if cell.state is CellState.DUE else cell.told_at
    if at is None:
        return ""
    return format_clock(at, zone) if abs(now - at) < _OLD else f"{at.astimezone(zone):%d %b}"


class StakeholderGrid(StakeholderWishes, ScrollView, can_focus=True):
    """Everybody in one widget that draws only the lines on the screen."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("stakeholders", "list")
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "stakeholder-grid--field",
        "stakeholder-grid--line",
        "stakeholder-grid--selected",
        "stakeholder-grid--muted",
        "stakeholder-grid--muted-selected",
        "stakeholder-grid--bright",
        "stakeholder-grid--plain",
        "stakeholder-grid--told",
        "stakeholder-grid--late",
    }
    DEFAULT_CSS = """
    StakeholderGrid { height: auto; max-height: 100%; overflow-x: hidden; scrollbar-size: 1 1; }
    StakeholderGrid .stakeholder-grid--field { color: $text; text-style: bold; }
    StakeholderGrid .stakeholder-grid--line { color: $hairline; }
    StakeholderGrid .stakeholder-grid--selected { background: $cursor; }
    StakeholderGrid .stakeholder-grid--muted { color: $muted; }
    StakeholderGrid .stakeholder-grid--muted-selected { color: $cursor-muted; }
    StakeholderGrid .stakeholder-grid--bright { color: $bright; text-style: bold; }
    StakeholderGrid .stakeholder-grid--plain { color: $text; }
    StakeholderGrid .stakeholder-grid--told { color: $told; }
    StakeholderGrid .stakeholder-grid--late { color: $late; text-style: bold; }
    """

    class Selected(Message):
        """Another person is selected."""

    def __init__(self, **options: Any) -> None:
        """Make an empty grid; `options` are the widget's own (id, classes)."""
        super().__init__(**options)
        self._quadrants: dict[Quadrant, tuple[StakeholderCell, ...]] = {}
        self._layout = lay_out({}, 80, self._words)
        self._now = datetime.fromtimestamp(0, UTC)
        self._zone: tzinfo = UTC
        self._selected = ""

    @property
    def selected(self) -> StakeholderCell | None:
        """Return the selected person, None when there is nobody."""
        cells = (cell for field in self._quadrants.values() for cell in field)
        return next((cell for cell in cells if cell.stakeholder.id == self._selected), None)

    def show_board(self, board: StakeholderBoard, now: datetime, zone: tzinfo) -> None:
        """Draw this board; the selected person stays selected wherever they moved to."""
        self._quadrants = board.quadrants
        self._now, self._zone = now, zone
        if self.selected is None:
            waiting = board.to_tell()
            self._selected = waiting[0].stakeholder.id if waiting else ""
        self._arrange()
        self.refresh()

    def tick(self, now: datetime) -> None:
        """Draw again when a minute has passed, because only then a word changes."""
        if now.replace(second=0, microsecond=0) != self._now.replace(second=0, microsecond=0):
            self.refresh()
        self._now = now

    def select(self, person: str) -> None:
        """Select the stakeholder with that id and bring them into view."""
        spot = self._layout.find(person)
        if spot is None:
            return
        if person != self._selected:
            self._selected = person
            self.post_message(self.Selected())
            self.refresh()
        # The field's name above its first person comes into view with them.
        row = spot[0]
        above = self._layout.rows[row - 1][spot[1]] if row else None
        top = row - 1 if above is not None and above.cell is None else row
        below = self._layout.rows[row + 1][spot[1]] if row + 1 < len(self._layout.rows) else None
        last = row + 1 if below is not None and below.more else row
        self.scroll_to_region(
            Region(0, top, 1, last - top + 1), animate=False, force=True, x_axis=False
        )

    def watch_has_focus(self, _has_focus: bool) -> None:  # the library's own name and form
        """Show who is selected only while the keyboard is here."""
        super().watch_has_focus(_has_focus)
        self.refresh()

    def on_resize(self) -> None:
        """Arrange the fields for the new width."""
        self._arrange()

    def _arrange(self) -> None:
        width = self.scrollable_content_region.width or self.size.width
        lines = len(self._layout.rows)
        self._layout = lay_out(self._quadrants, width, self._words)
        self.virtual_size = Size(width, len(self._layout.rows))
        if len(self._layout.rows) != lines:
            self.refresh(layout=True)
        if self._layout.find(self._selected) is None:
            self._selected = self._layout.first()
            self.post_message(self.Selected())

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.scrollable_content_region.width
        row = y + self.scroll_offset.y
        base = self.visual_style
        if row >= len(self._layout.rows):
            return Strip.blank(width, base.rich_style)
        places = self._layout.rows[row]
        segments: list[Segment] = []
        for column, place in enumerate(places):
            if column:
                # The hairline runs inside each half only, so that the halves read as rows.
                line = marks().hairline if any(places) else " "
                style = base + self._style("line")
                segments += Content(f"{line} ".rjust(GAP)).render_segments(style)
            segments += self._draw(place, self._layout.column_width, base)
        return Strip(segments).adjust_cell_length(width, base.rich_style)

    def _draw(self, place: Place | None, width: int, base: Style) -> list[Segment]:
        if place is None:
            return Content(" " * width).render_segments(base)
        if place.cell is None:
            name = place.quadrant.value.capitalize()
            content = Content("  nobody") if place.empty else Content(name)
            style = self._style("muted" if place.empty else "field")
            return shorten(content, width, pad=True).render_segments(base + style)
        muted = "muted"
        if self.has_focus and place.cell.stakeholder.id == self._selected:
            ground = self.get_component_styles("stakeholder-grid--selected").background
            base += Style(background=ground)  # a partial style of the library leaves it out
            muted = "muted-selected"
        return self._person(place, place.cell, width, muted).render_segments(base)

    def _person(self, place: Place, cell: StakeholderCell, width: int, muted: str) -> Content:
        late = cell.state is CellState.LATE
        waiting = late or cell.state is CellState.DUE
        tone = "bright" if late else "plain" if waiting else muted
        name = Content(place.name).stylize(self._style(tone))
        if place.more:
            return shorten(Content.assemble(" " * MARK, name), width, pad=True)
        right = Content(self._words(cell))
        right = right.stylize(self._style("late" if late else "plain" if waiting else muted))
        mark_tone = {CellState.TOLD: "told", CellState.LATE: "late"}.get(cell.state, tone)
        mark = Content(mark_of(cell)).stylize(self._style(mark_tone))
        room = width - MARK - (right.cell_length + 1 if right else 0)
        title = cell.stakeholder.title
        if title and place.name == make_visible(cell.stakeholder.name):
            more = Content(f", {make_visible(title)}").stylize(self._style(muted))
            if name.cell_length + more.cell_length <= room:
                name = Content.assemble(name, more)
        name = shorten(name, max(room, 1), pad=True)
        return Content.assemble(" ", mark, " ", name, " " if right else "", right).truncate(
            width, pad=True
        )

    def _words(self, cell: StakeholderCell) -> str:
        return state_words(cell, self._now, self._zone)

    def _style(self, name: str) -> Style:
        return self.get_visual_style(f"stakeholder-grid--{name}", partial=True)

    def on_click(self, event: events.Click) -> None:
        """Select the person under the pointer."""
        place = event.get_content_offset(self)
        if place is None:
            return
        row = place.y + self.scroll_offset.y
        column = int(self._layout.columns > 1 and place.x > self._layout.column_width)
        if row < len(self._layout.rows):
            spot = self._layout.rows[row][column]
            if spot and spot.cell:
                self.select(spot.cell.stakeholder.id)

    def action_cursor_down(self) -> None:
        """Go to the person below."""
        self.select(self._layout.step(self._selected, 1))

    def action_cursor_up(self) -> None:
        """Go to the person above."""
        self.select(self._layout.step(self._selected, -1))

    def action_cursor_left(self) -> None:
        """Go to the field with less interest."""
        self.select(self._layout.sideways(self._selected, -1))

    def action_cursor_right(self) -> None:
        """Go to the field with more interest."""
        self.select(self._layout.sideways(self._selected, 1))

    def action_page_down(self) -> None:
        """Go a page down."""
        self.select(self._layout.step(self._selected, max(1, self.size.height - 1)))

    def action_page_up(self) -> None:
        """Go a page up."""
        self.select(self._layout.step(self._selected, -max(1, self.size.height - 1)))

    def action_first(self) -> None:
        """Go to the first person."""
        self.select(self._layout.first())

    def action_last(self) -> None:
        """Go to the last person."""
        self.select(self._layout.last())
