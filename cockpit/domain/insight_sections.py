"""The insights as sections of rows, which the shell, the screen and the page all show.

A row keeps the incidents behind its number, each with what it adds to it in words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from cockpit.domain.action_items import due_day
from cockpit.domain.downtime import Budget
from cockpit.domain.insight_facts import IncidentFacts, Measure
from cockpit.domain.insights import Dimension, Group, Insights, Measured, OpenDebt, Timed
from cockpit.domain.times import format_span, format_words
from cockpit.domain.vocabulary import Severity

MEASURE_NAMES = {
    Measure.DETECT: "Detected",
    Measure.ACKNOWLEDGE: "Acknowledged",
    Measure.FIRST_WORD: "First word to customers",
    Measure.CONTAIN: "Contained",
    Measure.RESOLVE: "Resolved",
}
DIMENSION_NAMES = {
    Dimension.KIND: "kind",
    Dimension.CRITERION: "criterion",
    Dimension.AREA: "area",
    Dimension.SERVICE: "service",
}
_SAME = 0.05
"""Medians that differ by less than this share are called the same."""

_NONE = "–"


class Behind(Struct, frozen=True):
    """An incident behind a number, and what it adds to it in words."""

    facts: IncidentFacts
    words: str = ""


class FigureRow(Struct, frozen=True):
    """One number, or a few that belong together, with the incidents behind it.

    cells: as the section's headers say, the name first; stack: counts of SEV1 to SEV4 for a bar;
    share: how long its bar is (0 to 1), None for no bar; bad: something is overspent or overdue.
    """

    id: str
    cells: tuple[str, ...]
    behind: tuple[Behind, ...] = ()
    stack: tuple[int, ...] = ()
    share: float | None = None
    bad: bool = False

    @property
    def name(self) -> str:
        """Return what the row is about."""
        return self.cells[0]


class Section(Struct, frozen=True):
    """Rows under one heading; `note` says what is counted."""

    id: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[FigureRow, ...]
    note: str = ""


def sections(found: Insights) -> tuple[Section, ...]:
    """Return all figures of a period."""
    return (
        _incidents(found),
        _times(found),
        _promises(found),
        _downtime(found),
        _repeats(found),
        _debts(found),
        _columns(found),
    )


def trend_words(now: timedelta | None, before: timedelta | None) -> str:
    """Return how a median has changed, empty where one of both is unknown."""
    if now is None or before is None:
        return ""
    if abs(now - before) <= before * _SAME:
        return "as before"
    return "faster" if now < before else "slower"


def count_words(count: int, noun: str = "incident") -> str:
    """Return "1 incident" or "12 incidents"."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def span_words(span: timedelta | None) -> str:
    """Return a span in short, a dash where nobody knows."""
    return _NONE if span is None else format_span(span)


def share_words(share: float | None) -> str:
    """Return a share in percent, a dash for none; 100 % is said of all only."""
    if share is None:
        return _NONE
    percent = round(share * 100)
    return f"{min(percent, 99) if share < 1 else 100} %"


def minutes_words(span: timedelta) -> str:
    """Return a span in whole minutes, as budgets are counted."""
    minutes = round(span.total_seconds() / 60)
    return f"{minutes:,} min"


def period_words(found: Insights) -> str:
    """Return the first and the last day of the period in UTC."""
    stretch = found.wish.stretch
    last = max(stretch.since, min(stretch.until, found.now) - timedelta(microseconds=1))
    return f"{_day(stretch.since)} to {_day(last)}"


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()


def _before(found: Insights, words: str) -> str:
    return words if found.compared else _NONE


def _plain(cases: Iterable[IncidentFacts]) -> tuple[Behind, ...]:
    return tuple(Behind(each, "" if each.over else "still open") for each in reversed([*cases]))


def _stack(cases: Sequence[IncidentFacts]) -> tuple[int, ...]:
    return tuple(sum(each.severity is level for each in cases) for level in Severity)


def _incidents(found: Insights) -> Section:
    total = max(1, len(found.cases))
    rows = [
        FigureRow(
            "incidents",
            ("All incidents", f"{len(found.cases):,}", _before(found, f"{len(found.before):,}")),
            _plain(found.cases),
            _stack(found.cases),
        )
    ]
    for level in Severity:
        cases = found.of_severity(level)
        before = _before(found, f"{found.before_of(level):,}")
        cells = (level.value, f"{len(cases):,}", before)
        share = len(cases) / total
        rows.append(FigureRow(level.value, cells, _plain(cases), _stack(cases), share))
    still = found.open_cases
    rows.append(FigureRow("open", ("Still open", f"{len(still):,}", ""), _plain(still)))
    note = "Those that began in the period; BEFORE: in the period of the same length before it."
    if found.drills_left_out:
        note += f" {count_words(found.drills_left_out, 'exercise')} left out."
    return Section("incidents", "Incidents", ("", "COUNT", "BEFORE"), tuple(rows), note)


def _times(found: Insights) -> Section:
    return Section(
        "times",
        "How long it took",
        ("SINCE IT BEGAN", "MEDIAN", "9 OF 10", "BEFORE", "TREND", "KNOWN IN"),
        tuple(_time_row(each, found) for each in found.measures),
        "MEDIAN: half of the incidents took no longer; 9 OF 10: nine of ten took no longer; "
        "BEFORE: the median of the period before; KNOWN IN: how many incidents tell it.",
    )


def _time_row(each: Measured, found: Insights) -> FigureRow:
    total = len(each.cases) + len(each.unknown)
    cells = (
        MEASURE_NAMES[each.measure],
        span_words(each.median),
        span_words(each.p90),
        _before(found, span_words(each.median_before)),
        trend_words(each.median, each.median_before),
        f"{len(each.cases):,} of {total:,}",
    )
    return FigureRow(each.measure.value, cells, _timed(each.cases))


def _timed(cases: Sequence[Timed]) -> tuple[Behind, ...]:
    """Return the incidents with their spans, the slowest first: that is what one asks for."""
    return tuple(Behind(each.facts, format_words(each.span)) for each in reversed(cases))


def _promises(found: Insights) -> Section:
    each = found.promises
    cells = (
        "Promised times",
        f"{each.kept:,}",
        f"{each.missed:,}",
        share_words(each.share),
        _before(found, share_words(each.share_before)),
    )
    behind = [Behind(case, f"{case.kept} kept, {case.missed} missed") for case in each.cases]
    name = "Incidents with one missed"
    broken = [Behind(case, f"{case.missed} missed") for case in each.broken]
    rows = (
        FigureRow("promises", cells, tuple(behind), (), each.share),
        FigureRow("broken", (name, "", f"{len(broken):,}", "", ""), tuple(broken)),
    )
    headers = ("TO CUSTOMERS", "KEPT", "MISSED", "IN TIME", "BEFORE")
    note = (
        "Next-update times that were printed in texts. cockpit report --all tells every audience."
    )
    return Section("promises", "Promises kept", headers, rows, note)


def _downtime(found: Insights) -> Section:
    year = found.year.stretch.since.year
    rows = (
        _budget_row("year", f"Year {year}", found.year),
        _budget_row("period", "This period", found.period),
    )
    return Section(
        "downtime",
        f"Downtime against {found.objective:g} %",
        ("", "ALLOWED", "USED", "LEFT", "AVAILABLE"),
        rows,
        "Incidents of the kinds and severities that the playbook counts; AVAILABLE of the whole "
        f"{found.year.stretch.length.days} days, or of the period.",
    )


def _budget_row(key: str, name: str, each: Budget) -> FigureRow:
    cells = (
        name,
        minutes_words(each.allowed),
        minutes_words(each.used),
        minutes_words(each.left),
        f"{each.availability:.3f} %",
    )
    outages = sorted(each.outages, key=lambda outage: outage.span, reverse=True)
    behind = tuple(Behind(outage.facts, format_words(outage.span)) for outage in outages)
    share = min(1.0, each.used / each.allowed) if each.allowed else float(bool(each.used))
    return FigureRow(key, cells, behind, (), share, each.left < timedelta())


def _repeats(found: Insights) -> Section:
    total = max(1, len(found.cases))
    return Section(
        "repeats",
        "What repeats",
        ("CAUSE OR SERVICE", "WHAT", "COUNT", "BEFORE"),
        tuple(_group_row(each, found, total) for each in found.groups),
        "An incident can touch several services; what nobody noted is not listed.",
    )


def _group_row(each: Group, found: Insights, total: int) -> FigureRow:
    before = _before(found, f"{each.before:,}")
    what = DIMENSION_NAMES[each.dimension]
    cells = (each.name, what, f"{len(each.cases):,}", before)
    share = len(each.cases) / total
    key = f"{each.dimension.value}:{each.id}"
    return FigureRow(key, cells, _plain(each.cases), _stack(each.cases), share)


def _debts(found: Insights) -> Section:
    today = found.now.astimezone(UTC).date()
    rows = tuple(_debt_row(each, today) for each in found.debts)
    headers = ("OPEN DEBT", "OWNER", "DUE", "INCIDENT")
    return Section(
        "debt",
        "Technical debt still open",
        headers,
        rows,
        "Action items of the kind debt, of all time: what was only worked around is owed.",
    )


def _debt_row(each: OpenDebt, today: date) -> FigureRow:
    due = due_day(each.item)
    late = due is not None and due < today
    words = f"{due.isoformat() if due else 'no date'}{', overdue' if late else ''}"
    title = "(private)" if each.facts.private else each.item.title
    cells = (title, each.item.owner or "nobody", words, each.facts.ref)
    return FigureRow(f"{each.facts.id}:{each.item.id}", cells, (Behind(each.facts),), bad=late)


def _columns(found: Insights) -> Section:
    most = max((len(each.cases) for each in found.columns), default=0) or 1
    rows = tuple(
        FigureRow(
            each.name,
            (
                each.name,
                f"{len(each.cases):,}",
                *(f"{count:,}" if count else "" for count in _stack(each.cases)),
            ),
            _plain(each.cases),
            _stack(each.cases),
            len(each.cases) / most,
        )
        for each in found.columns
    )
    headers = (found.by.upper(), "COUNT", *(level.value for level in Severity))
    return Section("columns", f"Incidents by {found.by}", headers, rows, "Days are those of UTC.")
