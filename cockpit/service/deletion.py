"""Deleting an incident: it is put away, not destroyed, and can be brought back as it was."""

from __future__ import annotations

from cockpit.domain.events import FieldSet
from cockpit.domain.view import IncidentSummary, IncidentView
from cockpit.errors import IncidentNotFoundError, InvalidInputError
from cockpit.service.incidents import find, named
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent


def delete(session: Session, inc: str) -> IncidentView:
    """Put an incident away: no list, search or reference finds it until it is restored."""
    return _archive(session, inc, archived=True)


def restore(session: Session, inc: str) -> IncidentView:
    """Bring a deleted incident back as it was."""
    return _archive(session, inc, archived=False)


def list_deleted(session: Session) -> tuple[IncidentSummary, ...]:
    """Return the incidents that were deleted, the latest first."""
    return session.reads.deleted()


def find_deleted(session: Session, name: str) -> str:
    """Return the id of the deleted incident that `name` means.

    Raises InvalidInputError when that one is not deleted, IncidentNotFoundError for no such one.
    """
    deleted = list_deleted(session)
    if found := named(session, deleted, name.strip()):
        return found[0].id
    try:
        known = session.reads.view(find(session, name))
    except IncidentNotFoundError:
        refs = ", ".join(each.ref for each in deleted) or "none"
        raise IncidentNotFoundError(
            f"No deleted incident is called “{name}”.", f"Deleted: {refs}."
        ) from None
    raise InvalidInputError(f"{known.ref} is not deleted.")


def _archive(session: Session, inc: str, *, archived: bool) -> IncidentView:
    body = FieldSet("archived", archived, act=session.new_id())
    session.write(lambda reads: [NewEvent(inc, on_register(reads, inc, body))])
    return session.reads.view(inc)
