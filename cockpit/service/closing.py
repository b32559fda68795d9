"""Closing an incident: what is left, waiving it with a reason, and the closing itself."""

from __future__ import annotations

from cockpit.domain.assembly import WAIVE
from cockpit.domain.closing import ClosingCheck, closing_checks
from cockpit.domain.events import FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import Stage
from cockpit.errors import InvalidInputError
from cockpit.service import incidents
from cockpit.service.changes import set_field
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent

MAX_REASON_CHARACTERS = 500


def find(session: Session, name: str | None) -> str:
    """Return the id of the incident called `name`, without one of the only one not closed yet.

    Imported histories do not count. Raises IncidentNotFoundError like `incidents.find`.
    """
    if name is None or not name.strip():
        found = [
            each.id
            for each in session.reads.summaries()
            if each.stage is not Stage.CLOSED and not each.source
        ]
        if len(found) == 1:
            return found[0]
    return incidents.find(session, name)


def checks(session: Session, inc: str) -> tuple[ClosingCheck, ...]:
    """Return what must be done before an incident is closed, as it stands now."""
    return closing_checks(session.reads.view(inc), session.playbook, session.clock())


def close(session: Session, inc: str, *, reason: str = "") -> IncidentView:
    """Close an incident and return the new view; a closed one stays as it is.

    Raises InvalidInputError with a sentence for each check that is neither done nor waived.
    """
    return set_field(session, inc, "stage", Stage.CLOSED.value, reason=reason)


def waive(session: Session, inc: str, check: str, reason: str) -> IncidentView:
    """Say why a closing check is not asked for in this incident, and return the new view.

    Raises InvalidInputError for an unknown check, without a reason, and for one that is done.
    """
    why = " ".join(clean_input(reason).split())
    found = _find(session, inc, check)
    if not why:
        raise InvalidInputError(
            f"Waiving “{found.id}” needs a reason.", "Say why it does not apply here."
        )
    if len(why) > MAX_REASON_CHARACTERS:
        raise InvalidInputError(f"A reason holds at most {MAX_REASON_CHARACTERS} characters.")
    if found.done:
        raise InvalidInputError(f"There is nothing to waive in “{found.id}”. {found.sentence}")
    return _set(session, inc, found.id, why)


def unwaive(session: Session, inc: str, check: str) -> IncidentView:
    """Ask for a waived closing check again, and return the new view."""
    return _set(session, inc, _find(session, inc, check).id, "")


def _find(session: Session, inc: str, check: str) -> ClosingCheck:
    found = {each.id: each for each in checks(session, inc)}
    name = check.strip().lower().replace("_", "-").replace(" ", "-")
    if name not in found:
        raise expected("a closing check", check, list(found))
    return found[name]


def _set(session: Session, inc: str, check: str, value: str) -> IncidentView:
    view = session.reads.view(inc)
    if view.waivers.get(check, "") != value:
        body = FieldSet(f"{WAIVE}{check}", value)
        session.write(lambda reads: [NewEvent(inc, on_register(reads, inc, body))])
    return session.reads.view(inc)
