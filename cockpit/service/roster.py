"""Who stands on an incident's board from the start, and who hears at once or sooner than usual."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from cockpit.domain.cadence import ClockState, clock, situation
from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.playbook import Playbook, RosterEntry
from cockpit.domain.ring_plan import MOVED
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import EntryKind, Ring
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads


def expedite_reason(playbook: Playbook, *, criterion: str = "", kind: str = "") -> str:
    """Return why legal, security and HR are pulled in at once, empty when they are not."""
    words = [each.text for each in playbook.criteria if each.id == criterion and each.expedite]
    words += [each.name for each in playbook.kinds if each.id == kind and each.expedite]
    return words[0] if words else ""


def roster_cards(playbook: Playbook, act: str, *, because: str = "") -> tuple[FieldSet, ...]:
    """Return the events that put the playbook's stakeholders on a new incident's board.

    because: why those are pulled in who otherwise need not know; empty leaves them out.
    """
    return tuple(
        FieldSet(
            "card", stakeholder_card(each, because=because), obj=person_object(each.id), act=act
        )
        for each in playbook.stakeholders
        if because or not each.only_if_expedited
    )


def stakeholder_card(
    person: RosterEntry, *, because: str = "", since: datetime | None = None
) -> dict[str, Any]:
    """Return a stakeholder's card as it is kept in events, without what is empty.

    because: why they are pulled in, kept for those only who otherwise need not know; since: when
    they were put on the board, None at the declaration.
    """
    fields = msgspec.to_builtins(person)
    fields["ring"] = int(ring_of(person))
    if person.only_if_expedited:
        fields["because"] = because
    for name in ("id", "only_if_expedited"):
        fields.pop(name, None)
    fields["since"] = since.isoformat() if since else ""
    return {name: value for name, value in fields.items() if value not in ("", None, (), [])}


def sooner_word(
    playbook: Playbook, reason: str, since: datetime, due_at: datetime | None, act: str
) -> FieldSet | None:
    """Return the event that lets customers hear sooner than usual, None where they do anyway.

    since: when it was known; due_at: when they would hear their first word, None for no deadline.
    """
    by = since + timedelta(minutes=playbook.people.expedited_within)
    if due_at is not None and due_at <= by:
        return None
    field = f"{MOVED}{Ring.CUSTOMERS.audience}"
    return FieldSet(field, by.isoformat(), reason=reason, act=act)


def tell_customers_sooner(
    reads: Reads, playbook: Playbook, view: IncidentView, reason: str, now: datetime, act: str
) -> Sequence[NewEvent]:
    """Return the event that brings the customers' first word forward for a reason found later.

    Who was written to already has a promise, and that one counts; a pause was meant.
    """
    running = clock(Ring.CUSTOMERS, situation(view), playbook, now)
    if running.last_at or not view.is_open or running.state is ClockState.PAUSED:
        return ()
    body = sooner_word(playbook, reason, now, running.due_at, act)
    return [NewEvent(view.id, on_register(reads, view.id, body))] if body else ()


def ring_of(person: RosterEntry) -> Ring:
    """Return the ring that somebody of the playbook stands in."""
    return next(ring for ring in Ring if ring.audience == person.ring)


def person_object(identity: str) -> str:
    """Return the register object of a stakeholder."""
    return f"sh:{identity}"


def pull_in(
    reads: Reads, playbook: Playbook, view: IncidentView, reason: str, now: datetime, act: str
) -> Sequence[NewEvent]:
    """Return the events that pull in legal, security and HR for a reason found out later.

    Who is on the board already is told first from now on; who was taken off stays off.
    """
    there = {each.id: each for each in view.stakeholders}
    events: list[NewEvent] = []
    names: list[str] = []
    for person in playbook.stakeholders:
        if not person.only_if_expedited:
            continue
        obj = person_object(person.id)
        if person.id not in there:
            archived = reads.register(view.id, obj, "archived")
            if archived is not None and archived.value is True:
                continue
            bodies = [
                FieldSet("card", stakeholder_card(person, because=reason, since=now), obj=obj)
            ]
        elif there[person.id].because:
            continue
        else:
            bodies = [FieldSet("because", reason, obj=obj)]
            bodies.append(FieldSet("since", now.isoformat(), obj=obj))
        names.append(person.name)
        events += [
            NewEvent(view.id, on_register(reads, view.id, msgspec.structs.replace(body, act=act)))
            for body in bodies
        ]
    if names:
        text = f"To be told at once: {', '.join(names)} ({reason})"
        events.append(NewEvent(view.id, EntryAdded(now, text, EntryKind.NOTE.value, act=act)))
    return events
