"""Post-mortems written elsewhere, in Markdown: as an incident with timeline, sections and actions.

Every section keeps its text word for word, the timeline's too; what can be understood is taken
from it besides: dated lines become entries, lists under a heading for action items become action
items. A section whose heading the playbook knows (by title or alias) becomes that section of the
form, any other one is kept under its own heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, tzinfo
from hashlib import sha256

from msgspec import Struct

from cockpit.domain.dated_lines import (
    DatedLine,
    find_date,
    is_moment,
    read_dated_lines,
    stated_zone,
)
from cockpit.domain.foreign_incident import ForeignEntry, ForeignIncident, title_of
from cockpit.domain.markdown_document import (
    INTRODUCTION,
    Document,
    Section,
    mark_code,
    read_document,
)
from cockpit.domain.playbook import SectionForm
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import EntryKind, PublicStatus, Stage
from cockpit.errors import ImportRefusedError

FORMAT = "postmortem"
UNCHANGED = "Nothing was imported."

_TIMELINE, _ACTIONS = "timeline", "action_items"
_KEY_EVENTS = "key_events"
_ITEM = re.compile(
    r"(?P<indent>[ \t]*)(?:[-*+]|\d{1,3}[.)])[ \t]+(?:\[(?P<box>[ xX])\][ \t]+)?(?P<text>.*)"
)
_NOT_WORD = re.compile(r"[^a-z0-9]+")
_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]")
_LINK = re.compile(r"https?://[^\s<>()\[\]\"']+")
_COMPLETED = re.compile(r"\b(?:completed|done)\b", re.IGNORECASE)
_LONGEST_ID = 40
_ACT_DIGITS = 12


class WrittenSection(Struct, frozen=True):
    """A section as it stands in the document; `known` when the playbook's form has it."""

    id: str
    title: str
    text: str
    known: bool


class WrittenAction(Struct, frozen=True):
    """An action item of the document; `id` follows from its title; a field is empty if not said."""

    id: str
    title: str
    link: str = ""
    done: bool = False
    owner: str = ""
    due: str = ""
    kind: str = ""
    state: str = ""
    automate: bool = False


class WrittenPostmortem(Struct, frozen=True):
    """What a document says: the incident with its entries, its sections and action items.

    unknown_zone: the word for a time zone that was not understood; its times were read as UTC.
    """

    incident: ForeignIncident
    sections: tuple[WrittenSection, ...]
    actions: tuple[WrittenAction, ...]
    unknown_zone: str = ""


def read_postmortem(
    text: str,
    name: str,
    forms: Iterable[SectionForm],
    severity: str,
    others: Iterable[str] = (),
    zone: tzinfo = UTC,
) -> WrittenPostmortem:
    """Return what a Markdown post-mortem says.

    name: the file's, for refusals and as a title or date of last resort; forms: the sections of
    the playbook's form; severity: for the incident, since such documents name none; others: ids of
    sections of other forms; zone: for times whose zone nothing says. Raises ImportRefusedError
    where no date is found.
    """
    document = read_document(clean_input(text))
    if not document.sections:
        raise ImportRefusedError(f"{name}: there is nothing but a title in it.", UNCHANGED)
    sections = tuple(name_sections(document.sections, tuple(forms), others))
    title = title_of(document.title) or title_of(name.rsplit("/", 1)[-1].removesuffix(".md"))
    day = _find_day(document, name)
    lines = tuple(_timeline(sections, document.sections, day, zone))
    started = min((each.at for each in lines), default=None)
    if started is None and day is not None:
        started = datetime.combine(day, time(), zone).astimezone(UTC)
    if started is None:
        raise ImportRefusedError(
            f"{name}: no date was found, neither in its title and timeline nor in its name.",
            "Write the incident's date (2026-11-21) into the title, and import it again.",
        )
    written = "\n".join(each.text for each in sections if each.id == _TIMELINE)
    known, word = stated_zone(written)
    return WrittenPostmortem(
        _incident(title, started, lines, severity, name, text),
        sections,
        tuple(_find_actions(sections)),
        "" if known else word,
    )


def _incident(
    title: str,
    started: datetime,
    lines: tuple[DatedLine, ...],
    severity: str,
    name: str,
    text: str,
) -> ForeignIncident:
    counts: dict[str, int] = {}
    entries = []
    for each in sorted(lines, key=lambda each: each.at):
        moment = each.at.isoformat()
        counts[moment] = counts.get(moment, 0) + 1
        entries.append(
            ForeignEntry(
                f"{moment} {counts[moment]}",
                each.at,
                each.text,
                {"at": moment, "text": each.text},
                kind=EntryKind.OBSERVATION,
            )
        )
    return ForeignIncident(
        place=name,
        id=f"{started.date().isoformat()} {title}",
        title=title,
        severity=severity,
        at=started,
        raw={"name": name.rsplit("/", 1)[-1], "text": text},
        entries=tuple(entries),
        reason="a written post-mortem names no severity of ours",
        status=PublicStatus.RESOLVED.value,
        stage=Stage.POSTMORTEM.value,
    )


def name_sections(
    sections: tuple[Section, ...], forms: tuple[SectionForm, ...], others: Iterable[str] = ()
) -> Iterator[WrittenSection]:
    """Yield the sections with their ids: the form's where a heading is known, else made of it.

    others: ids that no section may get, such as those of other forms.
    """
    known = {_plain(word): each.id for each in forms for word in (each.title, *each.aliases)}
    taken = {*(each.id for each in forms), *others}
    used: set[str] = set()
    for each in sections:
        plain = _plain(each.title)
        wanted = known.get(plain) or (_TIMELINE if plain.startswith(f"{_TIMELINE} ") else "")
        if wanted and wanted not in used:
            used.add(wanted)
            yield WrittenSection(wanted, each.title, each.text, known=True)
            continue
        slug = _NOT_WORD.sub("_", each.title.lower()).strip("_")[:_LONGEST_ID] or "section"
        name, number = slug, 1
        while name in used or name in taken:
            number += 1
            name = f"{slug}_{number}"
        used.add(name)
        yield WrittenSection(name, each.title, each.text, known=False)


def _plain(heading: str) -> str:
    """Return a heading for comparison: without case, brackets and what follows a colon."""
    return " ".join(_NOT_WORD.sub(" ", _BRACKETS.sub(" ", heading.lower())).split())


def _find_day(document: Document, name: str) -> date | None:
    """Return the day of the incident: from the title, the file's name, or the first text."""
    introduction = [each.text for each in document.sections if each.title == INTRODUCTION]
    for text in (document.title, name, *introduction, document.sections[0].text):
        if day := find_date(text):
            return day
    return None


def _timeline(
    named: tuple[WrittenSection, ...], sections: tuple[Section, ...], day: date | None, zone: tzinfo
) -> Iterator[DatedLine]:
    """Yield the dated lines of the timeline, of key events, and of headings that are times."""
    stated = zone
    for name, section in zip(named, sections, strict=True):
        if name.id == _TIMELINE or name.id.startswith((_TIMELINE, _KEY_EVENTS)):
            stated = stated_zone(f"{section.title}\n{section.text}")[0] or zone
            heading = section.title
            yield from read_dated_lines(section.text, heading=heading, day=day, zone=stated)
        elif is_moment(section.title):
            text = f"## {section.title}\n{section.text}"
            yield from read_dated_lines(text, day=day, zone=stated)


def _find_actions(sections: tuple[WrittenSection, ...]) -> Iterator[WrittenAction]:
    """Yield the list items of the action items' section, each once."""
    seen: set[str] = set()
    for section in sections:
        if section.id != _ACTIONS:
            continue
        for title, done in _items(section.text):
            if title in seen:
                continue
            seen.add(title)
            digest = sha256(title.encode()).hexdigest()[:_ACT_DIGITS]
            link = _LINK.search(title)
            yield WrittenAction(digest, title, link[0].rstrip(".,;") if link else "", done)


def _items(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each outermost list item as one line, and whether it is done."""
    title, box, completed, depth = "", "", False, 0
    for line, is_code in mark_code(text.split("\n")):
        found = None if is_code else _ITEM.fullmatch(line)
        if line.startswith("#"):
            if title:
                yield title, _is_done(box, completed=completed)
            title, completed = "", bool(_COMPLETED.search(line))
        elif found and (not title or len(found["indent"]) <= depth):
            if title:
                yield title, _is_done(box, completed=completed)
            title, box, depth = found["text"].strip(), found["box"] or "", len(found["indent"])
        elif title and line.strip():
            title = f"{title} {line.strip()}"
    if title:
        yield title, _is_done(box, completed=completed)


def _is_done(box: str, *, completed: bool) -> bool:
    """Say whether an item is done: by its own box, else by the heading it stands under."""
    return box in ("x", "X") if box else completed
