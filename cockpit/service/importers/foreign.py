"""A file of another program's incidents: what it adds to the incidents known already."""

from __future__ import annotations

from collections.abc import Iterable

from cockpit.domain.envelope import Op, Record
from cockpit.domain.foreign_event import incident_id
from cockpit.domain.foreign_incident import Addition, ForeignFormat, ForeignIncident, additions
from cockpit.domain.foreign_known import read_known
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.service.import_report import ImportPlan, ImportReport
from cockpit.service.session import Session

UNCHANGED = "Nothing was imported."


def plan_incidents(
    session: Session,
    form: ForeignFormat,
    incidents: Iterable[ForeignIncident],
    left_out: tuple[str, ...] = (),
) -> ImportPlan:
    """Return the events that incidents add, oldest first; new ones get the next numbers.

    left_out: what else the file holds and is not kept, in words. Raises ImportRefusedError with
    the record's place when a record is larger than an event may be.
    """
    records: list[Record] = []
    found: list[Addition] = []
    number = session.reads.next_number(session.playbook.reference_prefix)
    for each in sorted(incidents, key=lambda each: (each.at, each.id)):
        known = tuple(record.op for record in session.reads.ops(incident_id(form.name, each.id)))
        added = _additions(session, form, each, known, number)
        number += not known
        there = {event.id for event in known}
        records.extend(Record(event) for event in added.events if event.id not in there)
        found.append(added)
    incs = frozenset(each.inc for each in found)
    return ImportPlan(tuple(records), _report(found, records, left_out), incs)


def _additions(
    session: Session, form: ForeignFormat, each: ForeignIncident, known: tuple[Op, ...], number: int
) -> Addition:
    prefix = session.playbook.reference_prefix
    try:
        return additions(form, each, read_known(known, form.name), number, prefix)
    except (InvalidInputError, OverflowError) as error:
        raise ImportRefusedError(f"{each.place}: {error}", UNCHANGED) from error
    except RecursionError as error:
        message = f"{each.place}: it is nested too deeply."
        raise ImportRefusedError(message, UNCHANGED) from error


def _report(
    found: list[Addition], records: list[Record], left_out: tuple[str, ...]
) -> ImportReport:
    return ImportReport(
        incidents_new=sum(each.is_new for each in found),
        incidents_known=sum(not each.is_new for each in found),
        updates_new=sum(each.updates for each in found),
        entries_new=sum(each.entries for each in found),
        changed=sum(each.changed for each in found),
        events_new=len(records),
        left_out=left_out,
    )
