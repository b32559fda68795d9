"""Closing an incident: what is left, waiving it with a reason, and the closing itself."""

from __future__ import annotations

from collections.abc import Iterable

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
    return decide(session, inc, waived=[(check, reason)])


def unwaive(session: Session, inc: str, check: str) -> IncidentView:
    """Ask for a waived closing check again, and return the new view."""
    return decide(session, inc, asked_again=[check])


def decide(
    session: Session,
    inc: str,
    *,
    waived: Iterable[tuple[str, str]] = (),
    asked_again: Iterable[str] = (),
) -> IncidentView:
    """Waive closing checks, each with its reason, and ask for others again, all or nothing.

    Raises InvalidInputError as `waive` does, and then changes none of them.
    """
    values = {_find(session, inc, each).id: "" for each in asked_again}
    values |= dict(_checked_waiver(session, inc, check, reason) for check, reason in waived)
    known, act = session.reads.view(inc).waivers, session.new_id()
    bodies = [
        FieldSet(f"{WAIVE}{check}", value, act=act)
        for check, value in values.items()
        if known.get(check, "") != value
    ]
    if bodies:
        session.write(
            lambda reads: [NewEvent(inc, on_register(reads, inc, each)) for each in bodies]
        )
    return session.reads.view(inc)


def _checked_waiver(session: Session, inc: str, check: str, reason: str) -> tuple[str, str]:
    """Return the id of a check and why it is waived, as they are kept."""
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
    return found.id, why


def _find(session: Session, inc: str, check: str) -> ClosingCheck:
    found = {each.id: each for each in checks(session, inc)}
    name = check.strip().lower().replace("_", "-").replace(" ", "-")
    if name not in found:
        raise expected("a closing check", check, list(found))
    return found[name]
