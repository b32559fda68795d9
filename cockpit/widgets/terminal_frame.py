"""What the terminal shows, cell by cell: of an update, only what differs is sent to it.

Over a slow line every byte counts. The library sends a changed line from the left end of its
widget on, with all colours anew for every piece; here unchanged cells are left out, and only the
colours that differ from those in force are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import repeat

from rich.cells import cell_len, get_character_cell_size, split_graphemes
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.control import Control
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.strip import Strip

Cell = tuple[str, Style]
"""A character with its style; the second half of a wide one is empty."""

_NULL = Style.null()
_UNSTYLED = ("", "39", "49")
_SHORTEST_GAP = 8
"""Unchanged cells between two changed ones that are sent again: moving on costs as much."""

_RESET = "\x1b[0m"


class TerminalFrame:
    """Remembers what was sent to one terminal; a line that it is not sure of is sent whole."""

    def __init__(self) -> None:
        """Know nothing of the terminal yet."""
        self._lines: list[Sequence[Cell] | tuple[Strip, ...] | None] = []

    def reduce(self, update: CompositorUpdate) -> CompositorUpdate:
        """Return the update that sends only what differs once it is written."""
        if isinstance(update, LayoutUpdate | ChopsUpdate):
            return _FrameUpdate(self, update)
        return update

    def write_whole(self, update: LayoutUpdate, console: Console) -> str:
        """Return what draws the whole screen anew, whatever the terminal shows."""
        self._lines = [None] * update.region.y
        self._lines += [tuple(strips) for strips in update.strips]
        return update.render_segments(console)

    def write_changes(self, update: ChopsUpdate, console: Console) -> str:
        """Return what brings the terminal from what it shows to what the update says."""
        pen = _Pen(console)
        written: list[str] = []
        for y, start, stop in update.spans:
            strips = [
                (x, strip)
                for x, strip in update.chops[y].items()
                if strip is not None and x < stop and x + strip.cell_length > start
            ]
            width = update.chop_ends[y][-1] if update.chop_ends[y] else 0
            old = self._known(y, width)
            new = _changed_line(old, strips, start, min(stop, width)) if old else None
            if old is None or new is None:
                self._forget(y)
                again = ChopsUpdate(update.chops, [(y, 0, width)], update.chop_ends)
                written += (pen.reset(), again.render_segments(console))
                continue
            self._lines[y] = new
            found = _different(old, new, start, min(stop, width))
            written += (pen.write(first, y, new[first:last]) for first, last in found)
        return "".join((*written, pen.reset()))

    def _known(self, y: int, width: int) -> Sequence[Cell] | None:
        """Return the cells of a line that was sent, None when they cannot be told."""
        line = self._lines[y] if y < len(self._lines) else None
        if isinstance(line, tuple):
            line = _cells_of(line)
        return line if line is not None and len(line) == width else None

    def _forget(self, y: int) -> None:
        if y < len(self._lines):
            self._lines[y] = None


class _FrameUpdate(CompositorUpdate):
    """An update as the library writes it: what is left out is decided at that moment."""

    def __init__(self, frame: TerminalFrame, update: LayoutUpdate | ChopsUpdate) -> None:
        self._frame = frame
        self._update = update

    def render_segments(self, console: Console) -> str:
        """Return the text for the terminal."""
        if isinstance(self._update, LayoutUpdate):
            return self._frame.write_whole(self._update, console)
        return self._frame.write_changes(self._update, console)


class _Pen:
    """Writes cells, and names only the colours that differ from those in force."""

    def __init__(self, console: Console) -> None:
        self._system = COLOR_SYSTEMS.get(console.color_system or "", ColorSystem.TRUECOLOR)
        self._codes = _UNSTYLED

    def reset(self) -> str:
        """Return what ends all colours, empty when none is in force."""
        was, self._codes = self._codes, _UNSTYLED
        return _RESET if was != _UNSTYLED else ""

    def write(self, x: int, y: int, cells: Iterable[Cell]) -> str:
        """Return what puts `cells` on line `y` from column `x` on."""
        written = [Control.move_to(x, y).segment.text]
        last: Style | None = None
        for text, style in cells:
            if style is not last:
                written.append(self._change(_codes(style, self._system)))
                last = style
            written.append(text)
        return "".join(written)

    def _change(self, codes: tuple[str, str, str]) -> str:
        was, self._codes = self._codes, codes
        if codes == was:
            return ""
        if codes[0] != was[0]:
            named = [each for each, bare in zip(codes, _UNSTYLED, strict=True) if each != bare]
            return f"\x1b[{';'.join(('0', *named))}m"
        named = [each for each, old in zip(codes[1:], was[1:], strict=True) if each != old]
        return f"\x1b[{';'.join(named)}m"


@lru_cache(maxsize=2048)
def _codes(style: Style, system: ColorSystem) -> tuple[str, str, str]:
    """Return the codes of a style's attributes, of its colour and of its ground."""
    attributes = Strip.render_ansi(style.without_color, system)
    front, ground = _UNSTYLED[1:]
    if style.color is not None:
        front = ";".join(style.color.downgrade(system).get_ansi_codes())
    if style.bgcolor is not None:
        ground = ";".join(style.bgcolor.downgrade(system).get_ansi_codes(foreground=False))
    return attributes, front, ground


def _changed_line(
    old: Sequence[Cell], strips: Iterable[tuple[int, Strip]], start: int, stop: int
) -> list[Cell] | None:
    """Return a line with the cells `start` to `stop` as `strips` say, None when unsure."""
    line = list(old)
    for x, strip in strips:
        cells = _cells_of((strip,))
        if cells is None or len(cells) != strip.cell_length:
            return None
        first, last = max(start, x), min(stop, x + len(cells))
        line[first:last] = cells[first - x : last - x]
    return None if _is_torn(line, start) or _is_torn(line, stop) else line


def _is_torn(line: Sequence[Cell], at: int) -> bool:
    """Say whether a wide character may have been cut in two before the cell `at`."""
    if not 0 < at < len(line):
        return False
    return not line[at][0] or cell_len(line[at - 1][0]) > 1


def _cells_of(strips: Iterable[Strip]) -> list[Cell] | None:
    """Return the cells of a line, None when it holds a link, or what terminals measure differently.

    A family of people joined to one picture is two cells wide for one terminal, six for another.
    """
    cells: list[Cell] = []
    for strip in strips:
        for text, style, control in strip:
            if control or (style is not None and style.link):
                return None
            if text.isascii():
                cells.extend(zip(text, repeat(style or _NULL)))
                continue
            for first, last, width in split_graphemes(text)[0]:
                if width != sum(map(get_character_cell_size, text[first:last])) or not width:
                    return None
                cells.append((text[first:last], style or _NULL))
                cells.extend(("", style or _NULL) for _ in range(width - 1))
    return cells


def _different(
    old: Sequence[Cell], new: Sequence[Cell], start: int, stop: int
) -> Iterator[tuple[int, int]]:
    """Yield where lines of one width differ, as (first, past the last) of whole characters.

    start, stop: the cells between which they may.
    """
    begin = end = -1
    for at in range(start, stop):
        if old[at] == new[at]:
            continue
        first, last = at, at + 1
        while first and not (old[first][0] and new[first][0]):
            first -= 1
        while last < len(new) and not (old[last][0] and new[last][0]):
            last += 1
        if begin >= 0 and first - end >= _SHORTEST_GAP:
            yield begin, end
            begin = first
        begin = first if begin < 0 else begin
        end = max(end, last)
    if begin >= 0:
        yield begin, end
