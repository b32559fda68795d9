"""Stakeholders: who was told, alone, a quadrant or a ring at a time; add one to the board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from cockpit.domain.events import FieldSet, Told
from cockpit.domain.nearest import expected
from cockpit.domain.stakeholder_board import StakeholderBoard
from cockpit.domain.stakeholder_board import board as board_of
from cockpit.domain.view import IncidentView, Stakeholder
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import Quadrant, Ring
from cockpit.errors import InvalidInputError
from cockpit.service.roster import person_object
from cockpit.service.session import Session
from cockpit.store.database import NewEvent


def board(session: Session, inc: str) -> StakeholderBoard:
    """Return the stakeholder checklist as it stands now."""
    return board_of(session.reads.view(inc), session.playbook, session.clock())


def tell(
    session: Session,
    inc: str,
    ids: Iterable[str],
    *,
    channel: str = "",
    note: str = "",
    at: datetime | None = None,
) -> IncidentView:
    """Note that stakeholders were told, in one action.

    channel: empty for each one's own first channel; at: None for now.
    Raises InvalidInputError for nobody, someone who is not on the board, and a time ahead.
    """
    if at is not None and at > session.clock():
        raise InvalidInputError(
            "That time lies ahead: nobody was told then.", "Say it once they are told."
        )
    view = session.reads.view(inc)
    people = [find_stakeholder(view, each) for each in ids]
    if not people:
        raise InvalidInputError("Nobody to tell: name at least one stakeholder.")
    if channel and channel not in (known := [each.id for each in session.playbook.channels]):
        raise expected("a channel", channel, known)
    events = told_events(
        people, at or session.clock(), session.new_id(), channel=channel, note=clean_input(note)
    )
    session.write(lambda _: [NewEvent(inc, event) for event in events])
    return session.reads.view(inc)


def told_events(
    people: Iterable[Stakeholder],
    at: datetime,
    act: str,
    *,
    channel: str = "",
    note: str = "",
    via: str = "",
) -> tuple[Told, ...]:
    """Return the events of telling `people` at once, by `channel` or each one's own first.

    via: the entry of the update that told them.
    """
    return tuple(
        Told(
            sh=each.id,
            at=at,
            name=each.name,
            ch=channel or (each.channels[0] if each.channels else ""),
            note=note,
            via=via,
            act=act,
        )
        for each in people
    )


def tell_quadrant(session: Session, inc: str, quadrant: Quadrant) -> IncidentView:
    """Note that everybody in one field of the power/interest grid was told."""
    view = session.reads.view(inc)
    people = [each.id for each in view.stakeholders if each.quadrant is quadrant]
    if not people:
        raise InvalidInputError(f"Nobody stands in “{quadrant.value}”.")
    return tell(session, inc, people)


def tell_ring(session: Session, inc: str, ring: Ring, *, channel: str = "") -> IncidentView:
    """Note that everybody in one ring was told."""
    view = session.reads.view(inc)
    people = [each.id for each in view.stakeholders if each.ring is ring]
    if not people:
        raise InvalidInputError(f"Nobody stands in the ring “{ring.audience}”.")
    return tell(session, inc, people, channel=channel)


def group_members(view: IncidentView, group: str) -> list[str]:
    """Return the ids of a group's people; raises InvalidInputError for an unknown group."""
    word = " ".join(group.split()).casefold()
    people = [each.id for each in view.stakeholders if each.group.casefold() == word != ""]
    if not people:
        known = sorted({each.group for each in view.stakeholders if each.group})
        raise expected("a group of this incident", group, known)
    return people


def tell_waiting(session: Session, inc: str, *, channel: str = "") -> IncidentView:
    """Note that everybody who is due or late was told."""
    waiting = [cell.stakeholder.id for cell in board(session, inc).to_tell()]
    if not waiting:
        raise InvalidInputError("Nobody is waiting: everyone who is due was told.")
    return tell(session, inc, waiting, channel=channel)


def find_stakeholder(view: IncidentView, word: str) -> Stakeholder:
    """Return the stakeholder with that id or name (its beginning suffices when it is unique)."""
    lowered = word.strip().casefold()
    exact = [
        each for each in view.stakeholders if lowered in (each.id.casefold(), each.name.casefold())
    ]
    begins = [
        each
        for each in view.stakeholders
        if lowered
        and (each.id.casefold().startswith(lowered) or each.name.casefold().startswith(lowered))
    ]
    found = exact or begins
    if len(found) != 1:
        raise expected(
            "a stakeholder of this incident", word, [each.id for each in view.stakeholders]
        )
    return found[0]


def add_stakeholder(session: Session, inc: str, person: Stakeholder) -> IncidentView:
    """Put somebody on this incident's board."""
    person = msgspec.structs.replace(person, since=person.since or session.clock())
    card = {
        name: value
        for name, value in msgspec.to_builtins(person).items()
        if name != "id" and value not in ("", None, (), [])
    }
    body = FieldSet("card", card, obj=person_object(person.id))
    session.write(lambda _: [NewEvent(inc, body)])
    return session.reads.view(inc)
