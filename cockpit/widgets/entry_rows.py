"""How one timeline entry is drawn: time, kind, and its text with a hanging indent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, tzinfo

from msgspec import Struct

from cockpit.domain.events import Message
from cockpit.domain.times import format_clock
from cockpit.domain.view import TimelineEntry
from cockpit.domain.visible import make_visible
from cockpit.domain.vocabulary import EntryKind, MessageState
from cockpit.widgets.marks import marks
from cockpit.widgets.painted import Span, clip_spans, wrap_text

Line = tuple[Span, ...]

TIME_WIDTH = 5
KIND_WIDTH = 8
INDENT = 1 + TIME_WIDTH + 2 + KIND_WIDTH + 2
"""Cells left of an entry's text: the star's column, the time, the kind and their gaps."""

FOLDED_LINES = 12
"""Text lines of an entry that are shown in the list; the whole text is one key away."""

LATE_NOTE = timedelta(minutes=2)
"""An entry written down later than this after it happened says so."""

_KIND_WORDS = {
    EntryKind.OBSERVATION.value: "finding",
    EntryKind.COMMUNICATION.value: "told",
}
_SHOWN_CHARACTERS = 4_000
"""Characters of an entry that are looked at to draw it: more than its folded lines can hold."""


class Drawing(Struct, frozen=True):
    """What all entries of a list share: width in cells, zone, today's date, blank lines between.

    others: by entry who corrected it at the same time as the one whose words stand there; texts:
    outgoing texts stand there with their words, because those were searched for; me: who reads,
    where several people write: what others wrote then says by whom.
    """

    width: int
    zone: tzinfo
    today: date
    spacious: bool = False
    others: Mapping[str, Sequence[str]] = {}
    texts: bool = False
    me: str = ""


def entry_lines(
    entry: TimelineEntry, before: TimelineEntry | None, drawing: Drawing
) -> tuple[Line, ...]:
    """Return the lines of an entry, with a date line above it when the day changes.

    before: the entry above it, None for the first one.
    """
    text = _text_lines(entry, drawing)
    head: Line = (
        _star(entry),
        (format_clock(entry.at, drawing.zone).ljust(TIME_WIDTH), "muted"),
        ("  ", ""),
        (kind_word(entry).ljust(KIND_WIDTH), _kind_paint(entry)),
        ("  ", ""),
        *text[0],
    )
    rest = tuple(((" " * INDENT, ""), *line) for line in text[1:])
    gap: tuple[Line, ...] = ((),) if drawing.spacious else ()
    return (*_date_lines(entry, before, drawing), head, *rest, *gap)


def kind_word(entry: TimelineEntry) -> str:
    """Return the word in the kinds' column, at most eight letters."""
    if entry.msg is not None:
        return "update" if entry.msg.state is MessageState.SENT else "copied"
    return _KIND_WORDS.get(entry.kind, make_visible(entry.kind))[:KIND_WIDTH]


def message_words(message: Message) -> str:
    """Return an outgoing text in a few words: its stage, whom it is for, by which channels."""
    stage = (message.stage or message.status or "update").capitalize()
    channels = ", ".join(each.replace("-", " ") for each in message.channels)
    return f"{stage}: {message.audience}{f', {channels}' if channels else ''}"


def shown_text(entry: TimelineEntry) -> str:
    """Return the text that the list shows of an entry, safe to draw."""
    if entry.redacted:
        return "(removed)"
    if entry.msg is not None:
        return make_visible(message_words(entry.msg))
    text = make_visible(entry.text[:_SHOWN_CHARACTERS], newlines=True)
    return text if entry.editable else marks().prose(text)


def _text_lines(entry: TimelineEntry, drawing: Drawing) -> list[Line]:
    paint = _text_paint(entry)
    room = max(2, drawing.width - INDENT)
    text = shown_text(entry)
    if drawing.texts and entry.msg is not None and not entry.redacted:
        text = f"{text}\n{make_visible(entry.text[:_SHOWN_CHARACTERS], newlines=True)}"
    wrapped = wrap_text(text, room, FOLDED_LINES + 1)
    folded = len(wrapped) > FOLDED_LINES
    lines: list[Line] = [((line, paint),) for line in wrapped[:FOLDED_LINES]]
    notes = _notes(entry, drawing, folded=folded)
    if notes:
        last = sum(len(each) for each, _ in lines[-1])
        if not folded and last + 2 + len(notes) <= room:
            lines[-1] = (*lines[-1], (f"  {notes}", "muted"))
        else:
            lines.append(clip_spans([(notes, "muted")], room))
    return lines


def _notes(entry: TimelineEntry, drawing: Drawing, *, folded: bool) -> str:
    """Return the muted words after the text: what a reader must know about how it came here."""
    notes = []
    program = entry.src.format if entry.src else ""
    if drawing.me and entry.author not in ("", drawing.me, program):
        notes.append(f"by {make_visible(entry.author)}")
    if folded:
        notes.append(f"{marks().more} p shows it whole")
    if entry.hidden:
        notes.append("deleted")
    if entry.corrected:
        notes.append("corrected")
    if names := drawing.others.get(entry.id):
        notes.append(f"also edited by {make_visible(' and '.join(names))}")
    if entry.src is None and entry.recorded_at - entry.at > LATE_NOTE:
        notes.append(f"recorded {_moment(entry.recorded_at, entry.at, drawing.zone)}")
    return marks().between.join(notes)


def _moment(at: datetime, seen_from: datetime, zone: tzinfo) -> str:
    here, there = at.astimezone(zone), seen_from.astimezone(zone)
    clock = format_clock(at, zone)
    return clock if here.date() == there.date() else f"{here.day} {here:%b} {clock}"


def _date_lines(
    entry: TimelineEntry, before: TimelineEntry | None, drawing: Drawing
) -> tuple[Line, ...]:
    day = entry.at.astimezone(drawing.zone).date()
    above = before.at.astimezone(drawing.zone).date() if before else drawing.today
    if day == above:
        return ()
    words = f"{day:%a} {day.day} {day:%b %Y}"
    fill = max(0, drawing.width - len(words) - 4)
    return ((((" ", "")), (words, "muted"), (" ", ""), (marks().rule * fill, "hairline")),)


def _star(entry: TimelineEntry) -> Span:
    if not entry.starred:
        return (" ", "")
    return (marks().star, "strong")


def _kind_paint(entry: TimelineEntry) -> str:
    sent = entry.msg is not None and entry.msg.state is MessageState.SENT
    return "strong" if sent or entry.kind == EntryKind.DECISION else "muted"


def _text_paint(entry: TimelineEntry) -> str:
    if entry.hidden or entry.redacted:
        return "muted"
    return "bright" if entry.kind == EntryKind.DECISION else ""
