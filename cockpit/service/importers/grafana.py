"""Import of Grafana's notifications: what a file adds to the incidents known already."""

from __future__ import annotations

from cockpit.domain.grafana import NAME, read_grafana
from cockpit.service.import_options import ImportOptions
from cockpit.service.import_report import ImportPlan
from cockpit.service.importers.stories import plan_stories
from cockpit.service.session import Session


def plan(session: Session, data: bytes, options: ImportOptions) -> ImportPlan:
    """Return the events that a file adds; raises ImportRefusedError with the record's number."""
    file = read_grafana(data, session.clock(), session.playbook, options.at)
    return plan_stories(session, NAME, file, options)
