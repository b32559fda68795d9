"""Incidents by week, month or quarter as stacked columns of blocks, the worst severity on top."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import set_cell_size
from textual.strip import Strip

from cockpit.domain.insights import Column
from cockpit.domain.vocabulary import Severity
from cockpit.widgets.marks import marks
from cockpit.widgets.painted import Painted, Span

HEIGHT = 5
_WIDEST = 8
_AXIS = 5
_EIGHTHS = "▁▂▃▄▅▆▇█"
_PAINTS = {
    Severity.SEV1: "late",
    Severity.SEV2: "soon",
    Severity.SEV3: "muted",
    Severity.SEV4: "faint",
}


class InsightChart(Painted):
    """Draws the columns that fit, the latest ones, with their names below."""

    DEFAULT_CSS = f"InsightChart {{ height: {HEIGHT + 1}; }}"

    _columns: tuple[Column, ...] = ()

    def show(self, columns: Sequence[Column]) -> None:
        """Show other columns."""
        self._columns = tuple(columns)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the columns, or their names."""
        width = self.size.width
        room = max(1, width - _AXIS)
        step = max(1, min(_WIDEST, room // max(1, len(self._columns))))
        shown = self._columns[-(room // step) :]
        most = max((len(each.cases) for each in shown), default=0)
        if y == HEIGHT:
            return self.paint([(" " * _AXIS, ""), (_names(shown, step, room), "muted")], width)
        spans: list[Span] = [(_axis(y, most), "muted")]
        for each in shown:
            spans.append(_cell(each, HEIGHT - 1 - y, most, max(1, step - 1)))
            spans.append((" " * (step - max(1, step - 1)), ""))
        return self.paint(spans, width)


def _axis(y: int, most: int) -> str:
    words = f"{most:,}" if y == 0 else "0" if y == HEIGHT - 1 else ""
    return f"{words.rjust(_AXIS - 2)} " + " "


def _cell(column: Column, row: int, most: int, width: int) -> Span:
    """Return one column's part of a row, counted from below."""
    count = len(column.cases)
    eighths = 0 if not count else max(1, round(count / most * HEIGHT * 8))
    filled = max(0, min(8, eighths - 8 * row))
    if not filled:
        return " " * width, ""
    paint = _PAINTS[_severity_at(column, (row * 8 + filled / 2) / (HEIGHT * 8) * most)]
    return ("#" if marks().plain else _EIGHTHS[filled - 1]) * width, paint


def _severity_at(column: Column, height: float) -> Severity:
    """Return whose part of a column is at a height (in incidents): the worst lies on top."""
    below = 0
    for level in reversed(Severity):
        below += column.count(level)
        if height < below:
            return level
    return max((each.severity for each in column.cases[-1:]), default=Severity.SEV4)


def _names(columns: Sequence[Column], step: int, room: int) -> str:
    """Return as many names as fit, each where its column begins."""
    longest = max((len(each.name) for each in columns), default=0) + 1
    every = -(-longest // step)
    text = "".join(
        set_cell_size(each.name, step * every) if place % every == 0 else ""
        for place, each in enumerate(columns)
    )
    return set_cell_size(text, room).rstrip()
