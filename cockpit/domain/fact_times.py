"""Since when a fact of the workflow holds, such as `stage:contained` or `told:support`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from cockpit.domain.cadence import ring_of
from cockpit.domain.nearest import expected
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import MessageState, PublicStatus, Ring, Stage

ASKED = "asked"
"""The fact that somebody was asked for an action."""

_ORDERS: dict[str, type[StrEnum]] = {"stage": Stage, "status": PublicStatus}
_RINGS = tuple(each.audience for each in Ring)
NAMES = ("stage", "status", "told", "sent", "role", "field", ASKED)
_FIELDS = ("severity", "impact")


def fact_since(fact: str, view: IncidentView) -> datetime | None:
    """Return since when a fact holds; None when it does not, or nobody can say.

    Of several facts joined by " or ", the earliest counts. A stage or status that was gone back
    from counts again only from when it is reached again.
    """
    found = (_since(each.strip(), view) for each in fact.split(" or "))
    return min((each for each in found if each is not None), default=None)


def check_fact(fact: str) -> None:
    """Raise InvalidInputError for a fact whose time cannot be told."""
    for each in fact.split(" or "):
        name, _, value = each.strip().partition(":")
        if name not in NAMES:
            raise expected("a fact", name, NAMES)
        if name in _ORDERS and value not in list(_ORDERS[name]):
            raise expected(f"a {name}", value, [word.value for word in _ORDERS[name]])
        if name in ("told", "sent") and value not in _RINGS:
            raise expected("an audience", value, _RINGS)
        if name == "field" and value not in _FIELDS:
            raise expected("a field whose change is known", value, _FIELDS)


def _since(fact: str, view: IncidentView) -> datetime | None:
    name, _, value = fact.partition(":")
    if name == "declared":
        return view.declared_at
    if name in _ORDERS:
        return _reached(view, name, value, [each.value for each in _ORDERS[name]])
    if name == "told":
        ring = ring_of(value)
        people = {each.id for each in view.stakeholders if each.ring is ring}
        return _first(mark.at for mark in view.told if mark.stakeholder in people)
    if name == "sent":
        return _first(
            each.at
            for each in view.messages
            if each.msg.state is MessageState.SENT and each.msg.audience == value
        )
    if name == "role":
        return _first(each.since for each in view.roles if each.role == value and each.person)
    if name == "field":
        return _first(each.at for each in view.changes if each.field == value and each.value)
    if name == ASKED:
        return _first(each.asked_at for each in view.response_actions if each.asked_at)
    return None


def _reached(view: IncidentView, field: str, wanted: str, order: list[str]) -> datetime | None:
    """Return since when a register stands at `wanted` or beyond."""
    since = None
    for each in view.changes:
        if each.field == field and each.value in order:
            there = order.index(each.value) >= order.index(wanted)
            since = (since or each.at) if there else None
    return since


def _first(times: Iterable[datetime]) -> datetime | None:
    return min(times, default=None)
