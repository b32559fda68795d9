"""The entry line's grammar: kind, time and text in one line, and pasted chats or lists in many.

`text` · `/decision text` · `@09:10 text` · `-5m text` · `//text` for a text that begins with a
slash. Kind and time may come in either order. `/ask @ana 10m text` asks somebody for an action,
with the time to hear back (both may be left out); `/theory text` supposes a cause.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum

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


class Work(StrEnum):
    """Commands that open something beside the entry: an action asked of somebody, a theory."""

    ASK = "ask"
    THEORY = "theory"


_WORK_KINDS = {Work.ASK: EntryKind.ACTION, Work.THEORY: EntryKind.OBSERVATION}
WORDS = (*COMMANDS, *(work.value for work in Work))
"""All that may follow a slash."""

_OWNER = r"@(\S*)\s*"
_WAIT = r"(?i)((?:\d{1,6}(?:d|h|hrs?|m|mins?|s|secs?))+)(?=\s|$)\s*"
_COMMAND = r"/([A-Za-z][A-Za-z-]*)(?=\s|$)\s*"
_TIME_WORD = r"(?i)@((?:(?:yesterday|today)|\d{4}-\d{2}-\d{2})\s+\d\S*|\S+)\s*"
_LOOKS_TIMED = r"(?i)@(?:[\d+-]|yesterday\b|today\b|now\b)"
_BACK = r"(-(?:\d{1,6}[dhms])+)(?=\s|$)\s*"


class ParsedEntry(Struct, frozen=True):
    """What a line says: the kind, when it happened (None: now), the text.

    headline: the field that the text also fills ("impact_text", "cause", "next_step"), or "".
    work: what the line opens, None for a plain entry; owner: of whom it is asked, or ""; within:
    the time to hear back, None for the usual one.
    """

    kind: EntryKind
    at: datetime | None
    text: str
    headline: str = ""
    work: Work | None = None
    owner: str = ""
    within: timedelta | None = None


def parse_entry(line: str, now: datetime, zone: tzinfo = UTC) -> ParsedEntry:
    """Return what `line` says; times without a zone are in `zone`.

    Raises InvalidInputError for an unknown `/word` (with the nearest one), a wrong time, or a
    line without text.
    """
    rest = line.strip()
    word, at, owner, within = "", None, "", None
    while rest:
        asks = word == Work.ASK
        if not word and (match := re.match(_COMMAND, rest)):
            word = _find_word(match[1])
        elif at is None and (match := _match_time(rest)):
            at = parse_when(match[1], now, zone)
        elif asks and not owner and (match := re.match(_OWNER, rest)):
            owner = _check_owner(match[1])
        elif asks and within is None and (match := re.match(_WAIT, rest)):
            within = _read_wait(match[1])
        else:
            break
        rest = rest[match.end() :]
    if rest.startswith("//"):
        rest = rest[1:]
    if not rest:
        raise _needs_text(word)
    if word in _WORK_KINDS:
        work = Work(word)
        return ParsedEntry(_WORK_KINDS[work], at, rest, "", work, owner, within)
    return make_entry(COMMANDS[word] if word else EntryKind.NOTE, at, rest)


def make_entry(kind: EntryKind, at: datetime | None, text: str) -> ParsedEntry:
    """Return an entry of that kind, with the headline that the kind fills."""
    return ParsedEntry(kind, at, text, HEADLINES.get(kind, ""))


def split_paste(text: str, now: datetime, zone: tzinfo = UTC) -> tuple[ParsedEntry, ...]:
    """Return the entries that a pasted chat, log or list holds; no line with text is lost."""
    from cockpit.domain.pasted import split_lines_of_paste

    return split_lines_of_paste(text, now, zone)


def _match_time(rest: str) -> re.Match[str] | None:
    if re.match(_LOOKS_TIMED, rest):
        return re.match(_TIME_WORD, rest)
    return re.match(_BACK, rest)


def _read_wait(words: str) -> timedelta:
    # Most lines ask for nothing, and `cockpit log` reads no line at all.
    from cockpit.domain.response_events import parse_wait

    return parse_wait(words)


def _check_owner(name: str) -> str:
    if not name:
        raise InvalidInputError("“@” needs a name.", "Such as: /ask @ana 10m restart the cache.")
    return name


def _needs_text(word: str) -> InvalidInputError:
    if word == Work.ASK:
        return InvalidInputError(
            "/ask needs what is asked.", "Such as: /ask @ana 10m restart the cache."
        )
    if word == Work.THEORY:
        return InvalidInputError("/theory needs a text.", "Such as: /theory the cache is full.")
    what = f"/{COMMANDS[word].value} needs a text" if word else "There is no text"
    return InvalidInputError(f"{what}.", "Type what happened, then Enter.")


def _find_word(given: str) -> str:
    """Return a word that may follow a slash, in lower case; raises InvalidInputError."""
    word = given.lower()
    if word in WORDS:
        return word
    if word in _CHANGES:
        raise InvalidInputError(
            f"“/{given}” would only write about a change of {word}.",
            "Change it itself with its key or with `cockpit set`: the timeline shows it then.",
        )
    kinds = (kind.value for kind in EntryKind if kind not in _CHANGES)
    known = ", ".join(f"/{each}" for each in (*kinds, *Work))
    near = nearest(word, WORDS)
    hint = f"Did you mean /{near}? " if near else ""
    raise InvalidInputError(
        f"“/{given[:40]}” is not a kind of entry; expected {known}.",
        f"{hint}Type // for a text that begins with a slash.",
    )
