"""Incidents in the form of Google Cloud's `incidents.json`: a list of objects with `updates`.

Only `number` (or `id`), `begin` and the updates' `when` and `text` are needed; what else a record
holds is kept with it.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import msgspec

from cockpit.domain.foreign_formats import unexpected
from cockpit.domain.foreign_incident import (
    ForeignEntry,
    ForeignFormat,
    ForeignIncident,
    public_message,
    resolved_stage,
    title_of,
)
from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.nearest import expected
from cockpit.domain.statuspage import decode_json
from cockpit.domain.visible import clip
from cockpit.domain.vocabulary import Impact, PublicStatus, Severity

SEVERITIES = {
    "low": (Severity.SEV4, Impact.LOW),
    "medium": (Severity.SEV3, Impact.MEDIUM),
    "high": (Severity.SEV2, Impact.HIGH),
}
"""Google's severities as severity and impact; none of them means SEV1 by itself."""

STATUSES = {
    "AVAILABLE": PublicStatus.RESOLVED,
    "SERVICE_INFORMATION": PublicStatus.INVESTIGATING,
    "SERVICE_DISRUPTION": PublicStatus.INVESTIGATING,
    "SERVICE_OUTAGE": PublicStatus.INVESTIGATING,
}
"""What an update says of the service, as public status: only its end is a step of ours."""

_MOST_TITLE = 120
"""Cells of a title: descriptions run over many lines, and stay whole in the record."""

_VOLATILE = ("modified", "most_recent_update", "currently_affected_locations")
"""Fields that change whenever an incident is touched, or repeat an update."""


def parse_incidents(data: bytes, now: datetime) -> tuple[ForeignIncident, ...]:
    """Return the incidents of a file; `now` bounds what can have happened.

    Raises ImportRefusedError with the record's number (from 1, in the file's order).
    """
    document = decode_json(data)
    rows = document if isinstance(document, list) else [document]
    if not rows or not all(isinstance(each, dict) and "updates" in each for each in rows[:1]):
        wanted = "no list of incidents in Google Cloud's form"
        raise unexpected(document, wanted, "a list of objects with “number”, “begin”, “updates”")
    found: dict[str, tuple[str, ForeignIncident]] = {}
    for place, raw in enumerate(rows, start=1):
        record = ForeignRecord(raw, f"Record {place}", now)
        each = _incident(record)
        name, known = found.setdefault(each.id, (record.name, each))
        if known.raw != each.raw or known.entries != each.entries:
            raise record.refusal(f"has the number of {name} ({each.id}), but says something else")
    return tuple(each for _, each in found.values())


def _incident(record: ForeignRecord) -> ForeignIncident:
    key = record.text("number", "id")
    if not key or len(key) > 200:
        raise record.refusal("expected a “number” of 1 to 200 characters")
    begin, end = record.moment("begin", "created"), record.moment("end")
    if begin is None:
        raise record.refusal("begin is missing; expected a time like 2022-06-30T18:15:00Z")
    entries = _entries(record)
    word = record.text("severity").lower()
    severity, impact = SEVERITIES[_known(record, "severity", word or "low", SEVERITIES)]
    status = entries[-1].status if entries else ""
    status = PublicStatus.RESOLVED.value if end else status
    title = _title(record)
    return ForeignIncident(
        place=f"{record.name} (“{clip(title, 60)}”)",
        id=key,
        title=title,
        severity=severity.value,
        at=begin,
        raw={name: value for name, value in record.raw.items() if name != "updates"},
        entries=entries,
        impact=impact.value,
        reason=f"Google Cloud severity: {word}" if word else "",
        status=status,
        stage=resolved_stage(status),
        ended_at=end,
        ended_reason="the record ends before its last update" if _ends_early(end, entries) else "",
        recorded_at=record.moment("created"),
        changed_at=record.moment("modified"),
    )


def _ends_early(end: datetime | None, entries: tuple[ForeignEntry, ...]) -> bool:
    return end is not None and bool(entries) and end < entries[-1].at


def _title(record: ForeignRecord) -> str:
    lines = [line.strip(" *_#") for line in record.text("external_desc").splitlines()]
    said = [line for line in lines if line.strip("-:") and not line.endswith(":")]
    title = title_of(said[0] if said else "") or record.line("service_name")
    return clip(title or f"Incident {record.text('number', 'id')}", _MOST_TITLE)


def _entries(record: ForeignRecord) -> tuple[ForeignEntry, ...]:
    """Return the updates, oldest first; the file has them newest first."""
    rows = list(reversed(record.rows("updates")))
    counted: Counter[str] = Counter()
    found: list[ForeignEntry] = []
    seen: set[bytes] = set()
    for row in rows:
        same = msgspec.json.encode(row.raw)
        if same in seen:
            continue
        seen.add(same)
        key = row.text("created", "when")
        counted[key] += 1
        found.append(_entry(row, key if counted[key] == 1 else f"{key} #{counted[key]}"))
    return tuple(sorted(found, key=lambda each: each.at))


def _entry(row: ForeignRecord, key: str) -> ForeignEntry:
    at = row.moment("when", "created")
    if at is None:
        raise row.refusal("when is missing; expected a time like 2022-06-30T18:15:00Z")
    word = row.text("status")
    status = STATUSES[_known(row, "status", word, STATUSES)].value if word else ""
    text = row.text("text")
    return ForeignEntry(
        id=key,
        at=at,
        text=text,
        raw=row.raw,
        msg=public_message(text, at, status),
        status=status,
        recorded_at=row.moment("created"),
        changed_at=row.moment("modified"),
    )


def _known(record: ForeignRecord, field: str, word: str, words: dict[str, Any]) -> str:
    if word in words:
        return word
    raise record.refusal(expected(f"a {field}", word, tuple(words)).message.rstrip("."))


def _lasting(raw: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in raw.items() if name not in _VOLATILE}


FORMAT = ForeignFormat("gcp", _lasting)
