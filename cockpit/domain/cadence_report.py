"""Afterwards: which promises were kept, which were missed, how long each audience waited."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from cockpit.domain.cadence import interval, ring_of
from cockpit.domain.playbook import Playbook
from cockpit.domain.times import format_words
from cockpit.domain.view import IncidentView, OutgoingMessage
from cockpit.domain.vocabulary import MessageState, PublicStatus, Ring, Severity


class Deadline(Struct, frozen=True):
    """One deadline and the update that met it: `late` is zero or less when it was kept.

    promised: printed in the update before; otherwise the playbook's interval.
    """

    ring: Ring
    due_at: datetime
    met_at: datetime
    promised: bool

    @property
    def late(self) -> timedelta:
        """Return by how much it was missed; zero or negative when kept."""
        return self.met_at - self.due_at


class RingReport(Struct, frozen=True):
    """How one audience was served: updates sent, deadlines kept and missed, longest silence."""

    ring: Ring
    updates: int
    first_word: timedelta | None
    longest_silence: timedelta
    deadlines: tuple[Deadline, ...]

    @property
    def kept(self) -> int:
        """Return how many deadlines were met in time."""
        return sum(each.late <= timedelta() for each in self.deadlines)

    @property
    def missed(self) -> int:
        """Return how many deadlines were missed."""
        return len(self.deadlines) - self.kept


class CadenceReport(Struct, frozen=True):
    """The cadence of a whole incident, audience by audience that was written to."""

    rings: tuple[RingReport, ...]

    @property
    def promises(self) -> int:
        """Return how many next-update times were printed."""
        return sum(each.promised for ring in self.rings for each in ring.deadlines)

    @property
    def kept(self) -> int:
        """Return how many deadlines were met in time."""
        return sum(ring.kept for ring in self.rings)

    @property
    def missed(self) -> int:
        """Return how many deadlines were missed."""
        return sum(ring.missed for ring in self.rings)

    def ring(self, ring: Ring) -> RingReport | None:
        """Return one audience's report, None when it was never written to."""
        return next((each for each in self.rings if each.ring is ring), None)


def report(view: IncidentView, playbook: Playbook, now: datetime | None = None) -> CadenceReport:
    """Return how the cadence was kept; `now` ends the silence of an incident that is still open."""
    rings = []
    for ring in Ring:
        sent = _sent(view.messages, ring)
        if sent:
            rings.append(_ring_report(ring, sent, view, playbook, now))
    return CadenceReport(tuple(rings))


def kept_words(found: CadenceReport) -> tuple[str, ...]:
    """Return how the cadence to customers was kept, in a few words each, the main one first."""
    customers = found.ring(Ring.CUSTOMERS)
    if customers is None:
        return ("no update was sent to customers",)
    count = len(customers.deadlines)
    deadlines = f"{customers.kept} of {count} deadline{'s' if count != 1 else ''} kept"
    words = [deadlines] if count else []
    words.append(f"longest silence {format_words(customers.longest_silence)}")
    if customers.first_word is not None:
        words.append(f"first word after {format_words(max(timedelta(), customers.first_word))}")
    return tuple(words)


def _sent(messages: Iterable[OutgoingMessage], ring: Ring) -> list[OutgoingMessage]:
    found = [
        each
        for each in messages
        if each.msg.state is MessageState.SENT and ring_of(each.msg.audience) is ring
    ]
    return sorted(found, key=lambda each: (each.at, each.entry))


def _ring_report(
    ring: Ring,
    sent: list[OutgoingMessage],
    view: IncidentView,
    playbook: Playbook,
    now: datetime | None,
) -> RingReport:
    times = [each.at for each in sent]
    end = view.over_at or now
    points = [view.started_at, *times, *([end] if end and end > times[-1] else [])]
    silences = [later - earlier for earlier, later in pairwise(points)]
    return RingReport(
        ring,
        updates=len(sent),
        first_word=times[0] - view.started_at,
        longest_silence=max(silences, default=timedelta()),
        deadlines=tuple(_deadlines(ring, sent, view, playbook, now)),
    )


def _deadlines(
    ring: Ring,
    sent: list[OutgoingMessage],
    view: IncidentView,
    playbook: Playbook,
    now: datetime | None,
) -> Iterable[Deadline]:
    rule = playbook.rule(view.severity, ring)
    if rule and rule.first:
        due_at = view.declared_at + timedelta(minutes=rule.first)
        yield Deadline(ring, due_at, sent[0].at, promised=False)
    for place, each in enumerate(sent):
        due = _due(each, ring, view.severity, playbook)
        met_at = sent[place + 1].at if place + 1 < len(sent) else view.over_at or now
        if due is None or met_at is None:
            continue
        due_at, promised = due
        if met_at < due_at and place + 1 == len(sent):
            continue
        yield Deadline(ring, due_at, met_at, promised)


def _due(
    each: OutgoingMessage, ring: Ring, severity: Severity, playbook: Playbook
) -> tuple[datetime, bool] | None:
    """Return the deadline that an update set, and whether it was promised in its text."""
    if each.msg.next_at is not None and each.msg.next_at > each.at:
        return each.msg.next_at, True
    rule = playbook.rule(severity, ring)
    try:
        status = PublicStatus(each.msg.status)
    except ValueError:
        status = PublicStatus.INVESTIGATING
    every = interval(rule, status, playbook.cadence_settings) if rule else 0
    return (each.at + timedelta(minutes=every), False) if every else None
