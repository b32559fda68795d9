"""Steps of the workflow that only a person can tell done: tick them, and take the tick back."""

from __future__ import annotations

from cockpit.domain.assembly import STEP
from cockpit.domain.events import FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.view import IncidentView
from cockpit.errors import InvalidInputError
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent


def tick(session: Session, inc: str, step: str, *, on: bool = True) -> IncidentView:
    """Say that a step is done (or not after all), and return the new view.

    Raises InvalidInputError for an unknown step, and for one that ticks itself.
    """
    known = {each.id.casefold(): each for each in session.playbook.steps}
    found = known.get(step.strip().casefold())
    if found is None:
        raise expected("a step", step, [each.id for each in session.playbook.steps])
    if found.done_when:
        raise InvalidInputError(
            f"“{found.text}” ticks itself once it is done.",
            f"The program sees that by: {found.done_when}.",
        )
    view = session.reads.view(inc)
    if (found.id in view.steps) is on:
        return view
    body = FieldSet(f"{STEP}{found.id}", on)
    session.write(lambda reads: [NewEvent(inc, on_register(reads, inc, body))])
    return session.reads.view(inc)
