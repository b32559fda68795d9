"""Components: say in which state each one is, as the public status page shows it."""

from __future__ import annotations

from msgspec.structs import replace

from cockpit.domain.components import COMPONENT, find_component, parse_state
from cockpit.domain.events import FieldSet
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import clean_input
from cockpit.errors import InvalidInputError
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

MAX_NAME_CHARACTERS = 100
MOST_COMPONENTS = 100


def set_component(
    session: Session, inc: str, name: str, state: str, reason: str = ""
) -> IncidentView:
    """Set a component's state (its word or the short one) and return the new view.

    Raises InvalidInputError for an unknown state, and for a name that the playbook's list lacks.
    """
    value = parse_state(state)
    view = session.reads.view(inc)
    known = find_component(view, session.playbook, clean_input(name))
    if len(known) > MAX_NAME_CHARACTERS:
        raise InvalidInputError(f"A name holds at most {MAX_NAME_CHARACTERS} characters.")
    if known not in view.components and len(view.components) >= MOST_COMPONENTS:
        raise InvalidInputError(f"An incident has at most {MOST_COMPONENTS} components.")
    before = view.components.get(known)
    if before == value:
        return view
    why = clean_input(reason).strip()

    def build(reads: Reads) -> list[NewEvent]:
        body = on_register(reads, inc, FieldSet(f"{COMPONENT}{known}", value, reason=why))
        # What a sent text said counts as the value before, though no register holds it.
        return [NewEvent(inc, replace(body, was=before or ""))]

    session.write(build)
    return session.reads.view(inc)
