"""An incident's facts as Markdown: the head of a report, the timeline, the action items."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from cockpit.domain.components import affected_components, state_words
from cockpit.domain.markdown import bullet, escape_inline, table
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_span, format_stamp
from cockpit.domain.view import ActionItem, IncidentView, TimelineEntry
from cockpit.domain.vocabulary import MessageState

REMOVED = "(text removed)"
"""What stands in the place of a redacted entry."""

ACTION_KINDS = {
    "prevent": "prevent",
    "mitigate": "mitigate",
    "detect": "detect sooner",
    "process": "process",
    "debt": "technical debt",
}


def utc(at: datetime) -> str:
    """Return a time as `2026-11-21 09:10 UTC`."""
    return format_stamp(at, UTC)


def entry_text(entry: TimelineEntry) -> str:
    """Return an entry's text, word for word; of a text that went out also to whom and how.

    In brackets stands what it promised, and what it told of components.
    """
    if entry.redacted:
        return REMOVED
    if entry.msg is None:
        return entry.text
    verb = "Sent to" if entry.msg.state is MessageState.SENT else "Copied for"
    by = f" by {', '.join(entry.msg.channels)}" if entry.msg.channels else ""
    status = f" as {entry.msg.status}" if entry.msg.status else ""
    promise = f" (next update by {utc(entry.msg.next_at)})" if entry.msg.next_at else ""
    told = "; ".join(f"{each.name}: {state_words(each.new)}" for each in entry.msg.components)
    news = f" ({told})" if told else ""
    corrected = " (corrected)" if entry.corrected else ""
    return f"{verb} {entry.msg.audience}{by}{status}{promise}{news}{corrected}: {entry.text}"


def timeline_table(entries: Iterable[TimelineEntry]) -> str:
    """Return the timeline as a table, oldest first; an undone entry is left out."""
    rows = [(utc(entry.at), entry.kind, entry_text(entry)) for entry in entries if not entry.hidden]
    return table(("Time", "Kind", "What"), rows) if rows else "No entries."


def updates_table(view: IncidentView) -> str:
    """Return the updates that were sent, each with its time and audience; empty for none."""
    sent = [each for each in view.messages if each.msg.state is MessageState.SENT]
    rows = [
        (
            utc(each.at),
            each.msg.audience,
            ", ".join(each.msg.channels),
            each.msg.status,
            utc(each.msg.next_at) if each.msg.next_at else "",
        )
        for each in sent
    ]
    return table(("Time", "Audience", "By", "Status", "Next one promised by"), rows) if rows else ""


def facts_table(view: IncidentView, playbook: Playbook, now: datetime) -> str:
    """Return the incident's present state as a table of names and values."""
    return table(("Fact", "Value"), facts_rows(view, playbook, now))


def facts_rows(view: IncidentView, playbook: Playbook, now: datetime) -> list[tuple[str, str]]:
    """Return the incident's present state as names and values, without what is not known."""
    area = playbook.area(view.area)
    rows = [
        ("Severity", f"{view.severity} ({playbook.severity(view.severity).name})"),
        ("Impact", _impact(view)),
        ("Status", view.status.value),
        ("Stage", view.stage.value),
        ("Started", utc(view.started_at)),
        ("Declared", utc(view.declared_at)),
        ("Resolved", utc(view.resolved_at) if view.resolved_at else "not yet"),
        ("Duration", _duration(view, now)),
        ("Criterion", _criterion(view, playbook)),
        ("Affected area", area.words if area else ""),
        ("Not operational", ", ".join(affected_components(view))),
        ("What people see", view.impact_text),
        ("Cause", view.cause),
        ("Next step", view.next_step),
        *((playbook.role(each.role).name, each.person) for each in view.roles),
        ("Post-mortem owner", view.postmortem.owner),
        (
            "Post-mortem meeting",
            utc(view.postmortem.meeting_at) if view.postmortem.meeting_at else "",
        ),
        ("Post-mortem review", _review(view)),
        ("Waived on closing", "; ".join(f"{name}: {why}" for name, why in view.waivers.items())),
        ("Seen before", ", ".join(view.seen_before.values())),
        ("Imported from", _source(view)),
    ]
    return [row for row in rows if row[1]]


def checklist(actions: Iterable[ActionItem]) -> str:
    """Return the action items as a checklist, with owner, due date and kind."""
    return "\n".join(bullet(_action(each), done=each.state == "done") for each in actions)


def _duration(view: IncidentView, now: datetime) -> str:
    if view.over_at:
        return format_span(view.over_at - view.started_at)
    # What still goes on is told to the minute, as its times are: a copy of it says the same.
    return f"{format_span(_minute(now) - _minute(view.started_at))} so far"


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _action(item: ActionItem) -> str:
    marks = [
        ACTION_KINDS.get(item.kind, item.kind),
        f"owner: {item.owner or 'nobody yet'}",
        f"due: {item.due or 'no date yet'}",
        *(["to automate"] if item.automate else []),
        *([item.state] if item.state not in ("open", "done") else []),
        *([item.link] if item.link else []),
    ]
    return f"{escape_inline(item.title) or '(no title)'} ({escape_inline(', '.join(marks))})"


def _review(view: IncidentView) -> str:
    pm = view.postmortem
    if not pm.reviewed_by:
        return pm.review if pm.review != "draft" else ""
    return (
        f"{pm.review}, by {pm.reviewed_by}{f' on {utc(pm.reviewed_at)}' if pm.reviewed_at else ''}"
    )


def _impact(view: IncidentView) -> str:
    share = f"{view.share:g} % of customers" if view.share is not None else ""
    return ", ".join(part for part in (view.impact.value if view.impact else "", share) if part)


def _criterion(view: IncidentView, playbook: Playbook) -> str:
    return next(
        (each.text for each in playbook.criteria if each.id == view.criterion), view.criterion
    )


def _source(view: IncidentView) -> str:
    return f"{view.src.format} {view.src.id}" if view.src else ""
