"""Statuspage records for tests, the events made of them, and the way back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from cockpit.domain.envelope import Op, Record, decode_body
from cockpit.domain.events import EntryAdded, FieldSet, IncidentOpened
from cockpit.domain.fold import Folded, fold
from cockpit.domain.record_pieces import add_piece
from cockpit.domain.registers import entry_object
from cockpit.domain.statuspage import parse_file
from cockpit.domain.statuspage_events import Addition, Known, additions, read_known

NOW = datetime(2026, 3, 4, tzinfo=UTC)


def update(number: int, at: str, status: str, body: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"u{number}",
        "status": status,
        "body": body,
        "incident_id": "i1",
        "created_at": f"2025-06-01T{at}:00.000Z",
        "updated_at": f"2025-06-01T{at}:00.000Z",
        "display_at": f"2025-06-01T{at}:00.000Z",
        "affected_components": None,
        "custom_tweet": None,
        **fields,
    }


def incident(*updates: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {
        "id": "i1",
        "name": "Payments are slow",
        "status": "resolved",
        "created_at": "2025-06-01T10:01:00.000Z",
        "updated_at": "2025-06-01T12:00:00.000Z",
        "monitoring_at": None,
        "resolved_at": "2025-06-01T12:00:00.000Z",
        "impact": "major",
        "shortlink": "https://status.example/i1",
        "started_at": "2025-06-01T10:00:00.000Z",
        "incident_updates": list(updates),
        "components": [{"id": "c1", "name": "API", "status": "operational"}],
        **fields,
    }


def outage(**fields: Any) -> dict[str, Any]:
    changed = {"code": "c1", "name": "API", "old_status": "operational", "new_status": "down"}
    return incident(
        update(5, "12:00", "resolved", "All good."),
        update(4, "11:40", "monitoring", "Watching."),
        update(3, "11:20", "investigating", "It came back."),
        update(2, "11:00", "monitoring", "A fix is out."),
        update(1, "10:01", "investigating", "We look into it.", affected_components=[changed]),
        **fields,
    )


def page(*incidents: dict[str, Any]) -> bytes:
    return json.dumps({"page": {"id": "p1"}, "incidents": list(incidents)}).encode()


def added(raw: dict[str, Any], *known: Op) -> Addition:
    (parsed,) = parse_file(page(raw), NOW)
    return additions(parsed, read_known(known) if known else Known(), 7, "INC")


def new_events(raw: dict[str, Any], known: tuple[Op, ...]) -> tuple[Op, ...]:
    there = {each.id for each in known}
    return tuple(each for each in added(raw, *known).events if each.id not in there)


def folded(*events: Op) -> Folded:
    return fold([Record(each) for each in events])


def rebuild(events: tuple[Op, ...]) -> dict[str, Any]:
    """Put the record together again from its events; updates newest first."""
    bodies = [(each, decode_body(each)) for each in sorted(events, key=lambda each: each.t)]
    raws: dict[str, dict[str, Any]] = {}
    for event, body in bodies:
        if isinstance(body, IncidentOpened | EntryAdded) and body.src:
            opens = isinstance(body, IncidentOpened)
            raws["" if opens else entry_object(event.id)] = body.src.raw
    fields = [(event.t, body.f, body) for event, body in bodies if isinstance(body, FieldSet)]
    for _, _, body in sorted(fields, key=lambda each: each[:2]):
        if body.f == "raw":
            raws[body.obj] = body.v
        elif body.f.startswith("raw."):
            raws[body.obj] = add_piece(raws[body.obj], body.f[4:], body.v)
    incident_raw = raws.pop("")
    order = sorted(
        raws.values(), key=lambda raw: (raw["display_at"], raw["created_at"]), reverse=True
    )
    return {**incident_raw, "incident_updates": order}
