"""The board: four quadrants, the late ones first, everybody counted once."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Struct

from cockpit.domain.envelope import Record
from cockpit.domain.fold import fold
from cockpit.domain.stakeholder_board import CellState, StakeholderBoard, board
from cockpit.domain.vocabulary import Quadrant, Ring
from tests.domain.incident_events import (
    START,
    default_playbook,
    field,
    minutes,
    op_id,
    opened,
    told,
    update,
)

CARDS = {
    "director": {"name": "Director", "ring": 3, "power": "high", "interest": "high"},
    "customers": {"name": "Customers", "ring": 5, "power": "high", "interest": "low"},
    "support": {"name": "Support", "ring": 2, "power": "low", "interest": "high"},
    "everyone": {"name": "Everyone", "ring": 4, "power": "low", "interest": "low"},
}


def _board(marks: dict[str, int], now: int) -> StakeholderBoard:
    cards = [
        field(100 + place, "card", card, START, obj=f"sh:{name}")
        for place, (name, card) in enumerate(CARDS.items())
    ]
    tells = [told(200 + place, name, minutes(at)) for place, (name, at) in enumerate(marks.items())]
    view = fold([opened(severity="SEV1"), *cards, *tells]).view
    return board(view, default_playbook(), minutes(now))


def test_everybody_stands_in_their_quadrant() -> None:
    found = _board({}, 1)
    names = {
        quadrant: [c.stakeholder.id for c in cells] for quadrant, cells in found.quadrants.items()
    }
    assert names == {
        Quadrant.SATISFIED: ["customers"],
        Quadrant.CLOSELY: ["director"],
        Quadrant.MONITOR: ["everyone"],
        Quadrant.INFORMED: ["support"],
    }


def test_somebody_told_long_ago_is_late_and_comes_first() -> None:
    found = _board({"director": 1, "support": 1}, 119)
    late = [cell.stakeholder.id for cell in found.to_tell()]
    assert set(late) >= {"director", "support", "customers"}
    cell = found.quadrants[Quadrant.CLOSELY][0]
    assert (cell.state, cell.told_at) == (CellState.LATE, minutes(1))


@given(st.dictionaries(st.sampled_from(sorted(CARDS)), st.integers(0, 300)), st.integers(0, 600))
def test_counts_agree_with_the_cells(marks: dict[str, int], now: int) -> None:
    found = _board(marks, now)
    cells = found.cells()
    assert found.total == len(cells) == len(CARDS)
    assert found.told == len(marks)
    assert found.late == sum(cell.state is CellState.LATE for cell in cells)
    for cell in cells:
        if cell.state is CellState.LATE:
            assert cell.due_at is not None
            assert cell.due_at <= minutes(now)


class Minutes(Struct):
    """One executive's evening, looked at minute by minute after the declaration.

    first, every: the minutes of their rhythm; told_at: when they were told; quiet: from and until
    in minutes of the day; pause: when it began and how long it lasted.
    """

    first: int
    every: int
    told_at: int | None
    quiet: tuple[int, int] | None
    pause: tuple[int, int] | None

    def asleep(self, minute: int) -> bool:
        if self.quiet is None or self.quiet[0] == self.quiet[1]:
            return False
        wall = (START.hour * 60 + START.minute + minute) % 1440
        start, end = self.quiet
        return start <= wall < end if start < end else wall >= start or wall < end

    def wakes(self, minute: int) -> int:
        while self.asleep(minute):
            minute += 1
        return minute

    def paused(self, minute: int) -> bool:
        return self.pause is not None and self.pause[0] <= minute < sum(self.pause)

    def due(self) -> int | None:
        wait = self.first if self.told_at is None else self.every
        if not wait:
            return None
        due = (self.told_at or 0) + wait
        if self.pause and self.paused(due) and sum(self.pause) > (self.told_at or 0):
            due = sum(self.pause) + self.every
        return self.wakes(due) + 5 if self.asleep(due) else due

    def state(self, now: int) -> CellState:
        due, was_told = self.due(), self.told_at is not None
        if self.asleep(now) and not self.paused(now):
            return CellState.QUIET
        if due is None or self.paused(now):
            return CellState.TOLD if was_told else CellState.QUIET
        if now >= due:
            return CellState.LATE
        if self.told_at is None:
            return CellState.DUE
        soon = min(5, (due - self.told_at) / 2)
        return CellState.TOLD if now < due - soon else CellState.DUE


@given(
    every=st.sampled_from([0, 4, 10, 45]),
    told_at=st.none() | st.integers(0, 400),
    quiet=st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)),
    pause=st.none() | st.tuples(st.integers(1, 300), st.integers(1, 300)),
    severity=st.sampled_from(["SEV1", "SEV2", "SEV4"]),
    now=st.integers(0, 1500),
)
@settings(max_examples=300)
def test_the_board_agrees_with_a_look_every_minute(
    every: int,
    told_at: int | None,
    quiet: tuple[int, int] | None,
    pause: tuple[int, int] | None,
    severity: str,
    now: int,
) -> None:
    told_at = None if told_at is None or told_at > now else told_at
    pause = None if pause is None or pause[0] > now else pause
    card: dict[str, Any] = {"name": "D", "ring": 3, "power": "high", "interest": "high"}
    card |= {"every": every} if every else {}
    if quiet:
        card |= {"quiet_from": as_clock(quiet[0]), "quiet_until": as_clock(quiet[1])}
    events = [opened(severity=severity), field(100, "card", card, START, obj="sh:d")]
    if told_at is not None:
        events.append(told(200, "d", minutes(told_at)))
    if pause:
        until = minutes(sum(pause)).isoformat()
        events.append(field(300, "pause.executives", until, minutes(pause[0]), reason="night"))
    playbook = default_playbook()
    cell = board(fold(events).view, playbook, minutes(now)).cells()[0]

    rule = playbook.rule(severity, Ring.EXECUTIVES)
    looked = Minutes(
        first=rule.first if rule else every,
        every=every or (rule.investigating if rule else 0),
        told_at=told_at,
        quiet=None if severity == "SEV1" else quiet,
        pause=pause,
    )
    assert cell.state is looked.state(now)
    assert cell.paused == looked.paused(now)
    if looked.paused(now):
        return
    sleeps = looked.asleep(now)
    assert cell.asleep_until == (minutes(looked.wakes(now)) if sleeps else None)
    due = looked.due()
    if due is not None and sleeps:
        due = max(due, looked.wakes(now) + 5)
    assert cell.due_at == (None if due is None else minutes(due))


def as_clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _one(card: dict[str, Any], *events: Record, severity: str = "SEV2", now: float = 1) -> Any:
    known = {"name": "Ana", "ring": 5, "power": "high", "interest": "low", **card}
    placed = field(100, "card", known, START, obj="sh:ana")
    view = fold([opened(severity=severity), placed, *events]).view
    return board(view, default_playbook(), minutes(now)).cells()[0]


def test_the_promise_of_the_update_that_told_them_counts() -> None:
    sent = update(300, "We are looking into it.", minutes(5), next_at=minutes(50))
    mark = told(301, "ana", minutes(5), via=op_id(300))
    assert _one({}, sent, mark, now=40).due_at == minutes(50)
    assert _one({}, sent, mark, now=40).state is CellState.TOLD
    moved = field(302, "promise.customers", minutes(70).isoformat(), minutes(45))
    cell = _one({}, sent, mark, moved, now=60)
    assert (cell.state, cell.due_at) == (CellState.TOLD, minutes(70))
    by_hand = told(301, "ana", minutes(5))
    assert _one({}, sent, by_hand, now=36).state is CellState.LATE


def test_a_rhythm_chosen_by_hand_holds_but_not_for_who_has_their_own() -> None:
    slower = field(300, "rhythm.customers", 60, minutes(10))
    mark = told(301, "ana", minutes(12))
    assert _one({}, slower, mark, now=60).due_at == minutes(72)
    assert _one({"every": 15}, slower, mark, now=20).due_at == minutes(27)


def test_an_open_pause_leaves_everybody_alone() -> None:
    pause = field(300, "pause.customers", "open", minutes(10), reason="waiting for the supplier")
    cell = _one({}, pause, now=500)
    assert (cell.state, cell.paused, cell.pause_reason) == (
        CellState.QUIET,
        True,
        "waiting for the supplier",
    )
    assert cell.due_at is None
    assert _one({"every": 15}, pause, told(301, "ana", minutes(2)), now=500).state is CellState.TOLD


def test_who_joins_later_waits_from_then_on() -> None:
    assert _one({"since": minutes(120).isoformat()}, now=121).due_at == minutes(135)


def test_who_is_pulled_in_at_once_comes_first() -> None:
    ana = {"because": "Data was lost", "since": minutes(100).isoformat(), "ring": 4}
    cell = _one(ana, severity="SEV4", now=101)
    assert (cell.state, cell.due_at) == (CellState.DUE, minutes(115))
    assert _one(ana, now=101).due_at == minutes(105)  # the on-call team's first word at SEV2
    cards = [
        field(100 + place, "card", {**card, "because": why}, START, obj=f"sh:{name}")
        for place, ((name, card), why) in enumerate(
            zip(CARDS.items(), ("", "", "", "Data was lost"), strict=True)
        )
    ]
    found = board(fold([opened(severity="SEV1"), *cards]).view, default_playbook(), minutes(30))
    assert next(iter(found.to_tell())).stakeholder.id == "everyone"
