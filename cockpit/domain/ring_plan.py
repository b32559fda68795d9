"""What people decided about an audience's countdown: moved, paused with a reason, slowed down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

MOVED = "promise."
PAUSED = "pause."
RHYTHM = "rhythm."
"""What the registers of these decisions begin with; the audience's word follows."""

OPEN_END = "open"
"""The value of a pause that lasts until somebody ends it."""


class Decision(Struct, frozen=True):
    """One value that somebody gave such a register, when and why; back: by undo or redo."""

    field: str
    value: Any
    at: datetime
    by: str = ""
    reason: str = ""
    back: bool = False


class PromiseMove(Struct, frozen=True):
    """The next update was moved to another time; None takes earlier moves back.

    back: the move before was taken back by undo, or one that was comes again by redo.
    """

    at: datetime
    to: datetime | None
    by: str = ""
    reason: str = ""
    back: bool = False


class Pause(Struct, frozen=True):
    """A stretch of time without updates; `until` is None while nobody has said when it ends.

    ended: somebody ended it, at `until`.
    """

    since: datetime
    until: datetime | None = None
    by: str = ""
    reason: str = ""
    ended: bool = False

    def holds(self, now: datetime) -> bool:
        """Say whether it lasts at `now`."""
        return self.since <= now and (self.until is None or now < self.until)


class RhythmChange(Struct, frozen=True):
    """From `at` on, updates come every so many minutes; 0 goes back to the playbook's rhythm."""

    at: datetime
    every: int
    by: str = ""
    reason: str = ""


class RingPlan(Struct, frozen=True):
    """All decisions about one audience's countdown, each in order of time."""

    moves: tuple[PromiseMove, ...] = ()
    pauses: tuple[Pause, ...] = ()
    rhythms: tuple[RhythmChange, ...] = ()

    def pause_at(self, now: datetime) -> Pause | None:
        """Return the pause that lasts at `now`, None without one."""
        return next((each for each in reversed(self.pauses) if each.holds(now)), None)

    def latest(self, now: datetime) -> datetime:
        """Return `now`, or the time of the last decision where the clock was put back since.

        What was decided holds, whatever the clock says afterwards.
        """
        ends = [each.until for each in self.pauses if each.ended and each.until]
        begins = [each.since for each in self.pauses]
        moved = [each.at for each in self.moves]
        return max([now, *begins, *ends, *moved, *(each.at for each in self.rhythms)])

    def known_at(self, at: datetime) -> RingPlan:
        """Return what had been decided by a time in the past."""
        pauses = (each for each in self.pauses if each.since <= at)
        return RingPlan(
            tuple(each for each in self.moves if each.at <= at),
            tuple(
                replace(each, until=None, ended=False)
                if each.ended and each.until and each.until > at
                else each
                for each in pauses
            ),
            tuple(each for each in self.rhythms if each.at <= at),
        )

    def rhythm_at(self, now: datetime) -> RhythmChange | None:
        """Return the rhythm chosen instead of the playbook's at `now`, None without one."""
        chosen = [each for each in self.rhythms if each.at <= now]
        return chosen[-1] if chosen and chosen[-1].every > 0 else None


NO_PLAN = RingPlan()


def plans(decisions: Iterable[Decision]) -> dict[str, RingPlan]:
    """Return each audience's plan; a worse severity ends a slower rhythm, as does reopening.

    decisions: those on `promise.`, `pause.` and `rhythm.` fields and every change of severity and
    public status, in any order; others are left out.
    """
    ordered = sorted(decisions, key=lambda each: each.at)
    audiences = {
        each.field.removeprefix(prefix): None
        for each in ordered
        for prefix in (MOVED, PAUSED, RHYTHM)
        if each.field.startswith(prefix)
    }
    return {audience: _plan(audience, ordered) for audience in audiences}


def _plan(audience: str, decisions: list[Decision]) -> RingPlan:
    moves: list[PromiseMove] = []
    pauses: list[Pause] = []
    rhythms: list[RhythmChange] = []
    before: dict[str, Any] = {}
    why: dict[Any, str] = {}
    for each in decisions:
        if each.field == MOVED + audience:
            to = time_value(each.value)
            moves.append(PromiseMove(each.at, to, each.by, each.reason, each.back))
        elif each.field == PAUSED + audience:
            _end_pause(pauses, each.at)
            if each.value:
                # What undo brings back has the reason that it had.
                reason = why.get(each.value, "") if each.back else each.reason
                why[each.value] = reason
                pauses.append(Pause(each.at, time_value(each.value), each.by, reason))
        elif each.field == RHYTHM + audience:
            rhythms.append(RhythmChange(each.at, _minutes(each.value), each.by, each.reason))
        elif rhythms and rhythms[-1].every and _is_worse(each, before):
            rhythms.append(RhythmChange(each.at, 0, each.by, f"{each.field}: {each.value}"))
        before[each.field] = each.value
    return RingPlan(tuple(moves), tuple(pauses), tuple(rhythms))


def _end_pause(pauses: list[Pause], at: datetime) -> None:
    """End the pause that lasts at `at`, if there is one."""
    if pauses and pauses[-1].holds(at):
        last = pauses.pop()
        if last.since < at:
            pauses.append(replace(last, until=at, ended=True))


def _is_worse(each: Decision, before: dict[str, Any]) -> bool:
    """Say whether the rhythm chosen for a calmer incident no longer fits."""
    was = before.get(each.field)
    if each.field == "severity":
        return was is None or str(each.value) < str(was)
    return each.field == "status" and was == "resolved" and each.value != was


class Course(Struct, frozen=True):
    """What became of a deadline: where it stands, how often it was moved, which one was missed."""

    due_at: datetime | None
    extended: int = 0
    missed_at: datetime | None = None
    reason: str = ""


def run_course(
    base: datetime | None, every: int, plan: RingPlan, since: datetime, now: datetime
) -> Course:
    """Return what moves and pauses between `since` and `now` made of the deadline `base`.

    every: minutes that follow a pause; 0 sets the deadline on its end.
    """
    courses, undone = [Course(base)], list[Course]()
    steps: list[tuple[datetime, int, PromiseMove | Pause]] = [
        (each.at, 1, each) for each in plan.moves if since <= each.at <= now
    ]
    # A pause counts at its end, before whatever is decided in that moment.
    steps += [
        (each.until, 0, each) for each in plan.pauses if each.until and since < each.until <= now
    ]
    for at, _, step in sorted(steps, key=lambda each: each[:2]):
        if not isinstance(step, PromiseMove):
            courses = [_after_pause(each, step, at, every) for each in courses]
        elif not step.back:
            paused = plan.pause_at(at)
            courses.append(_move(courses[-1], step, base, paused.since if paused else None))
            undone.clear()
        elif undone and undone[-1].due_at == step.to:
            courses.append(undone.pop())
        elif len(courses) > 1:
            undone.append(courses.pop())
    return courses[-1]


def _after_pause(course: Course, pause: Pause, end: datetime, every: int) -> Course:
    """Set a deadline that fell into a pause an interval after its end."""
    if course.due_at is None or not pause.since <= course.due_at < end:
        return course
    return replace(course, due_at=end + timedelta(minutes=every))


def _move(
    course: Course, step: PromiseMove, base: datetime | None, paused: datetime | None
) -> Course:
    """Move the deadline; one that had passed by then was missed, the first of them counts.

    paused: since when the pause has lasted in which it is moved; nothing was owed meanwhile.
    """
    due_at, missed_at = course.due_at, course.missed_at
    if step.to is None:
        return Course(base, 0, missed_at)
    late = due_at is not None and step.at >= due_at and (paused is None or due_at < paused)
    if late and missed_at is None:
        missed_at = due_at
    extended = course.extended + (due_at is not None and not late and step.to > due_at)
    return Course(step.to, extended, missed_at, step.reason)


def time_value(value: Any) -> datetime | None:
    """Return a register's ISO 8601 time in UTC, None for anything else."""
    if not isinstance(value, str) or not value:
        return None
    try:
        at = datetime.fromisoformat(value)
        return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _minutes(value: Any) -> int:
    """Return a rhythm in minutes, 0 for anything that is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
