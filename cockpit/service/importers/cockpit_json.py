"""Import of our own JSON export: every event as it was, and only those not known already."""

from __future__ import annotations

from cockpit.domain.envelope import Record, decode_body
from cockpit.domain.events import EntryAdded
from cockpit.domain.incident_json import read_json
from cockpit.domain.vocabulary import MessageState
from cockpit.service.import_report import ImportPlan, ImportReport
from cockpit.service.session import Session


def plan(session: Session, data: bytes) -> ImportPlan:
    """Return the events that a file adds; raises ImportRefusedError with the record's number."""
    new: list[Record] = []
    incidents_new = incidents_known = 0
    seen: set[str] = set()
    incidents: set[str] = set()
    for records in read_json(data, session.clock()):
        known = {record.op.id for record in session.reads.ops(records[0].op.inc)}
        incidents.add(records[0].op.inc)
        incidents_known += bool(known)
        incidents_new += not known
        for record in records:
            if record.op.id not in known and record.op.id not in seen:
                seen.add(record.op.id)
                new.append(record)
    entries = [body for each in new if isinstance(body := decode_body(each.op), EntryAdded)]
    sent = [each for each in entries if each.msg and each.msg.state is MessageState.SENT]
    report = ImportReport(
        incidents_new=incidents_new,
        incidents_known=incidents_known,
        updates_new=len(sent),
        entries_new=len(entries),
        events_new=len(new),
    )
    return ImportPlan(tuple(new), report, frozenset(incidents))
