"""The stakeholder checklist: who was told, who is due, who is late, who was never told.

A person waits for the next update of their ring as its countdown does: as promised in the update
that told them, moved or slowed down with it, and not at all while it is paused. Who has a rhythm of
their own follows that. In their quiet hours nobody waits: what falls into them is due when they
end, and the deputy is named for what cannot wait.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from cockpit.domain.cadence import Situation, rhythm, situation
from cockpit.domain.playbook import Playbook
from cockpit.domain.quiet_hours import QuietHours, find_hours
from cockpit.domain.ring_plan import Pause, RingPlan, run_course
from cockpit.domain.view import IncidentView, Stakeholder, ToldMark
from cockpit.domain.vocabulary import Quadrant


class CellState(StrEnum):
    """Where one stakeholder stands; `quiet` need not be told now: no rhythm, asleep or paused."""

    LATE = "late"
    DUE = "due"
    NEVER = "never"
    TOLD = "told"
    QUIET = "quiet"


class StakeholderCell(Struct, frozen=True):
    """One stakeholder on the board; `due_at` is when they must hear from us next.

    every: their interval in minutes, 0 without one; asleep_until: the end of the quiet hours that
    hold now; paused: their ring's updates are paused, for `pause_reason`.
    """

    stakeholder: Stakeholder
    state: CellState
    due_at: datetime | None = None
    told_at: datetime | None = None
    told_by: str = ""
    channel: str = ""
    every: int = 0
    asleep_until: datetime | None = None
    paused: bool = False
    pause_reason: str = ""

    @property
    def is_first(self) -> bool:
        """Say whether they must hear before all others: pulled in at once, and not told yet."""
        waits = self.state in (CellState.LATE, CellState.DUE)
        return waits and bool(self.stakeholder.because) and self.told_at is None


class StakeholderBoard(Struct, frozen=True):
    """The 2×2 grid, each field with its late ones first, and the counts for the tab."""

    quadrants: dict[Quadrant, tuple[StakeholderCell, ...]]
    told: int
    late: int
    total: int

    def cells(self) -> tuple[StakeholderCell, ...]:
        """Return every cell, quadrant by quadrant."""
        return tuple(cell for quadrant in Quadrant for cell in self.quadrants[quadrant])

    def to_tell(self) -> tuple[StakeholderCell, ...]:
        """Return those who are late or due: who was pulled in at once first, then the latest."""
        waiting = [each for each in self.cells() if each.state in (CellState.LATE, CellState.DUE)]
        return tuple(sorted(waiting, key=lambda cell: (not cell.is_first, _deadline(cell))))


_ORDER = (CellState.LATE, CellState.DUE, CellState.TOLD, CellState.NEVER, CellState.QUIET)


def board(view: IncidentView, playbook: Playbook, now: datetime) -> StakeholderBoard:
    """Return the checklist of an incident at `now`."""
    scene = _Scene(view, playbook, now)
    cells = [scene.cell(each) for each in view.stakeholders]
    cells.sort(
        key=lambda cell: (
            _ORDER.index(cell.state),
            not cell.is_first,
            _deadline(cell),
            cell.stakeholder.name,
        )
    )
    quadrants = {
        quadrant: tuple(cell for cell in cells if cell.stakeholder.quadrant is quadrant)
        for quadrant in Quadrant
    }
    return StakeholderBoard(
        quadrants,
        told=sum(cell.told_at is not None for cell in cells),
        late=sum(cell.state is CellState.LATE for cell in cells),
        total=len(cells),
    )


class _Scene:
    """What every cell of one board depends on."""

    def __init__(self, view: IncidentView, playbook: Playbook, now: datetime) -> None:
        self.view = view
        self.playbook = playbook
        self.now = now
        self.reach = timedelta(minutes=playbook.people.reach_minutes)
        self.facts: Situation = situation(view)
        self.promises: Mapping[str, datetime] = {
            each.entry: each.msg.next_at
            for each in view.messages
            if each.msg.next_at is not None and each.msg.next_at > each.at
        }
        self.last: dict[str, ToldMark] = {}
        for mark in view.told:
            if mark.stakeholder not in self.last or mark.at >= self.last[mark.stakeholder].at:
                self.last[mark.stakeholder] = mark

    def cell(self, person: Stakeholder) -> StakeholderCell:
        mark = self.last.get(person.id)
        every = person.every or rhythm(person.ring, self.facts, self.playbook, self.now)[0]
        cell = StakeholderCell(person, CellState.NEVER, every=every)
        if mark is not None:
            state = CellState.TOLD
            cell = replace(
                cell, state=state, told_at=mark.at, told_by=mark.by, channel=mark.channel
            )
        if not self.view.is_open:
            return cell if mark or self._first(person) else replace(cell, state=CellState.QUIET)
        due_at = self._due(person, mark, every)
        hours = self._hours(person)
        if hours and due_at is not None and (end := hours.end_of(due_at)):
            # Only then can they be told, and that takes its time.
            due_at = end + self.reach
        pause = self.facts.plan(person.ring).pause_at(self.now)
        if pause is not None:
            return _paused(cell, pause, due_at)
        if hours and (wakes_at := hours.end_of(self.now)):
            if due_at is not None:
                due_at = max(due_at, wakes_at + self.reach)
            return replace(cell, state=CellState.QUIET, due_at=due_at, asleep_until=wakes_at)
        return replace(cell, state=self._state(mark, due_at), due_at=due_at)

    def _due(self, person: Stakeholder, mark: ToldMark | None, every: int) -> datetime | None:
        """Return when they must hear next, whether they sleep then or not."""
        plan = self.facts.plan(person.ring)
        if mark is None:
            since = person.since or self.view.declared_at
            first = self._first(person)
            base = since + timedelta(minutes=first) if first else None
        else:
            since = mark.at
            base = since + timedelta(minutes=every) if every else None
            if not person.every:
                base = self.promises.get(mark.via, base)
        if person.every:
            plan = RingPlan(pauses=plan.pauses)  # promises to the ring are none to them
        pause = plan.pause_at(self.now)
        seen = pause.until if pause and pause.until else self.now
        return run_course(base, every, plan, since, seen).due_at

    def _first(self, person: Stakeholder) -> int:
        """Return the minutes until their first word, 0 when nobody has to say it."""
        if person.because:
            rules = self.playbook.cadence
            severity = self.view.severity
            quickest = [each.first for each in rules if each.severity == severity and each.first]
            return min([*quickest, self.playbook.people.expedited_within])
        rule = self.playbook.rule(self.view.severity, person.ring)
        return rule.first if rule else (person.every or 0)

    def _hours(self, person: Stakeholder) -> QuietHours | None:
        """Return their quiet hours, none at a severity that wakes people."""
        if self.view.severity.value in self.playbook.people.quiet_ignored_by:
            return None
        return find_hours(person.quiet_from, person.quiet_until, person.zone)

    def _state(self, mark: ToldMark | None, due_at: datetime | None) -> CellState:
        if due_at is None:
            return CellState.TOLD if mark else CellState.QUIET
        if self.now >= due_at:
            return CellState.LATE
        if mark is None:
            return CellState.DUE
        # In a rhythm of a few minutes, who was told just now must not be due at once.
        soon = min(self.reach, (due_at - mark.at) / 2)
        return CellState.DUE if self.now >= due_at - soon else CellState.TOLD


def _paused(cell: StakeholderCell, pause: Pause, due_at: datetime | None) -> StakeholderCell:
    """Return the cell of somebody whose ring is paused; without an end nothing is due."""
    state = CellState.TOLD if cell.told_at else CellState.QUIET
    due = due_at if pause.until else None
    return replace(cell, state=state, due_at=due, paused=True, pause_reason=pause.reason)


def _deadline(cell: StakeholderCell) -> float:
    return cell.due_at.timestamp() if cell.due_at else float("inf")
