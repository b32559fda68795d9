"""The stakeholder checklist: who was told, who is due, who is late, who was never told."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.cadence import interval
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import IncidentView, Stakeholder, ToldMark
from cockpit.domain.vocabulary import Quadrant


class CellState(StrEnum):
    """Where one stakeholder stands; `quiet` has no rhythm and need not be told now."""

    LATE = "late"
    DUE = "due"
    NEVER = "never"
    TOLD = "told"
    QUIET = "quiet"


class StakeholderCell(Struct, frozen=True):
    """One stakeholder on the board; `due_at` is when they must hear from us next."""

    stakeholder: Stakeholder
    state: CellState
    due_at: datetime | None = None
    told_at: datetime | None = None
    told_by: str = ""
    channel: str = ""
    every: int = 0


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
        """Return those who are late or due, the latest first."""
        waiting = [each for each in self.cells() if each.state in (CellState.LATE, CellState.DUE)]
        return tuple(sorted(waiting, key=_deadline))


_ORDER = (CellState.LATE, CellState.DUE, CellState.TOLD, CellState.NEVER, CellState.QUIET)
_SOON = timedelta(minutes=5)
"""A stakeholder counts as due this long before the deadline: time to reach several people."""


def board(view: IncidentView, playbook: Playbook, now: datetime) -> StakeholderBoard:
    """Return the checklist of an incident at `now`."""
    last: dict[str, ToldMark] = {}
    for mark in view.told:
        if mark.stakeholder not in last or mark.at >= last[mark.stakeholder].at:
            last[mark.stakeholder] = mark
    cells = [_cell(each, last.get(each.id), view, playbook, now) for each in view.stakeholders]
    cells.sort(key=lambda cell: (_ORDER.index(cell.state), _deadline(cell), cell.stakeholder.name))
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


def _cell(
    person: Stakeholder,
    mark: ToldMark | None,
    view: IncidentView,
    playbook: Playbook,
    now: datetime,
) -> StakeholderCell:
    rule = playbook.rule(view.severity, person.ring)
    every = person.every or 0
    if not every and rule:
        every = interval(rule, view.status, playbook.cadence_settings)
    if mark is not None:
        due_at = mark.at + timedelta(minutes=every) if every and view.is_open else None
        state = _told_state(due_at, now)
        return StakeholderCell(person, state, due_at, mark.at, mark.by, mark.channel, every)
    first = rule.first if rule else (person.every or 0)
    if not first or not view.is_open:
        state = CellState.QUIET if not first else CellState.NEVER
        return StakeholderCell(person, state, every=every)
    due_at = view.declared_at + timedelta(minutes=first)
    state = CellState.LATE if now >= due_at else CellState.DUE
    return StakeholderCell(person, state, due_at, every=every)


def _told_state(due_at: datetime | None, now: datetime) -> CellState:
    if due_at is None or now < due_at - _SOON:
        return CellState.TOLD
    return CellState.LATE if now >= due_at else CellState.DUE


def _deadline(cell: StakeholderCell) -> float:
    return cell.due_at.timestamp() if cell.due_at else float("inf")
