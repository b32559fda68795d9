"""The countdown to the promised update: one line with a bar, or big figures; counts up when late.

Each second only the cells that changed are repainted.
"""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from msgspec import Struct
from textual.strip import Strip

from cockpit.domain.cadence import ClockState, RingClock
from cockpit.widgets.big_digits import HEIGHT, big_digits
from cockpit.widgets.clock_words import (
    countdown,
    heading,
    next_ring,
    paint_of,
    rhythm,
    sentence,
)
from cockpit.widgets.painted import Painted, Span, cells_of, clip_spans

Line = tuple[Span, ...]

LINE, LINE_WITHOUT_BAR, FIGURES, FIGURES_AND_RINGS, THREE_CLOCKS = range(5)
"""Forms of the clock, from the smallest screen to the largest."""

_SHORTEST_BAR = 6


class ClockFace(Struct, frozen=True):
    """What the clock shows: every ring's countdown, the first one large, at a moment."""

    clocks: tuple[RingClock, ...]
    now: datetime
    zone: tzinfo
    ascii_only: bool = False

    @property
    def others(self) -> tuple[RingClock, ...]:
        """Return the other rings that have a deadline, the nearest first."""
        return tuple(each for each in self.clocks[1:] if each.due_at is not None)


class PromiseClock(Painted):
    """When customers hear from us next, and the rings after them."""

    DEFAULT_CSS = "PromiseClock { height: 1; }"

    def __init__(self, *, ascii_only: bool = False) -> None:
        """Begin without a countdown, as one line."""
        super().__init__()
        self._face = ClockFace((), datetime.fromtimestamp(0, UTC), UTC, ascii_only)
        self._form = LINE
        self._lines: list[Line] = []

    @property
    def form(self) -> int:
        """Return the form that is drawn."""
        return self._form

    @form.setter
    def form(self, form: int) -> None:
        if form != self._form:
            self._form = form
            self._show()

    def show(self, clocks: tuple[RingClock, ...], now: datetime, zone: tzinfo) -> None:
        """Take the countdowns of all rings (the one to show large first) at a moment."""
        self._face = ClockFace(clocks, now, zone, self._face.ascii_only)
        self._show()

    def on_resize(self) -> None:
        """Draw anew for the new width."""
        self._show()

    def render_line(self, y: int) -> Strip:
        """Return line `y` of the clock."""
        spans = self._lines[y] if y < len(self._lines) else ()
        return self.paint(spans, self.size.width)

    def _show(self) -> None:
        new = face_lines(self._face, self._form, self.size.width)
        old, self._lines = self._lines, new
        if len(new) != len(old):
            self.refresh()
            return
        for y, (before, after) in enumerate(zip(old, new, strict=True)):
            if before != after:
                self.refresh_line(y, *changed_cells(before, after, self.size.width))


def changed_cells(before: Line, after: Line, width: int) -> tuple[int, int]:
    """Return the first changed cell of a line, and the one after the last (all when unsure)."""
    old, new = _cells(before), _cells(after)
    if old is None or new is None:
        return 0, width
    size = max(len(old), len(new))
    old += [(" ", "")] * (size - len(old))
    new += [(" ", "")] * (size - len(new))
    different = [at for at in range(size) if old[at] != new[at]]
    return (different[0], min(width, different[-1] + 1)) if different else (0, 0)


def _cells(line: Line) -> list[Span] | None:
    """Return one span per cell; None when a character is not one cell wide."""
    cells = [(character, paint) for text, paint in line for character in text]
    return cells if len(cells) == cells_of(line) else None


def face_lines(face: ClockFace, form: int, width: int) -> list[Line]:
    """Return the lines of the clock in a form, at most `width` cells wide."""
    if not face.clocks or width <= 0:
        return []
    if form in (LINE, LINE_WITHOUT_BAR):
        return [clip_spans(one_line(face, width, bar=form == LINE), width)]
    count = 3 if form == THREE_CLOCKS else 1
    columns = [face.clocks[0], *face.others[: count - 1]]
    lines = [*_figure_lines(face, columns, form, width), _bar(face, width)]
    return [clip_spans(line, width) for line in lines]


def one_line(face: ClockFace, width: int, *, bar: bool) -> Line:
    """Return the countdown in words, a bar in the room that is left, and the next ring."""
    clock = face.clocks[0]
    paint = paint_of(clock)
    left: Line = ((f"{sentence(clock)} ", paint), (countdown(clock, face.now), paint or "bright"))
    right: Line = next_ring(face.others[0], face.now) if face.others else ()
    room = width - cells_of(left) - cells_of(right)
    if right and room < 2:
        return clip_spans(left, width)
    gap = room - 4 if right else room - 2
    if bar and clock.due_at is not None and gap >= _SHORTEST_BAR:
        return (*left, ("  ", ""), *_bar(face, gap), ("  ", ""), *right)
    return (*left, (" " * room, ""), *right)


def _bar(face: ClockFace, width: int) -> Line:
    clock = face.clocks[0]
    if clock.due_at is None:
        return ()
    share = 1.0 if clock.state is ClockState.OVERDUE else clock.elapsed_share(face.now)
    done = round(width * share)
    full, rest = ("=", "-") if face.ascii_only else ("━", "─")
    return ((full * done, paint_of(clock) or "strong"), (rest * (width - done), "hairline"))


def _figure_lines(face: ClockFace, columns: list[RingClock], form: int, width: int) -> list[Line]:
    room = width // len(columns)
    blocks = [
        _block(face, clock, room if place < len(columns) - 1 else width - room * place, place, form)
        for place, clock in enumerate(columns)
    ]
    return [tuple(span for block in blocks for span in block[row]) for row in range(HEIGHT)]


def _block(face: ClockFace, clock: RingClock, width: int, place: int, form: int) -> list[Line]:
    """Return the three lines of one countdown: its figures, and words beside them."""
    paint = paint_of(clock)
    figures = big_digits(countdown(clock, face.now), heavy=not place, ascii_only=face.ascii_only)
    figure_paint = paint or ("strong" if not place else "muted")
    gap = 2 if figures[0] else 0
    room = width - len(figures[0]) - gap - 1
    words = _words(face, clock, room, form)
    lines: list[Line] = []
    for figure, beside in zip(figures, words, strict=True):
        line: Line = ((figure, figure_paint), (" " * gap, ""), *clip_spans(beside, max(0, room)))
        lines.append((*line, (" " * max(0, width - cells_of(line)), "")))
    return lines


def _words(face: ClockFace, clock: RingClock, room: int, form: int) -> tuple[Line, Line, Line]:
    head: Line = ((heading(clock), paint_of(clock) or "bright"),)
    often = rhythm(clock, face.zone)
    fitting = next((each for each in often if len(each) <= room), often[-1] if often else "")
    return head, ((fitting, "muted"),), _rings(face) if form == FIGURES_AND_RINGS else ()


def _rings(face: ClockFace) -> Line:
    parts: list[Span] = []
    for each in face.others[:2]:
        parts += [("  ", "")] if parts else []
        parts += next_ring(each, face.now)
    return tuple(parts)
