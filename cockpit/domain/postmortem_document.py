"""A whole post-mortem as one text for a person's own editor, and back to its sections.

The headings say what belongs where. Nothing is lost: text under a heading that nobody knows becomes
a section of its own, and a section whose heading was taken out keeps the text that it had.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from cockpit.domain.markdown_document import INTRODUCTION
from cockpit.domain.postmortem import PostmortemSection

_HEADING = re.compile(r" {0,3}#{1,2}[ \t]+(.*?\S)(?:[ \t]+#+)?[ \t]*")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NOT_WORD = re.compile(r"[\W_]+")
_RULES = (
    "<!-- {title}\n"
    "     Each heading begins a section: leave it as it is, and write below. A heading of your\n"
    "     own makes another section. A section whose heading is gone keeps its text. -->"
)


class NewSection(Struct, frozen=True):
    """A section under a heading that nobody knew before."""

    id: str
    title: str
    text: str


class EditedDocument(Struct, frozen=True):
    """What came back from the editor.

    changed: new texts by section id; added: sections that are new; kept: titles of sections whose
    heading was taken out, which keep their text.
    """

    changed: dict[str, str]
    added: tuple[NewSection, ...]
    kept: tuple[str, ...]


def write_document(title: str, sections: Iterable[PostmortemSection]) -> str:
    """Return the sections as one Markdown text under their headings; `title` is the incident's."""
    parts = [_RULES.format(title=_one_line(title).replace("--", "- -"))]
    for each in sections:
        hint = f"{_hint(each)}\n" if each.hint else ""
        body = each.written.strip("\n")
        below = f"\n{body}\n" if body.strip() else ""
        parts.append(f"## {_one_line(each.title)}\n{hint}{below}")
    return "\n\n".join(parts).rstrip("\n") + "\n"


def read_document(
    text: str,
    sections: Sequence[PostmortemSection],
    aliases: Mapping[str, Sequence[str]],
    taken: Iterable[str] = (),
) -> EditedDocument:
    """Return what an edited document changes.

    sections: as they were when the document was written; aliases: other headings of the playbook's
    sections, by section id; taken: further ids that no new section may get. A section that shows
    its draft unchanged is not changed.
    """
    reader = _Reader(sections, aliases)
    for line in text.split("\n"):
        reader.read(line)
    texts = {name: "\n".join(lines).strip("\n") for name, lines in reader.texts.items()}
    changed = {
        each.id: texts[each.id]
        for each in sections
        if each.id in texts and texts[each.id].strip() != each.written.strip()
    }
    added = []
    used = {*taken, *aliases, *(each.id for each in sections)}
    for title, lines in reader.added:
        body = "\n".join(lines).strip("\n")
        if body.strip() or title != INTRODUCTION:
            added.append(NewSection(_name(title, used), title, body))
    kept = (each.title for each in sections if each.id not in texts and each.written.strip())
    return EditedDocument(changed, tuple(added), tuple(kept))


class _Reader:
    """Puts line after line where it belongs."""

    def __init__(
        self, sections: Sequence[PostmortemSection], aliases: Mapping[str, Sequence[str]]
    ) -> None:
        self.texts: dict[str, list[str]] = {}
        self.added: list[tuple[str, list[str]]] = []
        self._known: dict[str, list[str]] = {}
        for each in sections:
            self._known.setdefault(_key(each.title), []).append(each.id)
        for name, others in aliases.items():
            for other in others:
                self._known.setdefault(_key(other), []).append(name)
        self._ids = {each.id for each in sections}
        self._hints = {_hint(each) for each in sections}
        self._own = {
            each.id: {line.strip() for line in each.written.split("\n")} for each in sections
        }
        self._inner = {each.id: Counter(_headings(each.written)) for each in sections}
        self._current = ""
        self._lines: list[str] = []
        self._fence = ""
        self._in_rules = False

    def read(self, line: str) -> None:
        """Take the next line."""
        found = _HEADING.fullmatch(line)
        if found and not self._is_inner(found[1]) and self._may_begin(found[1]):
            self._begin(found[1])
        elif line.strip() in self._hints and line.strip() not in self._own.get(self._current, ()):
            # It is one of our hints, whether its heading is there or not: no part of the text.
            return
        elif self._current or self.added or not self._is_rule(line):
            self._take(line)

    def _may_begin(self, heading: str) -> bool:
        """Say whether a heading begins a section: in code only one that is still awaited."""
        return not self._fence or any(each not in self.texts for each in self._named(heading))

    def _named(self, heading: str) -> list[str]:
        """Return the sections that a heading may stand for."""
        return [each for each in self._known.get(_key(heading), ()) if each in self._ids]

    def _is_rule(self, line: str) -> bool:
        """Say whether a line belongs to the rules at the head of the document."""
        self._in_rules = self._in_rules or line.startswith("<!-- ")
        ends = self._in_rules
        self._in_rules = self._in_rules and "-->" not in line
        return ends

    def _is_inner(self, heading: str) -> bool:
        """Say whether a heading stood inside the section's text before."""
        inner = self._inner.get(self._current)
        if not inner or inner[_key(heading)] <= 0:
            return False
        inner[_key(heading)] -= 1
        return True

    def _begin(self, heading: str) -> None:
        self._fence = ""
        names = self._named(heading)
        free = [each for each in names if each not in self.texts]
        if not names:
            self._current, self._lines = "", []
            self.added.append((_one_line(heading), self._lines))
            return
        self._current = (free or names)[0]
        if not free:
            # The same heading twice: both texts belong to the section.
            self.texts[self._current].append("")
        self._lines = self.texts.setdefault(self._current, [])

    def _take(self, line: str) -> None:
        if not self._current and not self.added:
            if not line.strip():
                return
            self.added.append((INTRODUCTION, self._lines))
        self._lines.append(line)
        found = _FENCE.match(line)
        if found and not self._fence:
            self._fence = found[1]
        elif found and found[1].startswith(self._fence) and not line.strip().strip(found[1][0]):
            self._fence = ""


def _headings(text: str) -> Iterator[str]:
    found = (_HEADING.fullmatch(line) for line in text.split("\n"))
    return (_key(each[1]) for each in found if each)


def _hint(section: PostmortemSection) -> str:
    return f"<!-- {_one_line(section.hint).replace('--', '- -')} -->"


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _key(heading: str) -> str:
    return _NOT_WORD.sub(" ", heading.casefold()).strip()


def _name(title: str, taken: set[str]) -> str:
    """Return an id for a section, made of its heading, that none has; it counts as taken then."""
    slug = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:40] or "section"
    name, number = slug, 1
    while name in taken:
        number += 1
        name = f"{slug}_{number}"
    taken.add(name)
    return name
