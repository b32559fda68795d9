"""The measurement of insights runs on made-up data, and both sides count the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.made_data import Size, open_made
from benchmarks.plain_stats import Range, plain_debts, plain_downtime, plain_figures
from benchmarks.stats import KINDS, markdown, measure
from cockpit.domain.vocabulary import Severity
from cockpit.service.insights import insights

SMALL = Size(incidents=60, entries=900)


def test_every_period_is_measured(tmp_path: Path) -> None:
    with open_made(tmp_path / "home", SMALL) as session:
        figures = measure(session, rounds=1)
    assert [each.kind for each in figures] == list(KINDS)
    assert all(each.ours > 0 and each.plain > 0 for each in figures)
    assert figures[-1].incidents < figures[0].incidents
    assert len(markdown(figures, SMALL, 1).splitlines()) == len(KINDS) + 4


@pytest.mark.parametrize(("since", "severities"), KINDS.values(), ids=list(KINDS))
def test_plain_sql_counts_the_same(
    tmp_path: Path, since: str, severities: tuple[Severity, ...]
) -> None:
    with open_made(tmp_path / "home", SMALL) as session:
        found = insights(session, since=since, severities=[each.value for each in severities])
        stretch, ask = found.wish.stretch, session.store._connection.rows
        wanted = Range(stretch.since, stretch.until, severities or tuple(Severity))
        plain = plain_figures(ask, wanted)
        down = plain_downtime(ask, wanted, session.playbook.objective, found.now)
        debts = plain_debts(ask, wanted)
    assert sum(row[2] for row in plain["counts"]) == len(found.cases) > 0
    assert plain["promises"] == [(found.promises.kept, found.promises.missed)]
    for each in found.measures:
        count, median, _ = plain[each.measure.value]
        assert (count or 0) == len(each.cases)
        assert each.median is None or each.median.total_seconds() == pytest.approx(median, abs=0.1)
    assert down == pytest.approx(found.period.used.total_seconds(), abs=1) != 0
    if since == "all":
        assert sorted(row[0] for row in debts) == sorted(each.facts.ref for each in found.debts)
