"""How an event shows in the timeline: as a written entry, or as the change that it made."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.clock import stamp_time
from cockpit.domain.envelope import Op
from cockpit.domain.events import Body, EntryAdded, FieldSet, IncidentOpened, Message, Source, Told
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


class TimelineLine(Struct, frozen=True):
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


def describe(op: Op, body: Body | None) -> TimelineLine | None:
    """Return the timeline line of an event, None for one that is not shown by itself.

    People told by an update have no line of their own: the update's says it.
    """
    if body is None:
        return TimelineLine(op.id, stamp_time(op.t), "unknown", f"Unknown entry ({op.k})")
    if isinstance(body, EntryAdded):
        return TimelineLine(
            op.id, body.at, body.entry_kind, body.text, editable=True, msg=body.msg, src=body.src
        )
    if isinstance(body, IncidentOpened):
        return TimelineLine(op.id, body.at, EntryKind.NOTE.value, _opened(body))
    if isinstance(body, FieldSet):
        return _describe_change(op, body)
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


def told_text(names: tuple[str, ...], channel: str, note: str) -> str:
    """Return the sentence for people told in one action."""
    by = f" by {channel}" if channel else ""
    why = f": {note}" if note else ""
    return f"Told {', '.join(names)}{by}{why}"


def _opened(body: IncidentOpened) -> str:
    marks = [body.severity, *(["drill"] if body.drill else [])]
    verb = "Imported" if body.src else "Declared"
    return f"{verb} {', '.join(marks)}: {body.title}"


def _describe_change(op: Op, body: FieldSet) -> TimelineLine | None:
    if body.obj:
        return None
    role = body.f.removeprefix("role.") if body.f.startswith("role.") else ""
    if not role and body.f not in _KINDS:
        return None
    kind = EntryKind.ROLE if role else _KINDS[body.f]
    name = role.replace("-", " ").capitalize() if role else ""
    name = name or _NAMES.get(body.f, body.f.capitalize())
    was = f"{_word(body.was, body.f)} → " if body.was not in (None, "", body.v) else ""
    value = _word(body.v, body.f) or ("nobody" if role else "unknown")
    why = f" ({body.reason})" if body.reason else ""
    undone = " (undone)" if body.undoes else ""
    return TimelineLine(
        op.id, body.at or stamp_time(op.t), kind.value, f"{name}: {was}{value}{why}{undone}"
    )


def _word(value: Any, field: str) -> str:
    if value is None:
        return ""
    if field == "share":
        return f"{value:g} %" if isinstance(value, int | float) else str(value)
    if field == "started_at":
        return str(value).replace("T", " ").replace("Z", " UTC")
    return str(value)
