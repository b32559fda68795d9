"""Import of incidents in Google Cloud's form: what the file adds to those known already."""

from __future__ import annotations

from cockpit.domain.gcp import FORMAT, parse_incidents
from cockpit.service.import_report import ImportPlan
from cockpit.service.importers.foreign import plan_incidents
from cockpit.service.session import Session


def plan(session: Session, data: bytes) -> ImportPlan:
    """Return the events that a file adds; raises ImportRefusedError with the record's number."""
    return plan_incidents(session, FORMAT, parse_incidents(data, session.clock()))
