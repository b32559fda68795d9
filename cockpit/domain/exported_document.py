"""A document that we exported ourselves, read back into its parts.

It is known by its head: the reference before the title, the sentence about the review, the table of
facts; and by its timeline. Whatever is not as we write it makes it a document like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import Struct

from cockpit.domain.markdown_document import Section, mark_code
from cockpit.domain.markdown_reading import read_heading, read_table, unescape_inline
from cockpit.domain.postmortem import DRILL, FULL_TIMELINE, NOTHING_YET, PRIVATE

FACTS = ("Fact", "Value")
TIMELINE = ("Time", "Kind", "What")
"""What stands at the head of our tables."""

STAMP = r"\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC"
"""A time as our documents have it."""

_TITLE = re.compile(
    r"(?P<prefix>[A-Za-z][A-Za-z0-9]*)-(?P<number>\d{1,9})(?:-\w{3})?: (?P<title>.*)"
)
_REVIEW = re.compile(r"Post-mortem: (.*)\. Times are UTC\.")
_SUMMARY = re.compile(r"<summary>.*</summary>")
_BREAK = "  "
_NO_ENTRIES = "No entries."
_NEEDED = ("Severity", "Status", "Stage", "Started", "Declared")


class Row(Struct, frozen=True):
    """A line of the timeline: when (to the minute), its kind, and the text as it shows."""

    at: datetime
    kind: str
    text: str


class ExportedDocument(Struct, frozen=True):
    """What a document of ours says; `facts` are names and values, `rows` the timeline in full.

    sections: all but the full timeline, in order; folds: whether that one follows them.
    """

    prefix: str
    number: int
    title: str
    drill: bool
    private: bool
    review: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    rows: tuple[Row, ...]
    folds: bool

    def fact(self, name: str) -> str:
        """Return the value of a fact, empty where the document does not have it."""
        return next((value for known, value in self.facts if known == name), "")


def read_exported(text: str) -> ExportedDocument | None:
    """Return the parts of a document that we exported, None for any other."""
    lines = text.rstrip("\n").split("\n")
    title = _TITLE.fullmatch(read_heading(lines[0][2:])) if lines[0].startswith("# ") else None
    head, after = _block(lines, 1)
    marks = [each.removesuffix(_BREAK) for each in head]
    review = _REVIEW.fullmatch(marks[-1]) if marks else None
    table, after = _block(lines, after)
    facts = read_table(table, FACTS)
    known = title and review and set(marks[:-1]) <= {DRILL, PRIVATE}
    if not known or facts is None or not {name for name, _ in facts} >= set(_NEEDED):
        return None
    sections = _sections(lines[after:])
    if sections is None or title is None or review is None:
        return None
    folds = bool(sections) and sections[-1].title == FULL_TIMELINE
    rows = _unfold(sections[-1].text) if folds else _first_timeline(sections)
    if rows is None:
        return None
    return ExportedDocument(
        title["prefix"],
        int(title["number"]),
        title["title"],
        DRILL in marks,
        PRIVATE in marks,
        unescape_inline(review[1]),
        tuple((name, value) for name, value in facts),
        tuple(sections[:-1] if folds else sections),
        tuple(rows),
        folds,
    )


def read_rows(text: str) -> list[Row] | None:
    """Return the entries of a timeline as we write it, None for anything else."""
    if text == _NO_ENTRIES:
        return []
    cells = read_table(text.split("\n"), TIMELINE)
    if cells is None:
        return None
    rows = [(read_stamp(at), kind, what) for at, kind, what in cells]
    return (
        [Row(at, kind, what) for at, kind, what in rows if at is not None]
        if all(at is not None for at, _, _ in rows)
        else None
    )


def read_stamp(text: str) -> datetime | None:
    """Return the time that `2026-11-21 09:10 UTC` is, None for another text."""
    if not re.fullmatch(STAMP, text):
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
    except ValueError:
        return None


def _block(lines: Sequence[str], start: int) -> tuple[list[str], int]:
    """Return the lines up to a blank one, and where what follows begins."""
    while start < len(lines) and not lines[start]:
        start += 1
    stop = next((at for at in range(start, len(lines)) if not lines[at]), len(lines))
    return list(lines[start:stop]), stop


def _sections(lines: Sequence[str]) -> list[Section] | None:
    """Return what stands under each heading, None when something stands before the first one."""
    found: list[tuple[str, list[str]]] = []
    for line, is_code in mark_code(lines):
        if not is_code and line.startswith("## "):
            found.append((read_heading(line[3:]), []))
        elif found:
            found[-1][1].append(line)
        elif line:
            return None
    texts = [(title, "\n".join(body).strip("\n")) for title, body in found]
    return [Section(title, "" if text == NOTHING_YET else text) for title, text in texts]


def _first_timeline(sections: Sequence[Section]) -> list[Row] | None:
    found = (read_rows(each.text) for each in sections)
    return next((rows for rows in found if rows is not None), None)


def _unfold(text: str) -> list[Row] | None:
    lines = text.split("\n")
    if lines[0] == "<details>" and lines[-1] == "</details>" and len(lines) > 3:
        lines = lines[2:-1] if _SUMMARY.fullmatch(lines[1]) else []
    return read_rows("\n".join(lines).strip("\n"))
