"""The sections of an exported document: whose text they keep, and what follows from facts again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.exported_document import ExportedDocument, Row, read_rows
from cockpit.domain.incident_markdown import ACTION_KINDS, checklist
from cockpit.domain.markdown_reading import unescape_inline
from cockpit.domain.playbook import PostmortemForm
from cockpit.domain.postmortem import ACTION_ITEMS
from cockpit.domain.postmortem_facts import MOST_LINES
from cockpit.domain.section_markdown import fit_section
from cockpit.domain.view import ActionItem
from cockpit.domain.written_postmortem import WrittenSection, name_sections

_NO_ITEMS = "_No action items yet._"
_MORE = re.compile(
    r"(?P<table>.*)\n\n_(?P<more>[\d,]+) more stand in the full timeline; .*_", re.DOTALL
)
_ITEM = re.compile(r"- \[(?P<box>[ x])\] (?P<line>.*)\)")
_MARKS = re.compile(r"(?P<kind>.*?), owner: (?P<owner>.*), due: (?P<rest>.*)")
_KINDS = {words: kind for kind, words in ACTION_KINDS.items()}
_NOBODY, _NO_DATE, _AUTOMATE = "nobody yet", "no date yet", "to automate"
_DIGITS = 9


class ReadSections(Struct, frozen=True):
    """The sections with the texts that are to be kept, the action items, the starred lines.

    starred: places in the document's timeline.
    """

    sections: tuple[WrittenSection, ...]
    actions: tuple[ActionItem, ...]
    starred: frozenset[int]


def read_sections(
    document: ExportedDocument,
    form: PostmortemForm,
    others: Sequence[str],
    entries: frozenset[int],
) -> ReadSections:
    """Return what a document's sections hold.

    What the timeline or the action items draft again word for word keeps no text of its own.
    others: ids that no section of the team's own may get; entries: places of the lines that can be
    starred.
    """
    named = tuple(name_sections(document.sections, form.sections, others))
    drafts = {each.id: each.draft or each.id for each in form.sections}
    sections: list[WrittenSection] = []
    actions: tuple[ActionItem, ...] = ()
    starred: frozenset[int] = frozenset()
    for each in _by_place(named, form):
        if drafts.get(each.id) == "timeline":
            text, starred = _read_timeline(each.text, document, entries)
            each = replace(each, text=text)
        elif each.id == ACTION_ITEMS and each.known:
            text, actions = _read_items(each.text)
            each = replace(each, text=text)
        sections.append(each)
    return ReadSections(tuple(sections), actions, starred)


def read_item(line: str, identity: str = "") -> ActionItem | None:
    """Return the action item that a line of a checklist is, None for another line."""
    found = _ITEM.fullmatch(line)
    if found is None:
        return None
    for cut in reversed([each.start() for each in re.finditer(r" \(", line)]):
        marks = _MARKS.fullmatch(unescape_inline(line[cut + 2 : -1]))
        title = unescape_inline(line[len("- [ ] ") : cut])
        for item in _items(marks, title, identity) if marks else ():
            item = replace(item, state="done") if found["box"] == "x" else item
            if fit_section(checklist([item])) == line:
                return item
    return None


def identify(title: str, number: int) -> str:
    """Return the id of an action item of a document: in order of their places."""
    return f"{number:03d}{sha256(title.encode()).hexdigest()[:_DIGITS]}"


def _by_place(named: Sequence[WrittenSection], form: PostmortemForm) -> Iterator[WrittenSection]:
    """Yield the sections; one with a heading of its own is known by its place among the form's."""
    used = {each.id for each in named}
    for place, each in enumerate(named):
        if each.known or place >= len(form.sections) or form.sections[place].id in used:
            yield each
        else:
            yield replace(each, id=form.sections[place].id, known=True)


def _read_timeline(
    text: str, document: ExportedDocument, entries: frozenset[int]
) -> tuple[str, frozenset[int]]:
    """Return the text to keep, and the places of the lines that it shows as starred."""
    cut = _MORE.fullmatch(text)
    rows = read_rows(cut["table"] if cut else text)
    if rows is None:
        return text, frozenset()
    if not document.folds:
        return "", frozenset()
    places = _find_rows(rows, document.rows)
    every = len(rows) + (int(cut["more"].replace(",", "")) if cut else 0)
    if places is None or not rows:
        return text, frozenset()
    if cut:
        whole = every == len(document.rows) and places == tuple(range(len(rows)))
        return ("", frozenset()) if whole else (text, frozenset(places))
    if set(places) <= entries and len(rows) < len(document.rows) and len(rows) <= MOST_LINES:
        return "", frozenset(places)
    return text, frozenset()


def _find_rows(rows: Sequence[Row], among: Sequence[Row]) -> tuple[int, ...] | None:
    """Return the places of some lines among all, in order; None where one is not there."""
    places: list[int] = []
    start = 0
    for row in rows:
        found = next((at for at in range(start, len(among)) if among[at] == row), None)
        if found is None:
            return None
        places.append(found)
        start = found + 1
    return tuple(places)


def _read_items(text: str) -> tuple[str, tuple[ActionItem, ...]]:
    """Return a person's text without the list that follows it again, and all items of both."""
    if text == _NO_ITEMS:
        return "", ()
    head, _, tail = text.rpartition("\n\n")
    listed = [read_item(line) for line in tail.split("\n")]
    written = [read_item(line) for line in head.split("\n")]
    if all(listed):
        found = [each for each in (*written, *listed) if each]
        again = _drafted(head, found)
        if again == text:
            return head, _numbered(found)
    found = [each for each in (*written, *listed) if each]
    return text, _numbered(found)


def _drafted(text: str, items: Sequence[ActionItem]) -> str:
    """Return how the section reads in a document, with this text and these items."""
    listed = fit_section(checklist(items))
    if not text.strip():
        return listed
    lines = listed.split("\n")
    missing = [line for line in lines if line not in set(text.split("\n"))]
    return "\n\n".join([text, "\n".join(missing)]) if any(missing) else text


def _numbered(items: Sequence[ActionItem]) -> tuple[ActionItem, ...]:
    return tuple(
        replace(each, id=identify(each.title, number)) for number, each in enumerate(items)
    )


def _items(marks: re.Match[str], title: str, identity: str) -> Iterator[ActionItem]:
    """Yield the items that a line's marks can mean, the likeliest first."""
    kind = _KINDS.get(marks["kind"], marks["kind"])
    owner = "" if marks["owner"] == _NOBODY else marks["owner"]
    due, *rest = marks["rest"].split(", ")
    due = "" if due == _NO_DATE else due
    automate = rest[:1] == [_AUTOMATE]
    rest = rest[1:] if automate else rest
    item = ActionItem(identity, title, owner, due, kind, automate=automate)
    if not rest:
        yield item
    elif len(rest) == 1:
        if "://" not in rest[0]:
            yield replace(item, state=rest[0])
        yield replace(item, link=rest[0])
    else:
        yield replace(item, state=rest[0], link=", ".join(rest[1:]))
        yield replace(item, link=", ".join(rest))
    whole = "" if marks["rest"] == _NO_DATE else marks["rest"]
    yield ActionItem(identity, title, owner, whole, kind)
