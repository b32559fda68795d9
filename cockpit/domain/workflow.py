"""The visible workflow: which steps are done, which comes next, whose it is, what is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from cockpit.domain.cadence import last_sent, ring_of
from cockpit.domain.playbook import FRONTS, Playbook, Step
from cockpit.domain.times import format_words
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import PublicStatus, Stage

LEARN = FRONTS[-1]
"""The front that begins when the response is over."""

_POSTMORTEM = "pm:"
_MEETING = "pm:meeting"
_DAY = 1440
_STAGES = tuple(Stage)
_STATUSES = tuple(PublicStatus)


class StepState(Struct, frozen=True):
    """One step of the workflow as it stands; `late` when its deadline `due_at` passed undone."""

    step: Step
    done: bool
    late: bool
    due_at: datetime | None = None

    @property
    def by_hand(self) -> bool:
        """Say whether only a person can tell that it is done."""
        return not self.step.done_when


def progress(view: IncidentView, playbook: Playbook, now: datetime) -> tuple[StepState, ...]:
    """Return every step of the playbook with its state: front by front, there in its order.

    Once the response is over, nothing but learning from it can be late.
    """
    steps = sorted(playbook.steps, key=lambda step: FRONTS.index(step.front))
    return tuple(_state(step, view, playbook, now) for step in steps)


def next_step(view: IncidentView, playbook: Playbook, now: datetime) -> StepState | None:
    """Return the first open step of the present fronts, late ones first; None when all is done."""
    waiting = [
        each
        for each in progress(view, playbook, now)
        if not each.done and (each.step.front == LEARN) is not view.is_open
        if _is_asked(each.step, view, playbook)
    ]
    return next((each for each in waiting if each.late), waiting[0] if waiting else None)


def present_step(view: IncidentView, playbook: Playbook, now: datetime) -> StepState | None:
    """Return the next step worth showing: none once it is closed, or was only imported."""
    if view.stage is Stage.CLOSED or (view.src is not None and not view.is_open):
        return None
    return next_step(view, playbook, now)


def owner_words(each: StepState, view: IncidentView, playbook: Playbook) -> str:
    """Return whose step it is: the role, with the person who holds it."""
    role, person = playbook.role(each.step.role).name, view.holder(each.step.role)
    return f"{role}: {person}" if person else role


def late_words(each: StepState, now: datetime) -> str:
    """Return by how much a step is late, or in how much time it is due; empty otherwise."""
    if each.done or each.due_at is None:
        return ""
    if each.late:
        return f"{format_words(now - each.due_at)} late"
    return f"in {format_words(each.due_at - now)}" if now < each.due_at else ""


def _state(step: Step, view: IncidentView, playbook: Playbook, now: datetime) -> StepState:
    done = is_done(step.done_when, view) if step.done_when else step.id in view.steps
    begins = view.over_at if step.front == LEARN else view.declared_at
    minutes = _minutes(step, view, playbook)
    if done or not minutes or begins is None or not _is_asked(step, view, playbook):
        return StepState(step, done, late=False)
    due_at = begins + timedelta(minutes=minutes)
    asked = step.front == LEARN or view.is_open
    return StepState(step, done, asked and now >= due_at, due_at)


def _is_asked(step: Step, view: IncidentView, playbook: Playbook) -> bool:
    """Say whether a step is for this incident: not all of them need a post-mortem."""
    if not step.done_when.startswith(_POSTMORTEM):
        return True
    return playbook.needs_postmortem(view.severity, drill=view.drill)


def _minutes(step: Step, view: IncidentView, playbook: Playbook) -> int:
    """Return in how many minutes a step is due; the meeting never later than its own deadline."""
    if step.done_when != _MEETING or not step.due_minutes:
        return step.due_minutes
    return min(step.due_minutes, playbook.meeting_days(view.severity) * _DAY)


def is_done(fact: str, view: IncidentView) -> bool:
    """Say whether a fact such as `stage:contained` or `told:support` holds; unknown ones do not.

    Of several facts joined by " or ", one suffices.
    """
    return any(_holds(each.strip(), view) for each in fact.split(" or "))


def _holds(fact: str, view: IncidentView) -> bool:
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
            "debt": not owes_debt(view) if not view.is_open else _has_debt(view),
            "done": bool(items) and all(item.state != "open" for item in items),
        }
        return states.get(value, False)
    return False


def _has_debt(view: IncidentView) -> bool:
    return any(item.kind == "debt" for item in view.actions)


def owes_debt(view: IncidentView) -> bool:
    """Say whether the incident was only worked around and no debt item is left behind."""
    stages = [each.value for each in view.changes if each.field == "stage"]
    if Stage.WORKED_AROUND not in stages:
        return False
    last = len(stages) - 1 - stages[::-1].index(Stage.WORKED_AROUND)
    return Stage.FIXED not in stages[last:] and not _has_debt(view)
