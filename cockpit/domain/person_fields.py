"""What can be said of a stakeholder, read from text as people type it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from cockpit.domain.nearest import expected
from cockpit.domain.playbook import Playbook
from cockpit.domain.quiet_hours import parse_clock, parse_hours, parse_zone
from cockpit.domain.times import parse_duration
from cockpit.domain.visible import clean_input, clip, make_visible
from cockpit.domain.vocabulary import Level, Ring
from cockpit.errors import InvalidInputError

LONGEST = 500
"""Characters of one field: more is a mistake, or belongs to the timeline."""

NEEDED = ("name", "ring", "power", "interest")
"""What must be known of everybody."""

QUIET = "quiet"
"""The word for both ends of the quiet hours together: 22:00-07:00."""

_LETTERS = {"h": Level.HIGH, "l": Level.LOW}
_BETWEEN = re.compile(r"[,;/|\n]")

Parser = Callable[[Playbook, str], Any]


def parse_field(playbook: Playbook, field: str, text: str) -> dict[str, Any]:
    """Return what the text says of a field, by the names under which it is kept.

    Raises InvalidInputError with the nearest right word.
    """
    if field == QUIET:
        start, end = parse_hours(_text(playbook, text))
        return {"quiet_from": start, "quiet_until": end}
    return {field: PARSERS[field](playbook, text)}


def _text(_: Playbook, text: str) -> str:
    line = " ".join(clean_input(text).split())
    if len(line) > LONGEST:
        shown = clip(make_visible(line), LONGEST // 12)
        raise InvalidInputError(f"That is longer than {LONGEST} characters: “{shown}”.")
    return line


def _ring(_: Playbook, text: str) -> Ring:
    word = text.strip().casefold()
    found = [each for each in Ring if word in (each.audience, str(int(each)))]
    if not found:
        raise expected("a ring", text, [each.audience for each in Ring])
    return found[0]


def _level(what: str) -> Parser:
    def parse(_: Playbook, text: str) -> Level:
        word = text.strip().casefold()
        try:
            return _LETTERS.get(word) or Level(word)
        except ValueError:
            raise expected(what, text, [each.value for each in Level]) from None

    return parse


def _channels(playbook: Playbook, text: str) -> tuple[str, ...]:
    """Return the ids of channels, named by id or name, between commas or blanks."""
    known: dict[str, str] = {}
    for each in playbook.channels:
        known |= {_fold(each.name): each.id, _fold(each.id): each.id}
    found: dict[str, None] = {}
    for part in _BETWEEN.split(_text(playbook, text)):
        words = [part] if _fold(part) in known else part.split()
        for word in words:
            if _fold(word) not in known:
                raise expected("a channel", word, [each.id for each in playbook.channels])
            found[known[_fold(word)]] = None
    return tuple(found)


def _minutes(_: Playbook, text: str) -> int | None:
    if not text.strip():
        return None
    minutes = int(parse_duration(text).total_seconds() // 60)
    if not minutes:
        raise InvalidInputError("A rhythm is a minute at least.", "Expected 30m or 1h30m.")
    return minutes


def _fold(word: str) -> str:
    return " ".join(word.casefold().replace("-", " ").replace("_", " ").split())


PARSERS: dict[str, Parser] = {
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
    "quiet_from": lambda _, text: parse_clock(text),
    "quiet_until": lambda _, text: parse_clock(text),
    "zone": lambda _, text: parse_zone(text),
}

FIELDS = tuple(PARSERS)
"""What is kept of somebody on the board."""
