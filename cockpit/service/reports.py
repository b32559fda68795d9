"""Reports: how the cadence was kept, in one incident and over many."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from msgspec import Struct

from cockpit.domain.cadence_history import PERIODS, Case, Period, history
from cockpit.domain.cadence_report import CadenceReport, report
from cockpit.domain.nearest import expected
from cockpit.domain.view import IncidentView
from cockpit.errors import InvalidInputError
from cockpit.service.session import Session

_FIRST_DAY, _LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)
"""Days beyond these were mistyped; a zone or a week more leads out of the calendar there."""


class IncidentCadence(Struct, frozen=True):
    """One incident and how its cadence was kept."""

    view: IncidentView
    report: CadenceReport


def incident_cadence(session: Session, inc: str) -> IncidentCadence:
    """Return how the cadence of an incident was kept until now."""
    view = session.reads.view(inc)
    return IncidentCadence(view, report(view, session.playbook, session.clock()))


def cadence_history(
    session: Session, *, since: datetime | None = None, by: str = "", drills: bool = True
) -> tuple[Period, ...]:
    """Return how the cadence was kept over all incidents that began since then.

    by: week, month, quarter or year, empty for all in one; drills: exercises count too.
    Imported histories count; deleted incidents do not. Raises InvalidInputError for another `by`.
    """
    if by and by not in PERIODS:
        raise expected("a period", by, list(PERIODS))
    now, cases = session.clock(), []
    for each in session.reads.summaries():
        if (since is not None and each.started_at < since) or (each.drill and not drills):
            continue
        view = session.reads.view(each.id)
        found = report(view, session.playbook, now)
        cases.append(Case(each.ref, each.started_at, found, bool(each.source)))
    return history(cases, by)


def parse_day(text: str, zone: tzinfo) -> datetime:
    """Return the beginning in `zone` of a day such as 2026-01-01; raises InvalidInputError."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInputError(
            f"“{text[:40]}” is not a day.", "Expected one such as 2026-01-01."
        ) from None
    if not _FIRST_DAY <= day <= _LAST_DAY:
        raise InvalidInputError(
            f"{day} is too far from now.", f"Expected a day from {_FIRST_DAY} to {_LAST_DAY}."
        )
    return datetime(day.year, day.month, day.day, tzinfo=zone)
