"""Persons of an incident whose names stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cockpit.domain.playbook import CheckRules, RosterEntry
from cockpit.domain.view import IncidentView, Stakeholder

_LEAST_LETTERS = 3
_LEAST_LETTERS_OF_LOGIN = 5


def find_persons(
    text: str, view: IncidentView, rules: CheckRules, roster: Iterable[RosterEntry] = ()
) -> tuple[str, ...]:
    """Return the names of persons of the incident, and names from the rules, that `text` holds.

    roster: people of the playbook, whether they are on this incident's board or not.
    """
    found: dict[str, None] = {}
    ignored = {each.casefold() for each in rules.not_names}
    for name in (*rules.names, *_persons(view), *_listed([*view.stakeholders, *roster])):
        if name.casefold() in ignored or any(name in known for known in found):
            continue
        if any(_occurs(each, text) for each in _spellings(name, ignored)):
            found[name] = None
    whole = [name for name in _full_names([*view.stakeholders, *roster]) if _occurs(name, text)]
    return tuple(dict.fromkeys([*found, *(name for name in whole if name not in found)]))


def find_spellings(
    view: IncidentView, rules: CheckRules, roster: Iterable[RosterEntry] = ()
) -> tuple[str, ...]:
    """Return the ways in which people write the persons of the incident and of the playbook."""
    ignored = {each.casefold() for each in rules.not_names}
    people: list[Stakeholder | RosterEntry] = [*view.stakeholders, *roster]
    names = dict.fromkeys((*_persons(view), *_listed(people), *_full_names(people)))
    known = (name for name in names if name.casefold() not in ignored)
    return tuple(dict.fromkeys(each for name in known for each in _spellings(name, ignored)))


def _persons(view: IncidentView) -> Iterator[str]:
    """Yield who acts in the incident."""
    yield from (each.person for each in view.roles)
    yield view.declared_by
    yield from (each.by for each in view.changes)
    yield from (each.by for each in view.told)
    yield from (each.by for each in view.messages)
    yield from (each.owner for each in view.actions)
    yield from (each.owner for each in view.response_actions)
    yield view.postmortem.owner


def _listed(people: Iterable[Stakeholder | RosterEntry]) -> Iterator[str]:
    """Yield the stakeholders who are persons, not groups, and their deputies."""
    for each in people:
        yield each.deputy
        # Only a person has a title beside the name; “Customers” has none.
        if each.title:
            yield each.name


def _full_names(people: Iterable[Stakeholder | RosterEntry]) -> Iterator[str]:
    """Yield names written as those of persons and companies are; a group's is not: “Key users”."""
    for each in people:
        words = each.name.split()
        if len(words) > 1 and all(word[0].isupper() for word in words):
            yield each.name


def _spellings(name: str, ignored: Iterable[str]) -> Iterator[str]:
    """Yield a name whole, its parts, and a login as people write it out."""
    name = name.strip()
    if len(name) < _LEAST_LETTERS:
        return
    if name.islower() and " " not in name:
        # Short logins are often words too (“may”, “will”): only the name's form counts then.
        yield name.capitalize()
        yield f"@{name}"
        if len(name) >= _LEAST_LETTERS_OF_LOGIN:
            yield name
        return
    yield name
    for part in name.split():
        if len(part) >= _LEAST_LETTERS and part[0].isupper() and part.casefold() not in ignored:
            yield part


def _occurs(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None
