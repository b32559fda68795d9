"""Reads the facts that insights count out of an incident's traces."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from cockpit.domain.action_items import CLOSED
from cockpit.domain.cadence import Sent, Situation
from cockpit.domain.cadence_report import deadline_in
from cockpit.domain.insight_facts import IncidentFacts, Step, Traces
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import goes_on
from cockpit.domain.vocabulary import PublicStatus, Ring, Severity, Stage

_STATUSES = {each.value: each for each in PublicStatus}
_STAGES = {each.value: each for each in Stage}
_SEVERITIES = {each.value: each for each in Severity}
_RANK = {stage.value: rank for rank, stage in enumerate(Stage)}
ACKNOWLEDGED = frozenset({Stage.ACKNOWLEDGED.value})
CONTAINED = frozenset({Stage.CONTAINED.value, Stage.WORKED_AROUND.value, Stage.FIXED.value})
"""The stages in which nobody else is harmed."""

_MOMENT = timedelta(microseconds=1)


def read_facts(traces: Traces, playbook: Playbook, now: datetime) -> IncidentFacts:
    """Return what is counted of an incident; `now` ends the wait for a promise of an open one."""
    steps = sorted(traces.steps, key=_step_time)
    kept, missed = _promises(traces, steps, playbook, now)
    return IncidentFacts(
        id=traces.id,
        ref=traces.ref,
        title=traces.title,
        severity=traces.severity,
        started=traces.started,
        detected=_detected(traces),
        acknowledged=reached(steps, Stage.ACKNOWLEDGED, ACKNOWLEDGED),
        first_word=traces.sent[0].at if traces.sent else None,
        contained=reached(steps, Stage.CONTAINED, CONTAINED),
        over=traces.over,
        drill=traces.drill,
        private=traces.private,
        imported=bool(traces.source),
        kind=traces.kind,
        criterion=traces.criterion,
        area=traces.area,
        services=traces.services,
        kept=kept,
        missed=missed,
        debts=tuple(each for each in traces.debts if each.state not in CLOSED),
    )


def _step_time(step: Step) -> datetime:
    return step.at


def _detected(traces: Traces) -> datetime | None:
    """Return when it was first seen; one that was declared after its end was only noted then."""
    noted = traces.source or (traces.over is not None and traces.declared > traces.over)
    known = (traces.observed, None if noted else traces.declared)
    return min((each for each in known if each is not None), default=None)


def reached(steps: Sequence[Step], floor: Stage, names: frozenset[str]) -> datetime | None:
    """Return when the stage got one of `names` and fell below `floor` no more."""
    since, least = None, _RANK[floor.value]
    for step in steps:
        if step.field != "stage" or step.value not in _RANK:
            continue
        if _RANK[step.value] < least:
            since = None
        elif since is None and step.value in names:
            since = step.at
    return since


def _promises(
    traces: Traces, steps: Sequence[Step], playbook: Playbook, now: datetime
) -> tuple[int, int]:
    """Return how many promised times to customers were kept and missed, as the cadence report."""
    kept = missed = 0
    for promise, met_at in _met(traces):
        # The end of an incident keeps no promise: it only shows that one had passed.
        until = met_at or traces.over or now
        due_at = _due_at(traces, steps, playbook, promise, until)
        if due_at is None:
            continue
        if until > due_at:
            missed += 1
        elif met_at is not None:
            kept += 1
    return kept, missed


def _met(traces: Traces) -> Iterator[tuple[Sent, datetime | None]]:
    """Yield each update that promises, and when the next one came."""
    for each, later in pairwise((*traces.sent, None)):
        if each is not None and each.next_at is not None and each.next_at > each.at:
            yield Sent(each.at, "", each.next_at), later.at if later else None


def _due_at(
    traces: Traces, steps: Sequence[Step], playbook: Playbook, promise: Sent, until: datetime
) -> datetime | None:
    """Return until when a promise had to be met, None if it was not due: over, or in a pause."""
    before = until - _MOMENT
    values = {"severity": traces.opened_severity, "status": "", "stage": ""}
    for step in steps:
        if step.at > before:
            break
        values[step.field] = step.value
    status = _STATUSES.get(values["status"], PublicStatus.INVESTIGATING)
    if not goes_on(status, _STAGES.get(values["stage"], Stage.DETECTED)):
        return None
    if traces.plan is None:
        return promise.next_at
    severity = _SEVERITIES.get(values["severity"], traces.severity)
    plans = {Ring.CUSTOMERS.audience: traces.plan.known_at(before)}
    sent = {Ring.CUSTOMERS: promise}
    facts = Situation(severity, status, traces.declared, is_open=True, sent=sent, plans=plans)
    found = deadline_in(Ring.CUSTOMERS, facts, until, playbook)
    return None if found is None or found.paused else found.due_at
