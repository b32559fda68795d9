"""The figures as a list of rows under headings; each row can be opened to its incidents."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from rich.cells import cell_len

from cockpit.domain.insight_sections import FigureRow, Section
from cockpit.domain.visible import make_visible
from cockpit.widgets.bar_cells import bar_cells
from cockpit.widgets.cells import pad, pad_left
from cockpit.widgets.line_list import LineList, Part

_GAP = 2
_LONGEST_BAR = 24
_SHORTEST_BAR = 4
_SHORTEST_NAME = 16
_LONGEST_NAME = 52


class FigureLine(Struct, frozen=True):
    """A heading (`row` is None) or a row, with the widths of its section's other columns."""

    section: Section
    widths: tuple[int, ...]
    row: FigureRow | None = None
    last: bool = False


def figure_lines(found: Sequence[Section]) -> tuple[FigureLine, ...]:
    """Return headings and rows in order."""
    lines: list[FigureLine] = []
    for section in found:
        table = [section.headers, *(row.cells for row in section.rows)]
        widths = tuple(
            max(cell_len(make_visible(line[place])) for line in table)
            for place in range(len(section.headers))
        )
        lines.append(FigureLine(section, widths, last=not section.rows))
        last = len(section.rows) - 1
        lines += [
            FigureLine(section, widths, row, place == last)
            for place, row in enumerate(section.rows)
        ]
    return tuple(lines)


class InsightList(LineList[FigureLine]):
    """One line for each heading and each row; the cursor stands on rows only."""

    COMPONENT_CLASSES = LineList.COMPONENT_CLASSES | frozenset(
        {"cursor", "bright", "text", "muted", "cursor-muted", "late", "cursor-late", "bar"}
    )
    DEFAULT_CSS = """
    InsightList {
        & > .cursor { background: $cursor; }
        & > .bright { color: $bright; text-style: bold; }
        & > .text { color: $text; }
        & > .muted { color: $muted; }
        & > .bar { color: $cursor-muted; }
        & > .cursor-muted { color: $cursor-muted; }
        & > .late { color: $late; text-style: bold; }
        & > .cursor-late { color: $cursor-late; text-style: bold; }
    }
    """

    def show(self, found: Sequence[Section]) -> None:
        """Show other figures; the cursor stays on the row that it was on, as far as it is there."""
        current = self.current
        known = (current.section.id, current.row.id) if current and current.row else ("", "")
        lines = figure_lines(found)
        rows = [place for place, each in enumerate(lines) if each.row]
        same = [
            place
            for place in rows
            if (line := lines[place]).row and (line.section.id, line.row.id) == known
        ]
        self.show_items(lines, (same or rows or [0])[0])

    def heights(self) -> list[tuple[int, int]]:
        """Return a line for each, and a blank one after each section."""
        return [(1, int(each.last)) for each in self.items]

    def move_to(self, index: int) -> None:
        """Put the cursor on a row; from a heading it goes on in the same direction."""
        index = max(0, min(index, len(self.items) - 1))
        if not self.items:
            return
        step = 1 if index >= self.cursor else -1
        places = range(index, len(self.items) if step > 0 else -1, step)
        found = next((each for each in places if self.items[each].row), None)
        if found is not None:
            super().move_to(found)
        elif step < 0:
            # Above the first row there are headings only: let them be seen.
            self.scroll_home(animate=False)

    def parts_of(self, item: FigureLine, line: int, width: int, *, selected: bool) -> list[Part]:
        """Return the heading with the columns' names, or a row with its bar."""
        del line
        others = item.widths[1:]
        taken = sum(others) + _GAP * len(others) + 2
        room = max(_SHORTEST_NAME, width - taken - _SHORTEST_BAR - _GAP)
        name = min(room, max(item.widths[0], len(item.section.title)), _LONGEST_NAME)
        bar = min(_LONGEST_BAR, width - taken - name - _GAP)
        if item.row is None:
            return self._heading(item, name, others)
        return self._row(item.row, name, others, bar, selected=selected)

    def _heading(self, item: FigureLine, name: int, others: tuple[int, ...]) -> list[Part]:
        parts: list[Part] = [(f" {pad(item.section.title, name)}", "bright")]
        if item.last:
            return [*parts, ("  none", "muted")]
        for header, width in zip(item.section.headers[1:], others, strict=True):
            words = width > 0 and _is_words(item.section, header)
            cell = pad(header, width) if words else pad_left(header, width)
            parts.append((" " * _GAP + cell, "muted"))
        return parts

    def _row(
        self, row: FigureRow, name: int, others: tuple[int, ...], bar: int, *, selected: bool
    ) -> list[Part]:
        late, muted = ("cursor-late", "cursor-muted") if selected else ("late", "muted")
        parts: list[Part] = [(f" {pad(make_visible(row.name), name)}", "text")]
        for cell, width in zip(row.cells[1:], others, strict=True):
            number = cell[:1].isdigit() or cell[:1] in "-–"
            shown = make_visible(cell)
            text = pad_left(shown, width) if number else pad(shown, width)
            paint = late if row.bad and (cell[:1] == "-" or "overdue" in cell) else "text"
            parts.append((" " * _GAP + text, paint if cell != "–" else muted))
        if row.share is not None and bar >= _SHORTEST_BAR:
            parts.append((" " * _GAP + bar_cells(row.share, bar), late if row.bad else "bar"))
        return parts


def _is_words(section: Section, header: str) -> bool:
    """Say whether a column holds words, which begin at its left."""
    place = section.headers.index(header)
    cells = [row.cells[place] for row in section.rows]
    return any(cell and not (cell[0].isdigit() or cell[0] in "-–") for cell in cells)
