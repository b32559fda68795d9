"""The visible workflow: which steps are done, which comes next, whose it is, what is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from cockpit.domain.cadence import last_sent, ring_of
from cockpit.domain.playbook import Playbook, Step
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import PublicStatus, Stage

_STAGES = tuple(Stage)
_STATUSES = tuple(PublicStatus)


class StepState(Struct, frozen=True):
    """One step of the workflow as it stands; `late` when its deadline passed undone."""

    step: Step
    done: bool
    late: bool


def progress(view: IncidentView, playbook: Playbook, now: datetime) -> tuple[StepState, ...]:
    """Return every step of the playbook with its state, in order.

    Steps that the program cannot see (an empty `done_when`) never count as done or late.
    """
    return tuple(_state(step, view, now) for step in playbook.steps)


def next_step(view: IncidentView, playbook: Playbook, now: datetime) -> StepState | None:
    """Return the first open step that the program can see, late ones first."""
    waiting = [
        each for each in progress(view, playbook, now) if not each.done and each.step.done_when
    ]
    return next((each for each in waiting if each.late), waiting[0] if waiting else None)


def _state(step: Step, view: IncidentView, now: datetime) -> StepState:
    done = is_done(step.done_when, view)
    begins = view.resolved_at if step.front == "learn" else view.declared_at
    late = (
        not done
        and bool(step.done_when and step.due_minutes)
        and begins is not None
        and now >= begins + timedelta(minutes=step.due_minutes)
    )
    return StepState(step, done, late)


def is_done(fact: str, view: IncidentView) -> bool:
    """Say whether a fact such as `stage:contained` or `told:support` holds; unknown ones do not."""
    name, _, value = fact.partition(":")
    if name == "declared":
        return True
    if name == "field":
        return bool(getattr(view, value, None))
    if name == "role":
        return bool(view.holder(value))
    if name == "stage":
        return _reached(value, [each.value for each in _STAGES], view.stage.value)
    if name == "status":
        return _reached(value, [each.value for each in _STATUSES], view.status.value)
    if name == "told":
        ring = ring_of(value)
        people = {each.id for each in view.stakeholders if each.ring is ring}
        return any(mark.stakeholder in people for mark in view.told)
    if name == "sent":
        return ring_of(value) in last_sent(view.messages)
    return _is_learned(name, value, view)


def _reached(wanted: str, order: list[str], current: str) -> bool:
    return wanted in order and order.index(current) >= order.index(wanted)


def _is_learned(name: str, value: str, view: IncidentView) -> bool:
    if name == "pm":
        states = {
            "owner": bool(view.postmortem.owner),
            "meeting": view.postmortem.meeting_at is not None,
            "reviewed": view.postmortem.review in ("reviewed", "published"),
        }
        return states.get(value, False)
    if name == "actions":
        items = view.actions
        states = {
            "any": bool(items),
            "owned": bool(items) and all(item.owner and item.due for item in items),
            "debt": any(item.kind == "debt" for item in items),
            "done": bool(items) and all(item.state != "open" for item in items),
        }
        return states.get(value, False)
    return False
