"""Figures over many incidents, against counting that is slow and obvious."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.cadence_history import AT_ONCE
from cockpit.domain.insight_facts import IncidentFacts, Measure
from cockpit.domain.insight_period import COLUMNS, Stretch, column_of, columns, usual_columns
from cockpit.domain.insight_sections import (
    count_words,
    sections,
    share_words,
    trend_words,
)
from cockpit.domain.insights import Dimension, Insights, Wish, count_insights
from cockpit.domain.view import ActionItem
from cockpit.domain.vocabulary import Severity
from tests.domain.incident_events import default_playbook

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
PERIOD = Stretch(NOW - timedelta(days=30), NOW)
TIMES = ("detected", "acknowledged", "first_word", "contained", "over")


def facts(number: int = 1, ago: float = 60, **fields: Any) -> IncidentFacts:
    """Return an incident that began so many minutes ago; times are minutes after that."""
    began = NOW - timedelta(minutes=ago)
    for name in TIMES:
        if isinstance(fields.get(name), int | float):
            fields[name] = began + timedelta(minutes=fields[name])
    values = {"severity": Severity.SEV2, **fields}
    return IncidentFacts(
        f"{number:032x}", f"INC-{number}", f"Title {number}", started=began, **values
    )


def count(*cases: IncidentFacts, **wish: Any) -> Insights:
    ordered = sorted(cases, key=lambda each: each.started)
    return count_insights(
        ordered, Wish(wish.pop("stretch", PERIOD), **wish), default_playbook(), NOW
    )


minutes_after = st.none() | st.integers(0, 2_000)
incident = st.builds(
    facts,
    number=st.integers(1, 10**6),
    ago=st.integers(1, 90 * 1440),
    severity=st.sampled_from(Severity),
    kind=st.sampled_from(("outage", "degraded", "planned", "third-party")),
    area=st.sampled_from(("", "orders", "gone")),
    services=st.lists(st.sampled_from(("API", "Web")), max_size=2).map(tuple),
    drill=st.booleans(),
    imported=st.booleans(),
    kept=st.integers(0, 3),
    missed=st.integers(0, 3),
    **dict.fromkeys(TIMES, minutes_after),
)
incidents = st.lists(incident, max_size=30, unique_by=lambda each: each.id)


def span_of(case: IncidentFacts, measure: Measure) -> timedelta | None:
    name = dict(zip(Measure, TIMES, strict=True))[measure]
    at = getattr(case, name)
    if at is None or (measure is Measure.DETECT and at <= case.started):
        return None
    if case.imported and at - case.started < AT_ONCE:
        return None
    return at - case.started


def least_of(spans: list[timedelta], share: float) -> timedelta | None:
    """Return the least span that at least a share of all do not exceed."""
    for span in sorted(spans):
        if sum(each <= span for each in spans) >= share * len(spans) - 1e-9:
            return span
    return None


def chosen(cases: list[IncidentFacts], *, drills: bool) -> list[IncidentFacts]:
    return [
        each
        for each in cases
        if each.kind != "planned" and (drills or not each.drill) and PERIOD.holds(each.started)
    ]


@given(incidents, st.booleans())
def test_times_and_counts_are_those_of_slow_counting(
    cases: list[IncidentFacts], drills: bool
) -> None:
    found = count(*cases, drills=drills)
    wanted = chosen(cases, drills=drills)
    assert sorted(each.id for each in found.cases) == sorted(each.id for each in wanted)
    for each in found.measures:
        spans = [span for case in wanted if (span := span_of(case, each.measure)) is not None]
        assert each.median == least_of(spans, 0.5)
        assert each.p90 == least_of(spans, 0.9)
        assert len(each.cases) == len(spans)
        assert len(each.unknown) == len(wanted) - len(spans)
    assert found.promises.kept == sum(each.kept for each in wanted)
    assert found.promises.missed == sum(each.missed for each in wanted)
    left_out = [each for each in chosen(cases, drills=True) if each.drill]
    assert found.drills_left_out == (0 if drills else len(left_out))


@given(incidents)
def test_columns_and_groups_hold_each_incident_where_it_belongs(cases: list[IncidentFacts]) -> None:
    found = count(*cases, by="week")
    assert [each.id for column in found.columns for each in column.cases] == [
        each.id for each in found.cases
    ]
    for column in found.columns:
        assert all(column_of(each.started, "week") == column.name for each in column.cases)
        assert sum(column.count(each) for each in Severity) == len(column.cases)
    for group in found.groups:
        word = {
            Dimension.KIND: lambda each: (each.kind,),
            Dimension.CRITERION: lambda each: (each.criterion,),
            Dimension.AREA: lambda each: (each.area,),
            Dimension.SERVICE: lambda each: each.services,
        }[group.dimension]
        assert list(group.cases) == [each for each in found.cases if group.id in word(each)]
        assert group.cases


@given(incidents)
def test_downtime_is_that_of_counting_minutes(cases: list[IncidentFacts]) -> None:
    found = count(*cases, drills=True)
    down: set[datetime] = set()
    for each in cases:
        if each.kind not in ("outage", "third-party") or each.severity > Severity.SEV2:
            continue
        at = max(each.started, PERIOD.since)
        end = min(each.over or NOW, each.contained or NOW, NOW)
        while at < end:
            down.add(at)
            at += timedelta(minutes=1)
    assert found.period.used == timedelta(minutes=len(down))
    assert found.period.allowed == PERIOD.length * 0.0001
    assert found.period.left == found.period.allowed - found.period.used


@given(incidents)
def test_every_number_can_be_opened_to_as_many_incidents(cases: list[IncidentFacts]) -> None:
    found = count(*cases)
    for section in sections(found):
        for row in section.rows:
            assert len(row.cells) == len(section.headers)
            if "COUNT" in section.headers:
                number = row.cells[section.headers.index("COUNT")]
                assert number == f"{len(row.behind):,}"
            if row.stack:
                assert sum(row.stack) == len(row.behind)
            if row.share is not None:
                assert 0 <= row.share <= 1


@given(
    st.integers(-15_000_000, 15_000_000),
    st.integers(1, 1_500),
    st.sampled_from(COLUMNS),
)
def test_columns_cover_every_day_once(minutes: int, days: int, by: str) -> None:
    since = NOW + timedelta(minutes=minutes)
    stretch = Stretch(since, since + timedelta(days=days))
    names = [name for name, _ in columns(stretch, by)]
    slow = [column_of(since + timedelta(days=day), by) for day in range(days)]
    slow.append(column_of(stretch.until - timedelta(microseconds=1), by))
    assert names == list(dict.fromkeys(slow))


def test_an_empty_stretch_has_no_columns() -> None:
    assert list(columns(Stretch(NOW, NOW), "week")) == []


@pytest.mark.parametrize(("days", "by"), [(91, "week"), (366, "month"), (4000, "quarter")])
def test_long_stretches_have_wider_columns(days: int, by: str) -> None:
    assert usual_columns(Stretch(NOW - timedelta(days=days), NOW)) == by


def test_the_period_before_is_as_long_and_touches() -> None:
    before = facts(1, ago=45 * 1440, over=60, kept=1, missed=1)
    here = facts(2, ago=5 * 1440, over=30, kept=3)
    found = count(before, here)
    assert [each.id for each in found.before] == [before.id]
    assert found.compared
    resolve = found.measures[-1]
    assert (resolve.median, resolve.median_before) == (timedelta(minutes=30), timedelta(hours=1))
    assert (found.promises.share, found.promises.share_before) == (1.0, 0.5)
    row = next(row for each in sections(found) if each.id == "times" for row in each.rows[-1:])
    assert row.cells == ("Resolved", "30m", "30m", "1h", "faster", "1 of 1")
    assert not count(here).compared
    assert sections(count(here))[0].rows[0].cells == ("All incidents", "1", "–")


def test_the_year_counts_beside_the_period() -> None:
    january = facts(1, ago=50 * 1440, over=40)
    found = count(january)
    assert found.cases == ()
    assert found.period.used == timedelta()
    assert found.year.used == timedelta(minutes=40)
    assert [each.facts.ref for each in found.year.outages] == ["INC-1"]
    assert found.year.stretch.since.date() == date(2026, 1, 1)
    assert round(found.year.allowed.total_seconds() / 60) == 53
    assert (
        count(
            january, stretch=Stretch(NOW - timedelta(days=500), NOW - timedelta(days=400))
        ).year.stretch.since.year
        == 2025
    )


def test_an_incident_that_is_down_twice_over_is_used_once() -> None:
    found = count(facts(1, ago=100, over=60), facts(2, ago=70, over=60), facts(3, ago=10))
    assert found.period.used == timedelta(minutes=90 + 10)
    assert [each.span for each in found.period.outages] == [
        timedelta(minutes=60),
        timedelta(minutes=60),
        timedelta(minutes=10),
    ]


def test_what_is_contained_after_its_end_is_down_until_its_end() -> None:
    found = count(facts(1, ago=100, over=20, contained=50))
    assert found.period.used == timedelta(minutes=20)


def test_severities_narrow_everything() -> None:
    found = count(facts(1, severity=Severity.SEV1), facts(2), severities=(Severity.SEV1,))
    assert [each.ref for each in found.cases] == ["INC-1"]
    assert len(found.period.outages) == 1


def test_debt_is_of_all_time_and_the_most_urgent_comes_first() -> None:
    old = facts(
        1, ago=80 * 1440, debts=(ActionItem("a", "Later"), ActionItem("b", "Due", due="2026-03-03"))
    )
    found = count(old, facts(2, debts=(ActionItem("c", "Soon", due="2026-03-04"),)))
    assert [each.item.title for each in found.debts] == ["Due", "Soon", "Later"]
    rows = next(each for each in sections(found) if each.id == "debt").rows
    assert [row.bad for row in rows] == [True, False, False]
    assert rows[0].cells == ("Due", "nobody", "2026-03-03, overdue", "INC-1")


def test_private_titles_stay_private() -> None:
    found = count(facts(1, private=True, debts=(ActionItem("a", "Secret work"),)))
    assert found.cases[0].shown_title == "(private)"
    rows = next(each for each in sections(found) if each.id == "debt").rows
    assert rows[0].name == "(private)"


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        (10, 20, "faster"),
        (20, 10, "slower"),
        (100, 104, "as before"),
        (0, 0, "as before"),
        (1, 0, "slower"),
        (None, 3, ""),
        (3, None, ""),
    ],
)
def test_a_trend_is_said_in_a_word(now: int | None, before: int | None, words: str) -> None:
    spans = [None if each is None else timedelta(minutes=each) for each in (now, before)]
    assert trend_words(*spans) == words


def test_words_of_shares_and_counts() -> None:
    assert share_words(0.999) == "99 %"
    assert share_words(1.0) == "100 %"
    assert share_words(None) == "–"
    assert count_words(1) == "1 incident"
    assert count_words(1_234, "exercise") == "1,234 exercises"
