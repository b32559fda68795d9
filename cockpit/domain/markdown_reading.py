"""Markdown reading: text that `markdown` escaped, as it was before.

What escaping loses (blanks around a line, control bytes, the kind of a line's end) stays lost, so
that escaping what was read gives the same Markdown again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])|&(amp|lt);")
_CELL = re.compile(r"(?:\\.|[^|\\]|\\$)*", re.DOTALL)
_RULE = "---"
_LINE = "<br>"
_NO_BREAK_SPACE = "\u00a0"
_NAMED = {"amp": "&", "lt": "<"}


def unescape_inline(markdown: str) -> str:
    """Return the text of one line that `escape_inline` wrote."""
    return _ESCAPED.sub(lambda found: found[1] or _NAMED[found[2]], markdown)


def unescape_cell(markdown: str) -> str:
    """Return the text, with its line ends, of a table cell that `escape_cell` wrote."""
    return "\n".join(unescape_inline(line) for line in markdown.split(_LINE))


def read_heading(markdown: str) -> str:
    """Return the text of what stands behind the hashes of a heading that `heading` wrote."""
    text = unescape_inline(markdown)
    return "" if text == _NO_BREAK_SPACE else text


def read_table(lines: Sequence[str], header: Sequence[str]) -> list[tuple[str, ...]] | None:
    """Return the rows, as text, of a table that `table` wrote under `header`; None for any other.

    Every line must belong to it.
    """
    if len(lines) < 2 or _cells(lines[0]) != list(header) or _cells(lines[1]) != _rule(header):
        return None
    rows = []
    for line in lines[2:]:
        cells = _cells(line)
        if len(cells) != len(header):
            return None
        rows.append(tuple(unescape_cell(cell) for cell in cells))
    return rows


def _rule(header: Sequence[str]) -> list[str]:
    return [_RULE] * len(header)


def _cells(line: str) -> list[str]:
    """Return the cells of a row, still escaped; none for a line that is no row."""
    if not (line.startswith("| ") and line.endswith(" |")):
        return []
    cells, place, body = [], 0, line[1:-1]
    while place <= len(body):
        found = _CELL.match(body, place)
        cell = found[0] if found else ""
        cells.append(cell[1:-1] if cell[:1] == " " and cell[-1:] == " " and len(cell) > 1 else cell)
        place += len(cell) + 1
    return cells
