"""Puts an incident's view together from registers, marks and messages.

The fold and the store's projections both end here, so that they cannot differ in meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.components import component_states
from cockpit.domain.envelope import Op
from cockpit.domain.events import IncidentOpened
from cockpit.domain.registers import (
    Candidate,
    Register,
    change,
    is_entry_contest,
    rank,
    rival,
)
from cockpit.domain.ring_plan import MOVED, PAUSED, RHYTHM, Decision, RingPlan, plans, time_value
from cockpit.domain.view import (
    ActionItem,
    Change,
    Hypothesis,
    IncidentView,
    OutgoingMessage,
    PostmortemState,
    ResponseAction,
    Rival,
    RoleHolder,
    SectionText,
    Stakeholder,
    ToldMark,
)
from cockpit.domain.vocabulary import Impact, PublicStatus, Severity, Stage

RegisterKey = tuple[str, str]
"""The object ("" for the incident) and the field of a register."""

STEP = "step."
"""What the field of a step's tick begins with."""

WAIVE = "waive."
"""What the field of a waived closing check begins with."""

SEEN = "seen."
"""What the field of a link to a past incident begins with; the rest is that incident's id."""

DRAFTED = "drafted"
"""The field of a section with the mark of the draft that its text began as, or last took in."""

_DECIDED = (MOVED, PAUSED, RHYTHM)
_HISTORY = ("status", "stage", "severity", "impact", "share")
_QUIET_OBJECTS = ("entry:", "told:")
_E = TypeVar("_E", bound=Enum)
_T = TypeVar("_T")


class IncidentRows(Struct, frozen=True):
    """What the fold or the projections know of one incident.

    declared_at: when its opening was recorded; registers: all but those of entries and told
    marks may be needed; history: every value ever set of the incident's own fields; told,
    messages: those not undone; section_texts: merged text by section id; last_op: the op with the
    greatest (stamp, id).
    """

    id: str
    ref: str
    opened_op: Op
    opened: IncidentOpened
    declared_at: datetime
    registers: Mapping[RegisterKey, Register]
    history: tuple[Candidate, ...] = ()
    told: tuple[ToldMark, ...] = ()
    messages: tuple[OutgoingMessage, ...] = ()
    section_texts: Mapping[str, str] = {}
    entry_count: int = 0
    unknown_ops: int = 0
    last_op: str = ""


def assemble(rows: IncidentRows) -> IncidentView:
    """Return the frozen view of an incident."""
    own = _Values(rows.registers, "")
    opened = rows.opened
    changes = _changes(rows.history)
    status = own.one_of("status", PublicStatus, PublicStatus.INVESTIGATING)
    stage = own.one_of("stage", Stage, Stage.DETECTED)
    view = IncidentView(
        id=rows.id,
        ref=rows.ref,
        number=opened.number,
        prefix=opened.prefix,
        title=own.text("title") or opened.title,
        severity=own.one_of("severity", Severity, _enum(Severity, opened.severity, Severity.SEV4)),
        status=status,
        stage=stage,
        started_at=time_value(own.get("started_at")) or opened.at,
        declared_at=rows.declared_at,
        declared_by=rows.opened_op.by,
        impact=_enum(Impact, own.get("impact"), None),
        share=_number(own.get("share")),
        kind=own.text("kind") or "outage",
        criterion=own.text("criterion") or opened.criterion,
        drill=opened.drill,
        private=opened.private,
        resolved_at=_resolved_at(status, stage, changes),
        closed_at=_since(changes, "stage", Stage.CLOSED) if stage is Stage.CLOSED else None,
        impact_text=own.text("impact_text"),
        cause=own.text("cause"),
        next_step=own.text("next_step"),
        workaround=own.text("workaround"),
        area=own.text("area"),
        steps=_steps(rows.registers),
        roles=_roles(rows.registers),
        changes=changes,
        opened_severity=_enum(Severity, opened.severity, Severity.SEV4),
        waivers=own.texts(WAIVE),
        summary_at=time_value(own.get("summary_at")),
        seen_before=own.texts(SEEN),
        entry_count=rows.entry_count,
        unknown_ops=rows.unknown_ops,
        last_op=rows.last_op,
        src=opened.src,
        archived=own.get("archived") is True,
    )
    return _add_parts(view, rows)


def _add_parts(view: IncidentView, rows: IncidentRows) -> IncidentView:
    """Return the view with everything that the incident has several of."""
    registers = rows.registers
    return replace(
        view,
        stakeholders=_stakeholders(registers),
        told=rows.told,
        messages=rows.messages,
        actions=_items(registers, "act:", ActionItem, "title"),
        plans=_plans(rows),
        response_actions=_asked(registers),
        hypotheses=_supposed(registers),
        components=component_states(registers, rows.messages),
        postmortem=_postmortem(rows),
        rivals=_rivals(registers),
    )


def objects(registers: Mapping[RegisterKey, Register], prefix: str) -> tuple[str, ...]:
    """Return the register objects that begin with `prefix` (such as `act:`), in order."""
    return tuple(sorted({obj for obj, _ in registers if obj.startswith(prefix)}))


class _Values:
    """The plain values of one register object."""

    def __init__(self, registers: Mapping[RegisterKey, Register], obj: str) -> None:
        self._registers = registers
        self._obj = obj

    def get(self, field: str) -> Any:
        register = self._registers.get((self._obj, field))
        return register.value if register else None

    def text(self, field: str) -> str:
        value = self.get(field)
        return value if isinstance(value, str) else ""

    def texts(self, prefix: str) -> dict[str, str]:
        """Return the non-empty words of all fields that begin with `prefix`, without it."""
        return {
            field.removeprefix(prefix): each.value
            for (obj, field), each in sorted(self._registers.items())
            if obj == self._obj and field.startswith(prefix) and each.value
            if isinstance(each.value, str)
        }

    def one_of(self, field: str, choices: type[_E], default: _E) -> _E:
        try:
            return choices(self.get(field))
        except ValueError:
            return default


def _enum(choices: type[_E], value: Any, default: Any) -> Any:
    try:
        return choices(value)
    except ValueError:
        return default


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _changes(history: tuple[Candidate, ...]) -> tuple[Change, ...]:
    own = [each for each in history if not each.obj and _is_history(each.f)]
    ranked = sorted(own, key=rank)
    return tuple(sorted((change(each) for each in ranked), key=lambda each: each.at))


def _is_history(field: str) -> bool:
    return field in _HISTORY or field.startswith("role.")


def _since(changes: tuple[Change, ...], field: str, value: str) -> datetime | None:
    """Return when a field came to its present value for the last time."""
    since = None
    for each in changes:
        if each.field == field:
            since = (since or each.at) if each.value == value else None
    return since


def _resolved_at(
    status: PublicStatus, stage: Stage, changes: tuple[Change, ...]
) -> datetime | None:
    if status is PublicStatus.RESOLVED:
        return _since(changes, "status", status)
    if stage in (Stage.RESOLVED, Stage.POSTMORTEM, Stage.CLOSED):
        return _since(changes, "stage", stage)
    return None


def _roles(registers: Mapping[RegisterKey, Register]) -> tuple[RoleHolder, ...]:
    holders = []
    for (obj, field), register in sorted(registers.items()):
        person = register.value
        if not obj and field.startswith("role.") and isinstance(person, str) and person:
            since = change(register.winner).at
            holders.append(RoleHolder(field.removeprefix("role."), person, since))
    return tuple(holders)


def _rivals(registers: Mapping[RegisterKey, Register]) -> tuple[Rival, ...]:
    return tuple(
        rival(loser)
        for (obj, field), register in sorted(registers.items())
        if (not obj.startswith(_QUIET_OBJECTS) or is_entry_contest(obj, field)) and field != DRAFTED
        for loser in register.rivals
    )


def _steps(registers: Mapping[RegisterKey, Register]) -> tuple[str, ...]:
    return tuple(
        field.removeprefix(STEP)
        for (obj, field), register in sorted(registers.items())
        if not obj and field.startswith(STEP) and register.value is True
    )


def _stakeholders(registers: Mapping[RegisterKey, Register]) -> tuple[Stakeholder, ...]:
    found = []
    for obj in objects(registers, "sh:"):
        fields = {field: each.value for (owner, field), each in registers.items() if owner == obj}
        card = fields.pop("card", None)
        if fields.pop("archived", False):
            continue
        merged = {**(card if isinstance(card, dict) else {}), **fields, "id": obj[3:]}
        try:
            found.append(msgspec.convert(merged, Stakeholder))
        except msgspec.ValidationError:
            continue
    return tuple(found)


def read_object(fields: Mapping[str, Any], identity: str, kind: type[_T], main: str) -> _T | None:
    """Return an object from its fields, None when it was removed or cannot be one.

    main: the field that makes it one; once that was taken back (None), the object is gone, while
    any other field that was taken back has its default again.
    """
    if fields.get("archived", False) or fields.get(main, "") is None:
        return None
    given = {name: value for name, value in fields.items() if value is not None}
    try:
        return msgspec.convert({main: "", **given, "id": identity}, kind)
    except msgspec.ValidationError:
        return None


def _items(
    registers: Mapping[RegisterKey, Register], prefix: str, kind: type[_T], main: str
) -> tuple[_T, ...]:
    """Return the objects of one kind in order of their ids, without those that were removed."""
    found: dict[str, dict[str, Any]] = {obj: {} for obj in objects(registers, prefix)}
    for (obj, field), each in registers.items():
        if obj in found:
            found[obj][field] = each.value
    made = (read_object(fields, obj[len(prefix) :], kind, main) for obj, fields in found.items())
    return tuple(each for each in made if each is not None)


def _asked(registers: Mapping[RegisterKey, Register]) -> tuple[ResponseAction, ...]:
    """Return what was asked of people, in the order in which it was asked."""
    found = _items(registers, "do:", ResponseAction, "title")
    never = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(found, key=lambda each: (each.asked_at or never, each.id)))


def _supposed(registers: Mapping[RegisterKey, Register]) -> tuple[Hypothesis, ...]:
    """Return the theories, in the order in which their texts were written."""

    def place(each: Hypothesis) -> tuple[int, str, str]:
        text = registers.get((f"hyp:{each.id}", "text"))
        return rank(text.winner) if text else (0, "", each.id)

    return tuple(sorted(_items(registers, "hyp:", Hypothesis, "text"), key=place))


def _plans(rows: IncidentRows) -> dict[str, RingPlan]:
    """Return what was decided about each audience's countdown."""
    ranked = sorted(rows.history, key=rank)
    steps = [
        (change(each), bool(each.undoes))
        for each in ranked
        if not each.obj and (each.f in ("severity", "status") or each.f.startswith(_DECIDED))
    ]
    decided = [
        Decision(each.field, each.value, each.at, each.by, each.reason, back)
        for each, back in steps
    ]
    began = Decision("severity", rows.opened.severity, rows.declared_at)
    return plans([began, *decided])


def _postmortem(rows: IncidentRows) -> PostmortemState:
    ids = {*rows.section_texts, *(obj[4:] for obj in objects(rows.registers, "sec:"))}
    sections = []
    for section in ids:
        values = _Values(rows.registers, f"sec:{section}")
        text = rows.section_texts.get(section, "")
        sections.append(SectionText(section, values.text("title"), values.text("pos"), text))
    fields = {field: each.value for (obj, field), each in rows.registers.items() if obj == "pm"}
    in_order = sorted(sections, key=lambda each: (each.pos, each.id))
    return postmortem_state(fields, tuple(in_order))


def postmortem_state(
    fields: Mapping[str, Any], sections: tuple[SectionText, ...] = ()
) -> PostmortemState:
    """Return the state of a post-mortem from the fields of its object `pm`."""
    words = {name: value for name, value in fields.items() if isinstance(value, str)}
    return PostmortemState(
        owner=words.get("owner", ""),
        meeting_at=time_value(fields.get("meeting_at")),
        review=words.get("review") or "draft",
        sections=sections,
        reviewed_by=words.get("reviewed_by", ""),
        reviewed_at=time_value(fields.get("reviewed_at")),
    )
