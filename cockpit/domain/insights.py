"""What many incidents teach: how many, how fast, what was promised, what repeats, what is owed.

Every number keeps the incidents behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from msgspec import Struct

from cockpit.domain.cadence_history import NINE_OF_TEN, quantile
from cockpit.domain.downtime import Budget, budget
from cockpit.domain.insight_facts import IncidentFacts, Measure
from cockpit.domain.insight_period import Stretch, column_of, columns, usual_columns, year_of
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import ActionItem
from cockpit.domain.vocabulary import Severity

Cases = tuple[IncidentFacts, ...]


class Wish(Struct, frozen=True):
    """What to count.

    stretch: incidents that began in it; by: a word of `COLUMNS`, empty for the usual one;
    severities: only these, all when empty; drills: exercises count too.
    """

    stretch: Stretch
    by: str = ""
    severities: tuple[Severity, ...] = ()
    drills: bool = False


class Column(Struct, frozen=True):
    """Incidents that began in a week, month or quarter; `name`: 2026-W47, 2026-11, 2026-Q4."""

    name: str
    begins: date
    cases: Cases

    def count(self, severity: Severity) -> int:
        """Return how many were of a severity."""
        return sum(each.severity is severity for each in self.cases)


class Timed(Struct, frozen=True):
    """An incident and how long something took in it."""

    facts: IncidentFacts
    span: timedelta


class Measured(Struct, frozen=True):
    """How long something took: in half of the incidents, in nine of ten, and in the period before.

    cases: those of which it is known, the fastest first; unknown: the others.
    """

    measure: Measure
    median: timedelta | None
    p90: timedelta | None
    median_before: timedelta | None
    cases: tuple[Timed, ...]
    unknown: Cases


class Promises(Struct, frozen=True):
    """Promised times to customers; `broken` are the incidents in which one was missed."""

    kept: int
    missed: int
    kept_before: int
    missed_before: int
    cases: Cases
    broken: Cases

    @property
    def share(self) -> float | None:
        """Return the share (0 to 1) that was kept, None without any."""
        return _share(self.kept, self.missed)

    @property
    def share_before(self) -> float | None:
        """Return the share that was kept in the period before, None without any."""
        return _share(self.kept_before, self.missed_before)


class Dimension(StrEnum):
    """By what incidents are alike."""

    KIND = "kind"
    CRITERION = "criterion"
    AREA = "area"
    SERVICE = "service"


class Group(Struct, frozen=True):
    """Incidents that are alike; `name` is as people read it, `before` their number before."""

    dimension: Dimension
    id: str
    name: str
    cases: Cases
    before: int


class OpenDebt(Struct, frozen=True):
    """Technical debt that is still open, whenever its incident was."""

    item: ActionItem
    facts: IncidentFacts


class Insights(Struct, frozen=True):
    """All figures of a period.

    before: incidents of the period before it; compared: anything was known at that time;
    drills_left_out: exercises of the period that do not count; year: the calendar year so far.
    """

    wish: Wish
    now: datetime
    by: str
    cases: Cases
    before: Cases
    compared: bool
    columns: tuple[Column, ...]
    measures: tuple[Measured, ...]
    promises: Promises
    groups: tuple[Group, ...]
    debts: tuple[OpenDebt, ...]
    period: Budget
    year: Budget
    objective: float
    drills_left_out: int = 0

    @property
    def open_cases(self) -> Cases:
        """Return the incidents of the period that still go on."""
        return tuple(each for each in self.cases if each.over is None)

    def of_severity(self, severity: Severity) -> Cases:
        """Return the incidents of the period of a severity."""
        return tuple(each for each in self.cases if each.severity is severity)

    def before_of(self, severity: Severity) -> int:
        """Return how many of a severity began in the period before."""
        return sum(each.severity is severity for each in self.before)


def count_insights(
    facts: Iterable[IncidentFacts], wish: Wish, playbook: Playbook, now: datetime
) -> Insights:
    """Return the figures of a period over some incidents, given in order of their beginnings."""
    known = [
        each
        for each in facts
        if each.kind not in playbook.insights.leave_out_kinds
        if not wish.severities or each.severity in wish.severities
    ]
    counted = [each for each in known if wish.drills or not each.drill]
    stretch, earlier = wish.stretch, wish.stretch.before()
    cases = tuple(each for each in counted if stretch.holds(each.started))
    before = tuple(each for each in counted if earlier.holds(each.started))
    by = wish.by or usual_columns(stretch)
    reached = min(now, stretch.until) if stretch.since < now else stretch.since
    year = year_of(max(stretch.since, reached - timedelta(microseconds=1)))
    return Insights(
        wish=wish,
        now=now,
        by=by,
        cases=cases,
        before=before,
        compared=any(each.started < stretch.since for each in counted),
        columns=_columns(cases, stretch, by),
        measures=tuple(_measured(each, cases, before) for each in Measure),
        promises=_promises(cases, before),
        groups=tuple(_groups(cases, before, playbook)),
        debts=_debts(counted),
        period=budget(counted, playbook.objective, stretch, now),
        year=budget(counted, playbook.objective, year, now),
        objective=playbook.objective.availability,
        drills_left_out=sum(stretch.holds(each.started) for each in known) - len(cases),
    )


def _columns(cases: Cases, stretch: Stretch, by: str) -> tuple[Column, ...]:
    found: dict[str, list[IncidentFacts]] = {}
    for each in cases:
        found.setdefault(column_of(each.started, by), []).append(each)
    return tuple(
        Column(name, begins, tuple(found.get(name, ()))) for name, begins in columns(stretch, by)
    )


def _measured(measure: Measure, cases: Cases, before: Cases) -> Measured:
    timed, unknown = [], []
    for each in cases:
        span = each.span(measure)
        if span is None:
            unknown.append(each)
        else:
            timed.append(Timed(each, span))
    timed.sort(key=lambda each: each.span)
    spans = [each.span for each in timed]
    earlier = sorted(span for each in before if (span := each.span(measure)) is not None)
    return Measured(
        measure,
        quantile(spans, 0.5),
        quantile(spans, NINE_OF_TEN),
        quantile(earlier, 0.5),
        tuple(timed),
        tuple(unknown),
    )


def _promises(cases: Cases, before: Cases) -> Promises:
    return Promises(
        sum(each.kept for each in cases),
        sum(each.missed for each in cases),
        sum(each.kept for each in before),
        sum(each.missed for each in before),
        tuple(each for each in cases if each.kept or each.missed),
        tuple(each for each in cases if each.missed),
    )


def _share(kept: int, missed: int) -> float | None:
    return kept / (kept + missed) if kept + missed else None


_WORDS: dict[Dimension, Callable[[IncidentFacts], tuple[str, ...]]] = {
    Dimension.KIND: lambda each: (each.kind,),
    Dimension.CRITERION: lambda each: (each.criterion,),
    Dimension.AREA: lambda each: (each.area,),
    Dimension.SERVICE: lambda each: each.services,
}


def _groups(cases: Cases, before: Cases, playbook: Playbook) -> Iterable[Group]:
    """Yield the groups of each dimension, the largest first; what nobody noted is no group."""
    for dimension, words in _WORDS.items():
        names = _names(dimension, playbook)
        now, then = _gather(cases, words), _gather(before, words)
        for word in sorted(now, key=lambda each: (-len(now[each]), names.get(each, each))):
            earlier = len(then.get(word, ()))
            yield Group(dimension, word, names.get(word, word), tuple(now[word]), earlier)


def _gather(
    cases: Sequence[IncidentFacts], words: Callable[[IncidentFacts], tuple[str, ...]]
) -> dict[str, list[IncidentFacts]]:
    found: dict[str, list[IncidentFacts]] = {}
    for each in cases:
        for word in dict.fromkeys(words(each)):
            if word:
                found.setdefault(word, []).append(each)
    return found


def _names(dimension: Dimension, playbook: Playbook) -> dict[str, str]:
    if dimension is Dimension.KIND:
        return {each.id: each.name for each in playbook.kinds}
    if dimension is Dimension.CRITERION:
        return {each.id: each.text for each in playbook.criteria}
    if dimension is Dimension.AREA:
        return {each.id: each.name for each in playbook.areas}
    return {each.id: each.name for each in playbook.components}


def _debts(cases: Sequence[IncidentFacts]) -> tuple[OpenDebt, ...]:
    """Return what is owed, the earliest due date first, those without one last."""
    found = [OpenDebt(item, each) for each in cases for item in each.debts]
    return tuple(sorted(found, key=lambda each: (not each.item.due, each.item.due)))
