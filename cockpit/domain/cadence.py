"""Cadence: when which audience hears from us next, from the last promise and the playbook.

The promise made in the last update is what counts; without one, the interval since the last word
does (the playbook's, or the slower one that was chosen); before it, the time allowed for the first
word. A word is an update; inside the company also that everybody in a ring was told. A deadline
can be moved with a reason; moved too late, the earlier one was missed. One that falls into a pause
comes an interval after the pause instead. Deadlines are wall clock times in UTC, so that a restart
or a suspended laptop changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.playbook import CadenceRule, CadenceSettings, Playbook
from cockpit.domain.ring_plan import NO_PLAN, RingPlan, run_course
from cockpit.domain.view import IncidentSummary, IncidentView, OutgoingMessage
from cockpit.domain.vocabulary import MessageState, PublicStatus, Ring, Severity

_CUSTOMERS = Ring.CUSTOMERS.audience


class ClockState(StrEnum):
    """Where a ring's countdown stands."""

    NOT_STARTED = "not-started"
    ON_TIME = "on-time"
    DUE_SOON = "due-soon"
    OVERDUE = "overdue"
    PAUSED = "paused"
    NONE = "none"


class RingClock(Struct, frozen=True):
    """The countdown of one ring.

    since: where the running interval began; every: the interval in minutes, 0 without a rhythm;
    promised: the deadline was printed in the last update; last_at, last_by: the last update sent.
    extended: how often the deadline was moved in time; missed_at: the deadline that had passed
    when it was moved; slowed: the interval was chosen instead of the playbook's; paused_until:
    when the pause ends, None if nobody said so; reason: why it is paused, or was moved last.
    """

    ring: Ring
    state: ClockState
    due_at: datetime | None = None
    since: datetime | None = None
    every: int = 0
    promised: bool = False
    last_at: datetime | None = None
    last_by: str = ""
    extended: int = 0
    missed_at: datetime | None = None
    slowed: bool = False
    paused_until: datetime | None = None
    reason: str = ""

    def remaining(self, now: datetime) -> timedelta:
        """Return the time left, negative once overdue; zero without a deadline."""
        return self.due_at - now if self.due_at else timedelta()

    def elapsed_share(self, now: datetime) -> float:
        """Return how much of the interval is over, 0 to 1 (1 when overdue)."""
        if self.due_at is None or self.since is None or self.due_at <= self.since:
            return 0.0 if self.due_at is None else float(now >= self.due_at)
        return min(1.0, max(0.0, (now - self.since) / (self.due_at - self.since)))


class Sent(Struct, frozen=True):
    """A word to an audience, and the time of the next one if it was promised.

    is_update: a text that was sent; otherwise everybody in the ring was told in person.
    """

    at: datetime
    by: str = ""
    next_at: datetime | None = None
    is_update: bool = True

    @property
    def promises(self) -> bool:
        """Say whether it printed when the next one comes."""
        return self.next_at is not None and self.next_at > self.at


class Situation(Struct, frozen=True):
    """What the countdown depends on, whether it comes from a full view or from a list line."""

    severity: Severity
    status: PublicStatus
    declared_at: datetime
    is_open: bool
    sent: Mapping[Ring, Sent]
    plans: Mapping[str, RingPlan] = {}

    def plan(self, ring: Ring) -> RingPlan:
        """Return what was decided about a ring's countdown."""
        return self.plans.get(ring.audience, NO_PLAN)


def situation(view: IncidentView) -> Situation:
    """Return what a view says about its cadence."""
    return Situation(
        view.severity,
        view.status,
        view.declared_at,
        view.is_open,
        last_words(view),
        view.plans,
    )


def last_words(view: IncidentView) -> dict[Ring, Sent]:
    """Return when each ring last heard from us: by an update, or told in person, all of it."""
    found = {ring: words_to(view, ring) for ring in Ring}
    return {ring: each[-1] for ring, each in found.items() if each}


def words_to(view: IncidentView, ring: Ring) -> list[Sent]:
    """Return each time that a ring heard from us, in order.

    Inside the company it counts when everybody in the ring was told; customers hear by updates.
    """
    sent = _updates_to(view.messages, ring)
    return sent if ring is Ring.CUSTOMERS else list(_with_rounds(sent, view, ring))


def _updates_to(messages: Iterable[OutgoingMessage], ring: Ring) -> list[Sent]:
    """Return the updates sent to a ring, in order."""
    sent = [
        as_sent(each)
        for each in messages
        if each.msg.state is MessageState.SENT and each.msg.audience == ring.audience
    ]
    return sorted(sent, key=lambda each: each.at)


def _with_rounds(sent: list[Sent], view: IncidentView, ring: Ring) -> Iterator[Sent]:
    """Yield the updates, and when the last in the ring was told in person since the word before."""
    people = {each.id for each in view.stakeholders if each.ring is ring}
    told = [each for each in view.told if each.stakeholder in people and not each.via]
    waiting, to_come = set(people), list(reversed(sent))
    for mark in told:
        while to_come and to_come[-1].at <= mark.at:
            yield to_come.pop()
            waiting = set(people)
        waiting.discard(mark.stakeholder)
        if not waiting:
            yield Sent(mark.at, mark.by, is_update=False)
            waiting = set(people)
    yield from reversed(to_come)


def last_sent(messages: Iterable[OutgoingMessage]) -> dict[Ring, Sent]:
    """Return the latest sent update of each ring."""
    known = tuple(messages)
    found = {ring: _updates_to(known, ring) for ring in Ring}
    return {ring: each[-1] for ring, each in found.items() if each}


def as_sent(message: OutgoingMessage) -> Sent:
    """Return what the countdown needs of an update."""
    return Sent(message.at, message.by, message.msg.next_at)


def ring_of(audience: str) -> Ring | None:
    """Return the ring with that audience word, None when there is none."""
    return next((ring for ring in Ring if ring.audience == audience), None)


def interval(rule: CadenceRule, status: PublicStatus, settings: CadenceSettings) -> int:
    """Return the playbook's minutes between updates at a status, 0 without a rhythm.

    Affected customers never wait longer than the playbook's most (an hour by default).
    """
    minutes = {
        PublicStatus.INVESTIGATING: rule.investigating,
        PublicStatus.IDENTIFIED: rule.identified,
        PublicStatus.MONITORING: rule.monitoring,
        PublicStatus.RESOLVED: 0,
    }[status]
    return _at_most(rule.ring, minutes, settings)


def rhythm(ring: Ring, facts: Situation, playbook: Playbook, now: datetime) -> tuple[int, bool]:
    """Return a ring's minutes between updates at `now`, and whether they were chosen by hand."""
    settings = playbook.cadence_settings
    rule = playbook.rule(facts.severity, ring)
    usual = interval(rule, facts.status, settings) if rule else 0
    plan = facts.plan(ring)
    chosen = plan.rhythm_at(plan.latest(now))
    if chosen is None or facts.status is PublicStatus.RESOLVED:
        return usual, False
    return _at_most(ring.audience, chosen.every, settings), True


def _at_most(audience: str, minutes: int, settings: CadenceSettings) -> int:
    return min(minutes, settings.customers_at_most) if audience == _CUSTOMERS else minutes


def clock(ring: Ring, facts: Situation, playbook: Playbook, now: datetime) -> RingClock:
    """Return the countdown of one ring at `now`."""
    sent = facts.sent.get(ring)
    last_at, last_by = (sent.at, sent.by) if sent else (None, "")
    if not facts.is_open:
        return RingClock(ring, ClockState.NONE, last_at=last_at, last_by=last_by)
    every, slowed = rhythm(ring, facts, playbook, now)
    plan = facts.plan(ring)
    since = sent.at if sent else facts.declared_at
    promised = sent is not None and sent.promises
    base = sent.next_at if sent and promised else _by_rhythm(ring, facts, playbook, every)
    known = plan.latest(now)
    course = run_course(base, every, plan, since, known)
    pause = plan.pause_at(known)
    if pause is not None:
        state = ClockState.PAUSED
    elif course.due_at is None:
        state = ClockState.NONE if sent else ClockState.NOT_STARTED
    else:
        state = _state(course.due_at, since, playbook.cadence_settings, now)
    return RingClock(
        ring,
        state,
        course.due_at,
        since if course.due_at else None,
        every,
        promised and course.due_at == base,
        last_at,
        last_by,
        course.extended,
        course.missed_at,
        slowed,
        pause.until if pause else None,
        pause.reason if pause else course.reason,
    )


def _by_rhythm(ring: Ring, facts: Situation, playbook: Playbook, every: int) -> datetime | None:
    """Return the deadline that nobody promised: by the rhythm, or for the first word."""
    sent = facts.sent.get(ring)
    if sent is not None:
        return sent.at + timedelta(minutes=every) if every else None
    rule = playbook.rule(facts.severity, ring)
    first = rule.first if rule else 0
    return facts.declared_at + timedelta(minutes=first) if first else None


def _state(
    due_at: datetime, since: datetime, settings: CadenceSettings, now: datetime
) -> ClockState:
    if now >= due_at:
        return ClockState.OVERDUE
    soon = min((due_at - since) * settings.soon_share, timedelta(minutes=settings.soon_at_most))
    return ClockState.DUE_SOON if due_at - now <= soon else ClockState.ON_TIME


def clocks(view: IncidentView, playbook: Playbook, now: datetime) -> tuple[RingClock, ...]:
    """Return every ring's countdown: customers first, then by deadline, those without one last."""
    facts = situation(view)
    found = [clock(ring, facts, playbook, now) for ring in Ring]
    return tuple(sorted(found, key=_urgency))


def _urgency(each: RingClock) -> tuple[bool, bool, float, int]:
    due = each.due_at.timestamp() if each.due_at else 0.0
    return (each.ring is not Ring.CUSTOMERS, each.due_at is None, due, each.ring)


def summary_clock(summary: IncidentSummary, playbook: Playbook, now: datetime) -> RingClock:
    """Return the customers' countdown of one line of the incident list."""
    ring = Ring.CUSTOMERS
    at = summary.last_sent.get(ring.audience)
    sent = {ring: Sent(at, "", summary.promised.get(ring.audience))} if at else {}
    facts = Situation(
        summary.severity,
        summary.status,
        summary.declared_at,
        summary.is_open,
        sent,
        summary.plans,
    )
    return clock(ring, facts, playbook, now)


def next_promise(
    facts: Situation, playbook: Playbook, audience: str, now: datetime
) -> datetime | None:
    """Return when to promise the next update: an interval from now, on a full step of minutes.

    Rounded down (to 5 minutes by default), so that the promise is never later than the rhythm
    allows; None when that audience has no rhythm now.
    """
    ring = ring_of(audience)
    every = rhythm(ring, facts, playbook, now)[0] if ring else 0
    if not every:
        return None
    step = max(1, playbook.cadence_settings.round_to)
    exact = now + timedelta(minutes=every)
    floor = exact.replace(second=0, microsecond=0) - timedelta(minutes=exact.minute % step)
    minute_after = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return max(floor, minute_after)
