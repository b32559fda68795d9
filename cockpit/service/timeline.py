"""The timeline: write entries, correct, re-date, star and take them back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from cockpit.domain.entry_grammar import HEADLINES, ParsedEntry, Work, parse_entry
from cockpit.domain.events import Body, EntryAdded, EntryEdited, EntryRedacted, FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.registers import entry_object
from cockpit.domain.view import TimelineEntry, TimelineFilter
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import InvalidInputError
from cockpit.service.session import Session
from cockpit.store.database import NewEvent, Reads

_HEADLINE_FIELDS = {kind.value: field for kind, field in HEADLINES.items()}

MAX_ENTRY_CHARACTERS = 10_000
"""Above this a text is kept as several marked entries: an event holds 64 KiB, and a character
takes up to 6 bytes in JSON."""


def log(
    session: Session, inc: str, text: str, *, kind: str = "note", at: datetime | None = None
) -> TimelineEntry:
    """Add an entry that happened at `at` (None: now) and return it; it is stored then.

    Raises InvalidInputError for an empty text or an unknown kind.
    """
    entry_kind = _parse_kind(kind)
    parsed = ParsedEntry(entry_kind, at, text, HEADLINES.get(entry_kind, ""))
    return log_many(session, inc, [parsed])[-1]


def log_line(session: Session, inc: str, line: str) -> TimelineEntry:
    """Add what a line in the entry grammar says (`/decision @09:10 revert`)."""
    return log_many(session, inc, [parse_entry(line, session.clock())])[-1]


def log_many(
    session: Session, inc: str, entries: Iterable[ParsedEntry]
) -> tuple[TimelineEntry, ...]:
    """Add several entries in one action (a pasted chat), in their order."""
    act, now = session.new_id(), session.clock()
    bodies: list[tuple[str, EntryAdded | FieldSet]] = []
    for entry in entries:
        bodies.extend(_bodies(session, entry, now, act))
    if not bodies:
        raise InvalidInputError("There is no text to log.", "Type what happened.")

    def build(reads: Reads) -> Sequence[NewEvent]:
        events = []
        for op_id, body in bodies:
            if isinstance(body, FieldSet):
                body = on_register(reads, inc, body)
            events.append(NewEvent(inc, body, op_id))
        return events

    session.write(build)
    ids = [op_id for op_id, body in bodies if isinstance(body, EntryAdded)]
    found = (session.reads.entry(inc, op_id) for op_id in ids)
    return tuple(entry for entry in found if entry is not None)


def log_lines(
    session: Session,
    inc: str,
    batches: Iterable[Iterable[str]],
    *,
    kind: str = "note",
    at: datetime | None = None,
) -> int:
    """Add an entry for each line that holds text and return how many; each batch is one action.

    at: when all of it happened, None for when it comes. Raises InvalidInputError for an unknown
    kind before it takes the first batch.
    """
    word = _parse_kind(kind).value
    return sum(_add_lines(session, inc, batch, word, at) for batch in batches)


def _add_lines(
    session: Session, inc: str, lines: Iterable[str], kind: str, at: datetime | None
) -> int:
    act, when = session.new_id(), at or session.clock()
    parts = [
        part for line in lines if (text := clean_input(line).strip()) for part in split_text(text)
    ]
    events = [
        NewEvent(inc, EntryAdded(when, part, kind, act=act), op_id)
        for part, op_id in zip(parts, session.new_ids(len(parts)), strict=True)
    ]
    return len(session.write(lambda _: events)) if events else 0


def _bodies(
    session: Session, entry: ParsedEntry, now: datetime, act: str
) -> Iterable[tuple[str, EntryAdded | FieldSet]]:
    text = clean_input(entry.text).strip()
    if not text:
        return
    at = entry.at or now
    if entry.work is not None:
        yield from ((session.new_id(), body) for body in _work_bodies(session, entry, at, act))
        return
    for part in split_text(text):
        yield session.new_id(), EntryAdded(at, part, entry.kind.value, act=act)
    if entry.headline:
        value = text[:MAX_ENTRY_CHARACTERS]
        yield session.new_id(), FieldSet(entry.headline, value, at=at, act=act)


def _work_bodies(
    session: Session, entry: ParsedEntry, at: datetime, act: str
) -> Sequence[EntryAdded | FieldSet]:
    """Return what opens an action that is asked, or a theory."""
    from cockpit.domain.response_events import ask_bodies, theory_bodies

    identity = session.new_id()[:12]
    if entry.work is Work.THEORY:
        return theory_bodies(identity, entry.text, at, act)
    within = session.playbook.response.wait if entry.within is None else entry.within
    return ask_bodies(identity, entry.text, entry.owner, at, within, act)


def split_text(text: str) -> tuple[str, ...]:
    """Return a text that one event can hold as it is, or its numbered parts; nothing is lost."""
    if len(text) <= MAX_ENTRY_CHARACTERS:
        return (text,)
    parts = [
        text[start : start + MAX_ENTRY_CHARACTERS]
        for start in range(0, len(text), MAX_ENTRY_CHARACTERS)
    ]
    return tuple(f"{part}\n(part {place} of {len(parts)})" for place, part in enumerate(parts, 1))


def on_register(reads: Reads, inc: str, body: FieldSet) -> FieldSet:
    """Return the event with the value it was written over, and any rivals that it settles."""
    register = reads.register(inc, body.obj, body.f)
    if register is None:
        return body
    over = tuple(rival.op for rival in register.rivals)
    return replace(body, base=register.op, was=register.value, over=over)


def correct(
    session: Session, inc: str, entry: str, text: str, *, reason: str = ""
) -> TimelineEntry:
    """Correct an entry's text; the original stays in its history.

    Of a text that was sent the correction stands in the timeline, too, in the same action; it is
    no new update, and no countdown begins again.
    """
    from cockpit.domain.correction import describe_correction, is_sent_text

    known = _editable(session, inc, entry)
    text = clean_input(text).strip()
    if not text:
        raise InvalidInputError("An entry cannot become empty.", "Take it back instead.")
    if len(text) > MAX_ENTRY_CHARACTERS:
        raise InvalidInputError(
            f"An entry holds at most {MAX_ENTRY_CHARACTERS:,} characters; this has {len(text):,}."
        )
    act, now = session.new_id(), session.clock()
    noted = ""
    if is_sent_text(known) and text != known.text:
        noted = describe_correction(known, text, now, clean_input(reason))

    def build(reads: Reads) -> Sequence[NewEvent]:
        register = reads.register(inc, entry_object(entry), "text")
        edited: Body = EntryEdited(entry, text, register.op if register else entry, act=act)
        if register and register.rivals:  # who corrects it anew has read them all
            edited = on_register(reads, inc, FieldSet("text", text, entry_object(entry), act=act))
        events = [NewEvent(inc, edited), *_headline(reads, inc, known, text, act)]
        if noted:
            kind = EntryKind.COMMUNICATION.value
            events.append(NewEvent(inc, EntryAdded(now, noted, kind, act=act)))
        return events

    session.write(build)
    return _entry(session, inc, entry)


def move(session: Session, inc: str, entry: str, at: datetime) -> TimelineEntry:
    """Say that an entry happened at another time."""
    return _set(session, inc, entry, "at", value=at.isoformat())


def star(session: Session, inc: str, entry: str, *, on: bool) -> TimelineEntry:
    """Star an entry for the post-mortem, or take the star away."""
    return _set(session, inc, entry, "star", value=on)


def hide(session: Session, inc: str, entry: str) -> TimelineEntry:
    """Take an entry back; it stays in the history and can be brought back by undo."""
    known, act = _editable(session, inc, entry), session.new_id()
    body = FieldSet("hidden", v=True, obj=entry_object(entry), act=act)

    def build(reads: Reads) -> Sequence[NewEvent]:
        before = _text_before(reads, inc, known)
        events = _headline(reads, inc, known, before, act)
        return [NewEvent(inc, on_register(reads, inc, body)), *events]

    session.write(build)
    return _entry(session, inc, entry)


def redact(session: Session, inc: str, entry: str, reason: str = "") -> TimelineEntry:
    """Remove an entry's text for good (a secret was pasted); this cannot be undone.

    A headline that repeats it says again what stood there before, so that nobody sends it on.
    """
    known, act = _editable(session, inc, entry), session.new_id()

    def build(reads: Reads) -> Sequence[NewEvent]:
        events = _headline(reads, inc, known, _text_before(reads, inc, known), act)
        silent = [replace(each, body=replace(each.body, was=None)) for each in events]
        return [NewEvent(inc, EntryRedacted(entry, reason)), *silent]

    session.write(build)
    return _entry(session, inc, entry)


def _headline(
    reads: Reads, inc: str, entry: TimelineEntry, text: str, act: str
) -> Sequence[NewEvent]:
    """Return the event that lets a headline follow the entry that it repeats, if it does."""
    field = _HEADLINE_FIELDS.get(entry.kind)
    register = reads.register(inc, "", field) if field else None
    if not field or register is None or register.value != entry.text or text == entry.text:
        return ()
    return [NewEvent(inc, on_register(reads, inc, FieldSet(field, text, act=act)))]


def _text_before(reads: Reads, inc: str, entry: TimelineEntry) -> str:
    """Return the last text of an entry's kind beside that entry, empty without any."""
    if entry.kind not in _HEADLINE_FIELDS:
        return ""
    chosen = TimelineFilter(kinds=(entry.kind,))
    count = reads.timeline_count(inc, chosen)
    last = reads.timeline(inc, chosen, max(0, count - 2), count)
    return next((each.text for each in reversed(last) if each.id != entry.id), "")


def _set(session: Session, inc: str, entry: str, field: str, *, value: Any) -> TimelineEntry:
    _editable(session, inc, entry)
    body = FieldSet(field, value, obj=entry_object(entry))
    session.write(lambda reads: [NewEvent(inc, on_register(reads, inc, body))])
    return _entry(session, inc, entry)


def _entry(session: Session, inc: str, entry: str) -> TimelineEntry:
    found = session.reads.entry(inc, entry)
    if found is None:
        raise InvalidInputError("There is no such entry in this incident.")
    return found


def _editable(session: Session, inc: str, entry: str) -> TimelineEntry:
    found = _entry(session, inc, entry)
    if not found.editable:
        raise InvalidInputError(
            "This line shows a change that was made; it has no text of its own.",
            "Undo the change, or log a note about it.",
        )
    return found


def _parse_kind(kind: str) -> EntryKind:
    try:
        return EntryKind(kind)
    except ValueError:
        raise expected("a kind of entry", kind, [each.value for each in EntryKind]) from None
