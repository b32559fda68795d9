"""Import of documents that a cockpit exported: incidents as they were, or what is new in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from functools import partial

from msgspec.structs import replace

from cockpit.domain.envelope import Op, Record
from cockpit.domain.exported_document import ExportedDocument
from cockpit.domain.exported_incident import Target
from cockpit.domain.exported_plan import OwnAddition, Setting, identity_of, plan_document
from cockpit.domain.foreign_event import incident_id
from cockpit.domain.playbook import Playbook, PostmortemForm
from cockpit.domain.times import format_stamp
from cockpit.domain.written_postmortem import FORMAT, UNCHANGED
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.service import postmortems
from cockpit.service.import_report import ImportPlan, ImportReport
from cockpit.service.session import Session


def forms(playbook: Playbook) -> tuple[PostmortemForm, tuple[str, ...]]:
    """Return the internal form, and the ids of the sections of all others."""
    internal = next((each for each in playbook.forms if each.id == "internal"), playbook.forms[0])
    others = (each for form in playbook.forms if form is not internal for each in form.sections)
    return internal, tuple(each.id for each in others)


def plan_exported(
    session: Session, documents: Mapping[str, ExportedDocument], before: ImportPlan
) -> ImportPlan:
    """Return the events that our own documents add, by the names of their files.

    The document of an incident that was not imported, but is here, adds nothing.
    before: what the same import adds besides; its new incidents have the next numbers. An incident
    keeps its number where no other has it. Raises ImportRefusedError.
    """
    records: list[Record] = []
    report = ImportReport()
    incidents: set[str] = set()
    prefix = session.playbook.reference_prefix
    first = session.reads.next_number(prefix)
    used = {(prefix, first + number) for number in range(before.report.incidents_new)}
    for name, document in documents.items():
        inc = incident_id(FORMAT, identity_of(document))
        known = tuple(record.op for record in session.reads.ops(inc))
        if not known and (original := _original(session, document)):
            notes = (*report.notes, _left_alone(original))
            report = replace(report, incidents_known=report.incidents_known + 1, notes=notes)
            continue
        claim = _claim(session, document, used) if not known else (prefix, 0)
        found = _plan(session, name, document, Target(inc, claim[1], claim[0], FORMAT), known)
        used.add(claim)
        there = {op.id for op in known}
        new = [Record(op) for op in found.events if op.id not in there]
        records += new
        incidents.add(inc)
        report = _count(report, found, len(new), _notes(document, found))
    return ImportPlan(tuple(records), report, frozenset(incidents))


def add_plan(first: ImportPlan, second: ImportPlan) -> ImportPlan:
    """Return two plans as one."""
    one, two = first.report, second.report
    report = replace(
        one,
        incidents_new=one.incidents_new + two.incidents_new,
        incidents_known=one.incidents_known + two.incidents_known,
        updates_new=one.updates_new + two.updates_new,
        entries_new=one.entries_new + two.entries_new,
        changed=one.changed + two.changed,
        events_new=one.events_new + two.events_new,
        notes=(*one.notes, *two.notes),
    )
    return ImportPlan((*first.records, *second.records), report, first.incidents | second.incidents)


def _claim(
    session: Session, document: ExportedDocument, used: set[tuple[str, int]]
) -> tuple[str, int]:
    """Return the document's own reference, or the next number where that is taken."""
    own = (document.prefix, document.number)
    deleted = {(each.ref.rpartition("-")[0], each.number) for each in session.reads.deleted()}
    if own not in used and own not in deleted and not session.reads.find(*own):
        return own
    prefix = session.playbook.reference_prefix
    number = session.reads.next_number(prefix)
    while (prefix, number) in used:
        number += 1
    return prefix, number


def _plan(
    session: Session, name: str, document: ExportedDocument, target: Target, known: tuple[Op, ...]
) -> OwnAddition:
    internal, others = forms(session.playbook)
    written = postmortems.sections(session, target.inc) if known else ()
    shown = {each.id: (each.title, each.written) for each in written}
    setting = Setting(session.playbook, internal, others, session.clock(), shown)
    updates = partial(session.reads.section_updates, target.inc)
    try:
        return plan_document(document, target, setting, known, updates)
    except (InvalidInputError, OverflowError) as error:
        raise ImportRefusedError(f"{name}: {error}", UNCHANGED) from error


def _count(
    report: ImportReport, found: OwnAddition, events: int, notes: tuple[str, ...]
) -> ImportReport:
    return replace(
        report,
        incidents_new=report.incidents_new + found.is_new,
        incidents_known=report.incidents_known + (not found.is_new),
        updates_new=report.updates_new + found.updates,
        entries_new=report.entries_new + found.entries,
        changed=report.changed + found.changed,
        events_new=report.events_new + events,
        notes=(*report.notes, *notes),
    )


def _notes(document: ExportedDocument, found: OwnAddition) -> tuple[str, ...]:
    """Return which sections stay as they are."""
    return tuple(
        f"“{title}” of {document.title} was edited here and stays as it is." for title in found.kept
    )


def _original(session: Session, document: ExportedDocument) -> str:
    """Return the reference of the incident that was exported, "" where it is not here."""
    return next(
        (
            each.ref
            for each in session.reads.find(document.prefix, document.number)
            if each.title == document.title
            and format_stamp(each.started_at, UTC) == document.fact("Started")
        ),
        "",
    )


def _left_alone(ref: str) -> str:
    """Say that a document adds nothing to its own incident: a copy would be counted twice."""
    return (
        f"{ref} is the incident that this was exported from, and stays as it is. "
        f"To change its text: cockpit postmortem edit {ref}."
    )
