"""Moved promises, pauses and slower rhythms: countdown and report agree with a slow reference.

The reference walks through the incident minute by minute, as somebody with a clock would.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from cockpit.domain.cadence import ClockState, RingClock, clocks
from cockpit.domain.cadence_report import report
from cockpit.domain.envelope import Record
from cockpit.domain.fold import fold
from cockpit.domain.ring_plan import time_value
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import Ring
from tests.domain.incident_events import START, default_playbook, field, minutes, opened, update

LAST = 240
AUDIENCES = ("customers", "support", "executives")


class Step(Struct, frozen=True):
    """Something that happens at a full minute after the start."""

    minute: int
    what: str
    audience: str = ""
    value: object = None


def step(what: str, values: st.SearchStrategy[object]) -> st.SearchStrategy[Step]:
    audiences = st.sampled_from(AUDIENCES)
    return st.builds(Step, st.integers(1, LAST - 1), st.just(what), audiences, values)


AHEAD = st.none() | st.integers(1, 90)
STEPS = st.lists(
    step("send", AHEAD)
    | step("send", AHEAD)
    | step("move", AHEAD)
    | step("pause", st.none() | st.integers(1, 60))
    | step("resume", st.none())
    | step("rhythm", st.sampled_from([0, 20, 45, 90]))
    | step("severity", st.sampled_from(["SEV1", "SEV2", "SEV3", "SEV4"]))
    | step("status", st.sampled_from(["investigating", "identified", "monitoring", "resolved"])),
    max_size=12,
    unique_by=lambda each: each.minute,
).map(lambda steps: sorted(steps, key=lambda each: each.minute))


def as_record(number: int, each: Step) -> Record:
    """Return the event of a step."""
    at, value = minutes(each.minute), each.value
    ahead = minutes(each.minute + value) if isinstance(value, int) else None
    if each.what == "send":
        return update(number, "x", at, audience=each.audience, next_at=ahead)
    if each.what == "move":
        text = ahead.isoformat() if ahead else ""
        return field(number, f"promise.{each.audience}", text, at)
    if each.what == "pause":
        return field(number, f"pause.{each.audience}", ahead.isoformat() if ahead else "open", at)
    if each.what == "resume":
        return field(number, f"pause.{each.audience}", "", at)
    if each.what == "rhythm":
        return field(number, f"rhythm.{each.audience}", value, at)
    return field(number, each.what, value, at)


def view_of(severity: str, steps: list[Step]) -> IncidentView:
    return fold(
        [opened(severity=severity), *(as_record(10 + n, each) for n, each in enumerate(steps))]
    ).view


class Slow(Struct):
    """Where an audience's countdown stands, as somebody would keep it on paper."""

    severity: str
    status: str = "investigating"
    sent: int | None = None
    promised: int | None = None
    chosen: int = 0
    pause: tuple[int, int | None] | None = None
    log: list[tuple[int, str, int | None, int | None]] = []
    """Minute, what happened, to when (for the end of a pause: its beginning), paused since."""

    def every(self, audience: str) -> int:
        playbook = default_playbook()
        rules = [r for r in playbook.cadence if (r.severity, r.ring) == (self.severity, audience)]
        minutes_by_status = getattr(rules[0], self.status, 0) if rules else 0
        every = self.chosen if self.chosen and self.status != "resolved" else minutes_by_status
        return min(every, 60) if audience == "customers" else every

    def first(self, audience: str) -> int | None:
        rules = default_playbook().cadence
        found = [r.first for r in rules if (r.severity, r.ring) == (self.severity, audience)]
        return found[0] if found and found[0] else None


def walk(severity: str, steps: list[Step], audience: str, until: int) -> Slow:
    """Walk minute by minute to `until` (included) and note what happens to one audience."""
    slow = Slow(severity, log=[])
    for minute in range(until + 1):
        if slow.pause and slow.pause[1] == minute:
            slow.log.append((minute, "pause-end", slow.pause[0], None))
            slow.pause = None
        for each in [each for each in steps if each.minute == minute]:
            _take(slow, each, audience, minute)
    return slow


def _take(slow: Slow, each: Step, audience: str, minute: int) -> None:
    ahead = minute + each.value if isinstance(each.value, int) else None
    if each.what == "severity":
        if str(each.value) < slow.severity:
            slow.chosen = 0
        slow.severity = str(each.value)
    elif each.what == "status":
        if slow.status == "resolved" and each.value != "resolved":
            slow.chosen = 0
        slow.status = str(each.value)
    elif each.audience != audience:
        return
    elif each.what == "send":
        slow.sent, slow.promised = minute, ahead
        slow.log.append((minute, "send", None, None))
    elif each.what == "move":
        slow.log.append((minute, "move", ahead, slow.pause[0] if slow.pause else None))
    elif each.what == "rhythm":
        slow.chosen = int(str(each.value))
    else:
        if slow.pause:
            slow.log.append((minute, "pause-end", slow.pause[0], None))
        slow.pause = (minute, ahead) if each.what == "pause" else None


def deadline(slow: Slow, audience: str) -> tuple[int | None, int | None]:
    """Return the minute that is due, and the one that had passed when it was moved."""
    every = slow.every(audience)
    if slow.sent is None:
        base = slow.first(audience)
    elif slow.promised is not None:
        base = slow.promised
    else:
        base = slow.sent + every if every else None
    due, missed = base, None
    since = slow.sent or 0
    for minute, what, value, paused in slow.log:
        if minute < since or (what == "pause-end" and minute == since):
            continue
        if what == "move" and value is None:
            due = base
        elif what == "move":
            owed = due is not None and due <= minute and (paused is None or due < paused)
            missed = due if owed and missed is None else missed
            due = value
        elif what == "pause-end" and due is not None and value is not None:
            due = minute + every if value <= due < minute else due
    return due, missed


def _ring(audience: str) -> Ring:
    return next(ring for ring in Ring if ring.audience == audience)


def _clock(view: IncidentView, audience: str, now: datetime) -> RingClock:
    return next(
        each for each in clocks(view, default_playbook(), now) if each.ring is _ring(audience)
    )


@given(st.sampled_from(["SEV1", "SEV2", "SEV3", "SEV4"]), STEPS, st.integers(0, LAST))
@example("SEV1", [Step(4, "send", "customers", 11), Step(12, "move", "customers", 10)], 14)
@example("SEV1", [Step(4, "send", "customers"), Step(6, "pause", "customers", 30)], 50)
def test_the_countdown_and_its_state_agree_with_the_walk(
    severity: str, steps: list[Step], now: int
) -> None:
    known = [each for each in steps if each.minute <= now]
    view = view_of(severity, known)
    for audience in AUDIENCES:
        slow = walk(severity, known, audience, now)
        due, missed = deadline(slow, audience)
        clock = _clock(view, audience, minutes(now))
        if slow.status == "resolved":
            assert clock.state is ClockState.NONE
            continue
        assert clock.due_at == (None if due is None else minutes(due))
        assert clock.missed_at == (None if missed is None else minutes(missed))
        assert (clock.state is ClockState.PAUSED) == (slow.pause is not None)
        if slow.pause is None:
            assert (clock.state is ClockState.OVERDUE) == (due is not None and due <= now)
        if due is not None:
            assert clock.remaining(minutes(now)) == timedelta(minutes=due - now)


@settings(max_examples=60)
@given(st.sampled_from(["SEV1", "SEV2", "SEV3"]), STEPS)
def test_the_report_agrees_with_the_walk(severity: str, steps: list[Step]) -> None:
    view = view_of(severity, steps)
    found = report(view, default_playbook(), minutes(LAST))
    for audience in AUDIENCES:
        sends = [each.minute for each in steps if (each.what, each.audience) == ("send", audience)]
        ring = found.ring(_ring(audience))
        if not sends:
            owed = audience == "customers" and _outcome(severity, steps, audience, LAST)
            ended = walk(severity, steps, audience, LAST).status == "resolved"
            assert ended or (ring is not None) == (owed == "missed")
            assert ring is None or (ring.updates, ring.first_word, ring.missed) == (0, None, 1)
            continue
        assert ring is not None
        assert ring.updates == len(sends)
        expected = [_outcome(severity, steps, audience, each) for each in sends]
        ended = walk(severity, steps, audience, LAST).status == "resolved"
        if not ended:
            expected += [
                each
                for each in [_outcome(severity, steps, audience, LAST)]
                if each in ("missed", "paused")
            ]
        said = [
            "paused" if each.paused else "kept" if each.kept else "missed"
            for each in ring.deadlines
            if not ended or each.met_at <= minutes(max(sends))
        ]
        assert said == [each for each in expected if each]


def _outcome(severity: str, steps: list[Step], audience: str, met: int) -> str:
    """Return what became of the deadline that ran until `met`, empty when nothing was due."""
    before = [each for each in steps if each.minute < met]
    slow = walk(severity, before, audience, met - 1)
    if slow.status == "resolved":
        return ""
    due, missed = deadline(slow, audience)
    if missed is not None:
        return "missed"
    if due is None:
        return ""
    if slow.pause and slow.pause[0] <= due < met:
        # The pause may end at `met` itself; until then nothing was owed.
        return "paused"
    return "kept" if met <= due else "missed"


def test_a_worse_severity_ends_a_slower_rhythm() -> None:
    slower = Step(10, "rhythm", "executives", 90)
    assert _clock(view_of("SEV2", [slower]), "executives", minutes(29)).every == 90
    view = view_of("SEV2", [slower, Step(30, "severity", value="SEV1")])
    assert not _clock(view, "executives", minutes(31)).slowed


def test_customers_never_wait_longer_than_an_hour_however_slow() -> None:
    view = view_of("SEV2", [Step(5, "send", "customers"), Step(10, "rhythm", "customers", 90)])
    assert _clock(view, "customers", minutes(12)).due_at == minutes(65)


def test_a_move_in_time_counts_as_extended_and_one_too_late_as_missed() -> None:
    in_time = [Step(4, "send", "customers", 11), Step(14, "move", "customers", 10)]
    found = report(view_of("SEV1", [*in_time, Step(23, "send", "customers")]), default_playbook())
    assert (found.made.extended, found.made.kept, found.made.missed) == (1, 1, 0)
    too_late = [Step(4, "send", "customers", 11), Step(16, "move", "customers", 10)]
    found = report(view_of("SEV1", [*too_late, Step(23, "send", "customers")]), default_playbook())
    assert (found.made.extended, found.made.kept, found.made.missed) == (0, 0, 1)
    assert found.rings[0].deadlines[-1].late == timedelta(minutes=8)


@given(STEPS, st.integers(1, LAST))
def test_what_was_decided_holds_when_the_clock_is_put_back(steps: list[Step], back: int) -> None:
    """A pause with a planned end is another matter: it lasts until the clock gets there."""
    decided = [each for each in steps if each.what != "pause" or each.value is None]
    view, last = view_of("SEV2", decided), minutes(LAST)
    for audience in AUDIENCES:
        then = _clock(view, audience, last)
        earlier = _clock(view, audience, last - timedelta(minutes=back))
        assert (earlier.due_at, earlier.missed_at) == (then.due_at, then.missed_at)
        assert (earlier.every, earlier.slowed, earlier.extended) == (
            then.every,
            then.slowed,
            then.extended,
        )
        paused = ClockState.PAUSED
        assert (earlier.state is paused) == (then.state is paused)


def test_times_that_no_calendar_has_are_no_times() -> None:
    assert time_value("0001-01-01T00:00:00+14:00") is None
    assert time_value("2026-02-30T00:00:00Z") is None
    assert time_value(START.isoformat()) == START
