"""What the insights know of one incident: a few times and words, read without folding it."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.cadence_history import AT_ONCE
from cockpit.domain.ring_plan import RingPlan
from cockpit.domain.view import ActionItem, goes_on
from cockpit.domain.vocabulary import PublicStatus, Severity, Stage


class Measure(StrEnum):
    """What is measured from the beginning of an incident on."""

    DETECT = "detect"
    ACKNOWLEDGE = "acknowledge"
    FIRST_WORD = "first-word"
    CONTAIN = "contain"
    RESOLVE = "resolve"


class Step(Struct, frozen=True):
    """Status, stage or severity got a value."""

    field: str
    value: str
    at: datetime


class SentWord(Struct, frozen=True):
    """An update was sent to customers; `next_at` is the time that it promised for the next one."""

    at: datetime
    next_at: datetime | None = None


class Traces(Struct, frozen=True):
    """What the database keeps of one incident, as it stands there.

    steps: ranked as registers are; sent: in order of time; observed: the first observation;
    source: where it was imported from, empty otherwise; plan: of the updates to customers;
    debts: action items of the kind debt.
    """

    id: str
    ref: str
    title: str
    severity: Severity
    status: PublicStatus
    stage: Stage
    started: datetime
    declared: datetime
    resolved: datetime | None = None
    closed: datetime | None = None
    drill: bool = False
    private: bool = False
    source: str = ""
    opened_severity: str = ""
    observed: datetime | None = None
    kind: str = "outage"
    criterion: str = ""
    area: str = ""
    services: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    sent: tuple[SentWord, ...] = ()
    debts: tuple[ActionItem, ...] = ()
    plan: RingPlan | None = None

    @property
    def over(self) -> datetime | None:
        """Return when the incident stopped counting, None while it is open."""
        return None if goes_on(self.status, self.stage) else (self.resolved or self.closed)


class IncidentFacts(Struct, frozen=True):
    """One incident as it is counted; a time is None where nobody knows it.

    over: resolved or closed, None while it is open; kept, missed: promised times to customers;
    debts: technical debt that is still open.
    """

    id: str
    ref: str
    title: str
    severity: Severity
    started: datetime
    detected: datetime | None = None
    acknowledged: datetime | None = None
    first_word: datetime | None = None
    contained: datetime | None = None
    over: datetime | None = None
    drill: bool = False
    private: bool = False
    imported: bool = False
    kind: str = "outage"
    criterion: str = ""
    area: str = ""
    services: tuple[str, ...] = ()
    kept: int = 0
    missed: int = 0
    debts: tuple[ActionItem, ...] = ()

    @property
    def shown_title(self) -> str:
        """Return the title as a report may name it: one marked private keeps its own to itself."""
        return "(private)" if self.private else self.title

    def span(self, measure: Measure) -> timedelta | None:
        """Return how long it took from the beginning, None where nobody knows."""
        at = self._reached(measure)
        if at is None:
            return None
        span = at - self.started
        if measure is Measure.DETECT and span < _A_SECOND:
            return None
        if self.imported and span < AT_ONCE:
            return None  # The record begins with it.
        return max(timedelta(), span)

    def _reached(self, measure: Measure) -> datetime | None:
        if measure is Measure.DETECT:
            return self.detected
        if measure is Measure.ACKNOWLEDGE:
            return self.acknowledged
        if measure is Measure.FIRST_WORD:
            return self.first_word
        return self.contained if measure is Measure.CONTAIN else self.over


_A_SECOND = timedelta(seconds=1)
"""An incident that began no earlier than it was seen: nobody said when it really began."""
