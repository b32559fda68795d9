"""Who is on an incident's board: add somebody, change what is known of them, take them off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from cockpit.domain.events import FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.person_fields import FIELDS, NEEDED, QUIET, parse_field
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import IncidentView, Stakeholder
from cockpit.domain.vocabulary import Level, Ring
from cockpit.errors import InvalidInputError
from cockpit.service.people import add_stakeholder, find_stakeholder
from cockpit.service.roster import person_object
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

__all__ = ["FIELDS", "add", "edit", "remove"]

_HOURS = ("quiet_from", "quiet_until")
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")


def add(session: Session, inc: str, identity: str, fields: Mapping[str, str]) -> IncidentView:
    """Put somebody new on the board; `fields` as they are typed, name, ring and levels at least.

    Raises InvalidInputError for an id that is taken or none, and for a wrong value.
    """
    word = identity.strip().lower()
    if not _ID.fullmatch(word):
        raise InvalidInputError(
            f"“{identity}” is not an id.", "Expected letters, digits and dashes: sales-lead."
        )
    if word in (each.id for each in session.reads.view(inc).stakeholders):
        raise InvalidInputError(
            f"{word} is on the board already.", f"Change them: cockpit people edit {word} …"
        )
    values = _parse_all(session.playbook, fields)
    if missing := [each for each in NEEDED if values.get(each) in (None, "")]:
        rings = ", ".join(each.audience for each in Ring)
        raise InvalidInputError(
            f"Missing for {word}: {_listed(missing)}.",
            f"A ring is one of {rings}; power and interest are high or low.",
        )
    person = Stakeholder(word, **values, since=session.clock())
    _check_quiet(person.quiet_from, person.quiet_until)
    if not is_off(session.reads, inc, word):
        return add_stakeholder(session, inc, person)
    return _write(session, inc, word, anew(person), {})


def edit(session: Session, inc: str, word: str, fields: Mapping[str, str]) -> IncidentView:
    """Change fields of somebody on the board; the others stay, whoever changes them meanwhile."""
    person = find_stakeholder(session.reads.view(inc), word)
    values = _parse_all(session.playbook, fields)
    if not values:
        raise InvalidInputError(f"Nothing to change: give one of {_listed(FIELDS)}.")
    for name in NEEDED:
        if name in values and values[name] in (None, ""):
            raise InvalidInputError(f"{name.capitalize()} cannot become empty.")
    now = {name: getattr(person, name) for name in values}
    hours = {name: values.get(name, getattr(person, name)) for name in _HOURS}
    _check_quiet(*hours.values())
    return _write(session, inc, person.id, values, now)


def remove(session: Session, inc: str, word: str) -> IncidentView:
    """Take somebody off the board; what they were told stays in the timeline."""
    person = find_stakeholder(session.reads.view(inc), word)
    return _write(session, inc, person.id, {"archived": True}, {"archived": False})


def is_off(reads: Reads, inc: str, identity: str) -> bool:
    """Say whether somebody of that id was on the board and was taken off."""
    archived = reads.register(inc, person_object(identity), "archived")
    return archived is not None and archived.value is True


def anew(person: Stakeholder) -> dict[str, Any]:
    """Return every field of somebody who was taken off, set anew over what they had."""
    known = {name: getattr(person, name) for name in (*FIELDS, "since", "because")}
    return {"card": {}, **known, "archived": False}


def changed_fields(
    reads: Reads,
    inc: str,
    identity: str,
    values: Mapping[str, Any],
    now: Mapping[str, Any],
    act: str,
) -> list[NewEvent]:
    """Return one event for each field that changes; `now` is what a card alone said so far."""
    events = []
    for name, value in values.items():
        body = FieldSet(name, _plain(value), obj=person_object(identity), act=act)
        body = on_register(reads, inc, body)
        if not body.base:
            body = replace(body, was=_plain(now.get(name)))
        if body.was != body.v or body.over:
            events.append(NewEvent(inc, body))
    return events


def _write(
    session: Session, inc: str, identity: str, values: Mapping[str, Any], now: Mapping[str, Any]
) -> IncidentView:
    act = session.new_id()
    session.write(lambda reads: changed_fields(reads, inc, identity, values, now, act))
    return session.reads.view(inc)


def _plain(value: Any) -> Any:
    if isinstance(value, Ring):
        return int(value)
    if isinstance(value, Level):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _parse_all(playbook: Playbook, fields: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, text in fields.items():
        if name not in (*FIELDS, QUIET):
            raise expected("something that is kept of a person", name, FIELDS)
        values |= parse_field(playbook, name, text)
    return values


def _check_quiet(start: str, end: str) -> None:
    """Refuse quiet hours that have only one end, or none between."""
    if bool(start) != bool(end):
        raise InvalidInputError(
            "Quiet hours need a beginning and an end.", "Expected a span such as 22:00-07:00."
        )
    if start and start == end:
        raise InvalidInputError(f"Quiet hours from {start} to {end} would never end.")


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(names)
