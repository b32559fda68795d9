"""Drafts of the internal post-mortem's sections, from facts alone and without blame.

Every draft is Markdown; what people typed is escaped. A draft only states what is known, and says
in italics what people still have to add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from cockpit.domain.cadence_report import RingReport
from cockpit.domain.incident_markdown import checklist, timeline_table, updates_table, utc
from cockpit.domain.markdown import bullet, escape_block, escape_inline, table
from cockpit.domain.postmortem_facts import (
    MOST_LINES,
    Facts,
    components,
    milestones,
    was_palliative,
)
from cockpit.domain.response_events import theory_sentences
from cockpit.domain.response_markdown import tried_list
from cockpit.domain.times import format_span
from cockpit.domain.view import Change, TimelineEntry
from cockpit.domain.vocabulary import EntryKind, Stage

_HISTORY = {"severity": "Severity", "impact": "Impact", "share": "Share of customers"}


def draft_summary(facts: Facts) -> str:
    """Return what happened in three sentences, how it was detected, and the milestones."""
    view = facts.view
    level = facts.playbook.severity(view.severity).name
    lasted = "lasted" if view.over_at else "has lasted so far"
    sentences = [
        f"{escape_inline(view.title)}: {view.severity} ({escape_inline(level)}), "
        f"began at {utc(view.started_at)} and {lasted} {format_span(facts.duration)}."
    ]
    if view.impact_text:
        sentences.append(_sentence(view.impact_text[:1].upper() + view.impact_text[1:]))
    if view.cause:
        sentences.append(f"Cause: {_sentence(view.cause)}")
    rows = [(each.name, utc(each.at), _after(each.after)) for each in milestones(facts)]
    parts = [" ".join(sentences), _detection(facts)]
    parts.append(table(("Milestone", "Time", "After the start"), rows))
    return "\n\n".join(parts)


def draft_impact(facts: Facts) -> str:
    """Return who was affected, how many, how long, and how that changed."""
    view = facts.view
    lines = [bullet(f"What people saw: {escape_inline(view.impact_text) or '_to be added_'}")]
    rule = next((each for each in facts.playbook.impacts if each.id == view.impact), None)
    if rule:
        lines.append(bullet(f"How many: {escape_inline(rule.name)}"))
    if view.share is not None:
        lines.append(bullet(f"Share of customers: {view.share:g} %"))
    lines.append(bullet(f"How long: {format_span(facts.duration)}"))
    named = components(view)
    if named:
        lines.append(bullet(f"Components: {escape_inline(', '.join(named))}"))
    history = [each for each in view.changes if each.field in _HISTORY]
    if history:
        lines.append("- How it changed:")
        lines.extend(f"  {bullet(_change(each))}" for each in history)
    return "\n".join(lines)


def draft_root_cause(facts: Facts) -> str:
    """Return the cause as far as noted, and the entries that say something else of it."""
    cause = facts.view.cause
    parts = [escape_block(cause)] if cause else []
    found = [each for each in facts.of_kinds(EntryKind.CAUSE) if each.text != cause]
    if found:
        parts.append(_cut(_list(found[:MOST_LINES]), len(found)))
    parts.append("_Which conditions had to come together? Ask why until the answer is a system._")
    return "\n\n".join(parts)


def draft_resolution(facts: Facts) -> str:
    """Return what ended it, and what is owed if it was only worked around."""
    view = facts.view
    ended = {Stage.CONTAINED, Stage.WORKED_AROUND, Stage.FIXED, Stage.RESOLVED}
    steps = [each for each in view.changes if each.field == "stage" and each.value in ended]
    parts: list[str] = []
    if steps:
        parts.append("\n".join(bullet(_change(each, "Stage")) for each in steps))
    if view.resolved_at:
        parts.append(
            f"Resolved at {utc(view.resolved_at)}, "
            f"{format_span(view.resolved_at - view.started_at)} after the start."
        )
    else:
        parts.append("Not resolved yet.")
    debts = [each for each in view.actions if each.kind == "debt"]
    if was_palliative(view):
        parts.append("It was worked around; the definitive fix is still owed:")
        parts.append(checklist(debts) or "_No action item for the definitive fix yet._")
    return "\n\n".join(parts)


def draft_steps(facts: Facts) -> str:
    """Return what was observed, decided and done, in order; then whether what was tried helped."""
    kinds = (EntryKind.OBSERVATION, EntryKind.ACTION, EntryKind.DECISION, EntryKind.EVIDENCE)
    found = facts.of_kinds(*kinds)
    listed = _cut(_list(found[:MOST_LINES]), len(found))
    parts = [listed or "_No observation, action or decision was noted._"]
    if tried := tried_list(facts.view):
        parts += ["### What was tried", tried]
    return "\n\n".join(parts)


def draft_timeline(facts: Facts) -> str:
    """Return the starred entries as a table, all entries while none is starred."""
    chosen = facts.starred
    return _cut(timeline_table(chosen[:MOST_LINES]), len(chosen))


def draft_lessons(facts: Facts) -> str:
    """Return the three questions, with what the facts already answer."""
    well = [_kept(ring) for ring in facts.report.rings if ring.kept and not ring.missed]
    badly = [_missed(ring) for ring in facts.report.rings if ring.missed]
    parts: tuple[tuple[str, list[str]], ...] = (
        ("What went well", well),
        ("What went badly", badly),
        ("Where we were lucky", []),
    )
    blocks = []
    for title, lines in parts:
        body = [bullet(line) for line in lines] or ["- _to be added at the meeting_"]
        blocks.append("\n".join([f"### {title}", "", *body]))
    return "\n\n".join(blocks)


def draft_action_items(facts: Facts) -> str:
    """Return the action items as a checklist."""
    return checklist(facts.view.actions) or "_No action items yet._"


def draft_process_review(facts: Facts) -> str:
    """Return how the process worked: roles, the meeting, cadence kept, updates that were sent."""
    view = facts.view
    declared = view.declared_at - view.started_at
    lines = [bullet(f"Declared {_after(declared)} after the start.")]
    for each in view.roles:
        name = escape_inline(facts.playbook.role(each.role).name)
        lines.append(bullet(f"{name}: filled at {utc(each.since)}."))
    deadline = facts.playbook.meeting_days(view.severity)
    if view.postmortem.meeting_at:
        lines.append(bullet(f"Post-mortem meeting: {utc(view.postmortem.meeting_at)}."))
    elif view.resolved_at:
        due = view.resolved_at + timedelta(days=deadline)
        lines.append(bullet(f"Post-mortem meeting: not set yet, due by {utc(due)}."))
    parts = ["\n".join(lines)]
    if facts.report.rings:
        rows = [_cadence_row(ring) for ring in facts.report.rings]
        header = ("Audience", "Updates", "First word after", "Longest silence", "In time", "Late")
        parts.append(table(header, rows))
    if sent := updates_table(facts.view):
        parts += ["### Updates that were sent", sent]
    if len(parts) == 1:
        parts.append("No update was sent.")
    return "\n\n".join(parts)


DRAFTS: Mapping[str, Callable[[Facts], str]] = {
    "summary": draft_summary,
    "impact": draft_impact,
    "root_cause": draft_root_cause,
    "resolution": draft_resolution,
    "steps": draft_steps,
    "timeline": draft_timeline,
    "lessons": draft_lessons,
    "action_items": draft_action_items,
    "process_review": draft_process_review,
}


def _detection(facts: Facts) -> str:
    """Say how it was detected: by the earliest thing that somebody observed."""
    thoughts = theory_sentences(facts.view)
    seen = facts.of_kinds(EntryKind.OBSERVATION, EntryKind.EVIDENCE)
    found = [each for each in seen if each.text not in thoughts]
    if not found:
        return "How it was detected: _to be added_."
    first = found[0]
    words = escape_inline(first.text).rstrip(".")
    return f"How it was detected: {words} ({utc(first.at)})."


def _sentence(text: str) -> str:
    escaped = escape_inline(text)
    return escaped if escaped.endswith((".", "!", "?")) else f"{escaped}."


def _after(span: timedelta) -> str:
    return format_span(span) if span >= timedelta() else f"{format_span(-span)} before"


def _change(change: Change, name: str = "") -> str:
    name = name or _HISTORY[change.field]
    is_share = change.field == "share" and isinstance(change.value, int | float)
    value = f"{change.value:g} %" if is_share else escape_inline(str(change.value))
    why = f": {escape_inline(change.reason)}" if change.reason else ""
    return f"{utc(change.at)} {name} {value}{why}"


def _list(entries: Iterable[TimelineEntry]) -> str:
    return "\n".join(
        bullet(f"{utc(each.at)} {each.kind}: {escape_block(each.text, '  ')}") for each in entries
    )


def _cut(listed: str, count: int) -> str:
    """Say how many entries a draft leaves out; starring says which ones matter."""
    if count <= MOST_LINES:
        return listed
    rest = f"{count - MOST_LINES:,}"
    return f"{listed}\n\n_{rest} more stand in the full timeline; star those that belong here._"


def _kept(ring: RingReport) -> str:
    deadlines = "deadline" if ring.kept == 1 else "deadlines"
    return f"{ring.ring.audience.capitalize()} heard from us in time ({ring.kept} {deadlines})."


def _missed(ring: RingReport) -> str:
    worst = max(each.late for each in ring.deadlines)
    return (
        f"{ring.ring.audience.capitalize()} waited too long {_times(ring.missed)}, "
        f"at worst by {format_span(worst)}; the longest silence was "
        f"{format_span(ring.longest_silence)}."
    )


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _cadence_row(ring: RingReport) -> tuple[str, ...]:
    first = _after(ring.first_word) if ring.first_word is not None else "never"
    silence = format_span(ring.longest_silence)
    return (
        ring.ring.audience,
        str(ring.updates),
        first,
        silence,
        str(ring.kept),
        str(ring.missed),
    )
