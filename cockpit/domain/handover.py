"""What somebody must know who takes a role over, written from the incident's state alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from msgspec import Struct

from cockpit.domain.cadence import ClockState, clocks
from cockpit.domain.markdown import bullet, escape_inline, heading
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_clock, format_span, format_stamp, format_words
from cockpit.domain.view import IncidentView, TimelineEntry, ToldMark
from cockpit.domain.vocabulary import MessageState
from cockpit.domain.workflow import late_words, next_step, owner_words

_LATEST_SENT = 3


class HandoverPart(Struct, frozen=True):
    """One heading of a summary and its lines, each a plain sentence."""

    id: str
    title: str
    lines: tuple[str, ...]


class Handover(Struct, frozen=True):
    """The summary of an incident at a moment."""

    ref: str
    title: str
    at: datetime
    parts: tuple[HandoverPart, ...]


def summarise(
    view: IncidentView,
    playbook: Playbook,
    decisions: Iterable[TimelineEntry],
    now: datetime,
    zone: tzinfo,
) -> Handover:
    """Return the summary; times are printed in `zone`, decisions in their order."""
    parts = (
        HandoverPart("state", "Where it stands", tuple(_state(view, playbook, now, zone))),
        HandoverPart("known", "What is known", tuple(_known(view))),
        HandoverPart("due", "What is due", tuple(_due(view, playbook, now, zone))),
        HandoverPart(
            "decisions",
            "Decisions",
            tuple(
                f"{format_clock(each.at, zone)} {each.text}"
                for each in decisions
                if not each.hidden and not each.redacted
            )
            or ("none recorded",),
        ),
        HandoverPart("actions", "Open actions", tuple(_actions(view)) or ("none",)),
        HandoverPart("told", "Who was told what", tuple(_told(view, playbook, zone))),
        HandoverPart("roles", "Who does what", tuple(_roles(view, playbook, now, zone))),
    )
    return Handover(view.ref, view.title, now, parts)


def handover_text(found: Handover, zone: tzinfo) -> str:
    """Return the summary as plain text."""
    blocks = [f"{found.ref} {_line(found.title)}, as of {format_stamp(found.at, zone)}"]
    blocks += [
        "\n".join([part.title, *(f"  {_line(each)}" for each in part.lines)])
        for part in found.parts
    ]
    return "\n\n".join(blocks) + "\n"


def handover_markdown(found: Handover, zone: tzinfo) -> str:
    """Return the summary as Markdown."""
    blocks = [
        heading(1, f"{found.ref} {found.title}"),
        f"Hand-over, as of {format_stamp(found.at, zone)}.",
    ]
    for part in found.parts:
        lines = "\n".join(bullet(escape_inline(each)) for each in part.lines)
        blocks += [heading(2, part.title), lines]
    return "\n\n".join(blocks) + "\n"


def _line(text: str) -> str:
    return " ".join(text.split())


def _state(view: IncidentView, playbook: Playbook, now: datetime, zone: tzinfo) -> Iterator[str]:
    severity = playbook.severity(view.severity)
    yield f"{view.severity.value} ({severity.name}), {view.status.value}, {view.stage.value}"
    lasted = format_span((view.over_at or now) - view.started_at)
    yield f"started {format_stamp(view.started_at, zone)}, {lasted} {_ago(view)}"
    area = playbook.area(view.area)
    if area is not None:
        yield f"affected area: {area.words}"
    found = next_step(view, playbook, now)
    if found is not None:
        rest = [owner_words(found, view, playbook), late_words(found, now)]
        yield f"next step: {found.step.text} ({', '.join(each for each in rest if each)})"


def _ago(view: IncidentView) -> str:
    return "ago" if view.is_open else "in all"


def _known(view: IncidentView) -> Iterator[str]:
    share = f", {view.share:g} % of customers" if view.share is not None else ""
    impact = f"{view.impact.value}{share}" if view.impact else ""
    both = ": ".join(each for each in (impact, view.impact_text) if each)
    yield f"impact: {both or 'not known yet'}"
    yield f"cause: {view.cause or 'not known yet'}"
    yield f"next: {view.next_step or 'nothing said yet'}"
    if view.workaround:
        yield f"workaround: {view.workaround}"


def _due(view: IncidentView, playbook: Playbook, now: datetime, zone: tzinfo) -> Iterator[str]:
    said = False
    for each in clocks(view, playbook, now):
        if each.due_at is None:
            continue
        said = True
        what = "promised for" if each.promised else "due at"
        left = format_words(abs(each.remaining(now)))
        when = f"! {left} late" if each.state is ClockState.OVERDUE else f"in {left}"
        yield f"{each.ring.audience}: {what} {format_clock(each.due_at, zone)}, {when}"
    if not said:
        yield "no update is due"


def _actions(view: IncidentView) -> Iterator[str]:
    for item in view.actions:
        if item.state == "open":
            due = f", due {item.due}" if item.due else ""
            yield f"{item.title} ({item.kind}, {item.owner or 'nobody yet'}{due})"


def _told(view: IncidentView, playbook: Playbook, zone: tzinfo) -> Iterator[str]:
    sent = [each for each in view.messages if each.msg.state is MessageState.SENT]
    if len(sent) > _LATEST_SENT:
        yield f"{len(sent) - _LATEST_SENT} updates before"
    for message in sent[-_LATEST_SENT:]:
        yield f"{format_clock(message.at, zone)} {message.msg.audience}: “{message.text}”"
    latest: dict[str, ToldMark] = {mark.stakeholder: mark for mark in view.told}
    never = []
    for person in view.stakeholders:
        mark = latest.get(person.id)
        if mark is None:
            never.append(person.name)
            continue
        by = f" by {playbook.channel(mark.channel).name.lower()}" if mark.channel else ""
        note = f": {mark.note}" if mark.note else ""
        yield f"{person.name}: {format_clock(mark.at, zone)}{by}, {mark.by}{note}"
    if never:
        yield f"not yet told: {', '.join(never)}"


def _roles(view: IncidentView, playbook: Playbook, now: datetime, zone: tzinfo) -> Iterator[str]:
    held = {each.role: each for each in view.roles}
    known = [role.id for role in playbook.roles]
    for role in [*known, *sorted(set(held) - set(known))]:
        holder = held.get(role)
        name = playbook.role(role).name
        if holder is None:
            yield f"{name}: nobody"
        else:
            since = f"since {format_clock(holder.since, zone)}, {format_span(now - holder.since)}"
            yield f"{name}: {holder.person}, {since}"
