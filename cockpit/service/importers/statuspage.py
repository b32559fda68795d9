"""Import of Statuspage v2 incident JSON: what the file adds to the incidents known already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cockpit.domain.envelope import Op, Record
from cockpit.domain.statuspage import UNCHANGED, ParsedIncident, find_left_out, parse_file
from cockpit.domain.statuspage_events import Addition, additions, inc_of, read_known
from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.service.import_report import ImportPlan, ImportReport
from cockpit.service.session import Session


def plan(session: Session, data: bytes) -> ImportPlan:
    """Return the events that a file adds; raises ImportRefusedError with the record's number."""
    incidents = parse_file(data, session.clock())
    records: list[Record] = []
    found: list[Addition] = []
    for each, known_events, number in _numbered(session, incidents):
        added = _additions(session, each, known_events, number)
        there = {event.id for event in known_events}
        records.extend(Record(event) for event in added.events if event.id not in there)
        found.append(added)
    return ImportPlan(
        tuple(records),
        _report(found, records, find_left_out(data)),
        frozenset(each.inc for each in found),
    )


def _numbered(
    session: Session, incidents: Iterable[ParsedIncident]
) -> Iterator[tuple[ParsedIncident, tuple[Op, ...], int]]:
    """Yield each incident with the events known of it and the number for it if it is new."""
    number = session.reads.next_number(session.playbook.reference_prefix)
    for each in incidents:
        known = tuple(record.op for record in session.reads.ops(inc_of(each)))
        yield each, known, number
        number += not known


def _additions(
    session: Session, each: ParsedIncident, known: tuple[Op, ...], number: int
) -> Addition:
    prefix = session.playbook.reference_prefix
    try:
        return additions(each, read_known(known), number, prefix)
    except (InvalidInputError, OverflowError) as error:
        message = f"Record {each.number} (“{each.record.name[:60]}”): {error}"
        raise ImportRefusedError(message, UNCHANGED) from error


def _report(
    found: list[Addition], records: list[Record], left_out: tuple[str, ...]
) -> ImportReport:
    return ImportReport(
        incidents_new=sum(each.is_new for each in found),
        incidents_known=sum(not each.is_new for each in found),
        updates_new=sum(each.updates for each in found),
        entries_new=sum(each.updates for each in found),
        changed=sum(each.changed for each in found),
        events_new=len(records),
        left_out=left_out,
    )
