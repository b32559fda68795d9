"""Cadence over many incidents: the same as counted slowly, one by one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.cadence_history import PERIODS, Case, history, quantile
from cockpit.domain.cadence_report import CadenceReport, Deadline, RingReport
from cockpit.domain.cadence_text import history_lines
from cockpit.domain.vocabulary import Ring

BEGIN = datetime(2019, 12, 20, tzinfo=UTC)
SPANS = st.integers(0, 300).map(lambda number: timedelta(minutes=number))
RINGS = st.sampled_from((Ring.SUPPORT, Ring.CUSTOMERS))


@st.composite
def deadlines(draw: st.DrawFn, ring: Ring) -> Deadline:
    late = draw(st.integers(-60, 60))
    paused = draw(st.booleans())
    return Deadline(
        ring,
        BEGIN,
        BEGIN + timedelta(minutes=late),
        draw(st.booleans()),
        draw(st.integers(0, 2)),
        paused,
    )


@st.composite
def ring_reports(draw: st.DrawFn, ring: Ring) -> RingReport:
    return RingReport(
        ring,
        draw(st.integers(1, 9)),
        draw(st.none() | SPANS | st.just(timedelta(minutes=-5))),
        draw(SPANS),
        tuple(draw(st.lists(deadlines(ring), max_size=4))),
    )


@st.composite
def cases(draw: st.DrawFn) -> list[Case]:
    found = []
    for number in range(draw(st.integers(0, 12))):
        rings = sorted(draw(st.sets(RINGS)))
        report = CadenceReport(tuple(draw(ring_reports(ring)) for ring in rings))
        at = BEGIN + timedelta(hours=draw(st.integers(0, 24 * 60)))
        found.append(Case(f"INC-{number + 1}", at, report, draw(st.booleans())))
    return found


def slow_quantile(spans: list[timedelta], percent: int) -> timedelta | None:
    """Return the first span that enough of all do not exceed, found by trying each."""
    for each in sorted(spans):
        if sum(other <= each for other in spans) * 100 >= percent * len(spans):
            return each
    return None


@given(cases(), st.sampled_from(("", *PERIODS)))
def test_a_history_is_what_counting_one_by_one_gives(found: list[Case], by: str) -> None:
    periods = history(found, by)
    assert sum(each.incidents for each in periods) == len(found)
    assert [each.begins for each in periods] == sorted(
        {PERIODS[by](each.at.date())[0] for each in found} if by else ({None} if found else set())
    )
    for period in periods:
        mine = [each for each in found if not by or PERIODS[by](each.at.date())[1] == period.name]
        assert period.incidents == len(mine)
        for ring in Ring:
            reports = [(each, each.report.ring(ring)) for each in mine if each.report.ring(ring)]
            kept = next((each for each in period.rings if each.ring is ring), None)
            assert (kept is None) is (not reports)
            if kept is None:
                continue
            every = [one for _, report in reports if report for one in report.deadlines]
            due = [one for one in every if not one.paused]
            in_time = [one for one in due if one.met_at <= one.due_at]
            assert kept.incidents == len(reports)
            assert kept.deadlines.kept == len(in_time)
            assert kept.deadlines.missed == len(due) - len(in_time)
            assert kept.share_kept == (len(in_time) / len(due) if due else None)
            promised = [one for one in every if one.promised]
            assert kept.promises.made == len(promised)
            assert kept.promises.extended == sum(one.extended > 0 for one in promised)
            words = [
                max(report.first_word, timedelta())
                for case, report in reports
                if report and report.first_word is not None
                if not (case.imported and report.first_word < timedelta(minutes=1))
            ]
            assert kept.first_word_median == slow_quantile(words, 50)
            assert kept.first_word_p90 == slow_quantile(words, 90)
            longest = max(report.longest_silence for _, report in reports if report)
            assert kept.longest_silence == longest
            assert kept.longest_in in {
                case.ref for case, report in reports if report and report.longest_silence == longest
            }


@given(cases(), st.sampled_from(("", *PERIODS)))
def test_any_history_is_lines_of_text(found: list[Case], by: str) -> None:
    lines = list(history_lines(history(found, by)))
    assert lines
    assert all("\n" not in line and line == line.rstrip() for line in lines)


@pytest.mark.parametrize(
    ("by", "day", "begins", "name"),
    [
        ("week", date(2019, 12, 31), date(2019, 12, 30), "2020-W01"),
        ("month", date(2020, 2, 29), date(2020, 2, 1), "2020-02"),
        ("quarter", date(2020, 6, 30), date(2020, 4, 1), "2020-Q2"),
        ("year", date(2020, 6, 30), date(2020, 1, 1), "2020"),
    ],
)
def test_a_period_is_named_by_where_a_day_is_in_it(
    by: str, day: date, begins: date, name: str
) -> None:
    assert PERIODS[by](day) == (begins, name)


def test_a_median_of_few() -> None:
    one, two, three = (timedelta(minutes=each) for each in (1, 2, 3))
    assert quantile([], 0.5) is None
    assert quantile([one], 0.9) == one
    assert quantile([one, two], 0.5) == one
    assert quantile([one, two, three], 0.5) == two
    assert quantile([one] * 9 + [three], 0.9) == one
