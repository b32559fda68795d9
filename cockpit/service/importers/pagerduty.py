"""Import of PagerDuty's objects: what a file adds to the incidents known already."""

from __future__ import annotations

from cockpit.domain.pagerduty import NAME, read_pagerduty
from cockpit.service.import_options import ImportOptions
from cockpit.service.import_report import ImportPlan
from cockpit.service.importers.stories import plan_stories
from cockpit.service.session import Session


def plan(session: Session, data: bytes, options: ImportOptions) -> ImportPlan:
    """Return the events that a file adds; raises ImportRefusedError with the record's number."""
    file = read_pagerduty(data, session.clock(), session.playbook)
    return plan_stories(session, NAME, file, options)
