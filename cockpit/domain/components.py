"""Components: what a status page shows the state of, as told to the public or set by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from cockpit.domain.events import ComponentChange
from cockpit.domain.nearest import expected
from cockpit.domain.playbook import Playbook
from cockpit.domain.registers import Register, change
from cockpit.domain.view import IncidentView, OutgoingMessage
from cockpit.domain.vocabulary import MessageState, Ring

COMPONENT = "component."
"""What the field of a component's state begins with; its name follows."""

OPERATIONAL = "operational"
STATES = {
    OPERATIONAL: "ok",
    "degraded_performance": "degraded",
    "partial_outage": "partial",
    "major_outage": "major",
    "under_maintenance": "maintenance",
}
"""The words of status pages for a component's state, each with a shorter one."""


def parse_state(word: str) -> str:
    """Return the state that a word of `STATES` means; raises InvalidInputError for another."""
    known = "_".join(word.strip().lower().replace("-", " ").replace("_", " ").split())
    found = next((state for state, short in STATES.items() if known in (state, short)), None)
    if found is None:
        raise expected("a state of a component", word, list(STATES.values()))
    return found


def state_words(state: str) -> str:
    """Return a state as people read it: "partial outage"."""
    return state.replace("_", " ")


def component_states(
    registers: Mapping[tuple[str, str], Register], messages: Iterable[OutgoingMessage]
) -> dict[str, str]:
    """Return the last known state of each component by name.

    Whichever is later counts: what a sent text said, or what somebody set; by hand wins a tie.
    """
    known: dict[str, tuple[datetime, str]] = {}
    for each in _sent(messages):
        for told in each.msg.components:
            if told.name not in known or each.at >= known[told.name][0]:
                known[told.name] = each.at, told.new
    for (obj, field), register in registers.items():
        name, state = field.removeprefix(COMPONENT), register.value
        if obj or name == field or not isinstance(state, str) or not state:
            continue
        at = change(register.winner).at
        if name not in known or at >= known[name][0]:
            known[name] = at, state
    return {name: known[name][1] for name in sorted(known)}


def affected_components(view: IncidentView) -> tuple[str, ...]:
    """Return what is not operational, each with its state: "Checkout API (partial outage)"."""
    return tuple(
        f"{name} ({state_words(state)})"
        for name, state in view.components.items()
        if state != OPERATIONAL
    )


def untold_changes(view: IncidentView) -> tuple[ComponentChange, ...]:
    """Return what changed since customers were last told about each component."""
    told: dict[str, str] = {}
    for each in sorted(_sent(view.messages), key=lambda message: message.at):
        if each.msg.audience == Ring.CUSTOMERS.audience:
            told |= {one.name: one.new for one in each.msg.components}
    return tuple(
        ComponentChange(name, state, told.get(name, ""))
        for name, state in view.components.items()
        if state != told.get(name, OPERATIONAL)
    )


def offered_components(view: IncidentView, playbook: Playbook) -> dict[str, str]:
    """Return the names to choose from with the state of each, empty where nobody set one.

    They are the playbook's components, or its areas where it names none, and the incident's own.
    """
    rows = playbook.components or playbook.areas
    return {each.name: "" for each in rows} | view.components


def find_component(view: IncidentView, playbook: Playbook, name: str) -> str:
    """Return a component's name as it is written where it is known.

    A new name is taken while the playbook lists no components; otherwise it raises
    InvalidInputError with the nearest one.
    """
    word = " ".join(name.split())
    rows = playbook.components or playbook.areas
    known = {each.id.casefold(): each.name for each in rows}
    known |= {each.casefold(): each for each in offered_components(view, playbook)}
    found = known.get(word.casefold())
    if found is None and (playbook.components or not word):
        raise expected("a component", name, list(offered_components(view, playbook)))
    return found or word


def _sent(messages: Iterable[OutgoingMessage]) -> list[OutgoingMessage]:
    return [each for each in messages if each.msg.state is MessageState.SENT]
