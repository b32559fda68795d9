"""Changes of an incident's own fields: status, stage, severity, impact, roles and the like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from cockpit.domain.closing import check_closable
from cockpit.domain.entry_grammar import HEADLINES
from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.nearest import expected
from cockpit.domain.playbook import Playbook
from cockpit.domain.review import REVIEW_STATES
from cockpit.domain.times import check_plausible, parse_when
from cockpit.domain.view import IncidentView
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import EntryKind, Impact, PublicStatus, Stage
from cockpit.errors import InvalidInputError
from cockpit.service.incidents import kind_of, parse_severity
from cockpit.service.reviews import set_review
from cockpit.service.roster import expedite_reason, pull_in, tell_customers_sooner
from cockpit.service.session import Session
from cockpit.service.timeline import MAX_ENTRY_CHARACTERS, on_register
from cockpit.store.database import NewEvent, Reads

_ALIASES = {
    "next": "next_step",
    "started": "started_at",
    "owner": "pm.owner",
    "review": "pm.review",
}
_NOBODY = ("", "nobody", "none", "-")
_HEADLINE_KINDS = {field: kind for kind, field in HEADLINES.items()} | {
    "workaround": EntryKind.ACTION
}

Parsed = list[tuple[str, Any]]
"""Register fields and values that one change sets."""


def field_names(playbook: Playbook) -> tuple[str, ...]:
    """Return the fields that `set_field` takes."""
    return (
        *_PARSERS,
        *_HEADLINE_KINDS,
        *(f"role.{role.id}" for role in playbook.roles),
        "pm.owner",
        "pm.meeting_at",
        "pm.review",
        "pm.reviewed_by",
    )


def set_field(
    session: Session,
    inc: str,
    field: str,
    value: str,
    *,
    reason: str = "",
    at: datetime | None = None,
) -> IncidentView:
    """Set a field with the reason why, and return the new view.

    at: when it happened (None: now). Setting the value that holds changes nothing.
    Raises InvalidInputError for an unknown field or value, naming the nearest right one, and for
    closing an incident while something is left that nobody waived.
    """
    field = _known_field(session.playbook, field)
    text = clean_input(value).strip()
    parsed = _parse(session, field, text)
    if field == "pm.review":
        return set_review(session, inc, text, reason=reason, at=at)
    view = session.reads.view(inc)
    if ("stage", Stage.CLOSED.value) in parsed and view.stage is not Stage.CLOSED:
        check_closable(view, session.playbook, session.clock())
    act = session.new_id()
    obj, why = ("pm" if field.startswith("pm.") else ""), clean_input(reason).strip()

    def build(reads: Reads) -> Sequence[NewEvent]:
        events: list[NewEvent] = []
        for name, each in parsed:
            body = FieldSet(name, each, obj=obj, reason=why, at=at, act=act)
            body = since_opening(view, on_register(reads, inc, body))
            if body.was != each or body.over:
                events.append(NewEvent(inc, body))
        if events and field in _HEADLINE_KINDS:
            kind = _HEADLINE_KINDS[field].value
            shown = f"Workaround: {text}" if field == "workaround" else text
            events.append(NewEvent(inc, EntryAdded(at or session.clock(), shown, kind, act=act)))
        given = {name: str(each) for name, each in parsed if name in ("criterion", "kind")}
        if events and (why_now := expedite_reason(session.playbook, **given)):
            now = session.clock()
            events += pull_in(reads, session.playbook, view, why_now, now, act)
            events += tell_customers_sooner(reads, session.playbook, view, why_now, now, act)
        return events

    session.write(build)
    return session.reads.view(inc)


def check_value(session: Session, field: str, value: str) -> None:
    """Refuse a value that `set_field` would refuse, before anything is written."""
    _parse(session, _known_field(session.playbook, field), clean_input(value).strip())


def since_opening(view: IncidentView, body: FieldSet) -> FieldSet:
    """Return the event with the value that the declaration gave, where nobody has set one yet."""
    if body.base or body.f not in ("severity", "status", "stage", "title"):
        return body
    return replace(body, was=str(getattr(view, body.f)))


def settle(session: Session, inc: str, obj: str, field: str, value: Any) -> IncidentView:
    """Choose between rival values of one field; the choice has seen them all."""
    body = FieldSet(field, value, obj=obj, reason="chosen between values set at the same time")
    session.write(lambda reads: [NewEvent(inc, on_register(reads, inc, body))])
    return session.reads.view(inc)


def _known_field(playbook: Playbook, field: str) -> str:
    name = field.strip().lower().replace("-", "_") if not field.startswith("role") else field
    name = _ALIASES.get(name, name)
    names = field_names(playbook)
    if name.removeprefix("role.") in (role.id for role in playbook.roles):
        name = f"role.{name.removeprefix('role.')}"
    if name not in names:
        raise expected("a field", field, names)
    return name


def _parse(session: Session, field: str, text: str) -> Parsed:
    if field.startswith("role."):
        return [(field, "" if text.lower() in _NOBODY else text)]
    if field in _HEADLINE_KINDS:
        if len(text) > MAX_ENTRY_CHARACTERS:
            raise InvalidInputError(f"That is longer than {MAX_ENTRY_CHARACTERS:,} characters.")
        return [(field, text)]
    if field == "pm.meeting_at":
        at = parse_when(text, session.clock()) if text else None
        return [("meeting_at", at.isoformat() if at else "")]
    if field == "pm.review":
        return [("review", _one_of("a review state", text.replace("-", " "), REVIEW_STATES))]
    if field in ("pm.owner", "pm.reviewed_by"):
        return [(field.removeprefix("pm."), "" if text.lower() in _NOBODY else text)]
    return _PARSERS[field](session, text)


def _one_of(what: str, text: str, choices: Sequence[str]) -> str:
    word = text.lower()
    if word not in choices:
        raise expected(what, text, choices)
    return word


def _parse_status(_: Session, text: str) -> Parsed:
    return [("status", _one_of("a status", text, [each.value for each in PublicStatus]))]


def _parse_stage(_: Session, text: str) -> Parsed:
    word = text.replace(" ", "-").replace("_", "-")
    return [("stage", _one_of("a stage", word, [each.value for each in Stage]))]


def _parse_level(_: Session, text: str) -> Parsed:
    return [("severity", parse_severity(text).value)]


def _parse_impact(session: Session, text: str) -> Parsed:
    if text[:1].isdigit():
        return _parse_share(session, text)
    return [("impact", _one_of("an impact", text, [each.value for each in Impact]))]


def _parse_share(session: Session, text: str) -> Parsed:
    try:
        share = float(text.removesuffix("%").strip().replace(",", "."))
    except ValueError:
        share = -1.0
    if not 0 <= share <= 100:
        raise InvalidInputError(
            f"“{text}” is not a share of customers.", "Expected a percentage from 0 to 100."
        )
    return [("share", share), ("impact", session.playbook.impact(share).id)]


def _parse_title(_: Session, text: str) -> Parsed:
    if not text:
        raise InvalidInputError("An incident needs a title.", "Say what is broken, for whom.")
    return [("title", " ".join(text.splitlines()))]


def _parse_kind(session: Session, text: str) -> Parsed:
    kinds = [each.id for each in session.playbook.kinds]
    return [("kind", _one_of("a kind of incident", text, kinds))]


def _parse_criterion(session: Session, text: str) -> Parsed:
    criteria = [each.id for each in session.playbook.criteria]
    word = _one_of("a criterion", text, criteria)
    kind = kind_of(session.playbook, word)
    return [("criterion", word), *([("kind", kind)] if kind else [])]


def _parse_start(session: Session, text: str) -> Parsed:
    now = session.clock()
    return [("started_at", check_plausible(parse_when(text, now), now).isoformat())]


def _parse_area(session: Session, text: str) -> Parsed:
    areas = session.playbook.areas
    if text.lower() in _NOBODY:
        return [("area", "")]
    word = text.casefold()
    named = [each.id for each in areas if word in (each.id.casefold(), each.name.casefold())]
    if not named:
        raise expected("an area", text, [each.id for each in areas])
    return [("area", named[0])]


_PARSERS: dict[str, Callable[[Session, str], Parsed]] = {
    "status": _parse_status,
    "stage": _parse_stage,
    "severity": _parse_level,
    "impact": _parse_impact,
    "share": _parse_share,
    "title": _parse_title,
    "kind": _parse_kind,
    "criterion": _parse_criterion,
    "started_at": _parse_start,
    "area": _parse_area,
}
