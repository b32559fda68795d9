"""The figures of many incidents through the service against the same aggregates in plain SQL.

`python -m benchmarks.stats` prints a Markdown table, with --json the figures; the exit code is 1
when a period is more than three times as slow as plain SQL. That one asks one statement for each
figure (`benchmarks.plain_stats`): counts by week and severity, median and nine of ten of the five
times, promises kept, areas, services, open debt, downtime of the period and of the year; and all
that can be compared once more for the period before. Ours keeps the incidents behind every number.
"""

from __future__ import annotations

from datetime import UTC, datetime
from statistics import median

from msgspec import Struct

from benchmarks.comparison import compare, microseconds
from benchmarks.made_data import Size
from benchmarks.plain_stats import Ask, Range, plain_debts, plain_downtime, plain_figures
from cockpit.domain.insights import Insights
from cockpit.domain.vocabulary import Severity
from cockpit.service.insights import insights
from cockpit.service.session import Session
from cockpit.sqlite_engine import sqlite3

_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_SEVERE = (Severity.SEV1, Severity.SEV2)

KINDS: dict[str, tuple[str, tuple[Severity, ...]]] = {
    "everything": ("all", ()),
    "the usual weeks": ("", ()),
    "this year": ("year", ()),
    "everything severe": ("all", _SEVERE),
}
"""What is asked for, by what it stands for: the period's word and the severities, empty for all."""


class Figure(Struct, frozen=True):
    """One period; times are medians of milliseconds, ratio is ours to plain SQL."""

    kind: str
    incidents: int
    ours: float
    plain: float
    ratio: float


def measure(session: Session, rounds: int) -> tuple[Figure, ...]:
    """Return the figures of every period, each the median of `rounds` alternating measurements."""
    raw = sqlite3.connect(f"{session.paths.database.as_uri()}?mode=ro", uri=True)
    try:
        return tuple(_measure_kind(session, raw, kind, rounds) for kind in KINDS)
    finally:
        raw.close()


def markdown(figures: tuple[Figure, ...], size: Size, rounds: int) -> str:
    """Return the figures as a table for people."""
    lines = [
        f"Figures of {size.incidents:,} incidents with {size.entries:,} entries, SQLite "
        f"{sqlite3.sqlite_version}; medians of {rounds} rounds, processor time.",
        "",
        "| period | incidents in it | ours | plain SQL | ours / plain |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {each.kind} | {each.incidents:,} | {each.ours:.1f} ms | {each.plain:.1f} ms "
        f"| {each.ratio:.2f} |"
        for each in figures
    ]
    return "\n".join(lines)


def ask_plainly(session: Session, ask: Ask, found: Insights) -> None:
    """Ask plain SQL for all that `found` tells."""
    severities = found.wish.severities or tuple(Severity)
    stretch, earlier = found.wish.stretch, found.wish.stretch.before()
    wanted = Range(stretch.since, stretch.until, severities)
    plain_figures(ask, wanted)
    if found.compared:
        plain_figures(ask, Range(earlier.since, earlier.until, severities))
    plain_debts(ask, Range(_EVER, stretch.until, severities))
    for each in (stretch, found.year.stretch):
        part = Range(each.since, each.until, severities)
        plain_downtime(ask, part, session.playbook.objective, found.now)


def _measure_kind(session: Session, raw: sqlite3.Connection, kind: str, rounds: int) -> Figure:
    since, severities = KINDS[kind]
    words = [each.value for each in severities]

    def ours() -> Insights:
        return insights(session, since=since, severities=words)

    def plain() -> None:
        ask_plainly(session, lambda sql, values: raw.execute(sql, values).fetchall(), found)

    found = ours()
    plain()
    times = [(microseconds(ours), microseconds(plain)) for _ in range(rounds)]
    mine, bare = (median(each) for each in zip(*times, strict=True))
    return Figure(kind, len(found.cases), mine / 1000, bare / 1000, mine / bare)


if __name__ == "__main__":
    compare("Measure the figures against plain SQL.", 15, measure, markdown)
