"""What the footer, the help and the docs say of the table, with a person's own keys in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from cockpit.keymap.names import display_key
from cockpit.keymap.table import GROUPS, KEYS, Key

Rebound = Mapping[str, tuple[str, ...]]
"""A person's own keys by row id."""


class HelpLine(Struct, frozen=True):
    """One line of the help: the keys as shown, and what they do."""

    keys: str
    text: str


def keys_of(*contexts: str) -> tuple[Key, ...]:
    """Return the rows of those contexts, in the table's order."""
    return tuple(key for key in KEYS if key.context in contexts)


def find_key(identity: str) -> Key | None:
    """Return the row with that id, None when there is none."""
    return next((key for key in KEYS if key.id == identity), None)


def keys_shown(key: Key, rebound: Rebound, *, ascii_only: bool = False) -> list[str]:
    """Return a row's keys as shown, the person's own if they rebound it."""
    keys = rebound.get(key.id, key.keys)
    return [display_key(each, ascii_only=ascii_only) for each in keys]


def footer_hints(
    active: Collection[str], rebound: Rebound, *, ascii_only: bool = False
) -> list[tuple[str, str, str]]:
    """Return (key, label, action id) of what the footer shows for the active row ids, in order.

    Rows of one family share one hint: 1, 2, 3 and 4 are shown as "1-4".
    """
    contexts = {each.partition(".")[0] for each in active}
    hints: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    for key in sorted(KEYS, key=lambda each: each.order):
        if not key.label or key.id not in active or key.family in seen:
            continue
        if key.footer_in and key.footer_in not in contexts:
            continue
        family = [key]
        if key.family:
            seen.add(key.family)
            family = [each for each in KEYS if each.family == key.family and each.id in active]
        shown = [
            found[0]
            for each in family
            if (found := keys_shown(each, rebound, ascii_only=ascii_only))
        ]
        if shown:
            text = " ".join(shown)
            if len(shown) > 2:
                text = f"{shown[0]}-{shown[-1]}"
            hints.append((text.replace("ctrl+", "^"), key.label, key.id))
    return hints


def help_lines(
    contexts: Iterable[str], rebound: Rebound, *, ascii_only: bool = False
) -> dict[str, list[HelpLine]]:
    """Return the help's lines by heading, in the headings' order, for those contexts."""
    wanted = set(contexts)
    rows = [key for key in KEYS if key.group and key.context in wanted]
    groups: dict[str, list[HelpLine]] = {}
    for group in GROUPS:
        lines: dict[str, list[list[str]]] = {}
        for key in rows:
            if key.group == group:
                shown = keys_shown(key, rebound, ascii_only=ascii_only)
                lines.setdefault(key.family or key.help, []).append(shown)
        if lines:
            groups[group] = [HelpLine(_join_keys(keys), text) for text, keys in lines.items()]
    return groups


def _join_keys(keys: list[list[str]]) -> str:
    """Return one row's keys, or the first key of each row and then the others: j k ↑ ↓."""
    firsts = [row[0] for row in keys if row]
    seconds = [row[1] for row in keys if len(row) > 1]
    return " ".join([*firsts, *seconds])
