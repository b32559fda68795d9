"""What a post-mortem is drafted from: the incident's facts, its milestones, its cadence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from cockpit.domain.cadence_report import CadenceReport
from cockpit.domain.insight_facts import Step
from cockpit.domain.insight_reading import ACKNOWLEDGED, CONTAINED, reached
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import Change, IncidentView, OutgoingMessage, TimelineEntry
from cockpit.domain.vocabulary import EntryKind, MessageState, Ring, Stage

MOST_LINES = 200
"""The most entries that a draft lists: more, and nobody could edit it."""


class Facts(Struct, frozen=True):
    """Everything known: the view, the whole timeline (oldest first), rules, cadence, the time."""

    view: IncidentView
    entries: tuple[TimelineEntry, ...]
    playbook: Playbook
    report: CadenceReport
    now: datetime

    @property
    def shown(self) -> tuple[TimelineEntry, ...]:
        """Return the entries that were not undone."""
        return tuple(entry for entry in self.entries if not entry.hidden)

    @property
    def starred(self) -> tuple[TimelineEntry, ...]:
        """Return the entries chosen for the post-mortem, all of them while none is chosen."""
        return tuple(entry for entry in self.shown if entry.starred) or self.shown

    @property
    def whole_timeline(self) -> bool:
        """Say whether the timeline's draft lists every entry."""
        return len(self.starred) == len(self.shown) <= MOST_LINES

    @property
    def duration(self) -> timedelta:
        """Return how long it lasted, or has lasted so far."""
        return (self.view.over_at or self.now) - self.view.started_at

    def of_kinds(self, *kinds: str) -> tuple[TimelineEntry, ...]:
        """Return the entries of these kinds that still have their text."""
        return tuple(each for each in self.shown if each.kind in kinds and not each.redacted)

    def sent_to(self, ring: Ring) -> tuple[OutgoingMessage, ...]:
        """Return the updates sent to a ring, oldest first."""
        return tuple(
            each
            for each in self.view.messages
            if each.msg.state is MessageState.SENT and each.msg.audience == ring.audience
        )


class Milestone(Struct, frozen=True):
    """A step of the response: when it was reached, how long after the start."""

    name: str
    at: datetime
    after: timedelta


def milestones(facts: Facts) -> tuple[Milestone, ...]:
    """Return the steps that were reached, in the order of the workflow, as the insights count."""
    view, steps = facts.view, [*_stages(facts.view.changes)]
    first_word = facts.sent_to(Ring.CUSTOMERS)
    times = (
        ("Detected", _detected(facts)),
        ("Declared", view.declared_at),
        ("Acknowledged", reached(steps, Stage.ACKNOWLEDGED, ACKNOWLEDGED)),
        ("First word to customers", first_word[0].at if first_word else None),
        ("Contained", reached(steps, Stage.CONTAINED, CONTAINED)),
        ("Worked around", _stage_at(steps, Stage.WORKED_AROUND)),
        ("Fixed", _stage_at(steps, Stage.FIXED)),
        ("Resolved", view.resolved_at),
    )
    return tuple(Milestone(name, at, at - view.started_at) for name, at in times if at is not None)


def was_palliative(view: IncidentView) -> bool:
    """Say whether it was worked around and never fixed: a definitive fix is still owed."""
    stages = {change.value for change in view.changes if change.field == "stage"}
    return Stage.WORKED_AROUND.value in stages and Stage.FIXED.value not in stages


def components(view: IncidentView) -> tuple[str, ...]:
    """Return the names of the public components that the updates named, in order."""
    names = [change.name for each in view.messages for change in each.msg.components]
    return tuple(dict.fromkeys(names))


def _detected(facts: Facts) -> datetime | None:
    """Return when it was first seen; one that was declared after its end was only noted then."""
    view = facts.view
    seen = (each.at for each in facts.of_kinds(EntryKind.OBSERVATION))
    noted = view.src or (view.over_at is not None and view.declared_at > view.over_at)
    declared = () if noted else (view.declared_at,)
    return min((*seen, *declared), default=None)


def _stages(changes: tuple[Change, ...]) -> Iterator[Step]:
    return (Step("stage", str(each.value), each.at) for each in changes if each.field == "stage")


def _stage_at(steps: Iterable[Step], stage: Stage) -> datetime | None:
    return next((each.at for each in steps if each.value == stage.value), None)
