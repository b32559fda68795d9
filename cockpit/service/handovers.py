"""The summary for whoever takes a role over."""

from __future__ import annotations

from datetime import UTC, tzinfo

from cockpit.domain.handover import Handover, summarise
from cockpit.domain.view import TimelineFilter
from cockpit.domain.vocabulary import EntryKind
from cockpit.service.session import Session

MOST_DECISIONS = 100
"""The latest ones that are named: more than anybody takes in."""


def summary(session: Session, inc: str, zone: tzinfo = UTC) -> Handover:
    """Return the summary of an incident as of now."""
    view, decided = session.reads.view(inc), TimelineFilter(kinds=(EntryKind.DECISION.value,))
    count = session.reads.timeline_count(inc, decided)
    entries = session.reads.timeline(inc, decided, max(0, count - MOST_DECISIONS), count)
    return summarise(view, session.playbook, entries, session.clock(), zone)
