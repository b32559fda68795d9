"""What a document of ours adds to the database: a whole incident, or what a known one lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.envelope import Op, Record, decode_body
from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.exported_document import ExportedDocument
from cockpit.domain.exported_facts import PM, SEEN, Wanted, left_over, wanted_values
from cockpit.domain.exported_incident import (
    Imported,
    Line,
    RowKey,
    Target,
    Writer,
    new_rows,
    read_lines,
)
from cockpit.domain.exported_sections import ReadSections, read_sections
from cockpit.domain.fold import Folded, fold
from cockpit.domain.foreign_incident import ForeignIncident
from cockpit.domain.incident_markdown import entry_text, facts_rows
from cockpit.domain.markdown import escape_cell, escape_inline, table
from cockpit.domain.playbook import Playbook, PostmortemForm
from cockpit.domain.section_markdown import fit_section
from cockpit.domain.times import format_span
from cockpit.domain.view import ActionItem, IncidentView, TimelineEntry
from cockpit.domain.vocabulary import MessageState
from cockpit.domain.written_postmortem import (
    FORMAT,
    WrittenAction,
    WrittenPostmortem,
    WrittenSection,
)
from cockpit.domain.written_sections import section_events

_OTHER_FACTS = "Other facts"
_SECONDS = 60


class Setting(Struct, frozen=True):
    """Into what a document is read: the rules, the form, ids of other forms' sections, the time.

    shown: of the incident that is here already, each section's heading and its text or draft.
    """

    playbook: Playbook
    form: PostmortemForm
    others: tuple[str, ...]
    now: datetime
    shown: dict[str, tuple[str, str]] = {}


class OwnAddition(Struct, frozen=True):
    """The events that a document of ours adds, and what they are.

    kept: titles of sections that were edited here and stay as they are.
    """

    events: tuple[Op, ...]
    is_new: bool
    entries: int
    updates: int
    changed: int
    kept: tuple[str, ...]


def identity_of(document: ExportedDocument) -> str:
    """Return what tells the incident of a document from all others: its day and its title."""
    return f"{document.fact('Started')[:10]} {document.title}"


def plan_document(
    document: ExportedDocument,
    target: Target,
    setting: Setting,
    known: Sequence[Op],
    updates: Callable[[str], tuple[str, ...]],
) -> OwnAddition:
    """Return what a document adds to the `known` events.

    updates: all text updates of a section, by its id. Raises InvalidInputError for an event that
    is larger than one may be.
    """
    wanted = wanted_values(document, setting.playbook)
    lines = read_lines(document, wanted, setting.playbook)
    entries = (place for place, line in enumerate(lines) if isinstance(line.body, EntryAdded))
    read = read_sections(document, setting.form, setting.others, frozenset(entries))
    folded = fold(map(Record, known)) if known else None
    events = (
        _whole(document, lines, wanted, target, read)
        if folded is None
        else _news(document, lines, wanted, target, known, folded)
    )
    after = fold(map(Record, (*known, *events)))
    if folded is not None:
        texts = tuple(each for each in read.sections if not _stands(each, setting))
        read = replace(read, sections=texts)
    written = _written(document, wanted, read, folded, _lost(document, after, setting))
    found = section_events(written, target.inc, (*known, *events), updates, fit_section)
    added = [body for each in events if isinstance(body := decode_body(each), EntryAdded)]
    return OwnAddition(
        (*events, *found.events),
        is_new=folded is None,
        entries=len(added),
        updates=sum(each.msg is not None and each.msg.state is MessageState.SENT for each in added),
        changed=found.changed,
        kept=found.kept,
    )


def _whole(
    document: ExportedDocument,
    lines: Sequence[Line],
    wanted: Wanted,
    target: Target,
    read: ReadSections,
) -> list[Op]:
    """Return the events of a new incident; its duration becomes that of the document."""
    writer = Writer(document, lines, wanted, target)
    events = _events(writer, read)
    later = _later(document, writer, fold(map(Record, events)).view)
    return _events(Writer(document, lines, wanted, target, later), read) if later else events


def _events(writer: Writer, read: ReadSections) -> list[Op]:
    nothing = Imported()
    placed = list(writer.timeline(range(len(writer.lines)), nothing))
    stars = [
        writer.star(op) for place, op in placed if place in read.starred and op.k == EntryAdded.kind
    ]
    return [
        writer.opening(),
        *(op for _, op in placed),
        *stars,
        *writer.registers({}, nothing),
    ]


def _later(document: ExportedDocument, writer: Writer, view: IncidentView) -> dict[int, timedelta]:
    """Return the line that happened some seconds after its full minute, as the duration tells."""
    said = document.fact("Duration")
    if view.over_at is None or format_span(view.over_at - view.started_at) == said:
        return {}
    lasted = view.over_at - view.started_at
    fitting = [
        seconds
        for seconds in range(1 - _SECONDS, _SECONDS)
        if format_span(lasted + timedelta(seconds=seconds)) == said
    ]
    if not fitting:
        return {}
    seconds = min(fitting, key=abs)
    moved = view.over_at if seconds > 0 else view.started_at
    places = [place for place, at in enumerate(writer.times) if at == moved]
    return {places[0]: timedelta(seconds=abs(seconds))} if places else {}


def _news(
    document: ExportedDocument,
    lines: Sequence[Line],
    wanted: Wanted,
    target: Target,
    known: Sequence[Op],
    folded: Folded,
) -> list[Op]:
    """Return the events of what a known incident does not have yet."""
    writer = Writer(document, lines, wanted, target)
    before = _imported(known)
    there = _there(folded.view)
    if ", ".join(folded.view.seen_before.values()) == document.fact("Seen before"):
        there |= {key: value for key, value in wanted.registers.items() if key[1][:5] == SEEN}
    places = new_rows(lines, _keys(folded.entries))
    placed = (op for _, op in writer.timeline(places, before))
    return [*placed, *writer.registers(there, before)]


def _keys(entries: Iterable[TimelineEntry]) -> Counter[RowKey]:
    """Return by what the lines are known that an incident has or had."""
    keys: Counter[RowKey] = Counter()
    for entry in entries:
        at = entry.at.replace(second=0, microsecond=0)
        texts = {escape_cell(entry_text(entry))}
        if entry.corrected:
            first = replace(entry, text=entry.original, corrected=False)
            texts.add(escape_cell(entry_text(first)))
        keys.update((at, entry.kind, each) for each in texts)
        if entry.redacted:
            keys[at, entry.kind, None] += 1
    return keys


def _stands(section: WrittenSection, setting: Setting) -> bool:
    """Say whether a section of the document stands here already as it shows."""
    title, text = setting.shown.get(section.id, ("", ""))
    same = fit_section(text) == section.text or not section.text
    return section.id in setting.shown and same and _title(title) == _title(section.title)


def _imported(known: Iterable[Op]) -> Imported:
    values: dict[tuple[str, str], Any] = {}
    last: dict[tuple[str, str], str] = {}
    for op in sorted(known, key=lambda each: each.t):
        body = decode_body(op) if op.by == FORMAT else None
        if isinstance(body, FieldSet):
            values[body.obj, body.f] = body.v
            last[body.obj, body.f] = op.id
    return Imported(values, last)


def _there(view: IncidentView) -> dict[tuple[str, str], Any]:
    """Return the registers that the timeline does not show, as they are now."""
    pm = view.postmortem
    times = {"meeting_at": pm.meeting_at, "reviewed_at": pm.reviewed_at}
    return {
        ("", "impact_text"): view.impact_text,
        ("", "cause"): view.cause,
        ("", "next_step"): view.next_step,
        (PM, "owner"): pm.owner,
        (PM, "review"): pm.review,
        (PM, "reviewed_by"): pm.reviewed_by,
        **{
            (PM, name): at.replace(second=0, microsecond=0).isoformat()
            for name, at in times.items()
            if at is not None
        },
    }


def _lost(document: ExportedDocument, after: Folded, setting: Setting) -> str:
    """Return the facts that nothing could be made of, as a table; empty for none."""
    shown = dict(facts_rows(after.view, setting.playbook, setting.now))
    rows = left_over(document, shown)
    return table(("Fact", "Value"), rows) if rows else ""


def _written(
    document: ExportedDocument,
    wanted: Wanted,
    read: ReadSections,
    folded: Folded | None,
    lost: str,
) -> WrittenPostmortem:
    """Return sections and action items as the importer of written post-mortems keeps them."""
    incident = ForeignIncident(
        place=document.title,
        id=identity_of(document),
        title=document.title,
        severity=str(wanted.values["severity"]),
        at=max([wanted.declared, *(row.at for row in document.rows)]),
        raw={},
    )
    sections = read.sections
    if lost:
        sections = (*sections, WrittenSection("other_facts", _OTHER_FACTS, lost, known=False))
    there = folded.view.actions if folded else ()
    return WrittenPostmortem(incident, sections, tuple(_actions(read.actions, there)))


def _actions(items: Iterable[ActionItem], there: Sequence[ActionItem]) -> Iterable[WrittenAction]:
    """Yield the action items that are not `there` as the document has them."""
    left = list(there)
    for item in items:
        same = next((each for each in left if _title(each.title) == _title(item.title)), None)
        if same is not None:
            left.remove(same)
            if replace(same, id=item.id) == item:
                continue
        yield WrittenAction(
            same.id if same else item.id,
            item.title,
            item.link,
            owner=item.owner,
            due=item.due,
            kind=item.kind,
            state=item.state,
            automate=item.automate,
        )


def _title(title: str) -> str:
    return escape_inline(title).strip()
