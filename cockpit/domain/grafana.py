"""Notifications that Grafana posts to a webhook, kept as a file: of both of its alertings.

The older one tells a rule's state without a time; the reader must be told when that was.
"""

from __future__ import annotations

from datetime import datetime

from cockpit.domain.alert_groups import find_left_out, read_group, strip_counts, worst_severity
from cockpit.domain.alertmanager import number_rows
from cockpit.domain.foreign_bodies import read_bodies
from cockpit.domain.foreign_formats import unexpected
from cockpit.domain.foreign_incident import ForeignEntry
from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.foreign_story import Story, StoryFile, count_words, title_line
from cockpit.domain.nearest import expected
from cockpit.domain.playbook import Playbook
from cockpit.domain.statuspage import UNCHANGED
from cockpit.domain.vocabulary import EntryKind, Stage
from cockpit.errors import ImportRefusedError

NAME = "grafana"

_STATES = {
    "alerting": "Alerting",
    "ok": "OK",
    "no_data": "No data",
    "paused": "Paused",
    "pending": "Pending",
    "unknown": "Unknown",
}
_KEPT_OF_RULE = frozenset(
    (
        *("title", "ruleId", "ruleName", "ruleUrl", "state", "message", "evalMatches", "orgId"),
        *("tags", "imageUrl", "dashboardId", "panelId"),
    )
)


def read_grafana(data: bytes, now: datetime, rules: Playbook, at: datetime | None) -> StoryFile:
    """Return what notifications in a file say; records are alerts, numbered from 1.

    at: when a rule of the older alerting came to its state. Raises ImportRefusedError for another
    document, for a record that is wrong, and for one without a time while `at` is None.
    """
    stories: list[Story] = []
    left_out: list[str] = []
    number = 0
    for place, document in enumerate(read_bodies(data), start=1):
        if _is_rule(document):
            number += 1
            record = ForeignRecord(document, f"Record {number}", now)
            stories.append(_read_rule(record, at, rules))
            left_out += (f"field “{name}”" for name in sorted(record.unknown(_KEPT_OF_RULE)))
            continue
        if not _is_group(document):
            raise unexpected(
                document, "no Grafana notification", "“orgId” and “alerts”, or “ruleId” and “state”"
            )
        body = ForeignRecord(document, f"Notification {place}", now)
        alerts = number_rows(body, number)
        number += len(alerts)
        stories.append(read_group(body, alerts, rules))
        left_out += find_left_out(body, alerts)
    return StoryFile(tuple(stories), count_words(left_out))


def _is_group(document: object) -> bool:
    return isinstance(document, dict) and "alerts" in document and "orgId" in document


def _is_rule(document: object) -> bool:
    found = isinstance(document, dict) and "alerts" not in document and "state" in document
    return found and isinstance(document, dict) and bool({"ruleId", "evalMatches"} & set(document))


def _read_rule(record: ForeignRecord, at: datetime | None, rules: Playbook) -> Story:
    state = record.text("state").lower()
    if state not in _STATES:
        raise record.refusal(
            expected("a state of a rule", state, tuple(_STATES)).message.rstrip(".")
        )
    if at is None:
        raise ImportRefusedError(
            f"{record.name}: this kind of notification does not say when it happened.",
            f"Say it with --at, such as --at 09:10. {UNCHANGED}",
        )
    name = record.line("ruleName") or strip_counts(record.line("title")) or "a rule without a name"
    rule = _identity(record)
    tags = record.words("tags")
    entry = ForeignEntry(
        f"{rule} {state} {at.isoformat()}",
        at,
        "\n".join([f"{_STATES[state]}: {name}", *_facts(record)]),
        {"ruleUrl": record.text("ruleUrl"), "tags": tags, "imageUrl": record.text("imageUrl")},
        kind=EntryKind.OBSERVATION,
    )
    return Story(
        place=record.name,
        id=rule,
        title=title_line(name),
        at=at,
        as_of=at,
        entries=(entry,),
        severity=worst_severity(rules, [tags.get("severity", "")]),
        stage=Stage.RESOLVED if state == "ok" else None,
        reason="Grafana: the rule is OK again" if state == "ok" else "",
        recurs=True,
    )


def _identity(record: ForeignRecord) -> str:
    """Return the rule's name among those of all Grafanas: ids count from 1 in each of them."""
    place = record.text("ruleUrl").partition("?")[0]
    if not record.has("ruleId"):
        return f"{record.line('ruleName', 'title')} {place}".strip()
    server = "/".join(place.split("/")[:3])
    return f"{server} {record.text('orgId') or '1'} {record.line('ruleId')}".strip()


def _facts(record: ForeignRecord) -> list[str]:
    lines = [record.text("message")]
    for match in record.rows("evalMatches"):
        tags = ", ".join(f"{name}={value}" for name, value in match.words("tags").items() if value)
        where = f" ({tags})" if tags else ""
        lines.append(
            f"{match.line('metric') or 'value'} = {match.line('value') or 'no value'}{where}"
        )
    return list(dict.fromkeys(line for line in lines if line))
