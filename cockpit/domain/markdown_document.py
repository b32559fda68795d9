"""A Markdown document as a title and sections, whatever headings it uses; no line is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from cockpit.domain.markdown import split_lines

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*")
_NAMED_BULLET = re.compile(r"[-*+] \*\*([^*]{1,80}?):?\*\*:?[ \t]*(.*)")
_META = re.compile(r"([A-Za-z_][\w-]{0,40}):[ \t]*(.*)")
_TITLE_LEVEL = 1

INTRODUCTION = "Introduction"
FRONT_MATTER = "Front matter"
"""Titles of what stands before the first heading, and in the head of the file."""


class Section(Struct, frozen=True):
    """A heading and everything up to the next one of its rank, word for word."""

    title: str
    text: str


class Document(Struct, frozen=True):
    """A document's title (empty if it has none) and its sections in order."""

    title: str
    sections: tuple[Section, ...]


class _Line(Struct, frozen=True):
    text: str
    level: int = 0
    heading: str = ""


def read_document(text: str) -> Document:
    """Return the document that a Markdown text is; text in code fences is never a heading.

    The title is the first heading of the first rank, else the front matter's `title`. Sections
    begin at the next rank; a document without headings has one per bullet with a bold name.
    """
    front, lines = _split_front(split_lines(text))
    marked = list(_mark_headings(lines))
    title = ""
    if (first := _find_title(marked)) is not None:
        title = marked[first].heading
        marked[first] = _Line("")
    sections = list(_split_sections(marked))
    if not any(each.level for each in marked):
        sections = list(_split_bullets([each.text for each in marked]))
    named = [each for each in sections if each.title or each.text]
    sections = [Section(each.title or INTRODUCTION, each.text) for each in named]
    values = {
        found[1]: found[2] for line in front if (found := _META.fullmatch(line.strip())) is not None
    }
    if front:
        sections.append(Section(FRONT_MATTER, "\n".join(front)))
    return Document(title or values.get("title", "").strip("\"' "), tuple(sections))


def _split_front(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines between two `---` at the head, and all others."""
    if lines[0].lstrip("\ufeff").strip() != "---":
        return [], lines
    end = next((at for at, line in enumerate(lines) if at and line.strip() == "---"), 0)
    return (lines[1:end], lines[end + 1 :]) if end else ([], lines)


def mark_code(lines: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """Yield each line with whether it belongs to a block of code between fences."""
    fence = ""
    for line in lines:
        found = _FENCE.match(line)
        if found and fence and found[1].startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
            yield line, True
        else:
            fence = found[1] if found and not fence else fence
            yield line, bool(fence)


def _mark_headings(lines: list[str]) -> Iterator[_Line]:
    for line, is_code in mark_code(lines):
        heading = None if is_code else _HEADING.fullmatch(line)
        if heading and (heading[2] or "").strip():
            yield _Line(line, len(heading[1]), heading[2].strip())
        else:
            yield _Line(line)


def _find_title(lines: list[_Line]) -> int | None:
    """Return which line is the title: the first heading, if others are of a lower rank."""
    headings = [at for at, each in enumerate(lines) if each.level]
    if not headings or lines[headings[0]].level != _TITLE_LEVEL:
        return None
    if len(headings) == 1 or any(lines[at].level > _TITLE_LEVEL for at in headings):
        return headings[0]
    return None


def _split_sections(lines: list[_Line]) -> Iterator[Section]:
    """Yield what stands before the first heading (without a title), then section by section."""
    levels = {each.level for each in lines if each.level}
    lower = levels - {_TITLE_LEVEL} or levels
    rank = min(lower, default=0)
    title, body = "", list[str]()
    for each in lines:
        if each.level and each.level <= rank:
            yield Section(title, _trim(body))
            title, body = each.heading, []
        else:
            body.append(each.text)
    yield Section(title, _trim(body))


def _split_bullets(lines: list[str]) -> Iterator[Section]:
    """Yield a section per bullet such as `- **Impact**: …`, its name without the stars."""
    title, body = "", list[str]()
    for line in lines:
        found = _NAMED_BULLET.fullmatch(line)
        if found:
            yield Section(title, _trim(body))
            title, body = found[1].strip(), [found[2]] if found[2] else []
        else:
            body.append(line)
    yield Section(title, _trim(body))


def _trim(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n")
