"""Suggestions: what the playbook would do now; a person decides."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct

from cockpit.domain.cadence import last_sent
from cockpit.domain.playbook import Playbook
from cockpit.domain.stages import NO_NEWS, SLOWER_RHYTHM
from cockpit.domain.times import format_span
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import MessageState, Ring, Severity, Stage
from cockpit.service.promises import is_paused, slower_rhythm
from cockpit.service.roster import expedite_reason

UPDATE = "update"
"""The field of a suggestion whose value is the stage of an update to write."""

SUMMARY = "summary_at"
"""The field of a suggestion to say where it stands."""

_NEWS = ("status", "stage", "severity", "impact")
_WITHOUT_NEWS = (NO_NEWS, SLOWER_RHYTHM)
_BEFORE_CONTAINED = (Stage.DETECTED, Stage.ACKNOWLEDGED)


class Suggestion(Struct, frozen=True):
    """One sentence, and the field and value that would follow it (empty: nothing to set)."""

    id: str
    text: str
    field: str = ""
    value: str = ""


def suggestions(view: IncidentView, playbook: Playbook, now: datetime) -> tuple[Suggestion, ...]:
    """Return what the playbook suggests at `now`, the most urgent first."""
    if not view.is_open:
        return ()
    found = (
        _escalate(view, playbook, now),
        _open_page(view, playbook),
        _sum_up(view, playbook, now),
        _raise_severity(view, playbook, now),
        _slow_down(view, playbook, now),
        *_hand_over(view, playbook, now),
    )
    return tuple(each for each in found if each is not None)


def _escalate(view: IncidentView, playbook: Playbook, now: datetime) -> Suggestion | None:
    rule = playbook.severity(view.severity)
    waited = now - view.declared_at
    if view.stage is not Stage.DETECTED or not rule.escalate_after:
        return None
    if waited < timedelta(minutes=rule.escalate_after):
        return None
    who = next(
        (each.name for each in view.stakeholders if each.id == rule.escalate_to), rule.escalate_to
    )
    text = f"Nobody acknowledged for {format_span(waited)}: call {who}."
    return Suggestion("escalate", text, "stage", Stage.ACKNOWLEDGED.value)


def _open_page(view: IncidentView, playbook: Playbook) -> Suggestion | None:
    if Ring.CUSTOMERS in last_sent(view.messages):
        return None
    if because := expedite_reason(playbook, criterion=view.criterion, kind=view.kind):
        text = f"{because}: tell customers at once, however few they are."
        return Suggestion("status-page", text)
    if view.impact is None:
        return None
    page = next((each.public_page for each in playbook.impacts if each.id == view.impact), "no")
    if page == "no":
        return None
    text = f"Impact is {view.impact.value}: open the public status page."
    if page == "ask":
        text = f"Impact is {view.impact.value}: does the public status page need a word?"
    return Suggestion("status-page", text)


def _raise_severity(view: IncidentView, playbook: Playbook, now: datetime) -> Suggestion | None:
    levels = list(Severity)
    place = levels.index(view.severity)
    rule = playbook.severity(view.severity)
    if not rule.raise_after or not place or view.stage not in _BEFORE_CONTAINED:
        return None
    since = [each.at for each in view.changes if each.field == "severity"]
    lasted = now - (since[-1] if since else view.declared_at)
    if lasted < timedelta(minutes=rule.raise_after):
        return None
    higher = levels[place - 1].value
    text = f"Not contained after {format_span(lasted)} at {view.severity.value}: raise to {higher}?"
    return Suggestion("raise", text, "severity", higher)


def _slow_down(view: IncidentView, playbook: Playbook, now: datetime) -> Suggestion | None:
    """Offer a slower rhythm once customers have heard nothing new for long."""
    after = timedelta(minutes=playbook.cadence_settings.slow_down_after)
    ring = Ring.CUSTOMERS
    every = slower_rhythm(view, playbook, ring.audience, now)
    if not after or not every or is_paused(view, ring, now) or ring not in last_sent(view.messages):
        return None
    quiet = now - _last_news(view, ring)
    if quiet < after:
        return None
    text = f"No news for {format_span(quiet)}: announce updates every {every} min from now on?"
    return Suggestion("slow-down", text, UPDATE, SLOWER_RHYTHM)


def _last_news(view: IncidentView, ring: Ring) -> datetime:
    """Return when something changed last, or when that audience was told something new."""
    changed = [each.at for each in view.changes if each.field in _NEWS]
    told = [
        each.at
        for each in view.messages
        if each.msg.state is MessageState.SENT
        and each.msg.audience == ring.audience
        and each.msg.stage not in _WITHOUT_NEWS
    ]
    return max(view.declared_at, *changed, *told)


def _sum_up(view: IncidentView, playbook: Playbook, now: datetime) -> Suggestion | None:
    """Remind of a state summary: counted from the last one, or the last commander's hand-over."""
    after = timedelta(minutes=playbook.response.summary_every)
    handed = [each.at for each in view.changes if each.field == "role.commander"]
    given = [view.summary_at] if view.summary_at else []
    quiet = now - max(view.declared_at, *handed, *given)
    if not after or quiet < after:
        return None
    text = f"No state summary for {format_span(quiet)}: give the hand-over sheet to everybody."
    return Suggestion("summary", text, SUMMARY)


def _hand_over(view: IncidentView, playbook: Playbook, now: datetime) -> tuple[Suggestion, ...]:
    found = []
    for holder in view.roles:
        role = playbook.role(holder.role)
        since = max(holder.since, view.declared_at)
        if role.handover_after and now - since >= timedelta(minutes=role.handover_after):
            lasted = format_span(now - since)
            text = f"{holder.person} is {role.name.lower()} for {lasted}: hand over?"
            found.append(Suggestion("hand-over", text, f"role.{holder.role}"))
    return tuple(found)
