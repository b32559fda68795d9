"""How an event shows in the timeline: as a written entry, or as the change that it made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.envelope import Op, Record
from cockpit.domain.events import Body, EntryAdded, FieldSet, IncidentOpened, Message, Source, Told
from cockpit.domain.receipt import recorded_time
from cockpit.domain.ring_plan import OPEN_END, time_value
from cockpit.domain.times import format_stamp
from cockpit.domain.view import TimelineEntry
from cockpit.domain.vocabulary import EntryKind

_KINDS = {
    "status": EntryKind.STATUS,
    "stage": EntryKind.STATUS,
    "severity": EntryKind.SEVERITY,
    "impact": EntryKind.IMPACT,
    "share": EntryKind.IMPACT,
    "title": EntryKind.NOTE,
    "area": EntryKind.NOTE,
    "started_at": EntryKind.NOTE,
}
_NAMES = {"started_at": "Start", "share": "Share of customers", "area": "Affected area"}


class TimelineLine(Struct, frozen=True, gc=False):
    """One event as a timeline line; `id` is the action's for people told together."""

    id: str
    at: datetime
    kind: str
    text: str
    editable: bool = False
    name: str = ""
    channel: str = ""
    note: str = ""
    msg: Message | None = None
    src: Source | None = None


def describe(record: Record, body: Body | None) -> TimelineLine | None:
    """Return the timeline line of an event, None for one that is not shown by itself.

    body: as `receipt.read_body` returns it.

    People told by an update have no line of their own: the update's says it.
    """
    op = record.op
    if body is None:
        return TimelineLine(op.id, recorded_time(record), "unknown", f"Unknown entry ({op.k})")
    if isinstance(body, EntryAdded):
        return written_line(op, body)
    if isinstance(body, IncidentOpened):
        return TimelineLine(op.id, body.at, EntryKind.NOTE.value, _opened(body))
    if isinstance(body, FieldSet):
        return _describe_change(record, body)
    if isinstance(body, Told):
        if body.via:
            return None
        return TimelineLine(
            body.act or op.id,
            body.at,
            EntryKind.COMMUNICATION.value,
            told_text((body.name or body.sh,), body.ch, body.note),
            name=body.name or body.sh,
            channel=body.ch,
            note=body.note,
        )
    return None


def written_line(op: Op, body: EntryAdded) -> TimelineLine:
    """Return the timeline line of an entry as it was written."""
    return TimelineLine(
        op.id, body.at, body.entry_kind, body.text, editable=True, msg=body.msg, src=body.src
    )


def told_text(names: tuple[str, ...], channel: str, note: str) -> str:
    """Return the sentence for people told in one action."""
    by = f" by {channel}" if channel else ""
    why = f": {note}" if note else ""
    return f"Told {', '.join(names)}{by}{why}"


def _opened(body: IncidentOpened) -> str:
    marks = [body.severity, *(["drill"] if body.drill else [])]
    verb = "Imported" if body.src else "Declared"
    return f"{verb} {', '.join(marks)}: {body.title}"


def _describe_change(record: Record, body: FieldSet) -> TimelineLine | None:
    if body.obj:
        return None
    said = _say_decision(body)
    if said is None:
        return None
    kind, text = said
    why = f" ({body.reason})" if body.reason else ""
    # What is done again takes an undo back, and carries a reason; an undo carries none.
    undone = " (undone)" if body.undoes and not body.reason else ""
    at = body.at or recorded_time(record)
    return TimelineLine(record.op.id, at, kind.value, f"{text}{why}{undone}")


def _say_decision(body: FieldSet) -> tuple[EntryKind, str] | None:
    """Return the kind and the words of a change, None for one that does not show by itself."""
    prefix, _, name = body.f.partition(".")
    if prefix == "role" and name:
        return EntryKind.ROLE, _say_values(name.replace("-", " ").capitalize(), body, "nobody")
    if name and prefix in _DECISIONS:
        return EntryKind.STATUS, _DECISIONS[prefix](name, body.v)
    if name and prefix == "waive":
        verb = "waived" if body.v else "asked for again"
        return EntryKind.DECISION, f"Closing check “{name}” {verb}{f': {body.v}' if body.v else ''}"
    if name and prefix == "component":
        words = replace(body, v=_state_words(body.v), was=_state_words(body.was))
        return EntryKind.STATUS, _say_values(name, words, "unknown")
    if body.f not in _KINDS:
        return None
    return _KINDS[body.f], _say_values(_NAMES.get(body.f, body.f.capitalize()), body, "unknown")


def _say_values(name: str, body: FieldSet, nothing: str) -> str:
    was = f"{_word(body.was, body.f)} → " if body.was not in (None, "", body.v) else ""
    return f"{name}: {was}{_word(body.v, body.f) or nothing}"


def _say_moved(audience: str, value: Any) -> str:
    to = f"moved to {_time_words(value)}" if value else "back at the time promised before"
    return f"Next update to {audience} {to}"


def _say_paused(audience: str, value: Any) -> str:
    if not value:
        return f"Updates to {audience} go on"
    until = "" if value == OPEN_END else f" until {_time_words(value)}"
    return f"Updates to {audience} paused{until}"


def _say_rhythm(audience: str, value: Any) -> str:
    every = f"every {value} min from now on" if value else "at the usual rhythm again"
    return f"Updates to {audience} {every}"


_DECISIONS: dict[str, Callable[[str, Any], str]] = {
    "promise": _say_moved,
    "pause": _say_paused,
    "rhythm": _say_rhythm,
}


def _state_words(value: Any) -> Any:
    return value.replace("_", " ") if isinstance(value, str) else value


def _time_words(value: Any) -> str:
    """Return an ISO time in UTC as people read it, or the value as it is."""
    at = time_value(value)
    return format_stamp(at, UTC) if at else str(value)


def _word(value: Any, field: str) -> str:
    if value is None:
        return ""
    if field == "share":
        return f"{value:g} %" if isinstance(value, int | float) else str(value)
    if field == "started_at":
        return str(value).replace("T", " ").replace("Z", " UTC")
    return str(value)


def entry_of(
    record: Record, line: TimelineLine, registers: Mapping[str, Any], *, redacted: bool
) -> TimelineEntry:
    """Return a timeline entry with its corrections; `registers` holds its own by field name."""
    op = record.op
    plain = TimelineEntry(
        id=op.id,
        at=line.at,
        recorded_at=recorded_time(record),
        t=op.t,
        kind=line.kind,
        text=line.text,
        author=op.by,
        editable=line.editable,
        msg=line.msg,
        src=line.src,
    )
    if not (registers or redacted):
        return plain
    corrected = "text" in registers and not redacted and registers["text"] != line.text
    text = line.text if not redacted else ""
    return replace(
        plain,
        at=time_value(registers.get("at")) or line.at,
        kind=str(registers.get("kind") or line.kind),
        text=str(registers["text"]) if corrected else text,
        starred=bool(registers.get("star")),
        hidden=bool(registers.get("hidden")),
        redacted=redacted,
        corrected=corrected,
        original=line.text if corrected else "",
        editable=line.editable and not redacted,
    )
