"""Persons of an incident whose names stand in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cockpit.domain.playbook import CheckRules
from cockpit.domain.view import IncidentView

_LEAST_LETTERS = 3
_LEAST_LETTERS_OF_LOGIN = 5


def find_persons(text: str, view: IncidentView, rules: CheckRules) -> tuple[str, ...]:
    """Return the names of persons of the incident, and names from the rules, that `text` holds."""
    found: dict[str, None] = {}
    ignored = {each.casefold() for each in rules.not_names}
    for name in (*rules.names, *_persons(view)):
        if name.casefold() in ignored or any(name in known for known in found):
            continue
        if any(_occurs(each, text) for each in _spellings(name, ignored)):
            found[name] = None
    return tuple(found)


def _persons(view: IncidentView) -> Iterator[str]:
    """Yield who acts in the incident, and the stakeholders who are persons, not groups."""
    yield from (each.person for each in view.roles)
    yield view.declared_by
    yield from (each.by for each in view.changes)
    yield from (each.by for each in view.told)
    yield from (each.by for each in view.messages)
    for each in view.stakeholders:
        yield each.deputy
        # Only a person has a title beside the name; “Customers” has none.
        if each.title:
            yield each.name
    yield from (each.owner for each in view.actions)


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
