"""Which update comes next: what an audience has not been told yet."""

from __future__ import annotations

from datetime import datetime

from cockpit.domain import stages
from cockpit.domain.view import IncidentView, OutgoingMessage
from cockpit.domain.vocabulary import MessageState, PublicStatus, Ring, Stage

_NEWS = ("status", "severity", "impact", "stage", "kind")
_AFFECTED = (PublicStatus.INVESTIGATING, PublicStatus.IDENTIFIED)
_CALMER = (PublicStatus.MONITORING.value, PublicStatus.RESOLVED.value)
_PUBLISHED = "published"

Sent = tuple[OutgoingMessage, ...]


def stage_for(
    view: IncidentView,
    audience: str = Ring.CUSTOMERS.audience,
    now: datetime | None = None,
) -> str:
    """Return the stage of the next update to an audience, one of those of the incident's kind.

    Nothing sent: the first word. Another public status since: that status, or "reopened" when it
    went back. Then what is of use to people: a workaround, the scope, a slower rhythm. Nothing
    new: "no news". `now` tells whether planned work has begun; without it the time of the
    declaration does.
    """
    sent = tuple(
        each
        for each in view.messages
        if each.msg.state is MessageState.SENT and each.msg.audience == audience
    )
    if view.kind == stages.PLANNED:
        return _stage_of_planned_work(view, sent, now or view.declared_at)
    if view.status is PublicStatus.RESOLVED:
        published = view.postmortem.review == _PUBLISHED
        told = bool(sent) and _last_told(sent) == stages.RESOLVED
        return stages.PUBLISHED if published and told else stages.RESOLVED
    if not sent:
        return stages.FIRST_WORD
    told_last = _last_told(sent)
    if told_last == view.status.value:
        return _stage_at_the_same_status(view, sent, audience)
    if told_last in _CALMER and view.status in _AFFECTED:
        return stages.REOPENED
    if view.status is PublicStatus.IDENTIFIED and _owes_workaround(view, sent):
        return stages.WORKAROUND
    return view.status.value


def _stage_at_the_same_status(view: IncidentView, sent: Sent, audience: str) -> str:
    if _owes_workaround(view, sent):
        return stages.WORKAROUND
    if _owes_scope(view, sent):
        return stages.SCOPE
    if _owes_rhythm(view, sent, audience):
        return stages.SLOWER_RHYTHM
    learnt = any(each.field in _NEWS and each.at > sent[-1].at for each in view.changes)
    only_first = len(sent) == 1 and sent[0].msg.stage == stages.FIRST_WORD
    return view.status.value if learnt or only_first else stages.NO_NEWS


def _stage_of_planned_work(view: IncidentView, sent: Sent, now: datetime) -> str:
    told = _last_told(sent)
    if view.status is PublicStatus.RESOLVED:
        return stages.DONE
    if view.status is PublicStatus.MONITORING and told != stages.MONITORING:
        return stages.MONITORING
    under_way = view.status is not PublicStatus.INVESTIGATING or now >= view.started_at
    if not under_way:
        return stages.SCHEDULED
    told_of_it = told in (stages.IDENTIFIED, stages.MONITORING)
    return stages.NO_NEWS if told_of_it else stages.STARTED


def _owes_workaround(view: IncidentView, sent: Sent) -> bool:
    """Say whether people have not heard yet of a workaround that is there."""
    if view.status not in _AFFECTED:
        return False
    told = [each.at for each in sent if each.msg.stage == stages.WORKAROUND]
    reached = [
        each.at
        for each in view.changes
        if each.field == "stage" and each.value == Stage.WORKED_AROUND.value
    ]
    if view.stage is Stage.WORKED_AROUND:
        return not told or bool(reached and reached[-1] > told[-1])
    return not told and _is_unsaid(view.workaround, sent)


def _owes_scope(view: IncidentView, sent: Sent) -> bool:
    """Say whether the impact became known or changed, and people have not heard of it yet."""
    if view.status is not PublicStatus.INVESTIGATING:
        return False
    if view.impact and any(
        each.field in ("impact", "share") and each.at > sent[-1].at for each in view.changes
    ):
        return True
    told = any(each.msg.stage == stages.SCOPE for each in sent)
    return not told and _is_unsaid(view.impact_text, sent)


def _owes_rhythm(view: IncidentView, sent: Sent, audience: str) -> bool:
    """Say whether a slower rhythm was chosen since the last update, which did not say so."""
    plan = view.plans.get(audience)
    last = sent[-1]
    if plan is None or not plan.rhythms or last.msg.stage == stages.SLOWER_RHYTHM:
        return False
    chosen = plan.rhythms[-1]
    return chosen.every > 0 and chosen.at > last.at


def _is_unsaid(words: str, sent: Sent) -> bool:
    """Say whether words that were noted stand in none of the texts."""
    core = " ".join(words.split()).rstrip(".!;: ").casefold()
    return bool(core) and not any(core in " ".join(each.text.split()).casefold() for each in sent)


def _last_told(sent: Sent) -> str:
    """Return the public status that people were told last, empty when they were told none."""
    told = (each.msg.status or stages.told_status(each.msg.stage) for each in reversed(sent))
    return next((each for each in told if each), "")
