"""The entry line's grammar: kind, time and text in one line, and pasted chats or lists in many.

`text` · `/decision text` · `@09:10 text` · `-5m text` · `//text` for a text that begins with a
slash. Kind and time may come in either order.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo

from msgspec import Struct

from cockpit.domain.nearest import nearest
from cockpit.domain.times import parse_when
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import InvalidInputError

HEADLINES = {EntryKind.IMPACT: "impact_text", EntryKind.CAUSE: "cause", EntryKind.NEXT: "next_step"}
"""Kinds whose last entry also stands above the timeline, with the field that holds it."""

_CHANGES = (EntryKind.STATUS, EntryKind.SEVERITY, EntryKind.ROLE)
COMMANDS = {
    **{kind.value: kind for kind in EntryKind if kind not in _CHANGES},
    "finding": EntryKind.OBSERVATION,
    "found": EntryKind.OBSERVATION,
    "alert": EntryKind.OBSERVATION,
    "obs": EntryKind.OBSERVATION,
    "do": EntryKind.ACTION,
    "did": EntryKind.ACTION,
    "decided": EntryKind.DECISION,
    "said": EntryKind.COMMUNICATION,
    "comm": EntryKind.COMMUNICATION,
    "output": EntryKind.EVIDENCE,
    "link": EntryKind.EVIDENCE,
    "root-cause": EntryKind.CAUSE,
    "next-step": EntryKind.NEXT,
}
"""What may follow a slash, with the kind of entry that it makes."""

_COMMAND = re.compile(r"/([A-Za-z][A-Za-z-]*)(?=\s|$)\s*")
_TIME_WORD = re.compile(r"@((?:(?:yesterday|today)|\d{4}-\d{2}-\d{2})\s+\d\S*|\S+)\s*", re.I)
_LOOKS_TIMED = re.compile(r"@(?:[\d+-]|yesterday\b|today\b|now\b)", re.I)
_BACK = re.compile(r"(-(?:\d{1,6}[dhms])+)(?=\s|$)\s*")


class ParsedEntry(Struct, frozen=True):
    """What a line says: the kind, when it happened (None: now), the text.

    headline: the field that the text also fills ("impact_text", "cause", "next_step"), or "".
    """

    kind: EntryKind
    at: datetime | None
    text: str
    headline: str = ""


def parse_entry(line: str, now: datetime, zone: tzinfo = UTC) -> ParsedEntry:
    """Return what `line` says; times without a zone are in `zone`.

    Raises InvalidInputError for an unknown `/word` (with the nearest one), a wrong time, or a
    line without text.
    """
    rest = line.strip()
    kind, at = None, None
    while rest:
        if kind is None and (match := _COMMAND.match(rest)):
            kind = _find_kind(match[1])
        elif at is None and (match := _match_time(rest)):
            at = parse_when(match[1], now, zone)
        else:
            break
        rest = rest[match.end() :]
    if rest.startswith("//"):
        rest = rest[1:]
    if not rest:
        what = f"/{kind.value} needs a text" if kind else "There is no text"
        raise InvalidInputError(f"{what}.", "Type what happened, then Enter.")
    return make_entry(kind or EntryKind.NOTE, at, rest)


def make_entry(kind: EntryKind, at: datetime | None, text: str) -> ParsedEntry:
    """Return an entry of that kind, with the headline that the kind fills."""
    return ParsedEntry(kind, at, text, HEADLINES.get(kind, ""))


def split_paste(text: str, now: datetime, zone: tzinfo = UTC) -> tuple[ParsedEntry, ...]:
    """Return the entries that a pasted chat, log or list holds; no line with text is lost."""
    from cockpit.domain.pasted import split_lines_of_paste

    return split_lines_of_paste(text, now, zone)


def _match_time(rest: str) -> re.Match[str] | None:
    if _LOOKS_TIMED.match(rest):
        return _TIME_WORD.match(rest)
    return _BACK.match(rest)


def _find_kind(word: str) -> EntryKind:
    kind = COMMANDS.get(word.lower())
    if kind is not None:
        return kind
    if word.lower() in _CHANGES:
        raise InvalidInputError(
            f"“/{word}” would only write about a change of {word.lower()}.",
            "Change it itself with its key or with `cockpit set`: the timeline shows it then.",
        )
    known = ", ".join(f"/{kind}" for kind in EntryKind if kind not in _CHANGES)
    near = nearest(word, tuple(COMMANDS))
    hint = f"Did you mean /{near}? " if near else ""
    raise InvalidInputError(
        f"“/{word[:40]}” is not a kind of entry; expected {known}.",
        f"{hint}Type // for a text that begins with a slash.",
    )
