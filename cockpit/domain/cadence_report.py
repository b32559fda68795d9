"""Afterwards: which promises were kept, which were missed, how long each audience waited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

from msgspec import Struct

from cockpit.domain.cadence import Sent, Situation, clock, words_to
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_words
from cockpit.domain.view import IncidentView, goes_on
from cockpit.domain.vocabulary import PublicStatus, Ring, Severity, Stage

_MOMENT = timedelta(microseconds=1)
_E = TypeVar("_E", bound=StrEnum)


class Deadline(Struct, frozen=True):
    """One deadline and the update that met it: `late` is zero or less when it was kept.

    promised: printed in the update before; otherwise it followed from the rhythm. extended: how
    often it was moved in time; paused: it fell into a pause, and was neither kept nor missed.
    """

    ring: Ring
    due_at: datetime
    met_at: datetime
    promised: bool
    extended: int = 0
    paused: bool = False

    @property
    def late(self) -> timedelta:
        """Return by how much it was missed; zero or negative when kept."""
        return self.met_at - self.due_at

    @property
    def kept(self) -> bool:
        """Say whether the update came in time."""
        return not self.paused and self.late <= timedelta()

    @property
    def missed(self) -> bool:
        """Say whether the update came too late, or not at all."""
        return not self.paused and self.late > timedelta()


class Tally(Struct, frozen=True):
    """How many deadlines there were, and what became of them.

    extended: those that were moved in time at least once; they are kept or missed as well.
    """

    made: int = 0
    kept: int = 0
    missed: int = 0
    extended: int = 0
    paused: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Return both together."""
        return Tally(
            self.made + other.made,
            self.kept + other.kept,
            self.missed + other.missed,
            self.extended + other.extended,
            self.paused + other.paused,
        )


def tally(deadlines: Iterable[Deadline]) -> Tally:
    """Return what became of some deadlines."""
    found = tuple(deadlines)
    return Tally(
        len(found),
        sum(each.kept for each in found),
        sum(each.missed for each in found),
        sum(each.extended > 0 for each in found),
        sum(each.paused for each in found),
    )


class RingReport(Struct, frozen=True):
    """How one audience was served: updates sent, deadlines kept and missed, longest silence."""

    ring: Ring
    updates: int
    first_word: timedelta | None
    longest_silence: timedelta
    deadlines: tuple[Deadline, ...]

    @property
    def all(self) -> Tally:
        """Return what became of every deadline, promised or by the rhythm."""
        return tally(self.deadlines)

    @property
    def promises(self) -> Tally:
        """Return what became of the times that were printed in updates."""
        return tally(each for each in self.deadlines if each.promised)

    @property
    def kept(self) -> int:
        """Return how many deadlines were met in time."""
        return self.all.kept

    @property
    def missed(self) -> int:
        """Return how many deadlines were missed."""
        return self.all.missed


class CadenceReport(Struct, frozen=True):
    """The cadence of a whole incident, audience by audience.

    Those that were written to, and customers who were owed a first word that never came.
    """

    rings: tuple[RingReport, ...]

    @property
    def all(self) -> Tally:
        """Return what became of every deadline of every audience."""
        return sum((ring.all for ring in self.rings), Tally())

    @property
    def made(self) -> Tally:
        """Return what became of every next-update time that was printed."""
        return sum((ring.promises for ring in self.rings), Tally())

    @property
    def promises(self) -> int:
        """Return how many next-update times were printed and came due."""
        return self.made.made

    @property
    def kept(self) -> int:
        """Return how many deadlines were met in time."""
        return self.all.kept

    @property
    def missed(self) -> int:
        """Return how many deadlines were missed."""
        return self.all.missed

    def ring(self, ring: Ring) -> RingReport | None:
        """Return one audience's report, None when it was neither written to nor kept waiting."""
        return next((each for each in self.rings if each.ring is ring), None)


def report(view: IncidentView, playbook: Playbook, now: datetime | None = None) -> CadenceReport:
    """Return how the cadence was kept; `now` ends the silence of an incident that is still open."""
    rings = []
    for ring in Ring:
        heard = words_to(view, ring)
        if heard or _kept_waiting(ring, view, playbook, now):
            rings.append(_ring_report(ring, heard, view, playbook, now))
    return CadenceReport(tuple(rings))


def kept_words(found: CadenceReport) -> tuple[str, ...]:
    """Return how the cadence to customers was kept, in a few words each, the main one first."""
    customers = found.ring(Ring.CUSTOMERS)
    if customers is None or not customers.updates:
        return ("no update was sent to customers",)
    found_all = customers.all
    count = found_all.kept + found_all.missed
    deadlines = f"{found_all.kept} of {count} deadline{'s' if count != 1 else ''} kept"
    words = [deadlines] if count else []
    if found_all.extended:
        words.append(f"{found_all.extended} extended")
    words.append(f"longest silence {format_words(customers.longest_silence)}")
    if customers.first_word is not None:
        words.append(f"first word after {format_words(max(timedelta(), customers.first_word))}")
    return tuple(words)


def _kept_waiting(ring: Ring, view: IncidentView, playbook: Playbook, now: datetime | None) -> bool:
    """Say whether the first word to customers became due and never came.

    Other audiences may have been told in person; what another tool did not record is not missed.
    """
    if ring is not Ring.CUSTOMERS or view.src is not None:
        return False
    return any(each.missed for each in _deadlines(ring, [], view, playbook, now))


def _ring_report(
    ring: Ring, heard: list[Sent], view: IncidentView, playbook: Playbook, now: datetime | None
) -> RingReport:
    times = [each.at for each in heard]
    end = view.over_at or now
    points = [view.started_at, *times]
    points += [end] if end and end > points[-1] else []
    silences = [later - earlier for earlier, later in pairwise(points)]
    return RingReport(
        ring,
        updates=sum(each.is_update for each in heard),
        first_word=times[0] - view.started_at if times else None,
        longest_silence=max(silences, default=timedelta()),
        deadlines=tuple(_deadlines(ring, heard, view, playbook, now)),
    )


def _deadlines(
    ring: Ring, heard: list[Sent], view: IncidentView, playbook: Playbook, now: datetime | None
) -> Iterable[Deadline]:
    """Yield each deadline as the countdown showed it in the moment before it was met."""
    last: Sent | None = None
    for each in heard:
        if found := _deadline(ring, last, each.at, view, playbook):
            yield found
        last = each
    end = view.over_at or now
    if end is not None:
        found = _deadline(ring, last, end, view, playbook)
        if found and (found.missed or found.paused):
            yield found


def _deadline(
    ring: Ring, last: Sent | None, met_at: datetime, view: IncidentView, playbook: Playbook
) -> Deadline | None:
    """Return the deadline that ran after the word `last`, None when nothing was due."""
    facts = situation_at(view, met_at - _MOMENT, {ring: last} if last else {})
    return deadline_in(ring, facts, met_at, playbook)


def deadline_in(
    ring: Ring, facts: Situation, met_at: datetime, playbook: Playbook
) -> Deadline | None:
    """Return the deadline that ran in a situation until the moment `met_at`, None without one."""
    before = met_at - _MOMENT
    running = clock(ring, facts, playbook, before)
    due_at = running.missed_at or running.due_at
    if due_at is None or not facts.is_open:
        return None
    last = facts.sent.get(ring)
    promised = last is not None and last.promises
    pause = facts.plan(ring).pause_at(before)
    # A deadline that had passed before the pause began was missed all the same.
    paused = pause is not None and pause.since <= due_at < met_at
    return Deadline(ring, due_at, met_at, promised, running.extended, paused)


def situation_at(view: IncidentView, at: datetime, sent: Mapping[Ring, Sent]) -> Situation:
    """Return what the countdown depended on at a time in the past, with the updates `sent`."""
    values = {"severity": view.opened_severity.value, "status": "", "stage": ""}
    values |= {each.field: str(each.value) for each in view.changes if each.at <= at}
    severity = _known(Severity, values["severity"], view.severity)
    status = _known(PublicStatus, values["status"], PublicStatus.INVESTIGATING)
    stage = _known(Stage, values["stage"], Stage.DETECTED)
    plans = {audience: plan.known_at(at) for audience, plan in view.plans.items()}
    return Situation(severity, status, view.declared_at, goes_on(status, stage), sent, plans)


def _known(choices: type[_E], value: str, default: _E) -> _E:
    try:
        return choices(value)
    except ValueError:
        return default
