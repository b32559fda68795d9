"""Import of cState pages: what a folder of Markdown files adds to the incidents known already."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from cockpit.domain.cstate import FORMAT, parse_pages
from cockpit.errors import ImportRefusedError
from cockpit.service.import_report import ImportPlan
from cockpit.service.importers.foreign import UNCHANGED, plan_incidents
from cockpit.service.session import Session


def plan_files(session: Session, files: Mapping[str, bytes]) -> ImportPlan:
    """Return the events that files add, by their names; raises ImportRefusedError with the name."""
    pages = parse_pages(files, session.clock())
    plan = plan_incidents(session, FORMAT, pages.incidents, pages.left_out)
    return replace(plan, report=replace(plan.report, notes=pages.notes))


def plan(_session: Session, _data: bytes) -> ImportPlan:
    """Refuse a page without a name: raises ImportRefusedError."""
    message = "A cState page is known by its file's name, which a pipe does not tell."
    raise ImportRefusedError(message, f"Give the file or its folder. {UNCHANGED}")
