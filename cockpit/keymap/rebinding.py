"""A person's own keys: every wish is checked, a mistake is told in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from cockpit.errors import PlaybookError
from cockpit.keymap.names import is_printable, key_problem, library_key
from cockpit.keymap.table import CONTEXTS, KEYS, TYPING_CONTEXTS, Key

_WAYS_OUT = ("app.quit", "home.quit")


def check_rebinding(wishes: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return a person's keys by row id, as people write keys; no key means that it has none.

    Args:
        wishes: from a row's id ("incident.copy") to keys as people write them ("Y" or "Y, f5").

    Raises:
        PlaybookError: for an unknown id or key, a key taken twice, or no way left to quit.
    """
    rows = {key.id: key for key in KEYS}
    bound = {key.id: key.keys for key in KEYS}
    for identity, text in wishes.items():
        bound[identity] = _parse_keys(_row(rows, identity), text)
    for identity in wishes:
        _check_clash(rows[identity], rows, bound)
    if not any(bound[identity] for identity in _WAYS_OUT):
        raise PlaybookError("The keys leave no way to quit.", "Give app.quit a key.")
    return {identity: bound[identity] for identity in wishes}


def library_keymap(rebound: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Return checked keys as the terminal library wants them: row id → "key,key"."""
    return {
        identity: ",".join(library_key(key) for key in keys) or f"unbound_{identity}"
        for identity, keys in rebound.items()
    }


def _row(rows: Mapping[str, Key], identity: str) -> Key:
    if identity in rows:
        return rows[identity]
    near = get_close_matches(identity, rows, n=1, cutoff=0.5)
    raise PlaybookError(
        f"“{identity}” under [keys] is not an action of the cockpit.",
        f"Did you mean {near[0]}?" if near else "docs/keys.md lists them.",
    )


def _parse_keys(row: Key, text: str) -> tuple[str, ...]:
    keys = (text.strip(),) if text.strip() == "," else tuple(text.replace(",", " ").split())
    for key in keys:
        if problem := key_problem(key):
            raise PlaybookError(f"The key “{key}” of {row.id} {problem}.")
        if row.context in TYPING_CONTEXTS and is_printable(key):
            raise PlaybookError(
                f"The key “{key}” of {row.id} would be lost for typing.",
                "Take a function key or a key with ctrl.",
            )
    return keys


def _check_clash(row: Key, rows: Mapping[str, Key], bound: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse a key that another row has where both can be pressed, unless the table has it so."""
    mine = {library_key(key) for key in bound[row.id]}
    for other in rows.values():
        if other.id == row.id or not _meet(row.context, other.context):
            continue
        by_design = set(row.keys) & set(other.keys)
        theirs = {library_key(key) for key in bound[other.id]}
        if taken := (mine & theirs) - {library_key(key) for key in by_design}:
            raise PlaybookError(
                f"The key “{min(taken)}” is given twice: to {row.id} and to {other.id}.",
                f"Give one of them another key under [keys]; {other.id} is “{other.help}”.",
            )


def _meet(one: str, other: str) -> bool:
    return one == other or one in CONTEXTS[other] or other in CONTEXTS[one]
