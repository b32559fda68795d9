"""Reads the traces of all incidents in a few queries, without putting each one together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

import msgspec

from cockpit.domain.clock import from_ms
from cockpit.domain.insight_facts import SentWord, Step, Traces
from cockpit.domain.ring_plan import RingPlan
from cockpit.domain.view import ActionItem
from cockpit.domain.vocabulary import PublicStatus, Ring, Severity, Stage
from cockpit.store.action_rows import make_item
from cockpit.store.connection import Connection, Row, compose
from cockpit.store.incident_rows import ARCHIVED
from cockpit.store.rows import read_json, read_optional_time, read_time, trusting_no_row

# An imported record keeps its original inside the opening: never read that for two words.
_OPENED = (
    "(SELECT CASE WHEN incident.source = '' AND json_valid(op.body) "
    "THEN json_array(json_extract(op.body, '$.criterion'), json_extract(op.body, '$.severity')) "
    "END FROM op WHERE op.id = incident.opened)"
)
_INCIDENTS = compose(
    "SELECT id, ref, title, severity, status, stage, started_at, declared_at, resolved_at, "
    "closed_at, drill, private, source, plans,",
    _OPENED,
    ", (SELECT entry.at FROM entry WHERE entry.inc = incident.id AND entry.hidden = 0 "
    "AND entry.kind = 'observation' ORDER BY entry.at LIMIT 1) "
    "FROM incident WHERE opened IS NOT NULL AND NOT",
    ARCHIVED,
    "ORDER BY started_at, id",
)
_WORDS = (
    "SELECT reg.inc, reg.f, reg.value FROM incident JOIN reg ON reg.inc = incident.id "
    "AND reg.obj = '' AND reg.f IN ('kind', 'criterion', 'area')"
)
_COMPONENTS = (
    "SELECT DISTINCT entry.inc, json_extract(each.value, '$.name') "
    "FROM entry, json_each(entry.msg, '$.components') AS each "
    "WHERE entry.msg IS NOT NULL AND entry.hidden = 0 "
    "UNION SELECT reg.inc, substr(reg.f, 11) FROM incident JOIN reg ON reg.inc = incident.id "
    "AND reg.obj = '' AND reg.f >= 'component.' AND reg.f < 'component/'"
)
_STEPS = (
    "SELECT reg_op.inc, reg_op.f, reg_op.value, reg_op.at, reg_op.eff FROM incident "
    "JOIN reg_op ON reg_op.inc = incident.id AND reg_op.obj = '' "
    "AND reg_op.f IN ('stage', 'status', 'severity') ORDER BY reg_op.eff, reg_op.t, reg_op.op"
)
_SENT = (
    "SELECT inc, at, json_extract(msg, '$.next_at') FROM entry "
    "WHERE msg IS NOT NULL AND hidden = 0 AND json_extract(msg, '$.state') = 'sent' "
    "AND json_extract(msg, '$.audience') = ? ORDER BY inc, at, id"
)
_DEBTS = (
    "SELECT sort.inc, sort.obj, reg.f, reg.value FROM incident JOIN reg AS sort "
    "ON sort.inc = incident.id AND sort.obj >= 'act:' AND sort.obj < 'act;' "
    "AND sort.f = 'kind' AND sort.value = '\"debt\"' "
    "JOIN reg ON reg.inc = sort.inc AND reg.obj = sort.obj ORDER BY sort.inc, sort.obj"
)
_T = TypeVar("_T")


def read_traces(connection: Connection) -> tuple[Traces, ...]:
    """Return what is kept of every incident that was not deleted, by their beginnings."""
    with connection.reading():
        kept = _Kept(
            connection.rows(_WORDS),
            connection.rows(_COMPONENTS),
            connection.rows(_STEPS),
            connection.rows(_SENT, (Ring.CUSTOMERS.audience,)),
            connection.rows(_DEBTS),
        )
        heads = connection.rows(_INCIDENTS)
    return tuple(_read_head((row, kept)) for row in heads)


class _Kept:
    """The rows that say more about incidents, each under its incident."""

    def __init__(
        self,
        words: Iterable[Row],
        components: Iterable[Row],
        steps: Iterable[Row],
        sent: Iterable[Row],
        debts: Iterable[Row],
    ) -> None:
        self._words: dict[str, dict[str, str]] = defaultdict(dict)
        for inc, field, value in words:
            self._words[inc][field] = _word(read_json(value))
        self._services: dict[str, list[str]] = defaultdict(list)
        for inc, name in components:
            if name:
                self._services[inc].append(str(name))
        self._steps: dict[str, list[Step]] = defaultdict(list)
        for row in steps:
            self._steps[row[0]].append(_step(row))
        self._sent: dict[str, list[SentWord]] = defaultdict(list)
        for row in sent:
            self._sent[row[0]].append(_sent_word(row))
        self._debts = _debts(debts)

    @staticmethod
    def _of(found: dict[str, list[_T]], inc: str) -> tuple[_T, ...]:
        return tuple(found.get(inc, ()))

    def traces(self, row: Row) -> Traces:
        """Return all that is kept of the incident of a row."""
        inc, ref, title, severity, status, stage, started, declared, resolved, closed = row[:10]
        drill, private, source, plans, opened, observed = row[10:]
        words = self._words.get(inc, {})
        criterion, first_severity = read_json(opened) if opened else ("", "")
        return Traces(
            id=inc,
            ref=ref,
            title=title,
            severity=Severity(severity),
            status=PublicStatus(status),
            stage=Stage(stage),
            started=read_time(started),
            declared=read_time(declared),
            resolved=read_optional_time(resolved),
            closed=read_optional_time(closed),
            drill=bool(drill),
            private=bool(private),
            source=source,
            opened_severity=_word(first_severity),
            observed=read_optional_time(observed),
            kind=words.get("kind") or "outage",
            criterion=words.get("criterion") or _word(criterion),
            area=words.get("area", ""),
            services=self._of(self._services, inc),
            steps=self._of(self._steps, inc),
            sent=self._of(self._sent, inc),
            debts=self._of(self._debts, inc),
            plan=None if plans == "{}" else _customers_plan(plans),
        )


@trusting_no_row
def _read_head(known: tuple[Row, _Kept]) -> Traces:
    row, kept = known
    return kept.traces(row)


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


@trusting_no_row
def _step(row: Row) -> Step:
    _, field, value, at, eff = row
    when = datetime.fromisoformat(at) if at else from_ms(eff)
    return Step(field, _word(read_json(value)), when)


@trusting_no_row
def _sent_word(row: Row) -> SentWord:
    _, at, next_at = row
    return SentWord(read_time(at), datetime.fromisoformat(next_at) if next_at else None)


def _debts(rows: Iterable[Row]) -> dict[str, list[ActionItem]]:
    found: dict[str, list[ActionItem]] = defaultdict(list)
    for (inc, obj), lines in groupby(rows, key=itemgetter(0, 1)):
        item = make_item(obj, {field: read_json(value) for _, _, field, value in lines})
        if item is not None:
            found[inc].append(item)
    return found


def _customers_plan(text: str) -> RingPlan | None:
    return msgspec.json.decode(text, type=dict[str, RingPlan]).get(Ring.CUSTOMERS.audience)
