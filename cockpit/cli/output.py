"""Printing: every text made visible, tables that fit the terminal, JSON that stays lossless."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import click
import msgspec

from cockpit.domain.visible import cell_width, clip, make_visible

_GAP = "  "
_BLOCK = 500
_LEAST_COLUMN = 12

_ACTING = (
    "[\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
"""Characters that a terminal may act on or hide; JSON itself escapes those below space."""


def say(text: str = "", *, newlines: bool = False) -> None:
    """Print a line on standard output."""
    click.echo(make_visible(text, newlines=newlines), color=_colour())


def warn(text: str) -> None:
    """Print a line on standard error."""
    click.echo(make_visible(text), err=True, color=False)


def say_lines(lines: Iterable[str]) -> None:
    """Print many lines, flushed together: one by one 30,000 take seconds."""
    pending = iter(lines)
    while block := list(islice(pending, _BLOCK)):
        click.echo("\n".join(make_visible(line) for line in block), color=_colour())


def say_document(text: str) -> None:
    """Print a text of several lines, with exactly one line break at its end."""
    say(text.rstrip("\n"), newlines=True)


def dump(value: Any) -> None:
    """Print a value as indented JSON in which no character acts on a terminal."""
    data = msgspec.json.format(msgspec.json.encode(value), indent=2)
    click.echo(make_json_safe(data.decode("utf-8", "replace")))


def make_json_safe(text: str) -> str:
    """Return JSON that means the same, with invisible and acting characters escaped."""
    return re.sub(_ACTING, _escape, text)


def table(rows: Iterable[Sequence[str]], headers: Sequence[str], *, flexible: int) -> None:
    """Print rows under headers; on a terminal the column `flexible` is clipped to fit."""
    shown = [[make_visible(cell) for cell in row] for row in rows]
    widths = [
        max(cell_width(line[column]) for line in (list(headers), *shown))
        for column in range(len(headers))
    ]
    if sys.stdout.isatty():
        from shutil import get_terminal_size  # loads the packers of archives

        room = get_terminal_size().columns - sum(widths) - len(_GAP) * (len(widths) - 1)
        if room < 0:
            widths[flexible] = max(_LEAST_COLUMN, widths[flexible] + room)
    click.echo(click.style(_line(headers, widths), bold=True), color=_colour())
    say_lines(_line(row, widths) for row in shown)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    fitted = [clip(cell, width) for cell, width in zip(cells, widths, strict=True)]
    padded = [
        cell + " " * (width - cell_width(cell)) for cell, width in zip(fitted, widths, strict=True)
    ]
    return _GAP.join(padded).rstrip()


def _colour() -> bool:
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return not plain and sys.stdout.isatty()


def _escape(found: re.Match[str]) -> str:
    digits = found[0].encode("utf-16-be").hex()  # two units for a character above U+FFFF
    return "".join(f"\\u{digits[at : at + 4]}" for at in range(0, len(digits), 4))
