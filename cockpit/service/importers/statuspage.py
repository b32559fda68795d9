"""Import of Statuspage v2 incident JSON: what the file adds to the incidents known already."""

from __future__ import annotations

from cockpit.domain.statuspage import find_left_out, parse_file
from cockpit.domain.statuspage_events import FORMAT, to_foreign
from cockpit.service.import_report import ImportPlan
from cockpit.service.importers.foreign import plan_incidents
from cockpit.service.session import Session


def plan(session: Session, data: bytes) -> ImportPlan:
    """Return the events that a file adds; raises ImportRefusedError with the record's number."""
    incidents = parse_file(data, session.clock())
    return plan_incidents(session, FORMAT, map(to_foreign, incidents), find_left_out(data))
