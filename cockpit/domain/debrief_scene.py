"""What the debrief of a drill is made of: findings, and the scene that they depend on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.cadence_report import CadenceReport, Tally
from cockpit.domain.drill import Scenario
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import Severity


class Verdict(StrEnum):
    """What a finding says: it went well, it is worth practising, or it is only noted."""

    WELL = "well"
    PRACTISE = "practise"
    NOTED = "noted"


class Finding(Struct, frozen=True):
    """One sentence of the debrief.

    topic: what it is about (severity, first-word, promises, people, questions, closing, steps,
    end); about: the audience, person, check, step or inject; seconds or count: its figure.
    """

    topic: str
    verdict: Verdict
    sentence: str
    about: str = ""
    seconds: int | None = None
    count: int | None = None


class Debrief(Struct, frozen=True):
    """How a drill went, from its start until it was over, or until now.

    scenario, replays: its scenario, and the past incident that it replays, if any; minutes: how
    long the scenario lasts; came: how many of its injects came in.
    """

    ref: str
    id: str
    title: str
    severity: Severity
    began: datetime
    until: datetime
    over: bool
    findings: tuple[Finding, ...]
    promises: Tally = Tally()
    scenario: str = ""
    replays: str = ""
    minutes: float = 0
    came: int = 0
    injects: int = 0

    @property
    def lasted(self) -> timedelta:
        """Return how long it lasted, in whole seconds."""
        return timedelta(seconds=seconds(self.until - self.began))

    def of(self, verdict: Verdict) -> tuple[Finding, ...]:
        """Return the findings with a verdict."""
        return tuple(each for each in self.findings if each.verdict is verdict)


class Scene(Struct, frozen=True):
    """What every finding depends on.

    end: when it was over, or now; came: when each inject came in, by its name.
    """

    view: IncidentView
    playbook: Playbook
    end: datetime
    zone: tzinfo
    cadence: CadenceReport
    scenario: Scenario | None = None
    came: Mapping[str, datetime] = {}

    @property
    def is_over(self) -> bool:
        """Say whether the incident is over, so that what was not done was missed."""
        return self.view.over_at is not None

    def after(self, at: datetime) -> timedelta:
        """Return how long after the start something happened, in whole seconds."""
        span = max(timedelta(), at - self.view.started_at)
        return timedelta(seconds=seconds(span))


def seconds(span: timedelta) -> int:
    """Return a span in whole seconds, as figures are given."""
    return round(span.total_seconds())
