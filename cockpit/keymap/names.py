"""Names of keys: how people write them, how the terminal library calls them, how we show them."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches

NAMED = frozenset(
    {"enter", "escape", "space", "tab", "backspace", "delete", "insert", "home", "end"}
    | {"pageup", "pagedown", "up", "down", "left", "right", "comma"}
    | {f"f{number}" for number in range(1, 25)}
)

_ALIASES = {"esc": "escape", "return": "enter", "del": "delete", "pgup": "pageup"} | {
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
}

# The library's names for characters that differ from their Unicode names.
_CHARACTERS = {
    "/": "slash",
    "\\": "backslash",
    "@": "at",
    "-": "minus",
    "+": "plus",
    "_": "underscore",
}

_SHOWN = {
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "escape": "esc",
    "pageup": "pgup",
    "pagedown": "pgdn",
    "delete": "del",
    "comma": ",",
}

_SHOWN_ASCII = {"up": "up", "down": "down", "left": "left", "right": "right"}

# Keys that terminals send as another key, or do not send at all.
_UNUSABLE = re.compile(
    r"ctrl\+[him]$|(ctrl|shift|alt|ctrl\+shift)\+enter$|ctrl\+shift\+[a-z]$|ctrl\+c$"
)
_MODIFIED = re.compile(r"((?:ctrl\+|shift\+|alt\+)+)(.+)")


def is_printable(key: str) -> bool:
    """Say whether the key types a character in a text field."""
    return len(key) == 1 or key in {"space", "comma"}


def key_problem(key: str) -> str:
    """Return what is wrong with a key as a person wrote it, empty when it can be used."""
    if len(key) == 1:
        return "" if key.isprintable() else "is not a printable character"
    name = _ALIASES.get(key, key)
    if _UNUSABLE.match(name):
        return "does not reach the program in a terminal"
    modified = _MODIFIED.fullmatch(name)
    plain = modified[2] if modified else name
    if plain in NAMED or (modified and len(plain) == 1 and plain.isprintable()):
        return ""
    near = get_close_matches(plain, sorted(NAMED), n=1)
    return f"is not the name of a key{f'; did you mean {near[0]}?' if near else ''}"


def library_key(key: str) -> str:
    """Return the terminal library's name for a key of the table or of a config."""
    name = _ALIASES.get(key, key)
    modified = _MODIFIED.fullmatch(name)
    before, plain = (modified[1], modified[2]) if modified and len(name) > 1 else ("", name)
    if len(plain) == 1 and not plain.isalnum():
        plain = _CHARACTERS.get(plain) or _unicode_key(plain)
    return before + plain


def _unicode_key(character: str) -> str:
    return unicodedata.name(character, character).lower().replace("-", "_").replace(" ", "_")


def display_key(key: str, *, ascii_only: bool = False) -> str:
    """Return a key as the help shows it: ↑, esc, ctrl+p, f4, E."""
    name = _ALIASES.get(key, key)
    if ascii_only and name in _SHOWN_ASCII:
        return _SHOWN_ASCII[name]
    return _SHOWN.get(name, name)
