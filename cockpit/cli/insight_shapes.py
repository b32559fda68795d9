"""The shape of `stats --json`; its keys stay the same from version to version."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, timedelta
from typing import Any

from cockpit.domain.action_items import due_day
from cockpit.domain.downtime import Budget
from cockpit.domain.insight_facts import IncidentFacts
from cockpit.domain.insight_sections import trend_words
from cockpit.domain.insights import Column, Group, Insights, Measured, OpenDebt
from cockpit.domain.vocabulary import Severity

Shape = dict[str, Any]


def insights_shape(found: Insights) -> Shape:
    """Return every figure of a period with the references of the incidents behind it."""
    stretch = found.wish.stretch
    return {
        "since": stretch.since,
        "until": stretch.until,
        "by": found.by,
        "drills": found.wish.drills,
        "drills_left_out": found.drills_left_out,
        "count": len(found.cases),
        "count_before": len(found.before) if found.compared else None,
        "incidents": _refs(found.cases),
        "still_open": _refs(found.open_cases),
        "severities": [_severity(level, found) for level in Severity],
        "periods": [_column(each) for each in found.columns],
        "times": [_measured(each) for each in found.measures],
        "promises": _promises(found),
        "objective": found.objective,
        "downtime": [_budget("year", found.year), _budget("period", found.period)],
        "repeats": [_group(each, found) for each in found.groups],
        "debt": [_debt(each, found) for each in found.debts],
    }


def _refs(cases: Iterable[IncidentFacts]) -> list[str]:
    return [each.ref for each in cases]


def _severity(level: Severity, found: Insights) -> Shape:
    cases = found.of_severity(level)
    return {
        "severity": level,
        "count": len(cases),
        "count_before": found.before_of(level) if found.compared else None,
        "incidents": _refs(cases),
    }


def _column(each: Column) -> Shape:
    return {
        "period": each.name,
        "begins": each.begins,
        "count": len(each.cases),
        "severities": {level.value: each.count(level) for level in Severity},
        "incidents": _refs(each.cases),
    }


def _measured(each: Measured) -> Shape:
    return {
        "measure": each.measure,
        "median_seconds": _seconds(each.median),
        "nine_of_ten_seconds": _seconds(each.p90),
        "median_before_seconds": _seconds(each.median_before),
        "trend": trend_words(each.median, each.median_before),
        "incidents": [
            {"ref": case.facts.ref, "seconds": _seconds(case.span)} for case in each.cases
        ],
        "unknown": _refs(each.unknown),
    }


def _promises(found: Insights) -> Shape:
    each = found.promises
    return {
        "kept": each.kept,
        "missed": each.missed,
        "share_kept": each.share,
        "share_kept_before": each.share_before,
        "incidents": [
            {"ref": case.ref, "kept": case.kept, "missed": case.missed} for case in each.cases
        ],
    }


def _budget(name: str, each: Budget) -> Shape:
    return {
        "of": name,
        "since": each.stretch.since,
        "until": each.stretch.until,
        "allowed_seconds": _seconds(each.allowed),
        "used_seconds": _seconds(each.used),
        "left_seconds": _seconds(each.left),
        "availability": round(each.availability, 6),
        "incidents": [
            {"ref": outage.facts.ref, "seconds": _seconds(outage.span)} for outage in each.outages
        ],
    }


def _group(each: Group, found: Insights) -> Shape:
    return {
        "by": each.dimension,
        "id": each.id,
        "name": each.name,
        "count": len(each.cases),
        "count_before": each.before if found.compared else None,
        "incidents": _refs(each.cases),
    }


def _debt(each: OpenDebt, found: Insights) -> Shape:
    due = due_day(each.item)
    return {
        "id": each.item.id,
        "title": each.item.title,
        "owner": each.item.owner,
        "due": due,
        "overdue": due is not None and due < found.now.astimezone(UTC).date(),
        "incident": each.facts.ref,
    }


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())
