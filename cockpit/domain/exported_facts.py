"""What the table of facts of an exported document says of an incident's fields."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.exported_document import STAMP, ExportedDocument, read_stamp
from cockpit.domain.foreign_event import EARLIEST
from cockpit.domain.playbook import Playbook
from cockpit.domain.review import REVIEW_STATES
from cockpit.domain.vocabulary import PublicStatus, Severity, Stage

PM = "pm"
SEEN = "seen."

_TEXTS = {"What people see": "impact_text", "Cause": "cause", "Next step": "next_step"}
_DERIVED = ("Resolved", "Duration", "Affected area", "Not operational", "Waived on closing")
_TAKEN = (
    *("Severity", "Impact", "Status", "Stage", "Started", "Declared", "Criterion", "Seen before"),
    *("Post-mortem owner", "Post-mortem meeting", "Post-mortem review", "Imported from"),
)
_IMPACT = re.compile(r"(?P<impact>high|medium|low)?(?:, )?(?:(?P<share>\S+) % of customers)?")
_REVIEWED = re.compile(rf", by (?P<by>.*?)(?: on (?P<at>{STAMP}))?", re.DOTALL)


class Wanted(Struct, frozen=True):
    """What a document says of an incident's fields.

    values: by field of the incident, those whose changes its timeline shows; registers: by object
    and field, those that it does not show; started, declared: to the minute.
    """

    values: dict[str, Any]
    registers: dict[tuple[str, str], Any]
    started: datetime
    declared: datetime
    criterion: str


def has_facts(document: ExportedDocument) -> bool:
    """Say whether the facts that every document of ours has are there, as we write them."""
    stamps = (document.fact("Started"), document.fact("Declared"))
    return (
        all(read_stamp(each) for each in stamps)
        and _severity(document) in set(Severity)
        and document.fact("Status") in set(PublicStatus)
        and document.fact("Stage") in set(Stage)
    )


def wanted_values(document: ExportedDocument, playbook: Playbook) -> Wanted:
    """Return what the facts of a document say that has them all."""
    found = _IMPACT.fullmatch(document.fact("Impact"))
    values: dict[str, Any] = {
        "severity": _severity(document),
        "status": document.fact("Status"),
        "stage": document.fact("Stage"),
        "title": document.title,
        "impact": (found["impact"] or "") if found else "",
        "share": _number(found["share"]) if found else None,
    }
    if area := document.fact("Affected area"):
        values["area"] = next((each.id for each in playbook.areas if each.words == area), area)
    named = {each.name: each.id for each in playbook.roles}
    for name, value in _others(document):
        values[f"role.{named.get(name, name)}"] = value
    return Wanted(
        values,
        _registers(document),
        _moment(document, "Started"),
        _moment(document, "Declared"),
        _criterion(document, playbook),
    )


def left_over(document: ExportedDocument, shown: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the facts that nothing was made of; `shown`: those of the incident now, by name."""
    return tuple(each for each in _others(document) if shown.get(each[0]) != each[1])


def _others(document: ExportedDocument) -> tuple[tuple[str, str], ...]:
    """Return the facts whose names are none of ours: who held which role."""
    taken = (*_TEXTS, *_DERIVED, *_TAKEN)
    return tuple(each for each in document.facts if each[0] not in taken)


def _severity(document: ExportedDocument) -> str:
    return document.fact("Severity").partition(" ")[0]


def _moment(document: ExportedDocument, name: str) -> datetime:
    at = read_stamp(document.fact(name))
    return EARLIEST if at is None else at


def _registers(document: ExportedDocument) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = {
        ("", field): document.fact(name) for name, field in _TEXTS.items() if document.fact(name)
    }
    if owner := document.fact("Post-mortem owner"):
        found[PM, "owner"] = owner
    if meeting := read_stamp(document.fact("Post-mortem meeting")):
        found[PM, "meeting_at"] = meeting.isoformat()
    if document.review != REVIEW_STATES[0]:
        found[PM, "review"] = document.review
    review = document.fact("Post-mortem review")
    by = _REVIEWED.fullmatch(review[len(document.review) :]) if review else None
    if by and review.startswith(document.review):
        found[PM, "reviewed_by"] = by["by"]
        if at := read_stamp(by["at"] or ""):
            found[PM, "reviewed_at"] = at.isoformat()
    for number, ref in enumerate(document.fact("Seen before").split(", ")):
        if ref:
            found["", f"{SEEN}{number:032x}"] = ref
    return found


def _criterion(document: ExportedDocument, playbook: Playbook) -> str:
    text = document.fact("Criterion")
    return next((each.id for each in playbook.criteria if each.text == text), text)


def _number(word: str | None) -> float | None:
    try:
        return float(word) if word else None
    except ValueError:
        return None
