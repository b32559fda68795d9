"""Which customer updates have just become overdue: told once each, for the optional bell."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cockpit.domain.cadence import ClockState, summary_clock
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import IncidentSummary


class Alarm:
    """Remembers for which deadline of which incident it has rung."""

    def __init__(self, playbook: Playbook) -> None:
        """Take the playbook that the deadlines follow from."""
        self._playbook = playbook
        self._opened: tuple[IncidentSummary, ...] = ()
        self._rung: set[tuple[str, datetime]] = set()

    def know(self, opened: Iterable[IncidentSummary]) -> None:
        """Take the open incidents as they are now."""
        self._opened = tuple(opened)

    def ring(self, now: datetime) -> tuple[IncidentSummary, ...]:
        """Return the incidents whose update became overdue since the last call."""
        late: list[IncidentSummary] = []
        for each in self._opened:
            clock = summary_clock(each, self._playbook, now)
            if clock.state is not ClockState.OVERDUE or clock.due_at is None:
                continue
            if (each.id, clock.due_at) not in self._rung:
                self._rung.add((each.id, clock.due_at))
                late.append(each)
        return tuple(late)
