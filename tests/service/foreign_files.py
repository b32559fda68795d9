"""Files of other tools for tests, all invented, and a door that imports them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cockpit.domain.view import IncidentView, TimelineEntry, TimelineFilter
from cockpit.service import imports
from cockpit.service.import_options import ImportOptions
from cockpit.service.import_report import ImportReport
from cockpit.service.session import Session


def load(session: Session, form: str, content: Any, **wishes: Any) -> ImportReport:
    """Import bytes, or whatever JSON can hold."""
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return imports.import_stream(session, form, io.BytesIO(data), ImportOptions(**wishes))


def entries(session: Session, inc: str) -> tuple[TimelineEntry, ...]:
    """Return the whole timeline."""
    return session.reads.timeline(inc, TimelineFilter(), 0, 10_000)


def imported(session: Session, inc: str) -> list[str]:
    """Return the texts that imports brought into an incident, in order."""
    return [each.text for each in entries(session, inc) if each.src is not None]


def views(session: Session) -> list[IncidentView]:
    """Return every incident, the first number in front."""
    found = [session.reads.view(each.id) for each in session.reads.summaries()]
    return sorted(found, key=lambda view: view.number)


def sample_files(samples: Path) -> list[Path]:
    """Return every file of real data."""
    return sorted(path for path in samples.rglob("*") if path.is_file())


USERS = [
    {"id": "U1", "name": "ana.w", "profile": {"display_name": "Ana"}},
    {"id": "U2", "name": "ben", "real_name": "Ben", "profile": {"display_name": ""}},
]
CHANNELS = [
    {"id": "C1", "name": "checkout", "topic": {"value": "Checkout is down"}},
    {"id": "C2", "name": "random", "topic": {"value": ""}},
]


def message(text: str, ts: str = "1772614800.000100", user: str = "U1", **more: Any) -> Any:
    """Return a message; the time is 2026-03-04 09:00 UTC unless given."""
    return {"type": "message", "user": user, "text": text, "ts": ts, **more}


def archive(files: Mapping[str, Any]) -> bytes:
    """Return a zip archive of files: bytes as they are, anything else as JSON."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            packed.writestr(name, data)
    return buffer.getvalue()


def export(*messages: Any, **more: Any) -> bytes:
    """Return a Slack export with one channel's messages; `more` are further files."""
    files = {"users.json": USERS, "channels.json": CHANNELS}
    return archive({**files, "checkout/2026-03-04.json": list(messages), **more})


def alert(name: str = "DiskFull", minute: int = 0, ended: int | None = None, **more: Any) -> Any:
    """Return an alert that fires from so many minutes after 09:00 on, perhaps until `ended`."""
    zero = "0001-01-01T00:00:00Z"
    return {
        "status": "firing" if ended is None else "resolved",
        "labels": {"alertname": name, "severity": "critical", "instance": "db1"},
        "annotations": {"summary": f"{name} on db1"},
        "startsAt": f"2026-03-04T08:{minute:02}:00Z",
        "endsAt": zero if ended is None else f"2026-03-04T08:{ended:02}:00Z",
        "generatorURL": "http://prometheus.example/graph",
        "fingerprint": f"f-{name}",
        **more,
    }


def notification(*alerts: Any, **more: Any) -> dict[str, Any]:
    """Return what Alertmanager posts about a group."""
    firing = any(each.get("status") == "firing" for each in alerts)
    return {
        "version": "4",
        "groupKey": '{}:{alertname="DiskFull"}',
        "truncatedAlerts": 0,
        "status": "firing" if firing else "resolved",
        "receiver": "cockpit",
        "groupLabels": {"alertname": "DiskFull"},
        "commonLabels": {"alertname": "DiskFull"},
        "commonAnnotations": {},
        "externalURL": "http://alertmanager.example",
        "alerts": list(alerts),
        **more,
    }


def grafana(*alerts: Any, **more: Any) -> dict[str, Any]:
    """Return what Grafana's present alerting posts about a group."""
    extra = {"orgId": 1, "title": "[FIRING:1] Disks", "state": "alerting", "message": "…"}
    return notification(*alerts, **{**extra, "version": "1", **more})


def rule(state: str = "alerting", **more: Any) -> dict[str, Any]:
    """Return what Grafana's older alerting posts about a rule."""
    return {
        "title": f"[{state.title()}] Load peaks",
        "ruleId": 7,
        "ruleName": "Load peaks",
        "ruleUrl": "https://grafana.example/d/1?panelId=2",
        "state": state,
        "message": "Start more machines",
        "evalMatches": [{"metric": "load", "value": 97.5, "tags": {"host": "web1"}}],
        "tags": {"severity": "error"},
        **more,
    }


def pagerduty(key: str = "PA1", status: str = "triggered", **more: Any) -> dict[str, Any]:
    """Return an incident of PagerDuty's REST API."""
    return {
        "id": key,
        "type": "incident",
        "incident_number": 12,
        "title": "Checkout fails",
        "created_at": "2026-03-04T08:00:00Z",
        "status": status,
        "urgency": "high",
        "service": {"id": "S1", "summary": "checkout"},
        "assignments": [{"at": "2026-03-04T08:00:00Z", "assignee": {"id": "U1", "summary": "Ana"}}],
        "last_status_change_at": "2026-03-04T08:00:00Z",
        **more,
    }
