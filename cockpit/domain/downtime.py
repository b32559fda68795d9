"""Downtime against the objective: minutes allowed, used and left."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct

from cockpit.domain.insight_facts import IncidentFacts
from cockpit.domain.insight_period import Stretch
from cockpit.domain.playbook import DOWNTIME_ENDS, Objective


class Outage(Struct, frozen=True):
    """One incident's downtime within a stretch."""

    facts: IncidentFacts
    span: timedelta


class Budget(Struct, frozen=True):
    """The downtime of a stretch: what the objective allows, what was used, by which incidents.

    Time in which several incidents were down at once is used once.
    """

    stretch: Stretch
    allowed: timedelta
    used: timedelta
    outages: tuple[Outage, ...] = ()

    @property
    def left(self) -> timedelta:
        """Return what is left of what is allowed, negative when more was used."""
        return self.allowed - self.used

    @property
    def availability(self) -> float:
        """Return the percent of the stretch without downtime."""
        whole = self.stretch.length.total_seconds()
        return 100.0 if whole <= 0 else 100.0 * (1 - self.used.total_seconds() / whole)


def budget(
    facts: Iterable[IncidentFacts], objective: Objective, stretch: Stretch, now: datetime
) -> Budget:
    """Return the downtime of a stretch; an incident that is not over yet is down until `now`."""
    found: list[tuple[datetime, datetime, IncidentFacts]] = []
    for each in facts:
        span = downtime(each, objective, now)
        if span is None:
            continue
        since, until = max(span.since, stretch.since), min(span.until, stretch.until)
        if since < until:
            found.append((since, until, each))
    share = max(0.0, 100.0 - objective.availability) / 100
    return Budget(
        stretch,
        stretch.length * share,
        _union((since, until) for since, until, _ in found),
        tuple(Outage(each, until - since) for since, until, each in found),
    )


def downtime(facts: IncidentFacts, objective: Objective, now: datetime) -> Stretch | None:
    """Return when an incident was down, None when it does not count as downtime."""
    if facts.kind not in objective.downtime_kinds:
        return None
    if facts.severity.value not in objective.downtime_severities:
        return None
    ends = [facts.over or now]
    if objective.downtime_until == DOWNTIME_ENDS[0] and facts.contained is not None:
        ends.append(facts.contained)
    end = min(ends)
    return Stretch(facts.started, end) if end > facts.started else None


def _union(spans: Iterable[tuple[datetime, datetime]]) -> timedelta:
    """Return how long at least one of the spans lasted."""
    total, reached = timedelta(), None
    for since, until in sorted(spans):
        if reached is None or since > reached:
            total += until - since
            reached = until
        elif until > reached:
            total += until - reached
            reached = until
    return total
