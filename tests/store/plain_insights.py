"""The figures of insights in plain SQL: what they cost at least, and what they must be."""

from __future__ import annotations

from typing import Any

from cockpit.store.database import Store

_KNOWN = (
    "SELECT incident.*, julianday(started_at) AS began FROM incident WHERE opened IS NOT NULL "
    "AND drill = 0 AND NOT EXISTS (SELECT 1 FROM reg WHERE reg.inc = incident.id "
    "AND reg.obj = '' AND reg.f = 'archived' AND reg.value = 'true')"
)
_STAGE = (
    "(SELECT min(julianday(at)) FROM reg_op WHERE reg_op.inc = known.id AND obj = '' "
    "AND f = 'stage' AND value IN ({}))"
)
_REACHED = {
    "detect": "min(julianday(declared_at), coalesce((SELECT min(julianday(at)) FROM entry WHERE "
    "entry.inc = known.id AND hidden = 0 AND kind = 'observation'), julianday(declared_at)))",
    "acknowledge": _STAGE.format("'\"acknowledged\"'"),
    "first-word": "(SELECT min(julianday(at)) FROM entry WHERE entry.inc = known.id AND hidden = 0 "
    "AND msg IS NOT NULL AND json_extract(msg, '$.state') = 'sent' "
    "AND json_extract(msg, '$.audience') = 'customers')",
    "contain": _STAGE.format("'\"contained\"', '\"worked-around\"', '\"fixed\"'"),
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
    "FROM texts JOIN ({known}) AS known ON known.id = texts.inc WHERE next_at IS NOT NULL"
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
    "JOIN reg AS title ON title.inc = sort.inc AND title.obj = sort.obj AND title.f = 'title'"
)


def plain_figures(store: Store) -> dict[str, Any]:
    """Return the figures of all incidents but exercises, each by one statement."""
    rows = store._connection.rows
    found: dict[str, Any] = {
        name: rows(_MEASURE.format(known=_KNOWN, reached=reached))[0]
        for name, reached in _REACHED.items()
    }
    for name, query in (
        ("counts", _COUNTS),
        ("promises", _PROMISES),
        ("areas", _AREAS),
        ("services", _SERVICES),
        ("debts", _DEBTS),
    ):
        found[name] = rows(query.format(known=_KNOWN))
    return found
