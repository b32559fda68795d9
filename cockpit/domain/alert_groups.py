"""Groups of alerts as Alertmanager and Grafana post them: one story per group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from msgspec import Struct

from cockpit.domain.foreign_incident import ForeignEntry
from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.foreign_story import Story, title_line
from cockpit.domain.nearest import expected
from cockpit.domain.playbook import Playbook
from cockpit.domain.vocabulary import EntryKind, Severity, Stage

_STATUSES = ("firing", "resolved")
_NO_TIME = "0001-01-01T"
"""How Go programs write a time that is not set."""

_COUNTS = re.compile(r"^\[[A-Za-z]+(:\s*\d+[^\]]*)?\]\s*")
"""What titles of notifications begin with: [FIRING:2], [Alerting]."""

_KEPT = frozenset(
    (
        *("version", "groupKey", "truncatedAlerts", "status", "receiver", "groupLabels"),
        *("commonLabels", "commonAnnotations", "externalURL", "notification_reason", "alerts"),
        *("orgId", "title", "state", "message", "appVersion", "numFiring", "numResolved"),
    )
)
_KEPT_OF_ALERT = frozenset(
    (
        *("status", "labels", "annotations", "startsAt", "endsAt", "generatorURL", "fingerprint"),
        *("silenceURL", "dashboardURL", "panelURL", "ruleUID", "values", "valueString", "orgId"),
    )
)


class _Alert(Struct, frozen=True):
    """An alert: since when, and until when unless it still fires."""

    name: str
    text: str
    labels: dict[str, str]
    identity: str
    starts_at: datetime
    ends_at: datetime | None
    raw: dict[str, Any]


def read_group(body: ForeignRecord, alerts: tuple[ForeignRecord, ...], rules: Playbook) -> Story:
    """Return what a notification says; `alerts` are its alerts, named by their number.

    Raises ImportRefusedError with the number of a record that is wrong.
    """
    if not alerts:
        raise body.refusal("it has no alerts")
    found = tuple(_read_alert(each, body.text("status")) for each in alerts)
    firing = any(each.ends_at is None for each in found)
    ends = [each.ends_at for each in found if each.ends_at is not None]
    starts = [each.starts_at for each in found]
    words = [each.labels.get("severity", "") for each in found]
    words.append(body.words("commonLabels").get("severity", ""))
    return Story(
        place=body.name,
        id=body.line("groupKey"),
        title=title_line(_title(body, found[0])),
        at=min(starts),
        as_of=max(starts + ends),
        entries=tuple(entry for each in found for entry in _entries(each)),
        severity=worst_severity(rules, words),
        stage=None if firing else Stage.RESOLVED,
        reason="" if firing else "every alert of the group is resolved",
        recurs=True,
        raw=body.texts("receiver", "externalURL"),
    )


def find_left_out(body: ForeignRecord, alerts: tuple[ForeignRecord, ...]) -> Iterator[str]:
    """Yield what a notification holds and is not kept, one thing after the other."""
    cut = body.text("truncatedAlerts")
    for _ in range(int(cut) if cut.isascii() and cut.isdecimal() and len(cut) < 7 else 0):
        yield "alert that was cut off before|alerts that were cut off before"
    for name in sorted(body.unknown(_KEPT)):
        yield f"field “{name}”"
    for name in sorted({name for each in alerts for name in each.unknown(_KEPT_OF_ALERT)}):
        yield f"field “{name}” of alerts"


def worst_severity(rules: Playbook, words: Iterable[str]) -> Severity | None:
    """Return the worst severity that words of another tool mean, None when they mean none."""
    found = (rules.import_severity(word) for word in words if word)
    return min((each for each in found if each is not None), default=None)


def strip_counts(title: str) -> str:
    """Return a notification's title without the state and number of alerts in front."""
    return _COUNTS.sub("", title)


def _read_alert(alert: ForeignRecord, status_of_all: str) -> _Alert:
    status = (alert.text("status") or status_of_all).lower()
    if status not in _STATUSES:
        raise alert.refusal(expected("a status of an alert", status, _STATUSES).message.rstrip("."))
    starts_at = alert.moment("startsAt")
    if starts_at is None:
        raise alert.refusal("startsAt is missing")
    ends_at = None
    if status == "resolved":
        ends_at = None if alert.text("endsAt").startswith(_NO_TIME) else alert.moment("endsAt")
        if ends_at is None:
            raise alert.refusal("it is resolved, but endsAt does not say when")
    labels = alert.words("labels")
    notes = alert.words("annotations")
    name = labels.get("alertname") or notes.get("summary") or "an alert without a name"
    identity = alert.line("fingerprint") or _hash_labels(labels)
    said = [notes.pop(each) for each in ("summary", "description", "message") if each in notes]
    values = [f"{field} = {value}" for field, value in alert.words("values").items() if value]
    text = "\n".join([*dict.fromkeys(each for each in said if each != name), *values])
    links = alert.texts("generatorURL", "dashboardURL", "panelURL", "silenceURL", "valueString")
    raw = {"labels": labels, "annotations": notes, **links}
    return _Alert(name, text, labels, identity, starts_at, ends_at, raw)


def _entries(alert: _Alert) -> Iterator[ForeignEntry]:
    since = f"{alert.identity}@{alert.starts_at.isoformat()}"
    shown = [
        f"{name}={value}"
        for name, value in sorted(alert.labels.items())
        if name != "alertname" and not name.startswith("__") and value
    ]
    where = f" ({', '.join(shown)})" if shown else ""
    said = f"\n{alert.text}" if alert.text else ""
    yield ForeignEntry(
        f"{since} firing",
        alert.starts_at,
        f"Firing: {alert.name}{where}{said}",
        alert.raw,
        kind=EntryKind.OBSERVATION,
    )
    if alert.ends_at is not None:
        yield ForeignEntry(
            f"{since} resolved",
            alert.ends_at,
            f"Resolved: {alert.name}{where}",
            {"fingerprint": alert.identity},
            kind=EntryKind.OBSERVATION,
        )


def _title(body: ForeignRecord, first: _Alert) -> str:
    summary = body.words("commonAnnotations").get("summary", "")
    group = body.words("groupLabels")
    name = group.pop("alertname", "") or body.words("commonLabels").get("alertname", "")
    told = strip_counts(body.line("title"))
    where = f" ({', '.join(group.values())})" if any(group.values()) else ""
    return summary or told or (f"{name}{where}" if name else first.name)


def _hash_labels(labels: dict[str, str]) -> str:
    return sha256(repr(sorted(labels.items())).encode()).hexdigest()[:16]
