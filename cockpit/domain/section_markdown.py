"""A section's text as it stands in a whole document: nothing in it reaches beyond the section."""

from __future__ import annotations

import re

from cockpit.domain.markdown import defuse
from cockpit.domain.markdown_document import mark_code

_HEADING = re.compile(r"( {0,3})(#{1,6})(?=[ \t]+\S)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HIGHEST, _LOWEST = 3, 6
"""Headings inside a section rank below the section's own, which is of level 2."""


def fit_section(text: str) -> str:
    """Return an author's Markdown made safe, its headings below the section's, its code closed.

    Applying it twice changes nothing more.
    """
    lines = _lower_headings(defuse(text).split("\n"))
    return "\n".join([*lines, *_closing(lines)])


def _lower_headings(lines: list[str]) -> list[str]:
    found = [None if is_code else _HEADING.match(line) for line, is_code in mark_code(lines)]
    highest = min((len(each[2]) for each in found if each), default=_HIGHEST)
    down = max(_HIGHEST - highest, 0)
    return [
        f"{each[1]}{'#' * min(len(each[2]) + down, _LOWEST)}{line[each.end() :]}" if each else line
        for line, each in zip(lines, found, strict=True)
    ]


def _closing(lines: list[str]) -> list[str]:
    """Return the line that ends a block of code which nobody closed, if there is one."""
    fence = ""
    for line, is_code in mark_code(lines):
        found = _FENCE.match(line) if is_code else None
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
    return [fence] if fence else []
