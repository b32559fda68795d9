"""The team's directory of stakeholders: a file of its own whose rows win over the playbook's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from cockpit.domain.nearest import nearest
from cockpit.domain.playbook import Playbook, RosterEntry
from cockpit.domain.playbook_merge import load_playbook
from cockpit.errors import PlaybookError

_TABLE = "stakeholders"
_HEAD = """\
# The team's directory of stakeholders, merged by id over those of the playbook.
# `cockpit people import FILE.csv` writes it anew; the file before is kept beside it.
"""


def add_directory(playbook: Playbook, tables: Mapping[str, Any], name: str, text: str) -> Playbook:
    """Return the playbook with the people of a directory, by id and key by key.

    tables: the directory's TOML; name, text: the file as errors name it and find lines in it.
    Raises PlaybookError.
    """
    for key in tables:
        if key != _TABLE:
            near = nearest(key, [_TABLE])
            raise PlaybookError(
                f"{name}: “{key}” is not a key of a directory.",
                f"Did you mean {near}?" if near else "It holds [[stakeholders]] only.",
            )
    return load_playbook(msgspec.to_builtins(playbook), tables, user_name=name, user_text=text)


def merge_people(
    known: Iterable[Mapping[str, Any]], added: Iterable[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return people by id in their order, what `added` says over what was known, new ones last."""
    people = {str(each.get("id", "")): dict(each) for each in known}
    for each in added:
        before = people.get(str(each["id"]), {})
        before.pop("remove", None)
        people[str(each["id"])] = {**before, **each}
    return list(people.values())


def directory_text(people: Iterable[Mapping[str, Any]]) -> str:
    """Return people as the TOML of a directory, without what is empty."""
    parts = [_HEAD]
    for person in people:
        lines = [f"\n[[{_TABLE}]]"]
        for key in (*RosterEntry.__struct_fields__, "remove"):
            value = person.get(key)
            if value not in (None, "", [], (), False):
                lines.append(f"{key} = {_toml(value)}")
        parts.append("\n".join(lines) + "\n")
    return "".join(parts)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(each) for each in value)}]"
    if isinstance(value, int):
        return str(value)
    # What nobody can see in an editor is written as its number.
    quoted = json.dumps(str(value), ensure_ascii=False)
    return "".join(each if each.isprintable() else _escaped(each) for each in quoted)


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
