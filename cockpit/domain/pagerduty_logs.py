"""What happened in PagerDuty's incidents: notes, log entries, and the events of its webhooks."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from cockpit.domain.foreign_incident import ForeignEntry
from cockpit.domain.foreign_record import ForeignRecord
from cockpit.domain.foreign_story import Story, title_line
from cockpit.domain.pagerduty_incidents import (
    fact_id,
    incident_story,
    name_of,
    resolved_entry,
    trigger_id,
)
from cockpit.domain.playbook import Playbook
from cockpit.domain.vocabulary import EntryKind

_VERBS = {
    "trigger": "Triggered",
    "acknowledge": "Acknowledged",
    "unacknowledge": "No longer acknowledged",
    "assign": "Assigned",
    "escalate": "Escalated",
    "notify": "Notified",
    "resolve": "Resolved",
    "annotate": "Note",
    "snooze": "Snoozed",
    "delegate": "Delegated",
    "reopen": "Reopened",
}
_KEPT = frozenset(
    (
        *("id", "type", "summary", "self", "html_url", "created_at", "created_on", "agent"),
        *("channel", "service", "incident", "teams", "note", "user", "content"),
        *("event_type", "resource_type", "occurred_at", "data", "event"),
    )
)
_DONE = ("acknowledge", "escalate", "snooze", "delegate", "assign")


def left_out_of_record(record: ForeignRecord) -> set[str]:
    """Return the names of what a note, log entry or event holds and is not kept."""
    return record.unknown(_KEPT)


def read_note(record: ForeignRecord, _: Playbook) -> Story:
    """Return what a note says; one that does not name its incident has no id."""
    at = _moment(record)
    entry = _note(record, at, name_of(record.table("user")))
    return _named_story(record, record.table("incident"), at, entry)


def read_log_entry(record: ForeignRecord, _: Playbook) -> Story:
    """Return what a log entry says; one that does not name its incident has no id."""
    at = _moment(record)
    incident = record.table("incident")
    verb = record.line("type").removesuffix("_log_entry").removesuffix("_reference")
    if not verb:
        raise record.refusal("type is missing")
    agent = record.table("agent")
    who, identity = name_of(agent), incident.line("id")
    shared = {
        "trigger": trigger_id(identity),
        "acknowledge": fact_id(identity, "acknowledged", at, agent.line("id")),
        "resolve": fact_id(identity, "resolved", at),
    }
    key = shared.get(verb) if identity else ""
    said = record.line("summary") or _said(verb, who)
    told = record.table("channel").text("summary", "subject", "content")
    lines = dict.fromkeys([said, *([told] if told else []), record.text("note")])
    entry = ForeignEntry(
        key or f"log {_identity(record)}",
        at,
        "\n".join(line for line in lines if line),
        {"type": record.line("type"), "author": who},
        kind=EntryKind.ACTION if verb in _DONE else EntryKind.OBSERVATION,
    )
    return _named_story(record, incident, at, entry)


def read_message(record: ForeignRecord, rules: Playbook) -> Story:
    """Return what a message of a v2 webhook says: an incident, and what happened to it."""
    inside = record.table("data").table("incident")
    incident = inside if inside.raw else record.table("incident")
    event = record.line("type", "event")
    if not event.startswith("incident."):
        raise record.refusal(f"“{event[:40]}” is no event of an incident")
    who = record.table("agent").raw or incident.table("last_status_change_by").raw
    agent = ForeignRecord(who, record.name, record.now)
    return _event_story(record, incident, event, agent, rules)


def read_event(record: ForeignRecord, rules: Playbook) -> Story | None:
    """Return what the event of a v3 webhook says, None when it belongs to no incident."""
    data, agent = record.table("data"), record.table("agent")
    event = record.line("event_type")
    if not event:
        raise record.refusal("event_type is missing")
    if data.line("type") == "incident":
        return _event_story(record, data, event, agent, rules)
    incident = data.table("incident")
    if not incident.line("id"):
        return None
    at, who = _moment(record), name_of(agent)
    return _named_story(record, incident, at, _resource_entry(record, data, at, who))


def _event_story(
    record: ForeignRecord,
    incident: ForeignRecord,
    event: str,
    agent: ForeignRecord,
    rules: Playbook,
) -> Story:
    """Return the incident that an event is about, with the event as one of its facts."""
    at, verb = _moment(record), event.removeprefix("incident.")
    began_at = incident.moment("created_at", "created_on")
    story = incident_story(record, incident, began_at or at, max(began_at or at, at), rules)
    first, *others = story.entries
    # The event itself tells better when it was resolved, and by whom.
    entries = [each for each in others if not each.id.startswith(f"{story.id} resolved ")]
    triggered = verb.startswith("trigger")
    if began_at or triggered:
        entries.insert(0, first)
    if not triggered:
        entries.append(_event_entry(story.id, verb, at, agent, _identity(record)))
    return replace(story, entries=tuple(entries))


def _event_entry(
    incident: str, verb: str, at: datetime, agent: ForeignRecord, identity: str
) -> ForeignEntry:
    who = name_of(agent)
    if verb in ("resolve", "resolved"):
        return resolved_entry(incident, at, who)
    acknowledged = verb in ("acknowledge", "acknowledged")
    key = fact_id(incident, "acknowledged", at, agent.line("id")) if acknowledged else ""
    return ForeignEntry(
        key or f"event {identity}",
        at,
        _said("acknowledge" if acknowledged else verb, who),
        {"event": verb},
        kind=EntryKind.ACTION if acknowledged else EntryKind.OBSERVATION,
    )


def _resource_entry(
    record: ForeignRecord, data: ForeignRecord, at: datetime, who: str
) -> ForeignEntry:
    kind = data.line("type")
    if kind == "incident_note":
        return _note(data, at, who)
    text, event = data.text("message", "content", "summary"), record.line("event_type")
    if kind == "incident_status_update":
        told = f"Status update by {who}: {text}" if who else f"Status update: {text}"
        return ForeignEntry(
            f"event {_identity(record)}", at, told, {"event": event}, kind=EntryKind.COMMUNICATION
        )
    said = _said(event.removeprefix("incident."), who)
    return ForeignEntry(
        f"event {_identity(record)}",
        at,
        f"{said}: {text}" if text else said,
        {"event": event},
        kind=EntryKind.OBSERVATION,
    )


def _note(record: ForeignRecord, at: datetime, who: str) -> ForeignEntry:
    text = record.text("content")
    if not text:
        raise record.refusal("the note has no content")
    told = f"{who}: {text}" if who else text
    return ForeignEntry(f"note {_identity(record)}", at, told, {"author": who}, kind=EntryKind.NOTE)


def _named_story(
    record: ForeignRecord, incident: ForeignRecord, at: datetime, entry: ForeignEntry
) -> Story:
    """Return the story of a record that names its incident at most, and does not describe it."""
    identity = incident.line("id")
    title = incident.line("summary", "title") or f"PagerDuty incident {identity}"
    return Story(
        place=record.name,
        id=identity,
        title=title_line(title),
        at=at,
        as_of=at,
        entries=(entry,),
        is_whole=False,
    )


def _moment(record: ForeignRecord) -> datetime:
    at = record.moment("occurred_at", "created_at", "created_on")
    if at is None:
        raise record.refusal("it does not say when it happened")
    return at


def _identity(record: ForeignRecord) -> str:
    identity = record.line("id")
    if not identity:
        raise record.refusal("id is missing")
    return identity


def _said(verb: str, who: str) -> str:
    words = _VERBS.get(verb) or verb.replace("_", " ").replace(".", " ").capitalize()
    return f"{words} by {who}" if who else words
