"""Insights over real and invented incidents: which period, what counts, what is written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from cockpit.domain.cadence_history import quantile
from cockpit.domain.insight_facts import Measure
from cockpit.domain.insights import Dimension, Insights
from cockpit.domain.vocabulary import Ring
from cockpit.errors import InvalidInputError
from cockpit.service import imports
from cockpit.service.changes import set_field
from cockpit.service.deletion import delete
from cockpit.service.incidents import Declaration, declare
from cockpit.service.insights import EVERYTHING, YEAR, insights, write_page
from cockpit.service.reports import cadence_history
from cockpit.service.session import Session
from tests.service.conftest import START, MovedClock


def refs(found: Insights) -> list[str]:
    return [each.ref for each in found.cases]


def test_the_usual_period_is_the_playbooks_weeks(
    session: Session, inc: str, clock: MovedClock
) -> None:
    clock.move(60 * 24 * 90)
    assert refs(insights(session)) == ["INC-1"]
    clock.move(60 * 24 * 2)
    found = insights(session)
    assert refs(found) == []
    assert found.wish.stretch.length >= timedelta(weeks=13)


def test_periods_are_named_by_days_and_words(session: Session, inc: str, clock: MovedClock) -> None:
    clock.move(60 * 24 * 400)
    assert refs(insights(session, since="2026-03-04", until="2026-03-04")) == ["INC-1"]
    assert refs(insights(session, since="2026-03-05")) == []
    assert refs(insights(session, until="2026-03-03")) == []
    assert refs(insights(session, since=EVERYTHING)) == ["INC-1"]
    assert insights(session, since=YEAR).wish.stretch.since == datetime(2027, 1, 1, tzinfo=UTC)
    east = timezone(timedelta(hours=-10))
    assert refs(insights(session, since="2026-03-04", zone=east)) == []


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"since": "soon"}, "is not a day"),
        ({"until": "soon"}, "is not a day"),
        ({"since": "2026-03-05", "until": "2026-03-01"}, "ends before it begins"),
        ({"since": "2999-01-01"}, "ends before it begins"),
        ({"by": "weak"}, "Did you mean week"),
        ({"severities": ["SEV7"]}, "SEV7"),
    ],
)
def test_wrong_words_are_answered_in_words(
    session: Session, wish: dict[str, str], words: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        insights(session, **wish)
    assert words in str(refused.value)


def test_nothing_at_all_is_no_trouble(session: Session) -> None:
    assert refs(insights(session)) == refs(insights(session, since=EVERYTHING)) == []


def test_exercises_planned_work_and_deleted_ones_are_left_out(
    session: Session, inc: str, clock: MovedClock
) -> None:
    drill = declare(session, Declaration("What if", "SEV1", drill=True))
    declare(session, Declaration("New disks", "SEV4", kind="planned"))
    gone = declare(session, Declaration("A mistake", "SEV4"))
    delete(session, gone.id)
    clock.move(1)
    assert refs(insights(session)) == ["INC-1"]
    assert insights(session).drills_left_out == 1
    assert set(refs(insights(session, drills=True))) == {"INC-1", drill.ref}
    assert refs(insights(session, drills=True, severities=["1"])) == [drill.ref]


def test_times_of_a_response(session: Session, clock: MovedClock) -> None:
    began = START - timedelta(minutes=12)
    inc = declare(session, Declaration("Nobody can pay", "SEV1", at=began)).id
    clock.move(3)
    set_field(session, inc, "stage", "acknowledged")
    clock.move(15)
    set_field(session, inc, "stage", "contained")
    clock.move(30)
    set_field(session, inc, "status", "resolved")
    found = insights(session)
    spans = {each.measure: each.median for each in found.measures}
    assert spans == {
        Measure.DETECT: timedelta(minutes=12),
        Measure.ACKNOWLEDGE: timedelta(minutes=15),
        Measure.FIRST_WORD: None,
        Measure.CONTAIN: timedelta(minutes=30),
        Measure.RESOLVE: timedelta(minutes=60),
    }
    assert found.year.used == timedelta(minutes=30)
    assert [each.name for each in found.groups if each.dimension is Dimension.KIND] == ["Outage"]


def test_a_real_history_counts_as_the_report_does(session: Session, samples: Path) -> None:
    path = samples / "statuspage" / "github_2018-12_to_2020-12.json"
    imports.import_file(session, "statuspage", path)
    found = insights(session, since=EVERYTHING)
    assert len(found.cases) == 111
    assert found.by == "quarter"
    told = cadence_history(session)[0].rings[0]
    assert told.ring is Ring.CUSTOMERS
    assert (found.promises.kept, found.promises.missed) == (
        told.promises.kept,
        told.promises.missed,
    )
    words = [each for each in found.measures if each.measure is Measure.FIRST_WORD]
    assert words[0].median == told.first_word_median
    resolve = found.measures[-1]
    spans = sorted(
        view.over_at - view.started_at
        for view in map(session.reads.view, (each.id for each in found.cases))
        if view.over_at and view.over_at - view.started_at >= timedelta(minutes=1)
    )
    assert (resolve.median, resolve.p90) == (quantile(spans, 0.5), quantile(spans, 0.9))
    assert all(each.measure is not Measure.DETECT or not each.cases for each in found.measures)


def test_the_page_goes_where_exports_go_and_is_private(session: Session, inc: str) -> None:
    path = write_page(session, insights(session))
    assert path.name == "insights-2025-12-03-to-2026-03-04.html"
    assert path.parent == session.paths.exports
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Checkout fails" in path.read_text(encoding="utf-8")
    assert write_page(session, insights(session)) == path
