"""The summary for whoever takes a role over, and the note that it was given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, tzinfo

from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.handover import Handover, handover_text, summarise
from cockpit.domain.view import TimelineFilter
from cockpit.domain.vocabulary import EntryKind
from cockpit.service.session import Session
from cockpit.service.timeline import on_register, split_text
from cockpit.store.database import NewEvent, Reads

MOST_DECISIONS = 100
"""The latest ones that are named: more than anybody takes in."""


def summary(session: Session, inc: str, zone: tzinfo = UTC) -> Handover:
    """Return the summary of an incident as of now."""
    view, decided = session.reads.view(inc), TimelineFilter(kinds=(EntryKind.DECISION.value,))
    count = session.reads.timeline_count(inc, decided)
    earlier = max(0, count - MOST_DECISIONS)
    entries = session.reads.timeline(inc, decided, earlier, count)
    return summarise(view, session.playbook, entries, session.clock(), zone, earlier)


def give(session: Session, inc: str, zone: tzinfo = UTC) -> Handover:
    """Note that the summary as of now was given to everybody, with its text, and return it."""
    found, act = summary(session, inc, zone), session.new_id()
    texts = split_text(f"State summary: {handover_text(found, zone)}".rstrip("\n"))
    kind = EntryKind.COMMUNICATION.value

    def build(reads: Reads) -> Sequence[NewEvent]:
        given = FieldSet("summary_at", found.at.isoformat(), act=act)
        entries = [NewEvent(inc, EntryAdded(found.at, text, kind, act=act)) for text in texts]
        return [*entries, NewEvent(inc, on_register(reads, inc, given))]

    session.write(build)
    return found
