"""Who is on an incident's board: add somebody, change what is known of them, take them off."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from cockpit.domain.events import FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import parse_duration
from cockpit.domain.view import IncidentView, Stakeholder
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import Level, Ring
from cockpit.errors import InvalidInputError
from cockpit.service.people import add_stakeholder, find_stakeholder
from cockpit.service.session import Session
from cockpit.service.timeline import on_register
from cockpit.store.database import NewEvent, Reads

_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
_LONGEST = 500
"""Characters of one field: more is a mistake, or belongs to the timeline."""


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
    needed = ("name", "ring", "power", "interest")
    if missing := [each for each in needed if values.get(each) in (None, "")]:
        rings = ", ".join(each.audience for each in Ring)
        raise InvalidInputError(
            f"Missing for {word}: {_listed(missing)}.",
            f"A ring is one of {rings}; power and interest are high or low.",
        )
    person = Stakeholder(word, **values)
    archived = session.reads.register(inc, _obj(word), "archived")
    if archived is None or archived.value is not True:
        return add_stakeholder(session, inc, person)
    # Somebody of that id was taken off: every field is set anew over what they had.
    known = {name: getattr(person, name) for name in _PARSERS}
    return _write(session, inc, word, {"card": {}, **known, "archived": False}, {})


def edit(session: Session, inc: str, word: str, fields: Mapping[str, str]) -> IncidentView:
    """Change fields of somebody on the board; the others stay, whoever changes them meanwhile."""
    person = find_stakeholder(session.reads.view(inc), word)
    values = _parse_all(session.playbook, fields)
    if not values:
        raise InvalidInputError(f"Nothing to change: give one of {_listed(FIELDS)}.")
    for name in ("name", "ring", "power", "interest"):
        if name in values and values[name] in (None, ""):
            raise InvalidInputError(f"{name.capitalize()} cannot become empty.")
    now = {name: getattr(person, name) for name in values}
    return _write(session, inc, person.id, values, now)


def remove(session: Session, inc: str, word: str) -> IncidentView:
    """Take somebody off the board; what they were told stays in the timeline."""
    person = find_stakeholder(session.reads.view(inc), word)
    return _write(session, inc, person.id, {"archived": True}, {"archived": False})


def _write(
    session: Session, inc: str, identity: str, values: Mapping[str, Any], now: Mapping[str, Any]
) -> IncidentView:
    """Write one register for each field that changes; `now` is what a card alone said so far."""
    act = session.new_id()

    def build(reads: Reads) -> list[NewEvent]:
        events = []
        for name, value in values.items():
            body = FieldSet(name, _plain(value), obj=_obj(identity), act=act)
            body = on_register(reads, inc, body)
            if not body.base:
                body = replace(body, was=_plain(now.get(name)))
            if body.was != body.v or body.over:
                events.append(NewEvent(inc, body))
        return events

    session.write(build)
    return session.reads.view(inc)


def _obj(identity: str) -> str:
    return f"sh:{identity}"


def _plain(value: Any) -> Any:
    if isinstance(value, Ring):
        return int(value)
    if isinstance(value, Level):
        return value.value
    return list(value) if isinstance(value, tuple) else value


def _parse_all(playbook: Playbook, fields: Mapping[str, str]) -> dict[str, Any]:
    return {name: _PARSERS[name](playbook, text) for name, text in fields.items()}


def _text(_: Playbook, text: str) -> str:
    line = " ".join(clean_input(text).split())
    if len(line) > _LONGEST:
        raise InvalidInputError(f"That is longer than {_LONGEST} characters: “{line[:40]}…”.")
    return line


def _ring(_: Playbook, text: str) -> Ring:
    word = text.strip().lower()
    found = [each for each in Ring if word in (each.audience, str(int(each)))]
    if not found:
        raise expected("a ring", text, [each.audience for each in Ring])
    return found[0]


def _level(what: str) -> Callable[[Playbook, str], Level]:
    def parse(_: Playbook, text: str) -> Level:
        try:
            return Level(text.strip().lower())
        except ValueError:
            raise expected(what, text, [each.value for each in Level]) from None

    return parse


def _channels(playbook: Playbook, text: str) -> tuple[str, ...]:
    known = [each.id for each in playbook.channels]
    words = text.replace(",", " ").split()
    for word in words:
        if word not in known:
            raise expected("a channel", word, known)
    return tuple(dict.fromkeys(words))


def _minutes(_: Playbook, text: str) -> int | None:
    return int(parse_duration(text).total_seconds() // 60) if text.strip() else None


def _listed(names: list[str] | tuple[str, ...]) -> str:
    return ", ".join(names)


_PARSERS: dict[str, Callable[[Playbook, str], Any]] = {
    "name": _text,
    "ring": _ring,
    "power": _level("a power"),
    "interest": _level("an interest"),
    "title": _text,
    "group": _text,
    "channels": _channels,
    "contact": _text,
    "wants": _text,
    "deputy": _text,
    "every": _minutes,
}

FIELDS = tuple(_PARSERS)
"""What can be said of somebody on the board."""
