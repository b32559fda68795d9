"""The countdown to the promised update: one line with a bar, or big figures; counts up when late.

Each second only the cells that changed are repainted.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from msgspec import Struct
from rich.cells import cell_len
from textual.strip import Strip

from cockpit.domain.cadence import ClockState, RingClock
from cockpit.widgets.big_digits import big_digits
from cockpit.widgets.cells import cut
from cockpit.widgets.clock_words import (
    aside,
    beside,
    countdown,
    heading,
    next_ring,
    paint_of,
    sentence,
)
from cockpit.widgets.marks import marks
from cockpit.widgets.painted import Painted, Span, cells_of, changed_cells, clip_spans

Line = tuple[Span, ...]

LINE, LINE_WITHOUT_BAR, FIGURES, FIGURES_AND_RINGS, THREE_CLOCKS = range(5)
"""Forms of the clock, from the smallest screen to the largest."""

_SHORTEST_BAR = 6


class ClockFace(Struct, frozen=True):
    """What the clock shows: every ring's countdown, the first one large, at a moment.

    kept: once it is over, how the cadence was kept, in a few words each.
    """

    clocks: tuple[RingClock, ...]
    now: datetime
    zone: tzinfo
    kept: tuple[str, ...] = ()

    @property
    def others(self) -> tuple[RingClock, ...]:
        """Return the other rings that have a deadline, the nearest first, paused ones last."""
        found = [each for each in self.clocks[1:] if each.due_at is not None]
        return tuple(sorted(found, key=lambda each: each.state is ClockState.PAUSED))


class ClockPart(Painted):
    """A part of the countdown: draws its lines, and repaints only the cells that change.

    The terminal gets a line from the part's left end to the last changed cell: what changes every
    second stands at the left of a part of its own.
    """

    def __init__(self) -> None:
        """Begin without a countdown."""
        super().__init__()
        self._face = ClockFace((), datetime.fromtimestamp(0, UTC), UTC)
        self._lines: list[Line] = []

    def show(
        self,
        clocks: tuple[RingClock, ...],
        now: datetime,
        zone: tzinfo,
        kept: tuple[str, ...] = (),
    ) -> None:
        """Take the countdowns of all rings (the one to show large first) at a moment."""
        self._face = ClockFace(clocks, now, zone, kept)
        self.draw()

    def lines(self, face: ClockFace, width: int) -> list[Line]:
        """Return the lines of this part."""
        del face, width
        return []

    def draw(self) -> None:
        """Draw what changed."""
        new = self.lines(self._face, self.size.width)
        old, self._lines = self._lines, new
        if len(new) != len(old):
            self.refresh()
            return
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            start, stop = changed_cells(before, after, self.size.width)
            self.refresh_line(y, start, stop)

    def on_resize(self) -> None:
        """Draw anew for the new width."""
        self.draw()

    def render_line(self, y: int) -> Strip:
        """Return line `y`."""
        spans = self._lines[y] if y < len(self._lines) else ()
        return self.paint(spans, self.size.width)


class PromiseClock(ClockPart):
    """When customers hear from us next; or, on the largest screens, another ring."""

    DEFAULT_CSS = "PromiseClock { height: 1; }"

    def __init__(self, place: int = 0) -> None:
        """Show the first ring (`place` 0), or the second or third that has a deadline."""
        super().__init__()
        self._place = place
        self._form = LINE

    @property
    def form(self) -> int:
        """Return the form that is drawn."""
        return self._form

    @form.setter
    def form(self, form: int) -> None:
        if form != self._form:
            self._form = form
            self.draw()

    def lines(self, face: ClockFace, width: int) -> list[Line]:
        """Return the lines of the countdown in its form."""
        return face_lines(face, self._form, width, self._place)


class PromiseBar(ClockPart):
    """How much of the time to the promised update has passed."""

    DEFAULT_CSS = "PromiseBar { height: 1; }"

    def lines(self, face: ClockFace, width: int) -> list[Line]:
        """Return the bar's line."""
        return [bar_line(face, width)] if face.clocks else []


def face_lines(face: ClockFace, form: int, width: int, place: int = 0) -> list[Line]:
    """Return the lines of one countdown in a form, at most `width` cells wide.

    place: 0 for the first ring, 1 and 2 for the next ones that have a deadline.
    """
    shown = [*face.clocks[:1], *face.others]
    if place >= len(shown) or width <= 0:
        return []
    if face.kept:
        return kept_lines(face.kept, form, width) if not place else []
    if form in (LINE, LINE_WITHOUT_BAR):
        lines = [one_line(face, width, bar=form == LINE)]
    else:
        lines = _block(face, shown[place], place, width, form)
    return [clip_spans(line, width) for line in lines]


def kept_lines(kept: tuple[str, ...], form: int, width: int) -> list[Line]:
    """Return how the cadence was kept: on one line as much as fits, else a line for each part."""
    if form not in (LINE, LINE_WITHOUT_BAR):
        first: Span = (kept[0].capitalize(), "bright")
        return [(first,), *(((each, "muted"),) for each in kept[1:3])]
    words = list(kept)
    while len(words) > 1 and len(", ".join(words)) > width:
        words.pop()
    return [clip_spans(((", ".join(words).capitalize(), "muted"),), width)]


def one_line(face: ClockFace, width: int, *, bar: bool) -> Line:
    """Return the countdown in words, a bar in the room that is left, and the next ring."""
    clock = face.clocks[0]
    paint = paint_of(clock)
    time = countdown(clock, face.now)
    words = sentence(clock, face.now, face.zone)
    left: Line = ((f"{words} ", paint), (time, paint or "bright")) if time else ((words, paint),)
    if time and (said := aside(clock, face.now, face.zone)):
        left = (*left, (f", {said}", "muted"))
    right: Line = next_ring(face.others[0], face.now) if face.others else ()
    room = width - cells_of(left) - cells_of(right)
    if right and room < 2:
        return clip_spans(left, width)
    gap = room - 4 if right else room - 2
    if bar and time and gap >= _SHORTEST_BAR:
        return (*left, ("  ", ""), *bar_line(face, gap), ("  ", ""), *right)
    return (*left, (" " * room, ""), *right)


def bar_line(face: ClockFace, width: int) -> Line:
    """Return how much of the time has passed as a line; all of it once it is overdue."""
    clock = face.clocks[0]
    if not countdown(clock, face.now):
        return ()
    share = 1.0 if clock.state is ClockState.OVERDUE else clock.elapsed_share(face.now)
    done = round(width * share)
    full, rest = marks().bar, marks().rest
    return ((full * done, paint_of(clock) or "strong"), (rest * (width - done), "hairline"))


def _block(face: ClockFace, clock: RingClock, place: int, width: int, form: int) -> list[Line]:
    """Return the three lines of one countdown: its figures, and words beside them."""
    paint = paint_of(clock)
    figures = big_digits(countdown(clock, face.now), heavy=not place, ascii_only=marks().plain)
    figure_paint = paint or ("muted" if place else "strong")
    gap = 2 if figures[0] else 0
    room = max(0, width - len(figures[0]) - gap)
    words = _words(face, clock, room, form)
    return [
        ((figure, figure_paint), (" " * gap, ""), *clip_spans(beside, room))
        for figure, beside in zip(figures, words, strict=True)
    ]


def _words(face: ClockFace, clock: RingClock, room: int, form: int) -> tuple[Line, Line, Line]:
    head: Line = ((heading(clock), paint_of(clock) or "bright"),)
    often = beside(clock, face.now, face.zone)
    fitting = next((each for each in often if cell_len(each) <= room), "")
    fitting = fitting or cut(often[-1] if often else "", room)
    return head, ((fitting, "muted"),), _rings(face) if form == FIGURES_AND_RINGS else ()


def _rings(face: ClockFace) -> Line:
    parts: list[Span] = []
    for each in face.others[:2]:
        parts += [("  ", "")] if parts else []
        parts += next_ring(each, face.now)
    return tuple(parts)
