"""Records in Google Cloud's form for tests."""

from __future__ import annotations

from typing import Any


def update(when: str, status: str, text: str, **fields: Any) -> dict[str, Any]:
    time = f"2025-06-01T{when}:00+00:00"
    return {
        "created": time,
        "modified": time,
        "when": time,
        "status": status,
        "text": text,
    } | fields


def record(*updates: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return a record with its updates newest first, as the file has them."""
    found = list(updates) or [
        update("12:00", "AVAILABLE", "The issue has been resolved."),
        update("10:20", "SERVICE_DISRUPTION", "We will provide an update by 03:45 US/Pacific."),
    ]
    return {
        "id": "x1",
        "number": "98615",
        "begin": "2025-06-01T10:00:00+00:00",
        "created": "2025-06-01T10:20:00+00:00",
        "end": "2025-06-01T11:50:00+00:00",
        "modified": "2025-06-01T12:00:00+00:00",
        "external_desc": "**Summary:**\nStorage is slow in one region.\n\nMore.",
        "updates": found,
        "most_recent_update": found[0] if found else None,
        "severity": "medium",
        "service_name": "Storage",
        "affected_products": [{"title": "Storage", "id": "s1"}],
        "uri": "incidents/x1",
        **fields,
    }
