"""Reports: one incident and many, real histories too, in no time."""

from __future__ import annotations

import time
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from cockpit.domain.vocabulary import Ring
from cockpit.errors import InvalidInputError
from cockpit.service import imports, updates
from cockpit.service.changes import set_field
from cockpit.service.incidents import Declaration, declare
from cockpit.service.reports import cadence_history, incident_cadence, parse_day
from cockpit.service.session import Session
from tests.service.conftest import START, MovedClock


def _send(session: Session, inc: str, stage: str) -> None:
    updates.sent(session, updates.compose(session, inc, stage=stage))


def test_a_promise_that_was_missed_is_in_the_report(
    session: Session, inc: str, clock: MovedClock
) -> None:
    clock.move(5)
    _send(session, inc, "investigating")
    clock.move(50)
    _send(session, inc, "resolved")
    found = incident_cadence(session, inc)
    ring = found.report.ring(Ring.CUSTOMERS)
    assert ring is not None
    assert (ring.promises.made, ring.promises.missed) == (1, 1)
    assert ring.first_word == timedelta(minutes=5)
    assert ring.longest_silence == timedelta(minutes=50)


def test_many_are_grouped_and_drills_and_old_ones_left_out(
    session: Session, inc: str, clock: MovedClock
) -> None:
    _send(session, inc, "investigating")
    set_field(session, inc, "status", "resolved")
    clock.move(60 * 24 * 40)
    drill = declare(session, Declaration("What if", "SEV2", drill=True)).id
    clock.move(10)
    _send(session, drill, "investigating")
    assert [each.incidents for each in cadence_history(session)] == [2]
    assert [each.name for each in cadence_history(session, by="month")] == ["2026-03", "2026-04"]
    assert [each.name for each in cadence_history(session, by="month", drills=False)] == ["2026-03"]
    since = START + timedelta(days=1)
    assert [each.incidents for each in cadence_history(session, since=since)] == [1]
    with pytest.raises(InvalidInputError, match="Did you mean month"):
        cadence_history(session, by="mont")


def test_a_day_is_a_day() -> None:
    assert parse_day(" 2026-01-01 ", UTC).isoformat() == "2026-01-01T00:00:00+00:00"
    with pytest.raises(InvalidInputError, match="2026-01-01"):
        parse_day("January", UTC)


@pytest.mark.parametrize("day", ["0001-01-01", "1969-12-31", "3000-01-01", "9999-12-31"])
def test_a_day_at_the_end_of_the_calendar_is_refused(day: str) -> None:
    with pytest.raises(InvalidInputError, match="too far from now"):
        parse_day(day, UTC)


def test_a_real_history_is_reported_in_a_moment(session: Session, samples: Path) -> None:
    path = samples / "statuspage" / "github_2018-12_to_2020-12.json"
    begun = time.process_time()
    imports.import_file(session, "statuspage", path)
    imported = time.process_time() - begun
    begun = time.process_time()
    periods = cadence_history(session, by="quarter")
    spent = time.process_time() - begun
    assert sum(each.incidents for each in periods) == 111
    assert all(each.rings[0].ring is Ring.CUSTOMERS for each in periods)
    kept = [each.rings[0].share_kept for each in periods]
    assert all(share is not None and 0 < share <= 1 for share in kept)
    assert spent < imported, "reading and counting costs less than importing did"
