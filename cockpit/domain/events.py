"""Event bodies, one frozen struct per kind: what a person did, never changed afterwards.

`act` is the id of the action that an event belongs to: events of one action (telling a whole
quadrant, sending an update) are undone together. It is empty when the event stands alone; then
the event's own id counts. `undoes` names the action that this event takes back.
Times are aware and in UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

from msgspec import Meta, Struct

from cockpit.domain.vocabulary import MessageState

Moment = Annotated[datetime, Meta(tz=True)]
"""A time with its zone: one without could not be ordered among the others."""


class Source(Struct, frozen=True, omit_defaults=True):
    """Where an imported record came from, with the record as it was (`raw`)."""

    format: str
    id: str
    raw: dict[str, Any] = {}


class ComponentChange(Struct, frozen=True, omit_defaults=True):
    """A component of the public status page went from one state to another."""

    name: str
    new: str
    old: str = ""


class Message(Struct, frozen=True, omit_defaults=True):
    """What makes a timeline entry an outgoing text: to whom, by which channels, what it promised.

    The text itself, word for word, is the entry's text. `stage` is the template's stage
    ("first word", "investigating", …); `next_at` is the promised time of the next update.
    """

    state: MessageState
    audience: str
    channels: tuple[str, ...] = ()
    stage: str = ""
    status: str = ""
    next_at: Moment | None = None
    components: tuple[ComponentChange, ...] = ()


class IncidentOpened(Struct, frozen=True, omit_defaults=True):
    """An incident was declared; `at` is when it began, as far as known."""

    kind: ClassVar[str] = "inc.open"

    title: str
    severity: str
    number: int
    at: Moment
    prefix: str = "INC"
    criterion: str = ""
    drill: bool = False
    private: bool = False
    src: Source | None = None
    act: str = ""


class EntryAdded(Struct, frozen=True, omit_defaults=True, rename={"entry_kind": "kind"}):
    """A fact was noted; `entry_kind` is a word of `EntryKind`, `at` when it happened."""

    kind: ClassVar[str] = "entry.add"

    at: Moment
    text: str
    entry_kind: str = "note"
    msg: Message | None = None
    src: Source | None = None
    act: str = ""


class EntryEdited(Struct, frozen=True, omit_defaults=True):
    """An entry's text was corrected; `base` is the op whose text the writer saw."""

    kind: ClassVar[str] = "entry.edit"

    entry: str
    text: str
    base: str = ""
    act: str = ""
    undoes: str = ""


class EntryRedacted(Struct, frozen=True, omit_defaults=True):
    """An entry's text was removed for good, here and wherever it was synced to."""

    kind: ClassVar[str] = "entry.redact"

    entry: str
    reason: str = ""


class FieldSet(Struct, frozen=True, omit_defaults=True):
    """A register got a value (JSON); `obj` is empty for the incident itself.

    Objects: `` (title, severity, impact, share, status, stage, started_at, kind, criterion,
    role.<id>, cause, next_step, impact_text, workaround, archived; promise.<audience>,
    pause.<audience>, rhythm.<audience>, waive.<check>, component.<name>, seen.<incident>,
    summary_at),
    `entry:<op id>` (star, hidden, at, kind), `told:<op id>` (hidden), `sh:<id>` (card, then name,
    channels, …, archived), `act:<id>` (title, owner, due, state, kind, automate, archived),
    `do:<id>` (title, owner, asked_at, back_at, state, helped, why), `hyp:<id>` (text, state, why),
    `sec:<id>` (title, pos), `pm` (owner, meeting_at, review, reviewed_by, reviewed_at).
    `base` is the op whose value the writer saw, `over` the rival values settled by this one,
    `was` the value seen, `at` when it happened if not when it was recorded.
    """

    kind: ClassVar[str] = "reg.set"

    f: str
    v: Any
    obj: str = ""
    base: str = ""
    over: tuple[str, ...] = ()
    was: Any = None
    reason: str = ""
    at: Moment | None = None
    act: str = ""
    undoes: str = ""


class Told(Struct, frozen=True, omit_defaults=True):
    """A stakeholder was told; `name` is theirs at that time, `ch` the channel's id.

    `via` is the entry of the update that told them, empty when somebody did so in person.
    """

    kind: ClassVar[str] = "told.add"

    sh: str
    at: Moment
    name: str = ""
    ch: str = ""
    note: str = ""
    via: str = ""
    act: str = ""


class TextUpdated(Struct, frozen=True, omit_defaults=True):
    """A post-mortem section's text changed: `u` is a base64 Yjs update, format `y1`."""

    kind: ClassVar[str] = "pm.y"

    s: str
    u: str
    fmt: str = "y1"
    act: str = ""


class TextSnapshot(Struct, frozen=True, omit_defaults=True):
    """A section's text so far as one Yjs update; `upto` names the last op it holds."""

    kind: ClassVar[str] = "pm.snap"

    s: str
    u: str
    upto: str
    fmt: str = "y1"


class MemberNoted(Struct, frozen=True, omit_defaults=True):
    """A member's display name, as told by the member."""

    kind: ClassVar[str] = "member.note"

    name: str


Body = (
    IncidentOpened
    | EntryAdded
    | EntryEdited
    | EntryRedacted
    | FieldSet
    | Told
    | TextUpdated
    | TextSnapshot
    | MemberNoted
)

BODY_TYPES: dict[str, type[Struct]] = {
    body.kind: body
    for body in (
        IncidentOpened,
        EntryAdded,
        EntryEdited,
        EntryRedacted,
        FieldSet,
        Told,
        TextUpdated,
        TextSnapshot,
        MemberNoted,
    )
}
