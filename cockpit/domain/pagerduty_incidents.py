"""One incident as PagerDuty's API gives it, of today (v2) or of before (v1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from cockpit.domain.foreign_incident import ForeignEntry
from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.foreign_story import Story, title_line
from cockpit.domain.nearest import expected
from cockpit.domain.playbook import Playbook
from cockpit.domain.visible import clean_input
from cockpit.domain.vocabulary import EntryKind, Severity, Stage

STAGES = {
    "triggered": Stage.DETECTED,
    "acknowledged": Stage.ACKNOWLEDGED,
    "resolved": Stage.RESOLVED,
}
"""PagerDuty's status as stage."""

# Among them what only keeps PagerDuty's own books: counts, groupings, links to the same again.
_KEPT = frozenset(
    (
        *("id", "type", "summary", "self", "html_url", "number", "incident_number", "title"),
        *("created_at", "created_on", "updated_at", "status", "incident_key", "service", "urgency"),
        *("priority", "assignments", "assigned_to", "assignees", "assigned_to_user"),
        *("acknowledgements", "acknowledgers", "last_status_change_at", "last_status_change_on"),
        *("last_status_change_by", "resolved_at", "resolved_by_user", "trigger_summary_data"),
        *("description", "resolve_reason", "is_mergeable", "pending_actions", "assigned_via"),
        *("number_of_escalations", "trigger_details_html_url", "trigger_type", "teams"),
        *("first_trigger_log_entry", "alert_counts", "basic_alert_grouping", "alert_grouping"),
        *("escalation_policy", "conference_bridge", "body"),
    )
)


def read_incident(record: ForeignRecord, rules: Playbook) -> Story:
    """Return what an incident's record says; raises ImportRefusedError when it is wrong."""
    at = record.moment("created_at", "created_on")
    if at is None:
        raise record.refusal("created_at is missing")
    changed_at = record.moment("last_status_change_at", "last_status_change_on") or at
    return incident_story(record, record, at, max(at, changed_at), rules)


def incident_story(
    place: ForeignRecord, incident: ForeignRecord, at: datetime, as_of: datetime, rules: Playbook
) -> Story:
    """Return what an incident's record says at the time `as_of`; it began at `at`.

    place: the record of the file that holds it, which errors name.
    """
    identity = incident.line("id")
    if not identity:
        raise incident.refusal("id is missing")
    stage = stage_of(incident)
    return Story(
        place=place.name,
        id=identity,
        title=title_line(title_of(incident)),
        at=at,
        as_of=as_of,
        entries=tuple(_entries(incident, identity, at, as_of, stage)),
        severity=_severity(incident, rules),
        stage=stage,
        reason=f"PagerDuty: {incident.line('status')}",
        raw={
            **incident.texts("html_url", "incident_key"),
            "escalation_policy": name_of(incident.table("escalation_policy")),
            "teams": [name_of(each) for each in incident.rows("teams")],
        },
    )


def stage_of(incident: ForeignRecord) -> Stage:
    """Return the stage that an incident's status means."""
    status = incident.line("status").lower()
    if status not in STAGES:
        problem = expected("a status of an incident", status, tuple(STAGES)).message
        raise incident.refusal(problem.rstrip("."))
    return STAGES[status]


def title_of(incident: ForeignRecord) -> str:
    """Return what an incident is called; every version has its own place for it."""
    told = incident.line("title", "summary", "description")
    trigger = incident.table("trigger_summary_data").line("subject", "description")
    return told or trigger or incident.line("incident_key") or "An incident without a title"


def name_of(person: ForeignRecord) -> str:
    """Return what a user, service or policy is called."""
    return person.line("summary", "name", "id")


def fact_id(incident: str, verb: str, at: datetime, who: str = "") -> str:
    """Return the name of a fact: the same from an incident, its log entries and its webhooks."""
    return f"{incident} {verb} {at.replace(microsecond=0).isoformat()} {who}".strip()


def trigger_id(incident: str) -> str:
    """Return the name of the fact that an incident was triggered: that happens once."""
    return f"{incident} triggered"


def left_out_of_incident(incident: ForeignRecord) -> Iterator[str]:
    """Yield what an incident's record holds and is not kept."""
    for name in sorted(incident.unknown(_KEPT)):
        yield f"field “{name}” of incidents"
    if incident.has("conference_bridge") or incident.table("conference_bridge").raw:
        yield "conference bridge|conference bridges"
    if incident.raw.get("assigned_to_user") not in (None, "null") or incident.rows("assignees"):
        yield "assignment without a time|assignments without a time"


def _entries(
    incident: ForeignRecord, identity: str, at: datetime, as_of: datetime, stage: Stage
) -> Iterator[ForeignEntry]:
    yield ForeignEntry(
        trigger_id(identity),
        at,
        trigger_text(incident),
        incident.texts("html_url", "incident_key"),
        kind=EntryKind.OBSERVATION,
    )
    for field, person, verb, kind in (
        ("assignments", "assignee", "assigned", EntryKind.NOTE),
        ("assigned_to", "object", "assigned", EntryKind.NOTE),
        ("acknowledgements", "acknowledger", "acknowledged", EntryKind.ACTION),
        ("acknowledgers", "object", "acknowledged", EntryKind.ACTION),
    ):
        for row in incident.rows(field):
            who, when = row.table(person), row.moment("at")
            if when is None:
                raise row.refusal("at is missing")
            words = "Assigned to" if verb == "assigned" else "Acknowledged by"
            key = fact_id(identity, verb, when, who.line("id"))
            yield ForeignEntry(key, when, f"{words} {name_of(who)}", {}, kind=kind)
    if stage is Stage.RESOLVED:
        ended_at = incident.moment("resolved_at") or as_of
        by = name_of(incident.table("resolved_by_user"))
        by = by or name_of(incident.table("last_status_change_by"))
        yield resolved_entry(identity, ended_at, by, incident.text("resolve_reason"))


def resolved_entry(identity: str, at: datetime, by: str, reason: str = "") -> ForeignEntry:
    """Return the fact that an incident was resolved."""
    text = f"Resolved by {by}" if by else "Resolved"
    text = f"{text}: {reason}" if reason else text
    return ForeignEntry(fact_id(identity, "resolved", at), at, text, {}, kind=EntryKind.OBSERVATION)


def trigger_text(incident: ForeignRecord) -> str:
    """Return what an incident's first entry says."""
    number = incident.line("incident_number", "number")
    facts = {
        "Service": name_of(incident.table("service")),
        "Urgency": incident.line("urgency"),
        "Priority": name_of(incident.table("priority")),
    }
    told = [f"{name}: {value}" for name, value in facts.items() if value]
    described = incident.text("description")
    lines = [f"PagerDuty{f' #{number}' if number else ''}: {title_of(incident)}"]
    lines += [described] if described and described != title_of(incident) else []
    details = incident.table("body").raw.get("details")
    lines += [clean_input(details)] if isinstance(details, str) and details else []
    return "\n".join([*lines, *([", ".join(told)] if told else [])])


def _severity(incident: ForeignRecord, rules: Playbook) -> Severity | None:
    priority = name_of(incident.table("priority"))
    urgency = incident.line("urgency")
    found = rules.import_severity(priority) if priority else None
    return found or (rules.import_severity(urgency) if urgency else None)
