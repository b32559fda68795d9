"""Copies of a cockpit that exchange bundles, and what of each must be equal."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from cockpit.config import Config
from cockpit.domain.envelope import encode_op
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import IncidentView, TimelineEntry, TimelineFilter
from cockpit.paths import Paths
from cockpit.service import postmortems
from cockpit.service.session import Session, open_session, read_playbook
from tests.service.conftest import START


class SteppingClock:
    """A wall clock that goes on by a second with every look."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


def open_copy(directory: Path, name: str, ahead: timedelta = timedelta()) -> Session:
    """Open a cockpit of one's own in `directory`; its clock runs `ahead` of the others."""
    home = directory / name
    session = open_session(
        Paths(home, home), Config(author=name), clock=SteppingClock(START + ahead), author=name
    )
    session.__dict__["playbook"] = _shipped_playbook()
    return session


@cache
def _shipped_playbook() -> Playbook:
    """Return the playbook, read once: many copies are opened."""
    nowhere = Path("nowhere")
    return read_playbook(Paths(nowhere, nowhere))


Seen = tuple[IncidentView, tuple[TimelineEntry, ...], frozenset[bytes]]


def what_is_there(session: Session) -> dict[str, Seen]:
    """Return view, timeline and events of every incident."""
    known = (*session.reads.summaries(), *session.reads.deleted())
    return {each.id: _seen(session, each.id) for each in known}


def _seen(session: Session, inc: str) -> Seen:
    entries = postmortems.read_timeline(session, inc, TimelineFilter(hidden=True))
    events = frozenset(encode_op(record.op) for record in session.reads.ops(inc))
    return session.reads.view(inc), entries, events
