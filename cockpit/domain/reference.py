"""References such as `INC-42`: short, sayable, and unique although machines declare offline.

Each machine takes the next free number that it knows. When two offline machines took the same one,
the incident declared first (by effective time, then id) keeps it plain, and every other shows with
a suffix of its own id, `INC-42-K7Q`, on every machine alike. The suffixed form always works.
What is shared with nobody gives way to what is shared: others never see it, and "INC-42" must mean
the same to everybody on the call.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from msgspec import Struct

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that a suffix survives being read aloud."""

_SUFFIX_LENGTH = 3
_FORM = re.compile(
    r"^(?:(?P<prefix>[A-Za-z](?:[A-Za-z0-9]*[A-Za-z])?)[-_ ]?"
    r"|(?P<coded>[A-Za-z][A-Za-z0-9]*)[-_ ])?"
    r"(?P<number>\d{1,9})(?:-(?P<suffix>\w{3,26}))?$",
    re.ASCII,
)


class Claim(Struct, frozen=True):
    """An incident's claim to a number: its id and when it was declared (effective Unix ms).

    shared: others know it by that number, too.
    """

    inc: str
    eff: int
    shared: bool = True


class ParsedReference(Struct, frozen=True):
    """What a person typed: prefix and suffix are empty where left out."""

    prefix: str
    number: int
    suffix: str


def suffix_of(inc: str) -> str:
    """Return the three characters that tell an incident from others with its number."""
    value = int(inc[:8], 16)
    characters = []
    for _ in range(_SUFFIX_LENGTH):
        value, rest = divmod(value, len(_ALPHABET))
        characters.append(_ALPHABET[rest])
    return "".join(characters)


def format_reference(prefix: str, number: int, suffix: str = "") -> str:
    """Return `INC-42`, or `INC-42-K7Q` with a suffix."""
    return f"{prefix}-{number}-{suffix}" if suffix else f"{prefix}-{number}"


def references(prefix: str, number: int, claims: Iterable[Claim]) -> dict[str, str]:
    """Return the reference of every incident (by id) that claims one number."""
    ranked = sorted(claims, key=lambda claim: (not claim.shared, claim.eff, claim.inc))
    return {
        claim.inc: format_reference(prefix, number, suffix_of(claim.inc) if place else "")
        for place, claim in enumerate(ranked)
    }


def clash_words(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """Return what has become of references, empty when all are as they were.

    before, after: the reference of each incident by its id; new incidents count, too.
    """
    renamed = [(before[inc], ref) for inc, ref in after.items() if before.get(inc, ref) != ref]
    if renamed:
        old, new = renamed[0]
        more = f" {len(renamed) - 1} more changed likewise." if len(renamed) > 1 else ""
        return f"{old} is called {new} now: {old} is another one, declared elsewhere.{more}"
    known = set(before.values())
    for inc, ref in after.items():
        if inc not in before and (plain := _plain(ref)) in known:
            return f"{ref} came from elsewhere with the number of {plain}, and is called so now."
    return ""


def _plain(ref: str) -> str:
    """Return a reference without its suffix, empty where it has none."""
    parsed = parse_reference(ref)
    return format_reference(parsed.prefix, parsed.number) if parsed and parsed.suffix else ""


def parse_reference(text: str) -> ParsedReference | None:
    """Return what a typed reference means (`INC-42`, `inc42`, `42`, `INC-42-K7Q`), None if none."""
    found = _FORM.match(text.strip())
    if not found:
        return None
    suffix = (found["suffix"] or "").upper()
    prefix = found["prefix"] or found["coded"] or ""
    return ParsedReference(prefix.upper(), int(found["number"]), suffix)
