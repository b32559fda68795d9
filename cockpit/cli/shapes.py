"""The shapes of `--json`: plain tables whose keys stay the same from version to version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from cockpit.domain.vocabulary import Quadrant

if TYPE_CHECKING:
    # Only named in signatures: `cockpit log` must not wait for what it does not use.
    from cockpit.domain.cadence import RingClock
    from cockpit.domain.closing import ClosingCheck
    from cockpit.domain.playbook import Playbook, RosterEntry
    from cockpit.domain.stakeholder_board import StakeholderBoard, StakeholderCell
    from cockpit.domain.told_history import Telling
    from cockpit.domain.view import (
        IncidentSummary,
        IncidentView,
        ResponseAction,
        TimelineEntry,
    )

Shape = dict[str, Any]

_CARD = (
    *("title", "group", "power", "interest", "channels", "contact", "wants", "deputy"),
    *("quiet_from", "quiet_until", "zone"),
)
"""What is known of a person beside their name and ring."""


def summary_shape(summary: IncidentSummary, clock: RingClock) -> Shape:
    """Return an incident of a list; `clock` is that of its most urgent audience."""
    return {
        **_head(summary),
        "commander": summary.commander,
        "entries": summary.entry_count,
        "next_update": clock_shape(clock),
        "last_activity": summary.last_activity,
        "source": summary.source,
    }


def incident_shape(view: IncidentView) -> Shape:
    """Return all that is known of an incident but its timeline."""
    rest = {
        name: getattr(view, name)
        for name in (
            "declared_by",
            "share",
            "kind",
            "criterion",
            "impact_text",
            "cause",
            "next_step",
            "area",
            "steps",
            "roles",
            "stakeholders",
            "told",
            "messages",
            "changes",
            "actions",
            "response_actions",
            "hypotheses",
            "postmortem",
            "components",
            "waivers",
            "seen_before",
            "rivals",
        )
    }
    return {**_head(view), **rest, "entries": view.entry_count}


def entry_shape(entry: TimelineEntry) -> Shape:
    """Return a line of the timeline."""
    return {
        "id": entry.id,
        "at": entry.at,
        "recorded_at": entry.recorded_at,
        "kind": entry.kind,
        "text": entry.text,
        "author": entry.author,
        "starred": entry.starred,
        "corrected": entry.corrected,
        "hidden": entry.hidden,
        "message": entry.msg,
    }


def clock_shape(clock: RingClock, *, always: bool = False) -> Shape | None:
    """Return the countdown of an audience, None when it has no rhythm unless `always`."""
    if clock.state.value == "none" and not always:
        return None
    return {
        "audience": clock.ring.audience,
        "state": clock.state.value,
        "due_at": clock.due_at,
        "promised": clock.promised,
        "every_minutes": clock.every,
        "last_at": clock.last_at,
        "last_by": clock.last_by,
        "extended": clock.extended,
        "missed_at": clock.missed_at,
        "slowed": clock.slowed,
        "paused_until": clock.paused_until,
        "reason": clock.reason,
    }


def clocks_shape(clocks: Iterable[RingClock]) -> list[Shape]:
    """Return the countdowns that have a rhythm."""
    return [shape for shape in map(clock_shape, clocks) if shape is not None]


def board_shape(board: StakeholderBoard) -> list[Shape]:
    """Return the stakeholder checklist, late ones first in each field of the grid."""
    return [
        {
            "id": cell.stakeholder.id,
            "name": cell.stakeholder.name,
            "audience": cell.stakeholder.ring.audience,
            "quadrant": quadrant.value,
            "state": cell.state.value,
            "due_at": cell.due_at,
            "told_at": cell.told_at,
            "told_by": cell.told_by,
            "channel": cell.channel,
            "asleep_until": cell.asleep_until,
            "paused": cell.paused,
            "because": cell.stakeholder.because,
        }
        for quadrant, cells in board.quadrants.items()
        for cell in cells
    ]


def people_shape(board: StakeholderBoard) -> list[Shape]:
    """Return the checklist with all that is known of each person."""
    cards = {cell.stakeholder.id: cell.stakeholder for cell in board.cells()}
    return [
        {
            **shape,
            **{name: getattr(cards[shape["id"]], name) for name in _CARD},
            "every_minutes": cards[shape["id"]].every,
        }
        for shape in board_shape(board)
    ]


def person_shape(cell: StakeholderCell, history: Iterable[Telling]) -> Shape:
    """Return one person of a board with all that they were told, the latest first."""
    from cockpit.domain.stakeholder_board import StakeholderBoard

    only = StakeholderBoard(
        {each: (cell,) if cell.stakeholder.quadrant is each else () for each in Quadrant}, 0, 0, 1
    )
    return {**people_shape(only)[0], "history": [plain(each) for each in history]}


def roster_shape(person: RosterEntry, kept_in: str) -> Shape:
    """Return somebody whom new incidents begin with; kept_in: "directory" or "playbook"."""
    return {
        "id": person.id,
        "name": person.name,
        "audience": person.ring,
        **{name: getattr(person, name) for name in _CARD},
        "every_minutes": person.every,
        "only_if_expedited": person.only_if_expedited,
        "kept_in": kept_in,
    }


def due_shape(view: IncidentView, playbook: Playbook, now: datetime) -> Shape:
    """Return what is due in an incident: the countdowns and the people who wait."""
    from cockpit.domain.cadence import clocks
    from cockpit.domain.response_work import timers
    from cockpit.domain.stakeholder_board import board

    return {
        **_head(view),
        "audiences": clocks_shape(clocks(view, playbook, now)),
        "stakeholders": board_shape(board(view, playbook, now)),
        "asked": [asked_shape(each.action, now) for each in timers(view, now)],
    }


def asked_shape(action: ResponseAction, now: datetime) -> Shape:
    """Return something asked of somebody; `late` while its answer is overdue."""
    late = action.state == "open" and action.back_at is not None and action.back_at <= now
    return {**plain(action), "late": late}


def steps_shape(view: IncidentView, playbook: Playbook, now: datetime) -> list[Shape]:
    """Return every step of the workflow as it stands, in the playbook's order."""
    from cockpit.domain.workflow import present_step, progress

    coming = present_step(view, playbook, now)
    return [
        {
            "id": each.step.id,
            "front": each.step.front,
            "text": each.step.text,
            "role": each.step.role,
            "person": view.holder(each.step.role),
            "done": each.done,
            "next": coming is not None and coming.step.id == each.step.id,
            "late": each.late,
            "due_at": each.due_at,
            "by_hand": each.by_hand,
        }
        for each in progress(view, playbook, now)
    ]


def closing_shape(view: IncidentView, checks: Iterable[ClosingCheck]) -> Shape:
    """Return whether an incident is closed, and how each closing check stands."""
    return {
        "ref": view.ref,
        "id": view.id,
        "stage": view.stage,
        "closed_at": view.closed_at,
        "checks": [
            {
                "id": each.id,
                "done": each.done,
                "left": each.is_left,
                "waived": each.waived,
                "sentence": each.sentence,
                "how": each.how,
            }
            for each in checks
        ],
    }


def cadence_shape(view: IncidentView, playbook: Playbook, now: datetime) -> Shape | None:
    """Return how the cadence to customers was kept, None while it goes on or nothing was due."""
    from cockpit.domain.cadence_report import report
    from cockpit.domain.vocabulary import Ring

    found = report(view, playbook, now).ring(Ring.CUSTOMERS)
    if found is None or view.is_open:
        return None
    first = found.first_word
    return {
        "updates": found.updates,
        "deadlines": len(found.deadlines),
        "kept": found.kept,
        "missed": found.missed,
        "longest_silence_seconds": int(found.longest_silence.total_seconds()),
        "first_word_seconds": None if first is None else int(first.total_seconds()),
    }


def plain(value: Any) -> Any:
    """Return a struct as plain tables and lists."""
    return msgspec.to_builtins(value, builtin_types=(datetime,))


def _head(incident: IncidentSummary | IncidentView) -> Shape:
    names = (
        "ref",
        "id",
        "title",
        "severity",
        "status",
        "stage",
        "phase",
        "impact",
        "started_at",
        "declared_at",
        "resolved_at",
        "closed_at",
        "drill",
        "private",
    )
    return {**{name: getattr(incident, name) for name in names}, "open": incident.is_open}
