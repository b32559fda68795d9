"""Pasted chats, logs and lists: which lines begin an entry, and when they happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, tzinfo

from cockpit.domain.entry_grammar import COMMANDS, ParsedEntry, make_entry
from cockpit.domain.times import parse_when
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import InvalidInputError

_LINE_ENDS = re.compile("\r\n|\r|\n")
_BULLET = re.compile(r"\s*(?:[-*•‣–]|\d{1,3}[.)])\s+(?=\S)")
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?:\s?[AaPp]\.?[Mm]\.?)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))?"
_STAMP = rf"(?:(?:\d{{4}}-\d{{2}}-\d{{2}}[T ]+)?{_CLOCK}{_ZONE})"
_DATED = re.compile(
    rf"\s*(?:\[({_STAMP})\]|\(({_STAMP})\)|({_STAMP}))(?=[\s:,;|–-]|$)(?:\s*[:,;|–-](?=\s))?\s*"
)
_SPOKEN = re.compile(rf"\s*([^\W\d_][^\d\n]{{0,38}}?)[\s,]+\[?({_CLOCK})\]?\s*")
_COMMAND = re.compile(r"/([A-Za-z][A-Za-z-]*)\s+(?=\S)")


class _Draft:
    """An entry while its lines are gathered; `mark` is what the time was read from."""

    def __init__(self, at: datetime | None, speaker: str, mark: str, first: str) -> None:
        """Begin with the first line's text, which may be empty after a time alone."""
        self.at = at
        self.speaker = speaker
        self.mark = mark
        self.lines = [first] if first else []

    def finish(self) -> ParsedEntry:
        """Return the entry; a time without any text is kept as the text."""
        text = "\n".join(self.lines)
        if not text:
            return make_entry(EntryKind.NOTE, self.at, self.mark.strip())
        if self.speaker:
            return make_entry(EntryKind.NOTE, self.at, f"{self.speaker}: {text}")
        command = _COMMAND.match(text)
        kind = COMMANDS.get(command[1].lower()) if command else None
        if command is None or kind is None:
            return make_entry(EntryKind.NOTE, self.at, text)
        return make_entry(kind, self.at, text[command.end() :])


def split_lines_of_paste(text: str, now: datetime, zone: tzinfo) -> tuple[ParsedEntry, ...]:
    """Return the entries of a paste.

    Where lines have times, each begins an entry; else where there are bullets, each bullet does;
    else each line that is not indented. Other lines go on with the entry before them.
    """
    lines = [line.rstrip() for line in _LINE_ENDS.split(text) if line.strip()]
    begun = [_read_dated(line, now, zone) for line in lines]
    if not any(begun):
        begun = [_read_bullet(line) for line in lines]
    if not any(begun):
        begun = [None if line[:1].isspace() else _Draft(None, "", line, line) for line in lines]
    return tuple(draft.finish() for draft in _gather(lines, begun))


def _gather(lines: list[str], begun: list[_Draft | None]) -> Iterator[_Draft]:
    draft: _Draft | None = None
    for line, begins in zip(lines, begun, strict=True):
        if begins is not None:
            if draft is not None:
                yield draft
            draft = begins
        elif draft is None:
            draft = _Draft(None, "", line, line.strip())
        else:
            draft.lines.append(line if draft.lines else line.strip())
    if draft is not None:
        yield draft


def _read_dated(line: str, now: datetime, zone: tzinfo) -> _Draft | None:
    bullet = _BULLET.match(line)
    rest = line[bullet.end() :] if bullet else line
    if spoken := _SPOKEN.fullmatch(rest):
        at = _parse(spoken[2], now, zone)
        return None if at is None else _Draft(at, spoken[1].strip(), line, "")
    dated = _DATED.match(rest)
    if dated is None:
        return None
    at = _parse(dated[1] or dated[2] or dated[3], now, zone)
    return None if at is None else _Draft(at, "", line, rest[dated.end() :])


def _read_bullet(line: str) -> _Draft | None:
    bullet = _BULLET.match(line)
    if bullet is None or line[:1].isspace():
        return None
    return _Draft(None, "", line, line[bullet.end() :])


def _parse(stamp: str, now: datetime, zone: tzinfo) -> datetime | None:
    try:
        return parse_when(stamp, now, zone)
    except InvalidInputError:
        return None
