"""Over many incidents: how soon each audience heard, what was kept, who waited longest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from msgspec import Struct

from cockpit.domain.cadence_report import CadenceReport, RingReport, Tally
from cockpit.domain.vocabulary import Ring

EVERYTHING = ""
"""The name of the only period when incidents are not grouped by time."""

NINE_OF_TEN = 0.9

AT_ONCE = timedelta(minutes=1)
"""An imported record whose first update comes this soon after its beginning begins with it."""


class Case(Struct, frozen=True):
    """One incident: its reference, when it began, and how its cadence was kept.

    imported: its record may begin with the first update; then nobody knows how long that took.
    """

    ref: str
    at: datetime
    report: CadenceReport
    imported: bool = False


class RingHistory(Struct, frozen=True):
    """How one audience was served in a period.

    incidents: those in which it was written to, or waited in vain; first_word: from the start of
    an incident, in half of them at most `first_word_median`, in nine of ten at most
    `first_word_p90`, None where nobody knows; longest_in: the incident with the longest silence.
    """

    ring: Ring
    incidents: int
    updates: int
    first_word_median: timedelta | None
    first_word_p90: timedelta | None
    promises: Tally
    deadlines: Tally
    longest_silence: timedelta
    longest_in: str

    @property
    def share_kept(self) -> float | None:
        """Return the share (0 to 1) of deadlines that were kept, None without any."""
        return share_kept(self.deadlines)


class Period(Struct, frozen=True):
    """All incidents that began in a stretch of time; `name` is 2026, 2026-Q4, 2026-11, 2026-W47."""

    name: str
    begins: date | None
    incidents: int
    rings: tuple[RingHistory, ...]


def share_kept(deadlines: Tally) -> float | None:
    """Return the share (0 to 1) of deadlines that were kept; those in a pause do not count."""
    count = deadlines.kept + deadlines.missed
    return deadlines.kept / count if count else None


def history(cases: Iterable[Case], by: str = "") -> tuple[Period, ...]:
    """Return the cadence over many incidents, period by period, the earliest first.

    by: a word of `PERIODS`, empty for all in one. An incident belongs where it began, in UTC;
    periods without one are left out.
    """
    groups: dict[tuple[date | None, str], list[Case]] = {}
    for each in cases:
        key = PERIODS[by](each.at.astimezone(UTC).date()) if by else (None, EVERYTHING)
        groups.setdefault(key, []).append(each)
    ordered = sorted(groups.items(), key=lambda item: item[0][0] or date.min)
    return tuple(
        Period(name, begins, len(group), tuple(_rings(group))) for (begins, name), group in ordered
    )


def _rings(cases: Sequence[Case]) -> Iterable[RingHistory]:
    for ring in Ring:
        found = [(each, report) for each in cases if (report := each.report.ring(ring))]
        if found:
            yield _ring_history(ring, found)


def _ring_history(ring: Ring, found: Sequence[tuple[Case, RingReport]]) -> RingHistory:
    reports = [report for _, report in found]
    words = sorted(
        max(timedelta(), report.first_word)
        for case, report in found
        if report.first_word is not None
        if report.first_word >= AT_ONCE or not case.imported
    )
    longest_case, longest = max(found, key=lambda each: each[1].longest_silence)
    return RingHistory(
        ring,
        len(reports),
        sum(each.updates for each in reports),
        quantile(words, 0.5),
        quantile(words, NINE_OF_TEN),
        sum((each.promises for each in reports), Tally()),
        sum((each.all for each in reports), Tally()),
        longest.longest_silence,
        longest_case.ref,
    )


def quantile(ordered: Sequence[timedelta], share: float) -> timedelta | None:
    """Return the least of `ordered` (ascending) that at least `share` of them do not exceed."""
    if not ordered:
        return None
    place = -int(-share * len(ordered) // 1)
    return ordered[min(len(ordered), max(1, place)) - 1]


def _week(day: date) -> tuple[date, str]:
    monday = day - timedelta(days=day.weekday())
    year, number, _ = day.isocalendar()
    return monday, f"{year}-W{number:02}"


def _month(day: date) -> tuple[date, str]:
    return day.replace(day=1), f"{day:%Y-%m}"


def _quarter(day: date) -> tuple[date, str]:
    number = (day.month - 1) // 3
    return date(day.year, 3 * number + 1, 1), f"{day.year}-Q{number + 1}"


def _year(day: date) -> tuple[date, str]:
    return day.replace(month=1, day=1), str(day.year)


PERIODS: dict[str, Callable[[date], tuple[date | None, str]]] = {
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "year": _year,
}
"""How incidents are grouped: the first day of the period that a day is in, and its name."""
