"""The figures of insights in plain SQL: what they cost at least, and what they must be.

One statement for each figure, over the tables that docs/schema.md describes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from cockpit.domain.playbook import Objective
from cockpit.domain.vocabulary import Severity
from cockpit.store.rows import write_time

Ask = Callable[[str, Mapping[str, object]], Sequence[tuple[Any, ...]]]
"""Runs a statement with its named parameters and returns all rows."""


class Range(Struct, frozen=True):
    """Which incidents count: of these severities, begun from `since` on and before `until`."""

    since: datetime
    until: datetime
    severities: tuple[Severity, ...] = tuple(Severity)

    @property
    def parameters(self) -> dict[str, object]:
        """Return it as parameters of a statement."""
        return {
            "since": write_time(self.since),
            "until": write_time(self.until),
            "severities": json.dumps([each.value for each in self.severities]),
        }


_KNOWN = (
    "SELECT incident.*, julianday(started_at) AS began FROM incident WHERE opened IS NOT NULL "
    "AND drill = 0 AND NOT EXISTS (SELECT 1 FROM reg WHERE reg.inc = incident.id "
    "AND reg.obj = '' AND reg.f = 'archived' AND reg.value = 'true') "
    "AND started_at >= :since AND started_at < :until "
    "AND severity IN (SELECT value FROM json_each(:severities))"
)
_STAGE = (
    "(SELECT min(coalesce(julianday(at), 2440587.5 + eff / 86400000.0)) FROM reg_op "
    "WHERE reg_op.inc = known.id AND obj = '' AND f = 'stage' AND value IN ({}))"
)
_CONTAINED = _STAGE.format("'\"contained\"', '\"worked-around\"', '\"fixed\"'")
_REACHED = {
    "detect": "min(julianday(declared_at), coalesce((SELECT min(julianday(at)) FROM entry WHERE "
    "entry.inc = known.id AND hidden = 0 AND kind = 'observation'), julianday(declared_at)))",
    "acknowledge": _STAGE.format("'\"acknowledged\"'"),
    "first-word": "(SELECT min(julianday(at)) FROM entry WHERE entry.inc = known.id AND hidden = 0 "
    "AND msg IS NOT NULL AND json_extract(msg, '$.state') = 'sent' "
    "AND json_extract(msg, '$.audience') = 'customers')",
    "contain": _CONTAINED,
    "resolve": "julianday(resolved_at)",
}
_MEASURE = (
    "WITH known AS ({known}), spans AS (SELECT id, {reached} - began AS span FROM known), "
    "ranked AS (SELECT span, row_number() OVER (ORDER BY span) AS place, count(*) OVER () AS many "
    "FROM spans WHERE span IS NOT NULL) SELECT max(many), "
    "min(CASE WHEN place >= 0.5 * many THEN span END) * 86400, "
    "min(CASE WHEN place >= 0.9 * many THEN span END) * 86400 FROM ranked"
)
_COUNTS = (
    "SELECT strftime('%Y-%W', started_at), severity, count(*), group_concat(ref) FROM ({known}) "
    "GROUP BY 1, 2"
)
_PROMISES = (
    "WITH texts AS (SELECT inc, at, json_extract(msg, '$.next_at') AS next_at, "
    "lead(at) OVER (PARTITION BY inc ORDER BY at) AS met FROM entry WHERE msg IS NOT NULL "
    "AND hidden = 0 AND json_extract(msg, '$.state') = 'sent' "
    "AND json_extract(msg, '$.audience') = 'customers') "
    "SELECT sum(julianday(coalesce(met, resolved_at)) <= julianday(next_at) AND met IS NOT NULL), "
    "sum(julianday(coalesce(met, resolved_at)) > julianday(next_at)) "
    "FROM texts JOIN ({known}) AS known ON known.id = texts.inc WHERE next_at IS NOT NULL "
    "AND (met IS NULL OR resolved_at IS NULL OR met <= resolved_at)"
)
_AREAS = (
    "SELECT reg.value, count(*), group_concat(known.ref) FROM ({known}) AS known JOIN reg "
    "ON reg.inc = known.id AND reg.obj = '' AND reg.f = 'area' GROUP BY 1"
)
_SERVICES = (
    "SELECT name, count(*), group_concat(ref) FROM (SELECT DISTINCT known.ref, "
    "json_extract(each.value, '$.name') AS name FROM ({known}) AS known JOIN entry "
    "ON entry.inc = known.id AND entry.msg IS NOT NULL AND entry.hidden = 0, "
    "json_each(entry.msg, '$.components') AS each) GROUP BY 1"
)
_DEBTS = (
    "SELECT known.ref, title.value FROM ({known}) AS known JOIN reg AS sort ON sort.inc = known.id "
    "AND sort.obj >= 'act:' AND sort.obj < 'act;' AND sort.f = 'kind' AND sort.value = '\"debt\"' "
    "JOIN reg AS title ON title.inc = sort.inc AND title.obj = sort.obj AND title.f = 'title' "
    "WHERE NOT EXISTS (SELECT 1 FROM reg AS state WHERE state.inc = sort.inc "
    "AND state.obj = sort.obj AND state.f = 'state' AND state.value IN ('\"done\"', '\"dropped\"'))"
)
_DOWNTIME = (
    "WITH known AS ({known}), spans AS (SELECT id, began, min(julianday(:until), "
    f"coalesce({_CONTAINED}, julianday(:now)), coalesce(julianday(resolved_at), julianday(:now))) "
    "AS ends FROM known WHERE severity IN (SELECT value FROM json_each(:down)) "
    "AND coalesce((SELECT json_extract(value, '$') FROM reg WHERE reg.inc = known.id "
    "AND reg.obj = '' AND reg.f = 'kind'), 'outage') IN (SELECT value FROM json_each(:kinds))), "
    # What was down before an incident ended is not counted twice.
    "reached AS (SELECT began, ends, max(ends) OVER (ORDER BY began, id "
    "ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM spans WHERE ends > began) "
    "SELECT sum(max(0, ends - max(began, coalesce(before, began)))) * 86400 FROM reached"
)


def plain_figures(ask: Ask, wanted: Range) -> dict[str, Any]:
    """Return the figures of a range, exercises left out, each by one statement."""
    statements = {
        "counts": _COUNTS,
        "promises": _PROMISES,
        "areas": _AREAS,
        "services": _SERVICES,
    }
    found: dict[str, Any] = {
        name: ask(_MEASURE.format(known=_KNOWN, reached=reached), wanted.parameters)[0]
        for name, reached in _REACHED.items()
    }
    for name, query in statements.items():
        found[name] = ask(query.format(known=_KNOWN), wanted.parameters)
    return found


def plain_debts(ask: Ask, wanted: Range) -> Sequence[tuple[Any, ...]]:
    """Return reference and title of each technical debt that is open."""
    return ask(_DEBTS.format(known=_KNOWN), wanted.parameters)


def plain_downtime(ask: Ask, wanted: Range, objective: Objective, now: datetime) -> float:
    """Return the seconds of a range in which something was down that counts."""
    parameters = wanted.parameters | {
        "now": write_time(now),
        "down": json.dumps(objective.downtime_severities),
        "kinds": json.dumps(objective.downtime_kinds),
    }
    return float(ask(_DOWNTIME.format(known=_KNOWN), parameters)[0][0] or 0)
