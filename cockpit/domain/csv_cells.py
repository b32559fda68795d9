"""Cells of a table for spreadsheets: what looks like a formula is kept from being one."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from cockpit.domain.visible import make_visible

# The wide forms count too: some spreadsheets read them as the narrow ones.
_FORMULA = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_GUARDED = re.compile(r"''*[=+\-@\t\r＝＋－＠]")


def guard(text: str) -> str:
    """Return visible text for a cell, with an apostrophe where a spreadsheet would calculate."""
    shown = make_visible(text)
    return f"'{shown}" if _FORMULA.match(shown) else shown


def unguard(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from reading a formula."""
    return cell[1:] if _GUARDED.match(cell) else cell


def write_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table as CSV (RFC 4180); every cell is guarded here."""
    text = StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header)
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return text.getvalue()
