"""Statuspage incidents as events: what a page's words mean here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cockpit.domain import foreign_incident
from cockpit.domain.envelope import Op
from cockpit.domain.events import ComponentChange
from cockpit.domain.foreign_event import incident_id
from cockpit.domain.foreign_incident import (
    Addition,
    ForeignEntry,
    ForeignFormat,
    ForeignIncident,
    public_message,
    resolved_stage,
    title_of,
)
from cockpit.domain.foreign_known import Known
from cockpit.domain.foreign_known import read_known as read_known_of
from cockpit.domain.html_text import html_to_text
from cockpit.domain.statuspage import PLANNED, SEVERITIES, STATUSES, PageUpdate, ParsedIncident
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import PublicStatus, Stage

_VOLATILE = ("updated_at", "components")
"""Fields of an incident that change whenever the page does, and say nothing about the incident."""


def inc_of(parsed: ParsedIncident) -> str:
    """Return the incident's id here."""
    return incident_id(FORMAT.name, parsed.record.id)


def read_known(events: Iterable[Op]) -> Known:
    """Return what the imported `events` of one incident say; others' events are left out."""
    return read_known_of(events, FORMAT.name)


def additions(parsed: ParsedIncident, known: Known, number: int, prefix: str) -> Addition:
    """Return what a page's incident adds, as `foreign_incident.additions` does."""
    return foreign_incident.additions(FORMAT, to_foreign(parsed), known, number, prefix)


def to_foreign(parsed: ParsedIncident) -> ForeignIncident:
    """Return a page's incident in our words."""
    record = parsed.record
    severity, impact = SEVERITIES[record.impact or "none"]
    status = STATUSES[record.status]
    stage = resolved_stage(status.value)
    return ForeignIncident(
        place=f"Record {parsed.number} (“{record.name[:60]}”)",
        id=record.id,
        title=title_of(record.name),
        severity=severity.value,
        at=record.at,
        raw=parsed.raw,
        entries=tuple(_entry(each, parsed.raw_updates[each.id]) for each in parsed.ordered),
        impact=impact.value,
        reason=f"Statuspage impact: {record.impact}" if record.impact else "",
        status=status.value,
        stage=Stage.POSTMORTEM.value if record.status == "postmortem" else stage,
        ended_at=record.resolved_at if status is PublicStatus.RESOLVED else None,
        kind="planned" if _is_planned(parsed) else "",
        recorded_at=record.created_at,
        changed_at=record.updated_at,
    )


def _entry(update: PageUpdate, raw: dict[str, Any]) -> ForeignEntry:
    text = clean_input(html_to_text(update.body or ""))
    status = STATUSES[update.status].value
    components = [
        ComponentChange(each.name, each.new_status, each.old_status)
        for each in update.affected_components or ()
    ]
    return ForeignEntry(
        id=update.id,
        at=update.at,
        text=text,
        raw=raw,
        msg=public_message(text, update.at, status, components),
        status=status,
        recorded_at=update.created_at,
        changed_at=update.updated_at,
    )


def _is_planned(parsed: ParsedIncident) -> bool:
    record = parsed.record
    words = (record.status, *(each.status for each in record.incident_updates))
    return record.impact == "maintenance" or any(word in PLANNED for word in words)


def _lasting(raw: dict[str, Any]) -> dict[str, Any]:
    """Return what an incident's record says of the incident itself."""
    lasting = {name: value for name, value in raw.items() if name not in _VOLATILE}
    names = [each.get("name") for each in raw.get("components") or () if isinstance(each, dict)]
    return {**lasting, "components": sorted(map(str, names))}


FORMAT = ForeignFormat("statuspage", _lasting)
