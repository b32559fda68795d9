"""Import of post-mortems written in Markdown: incidents with timeline, sections and actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

import msgspec
from msgspec.structs import replace

from cockpit.domain.envelope import Record
from cockpit.domain.exported_document import read_exported
from cockpit.domain.exported_facts import has_facts
from cockpit.domain.exported_plan import identity_of
from cockpit.domain.foreign_event import incident_id
from cockpit.domain.foreign_formats import unexpected
from cockpit.domain.foreign_incident import ForeignFormat
from cockpit.domain.visible import clean_input
from cockpit.domain.written_postmortem import (
    FORMAT,
    UNCHANGED,
    WrittenPostmortem,
    read_postmortem,
)
from cockpit.domain.written_sections import section_events
from cockpit.errors import ImportRefusedError
from cockpit.service.import_report import ImportPlan
from cockpit.service.importers.exported import add_plan, forms, plan_exported
from cockpit.service.importers.foreign import plan_incidents
from cockpit.service.session import Session


def plan_files(session: Session, files: Mapping[str, bytes]) -> ImportPlan:
    """Return the events that documents add, by their names; raises ImportRefusedError with it."""
    texts = {name: _decode(name, data) for name, data in files.items()}
    read = {name: read_exported(text) for name, text in texts.items()}
    ours = {name: each for name, each in read.items() if each and has_facts(each)}
    documents = [_read(session, name, text) for name, text in texts.items() if name not in ours]
    names = [(each.incident.id, each.incident.place) for each in documents]
    _refuse_twins([*names, *((identity_of(each), name) for name, each in ours.items())])
    plan = _plan_foreign(session, documents)
    return add_plan(plan, plan_exported(session, ours, plan)) if ours else plan


def _plan_foreign(session: Session, documents: Sequence[WrittenPostmortem]) -> ImportPlan:
    plan = plan_incidents(session, ForeignFormat(FORMAT), [each.incident for each in documents])
    records = list(plan.records)
    notes: list[str] = []
    changed = 0
    for each in documents:
        inc = incident_id(FORMAT, each.incident.id)
        known = tuple(record.op for record in session.reads.ops(inc))
        found = section_events(each, inc, known, partial(session.reads.section_updates, inc))
        records.extend(Record(event) for event in found.events)
        changed += found.changed
        notes.extend(
            f"“{title}” of {each.incident.title} was edited here and stays as it is."
            for title in found.kept
        )
        if each.unknown_zone:
            notes.append(
                f"{each.incident.place}: {each.unknown_zone} means several time zones; its times "
                "were read as UTC."
            )
    report = replace(
        plan.report,
        changed=plan.report.changed + changed,
        events_new=len(records),
        notes=(*plan.report.notes, *notes),
    )
    return replace(plan, records=tuple(records), report=report)


def plan(session: Session, data: bytes) -> ImportPlan:
    """Return the events that one document adds whose name nobody knows, as through a pipe."""
    return plan_files(session, {"standard input": data})


def _decode(name: str, data: bytes) -> str:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        message = f"{name}: byte {error.start} is not UTF-8 text."
        raise ImportRefusedError(message, UNCHANGED) from error
    _refuse_json(name, data)
    return clean_input(text)


def _read(session: Session, name: str, text: str) -> WrittenPostmortem:
    playbook = session.playbook
    internal, others = forms(playbook)
    return read_postmortem(text, name, internal.sections, playbook.default_severity, others)


def _refuse_json(name: str, data: bytes) -> None:
    """Refuse what programs wrote for programs: a date is found in nearly everything."""
    if not data.lstrip().startswith((b"{", b"[")):
        return
    try:
        document = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return
    error = unexpected(document, "no post-mortem", "Markdown with headings")
    raise ImportRefusedError(f"{name}: {error.message}", error.hint)


def _refuse_twins(documents: Iterable[tuple[str, str]]) -> None:
    """Refuse two documents (id, file) of one incident: one would overwrite the other's sections."""
    seen: dict[str, str] = {}
    for identity, place in documents:
        if identity in seen:
            raise ImportRefusedError(
                f"{place} and {seen[identity]} have one title and one day.",
                f"Give them titles of their own. {UNCHANGED}",
            )
        seen[identity] = place
