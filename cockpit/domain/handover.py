"""What somebody must know who takes a role over, written from the incident's state alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo

from msgspec import Struct

from cockpit.domain.cadence import ClockState, RingClock, clocks
from cockpit.domain.handover_page import COLUMNS, Draft, HandoverPart, fit, name_some
from cockpit.domain.markdown import bullet, escape_inline, heading
from cockpit.domain.playbook import Playbook
from cockpit.domain.promise_words import moment_words, move_words, pause_words, rhythm_words
from cockpit.domain.response_work import open_theories, theories_eliminated, timers
from cockpit.domain.times import format_span, format_stamp, format_words
from cockpit.domain.view import IncidentView, OutgoingMessage, TimelineEntry, ToldMark
from cockpit.domain.visible import clip
from cockpit.domain.vocabulary import MessageState
from cockpit.domain.workflow import late_words, next_step, owner_words

_NAMES = 120
"""Cells of a list of names: it stays within two rows."""


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
    earlier: int = 0,
) -> Handover:
    """Return the summary on one page; times are printed in `zone`, decisions in their order.

    earlier: how many decisions there are before `decisions`.
    """
    decided = tuple(
        f"{moment_words(each.at, now, zone)} {each.text}"
        for each in decisions
        if not each.hidden and not each.redacted
    )
    eliminated = tuple(each.words for each in theories_eliminated(view))
    theories = tuple(each.text for each in open_theories(view))
    asked = tuple(_asked(view, now, zone))
    drafts = (
        Draft("state", "Where it stands", tuple(_state(view, playbook, now, zone)), whole=True),
        Draft("known", "What is known", tuple(_known(view)), whole=True),
        Draft("due", "What is due", tuple(_due(view, playbook, now, zone)), "audiences later"),
        Draft("asked", "Open actions", asked, "later", none="none"),
        Draft("theories", "Open theories", theories, "more", last=True),
        Draft("eliminated", "Theories eliminated", eliminated, "before", last=True),
        Draft(
            "decisions",
            "Decisions",
            decided,
            "before",
            last=True,
            unread=earlier,
            none="none recorded",
        ),
        Draft("told", "Who was told what", tuple(_told(view, playbook, now, zone)), "told before"),
        Draft("roles", "Who does what", tuple(_roles(view, playbook, now, zone)), "more"),
        Draft("actions", "Action items", tuple(_items(view)), "more"),
    )
    return Handover(view.ref, view.title, now, fit(drafts))


def handover_text(found: Handover, zone: tzinfo) -> str:
    """Return the summary as plain text."""
    stamp = f", as of {format_stamp(found.at, zone)}"
    title = clip(_line(f"{found.ref} {found.title}"), COLUMNS - len(stamp))
    blocks = [f"{title}{stamp}"]
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
        words = _due_words(each, now, zone)
        if words:
            said = True
            yield f"{each.ring.audience}: {words}"
    if not said:
        yield "no update is due"


def _due_words(clock: RingClock, now: datetime, zone: tzinfo) -> str:
    """Return when an audience hears from us next, and what was decided about it."""
    if clock.state is ClockState.PAUSED:
        return pause_words(clock, now, zone)
    if clock.due_at is None:
        return ""
    left = format_words(abs(clock.remaining(now)))
    late = clock.state is ClockState.OVERDUE
    words = [
        f"{'promised for' if clock.promised else 'due at'} {moment_words(clock.due_at, now, zone)}",
        f"! {left} late" if late else f"in {left}",
        move_words(clock, now, zone),
        rhythm_words(clock) if clock.slowed else "",
    ]
    why = f" ({clock.reason})" if clock.reason else ""
    return ", ".join(each for each in words if each) + why


def _asked(view: IncidentView, now: datetime, zone: tzinfo) -> Iterator[str]:
    for each in timers(view, now):
        asked_at = each.action.asked_at
        since = f" (asked {moment_words(asked_at, now, zone)})" if asked_at else ""
        yield f"{'! ' if each.is_late else ''}{each.sentence}{since}"


def _items(view: IncidentView) -> Iterator[str]:
    for item in view.actions:
        if item.state == "open":
            due = f", due {item.due}" if item.due else ""
            yield f"{item.title} ({item.kind}, {item.owner or 'nobody yet'}{due})"


def _told(view: IncidentView, playbook: Playbook, now: datetime, zone: tzinfo) -> Iterator[str]:
    """Yield the last text to each audience, who was never told, and who was told, latest first."""
    sent = [each for each in view.messages if each.msg.state is MessageState.SENT]
    last: dict[str, OutgoingMessage] = {each.msg.audience: each for each in sent}
    for message in last.values():
        yield f"{moment_words(message.at, now, zone)} {message.msg.audience}: “{message.text}”"
    if len(sent) > len(last):
        yield f"{len(sent) - len(last)} updates before"
    marks: dict[str, ToldMark] = {mark.stakeholder: mark for mark in view.told}
    never = [each.name for each in view.stakeholders if each.id not in marks]
    if never:
        yield f"not yet told: {name_some(never, _NAMES)}"
    told = [each for each in view.stakeholders if each.id in marks]
    for person in sorted(told, key=lambda each: marks[each.id].at, reverse=True):
        mark = marks[person.id]
        by = f" by {playbook.channel(mark.channel).name.lower()}" if mark.channel else ""
        note = f": {mark.note}" if mark.note else ""
        yield f"{person.name}: {moment_words(mark.at, now, zone)}{by}, {mark.by}{note}"


def _roles(view: IncidentView, playbook: Playbook, now: datetime, zone: tzinfo) -> Iterator[str]:
    held = {each.role: each for each in view.roles}
    known = [role.id for role in playbook.roles]
    for role in [*known, *sorted(set(held) - set(known))]:
        holder = held.get(role)
        if holder is not None:
            since = f"since {moment_words(holder.since, now, zone)}"
            lasted = format_span(now - holder.since)
            yield f"{playbook.role(role).name}: {holder.person}, {since}, {lasted}"
    nobody = [playbook.role(role).name for role in known if role not in held]
    if nobody:
        yield f"nobody yet: {name_some(nobody, _NAMES)}"
