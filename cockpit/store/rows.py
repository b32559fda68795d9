"""How values stand in rows: times as text that sorts, structures as JSON."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache, wraps
from typing import Any, TypeVar

import msgspec
from msgspec import MsgspecError

from cockpit.domain.clock import effective_time, is_ahead, stamp_time
from cockpit.domain.envelope import Op, Record
from cockpit.domain.events import EntryAdded, Message, Source
from cockpit.domain.registers import Candidate
from cockpit.domain.ring_plan import RingPlan
from cockpit.domain.timeline import TimelineLine
from cockpit.domain.view import IncidentSummary, TimelineEntry
from cockpit.domain.vocabulary import Impact, PublicStatus, Severity, Stage
from cockpit.errors import DamagedDatabaseError, InvalidInputError
from cockpit.store.connection import Row
from cockpit.store.faults import DAMAGED_HINT

OP_COLUMNS = 'id, inc, k, t, dev, "by", body, skew, v, extra, at'
SHARED_COLUMNS = "ws, seq, relayed_by"
CANDIDATE_COLUMNS = 'op, obj, f, value, eff, t, "by", seen, reason, at, undoes'
ENTRY_COLUMNS = (
    "id, at, t, kind, text, author, starred, hidden, redacted, corrected, original, editable, "
    "msg, src, recorded"
)
SUMMARY_COLUMNS = (
    "id, ref, number, title, severity, status, stage, started_at, declared_at, commander, "
    "impact, resolved_at, closed_at, drill, private, entry_count, last_activity, last_sent, "
    "promised, plans, source"
)

_F = TypeVar("_F")
_T = TypeVar("_T")
_MAX_INTEGER = 2**63 - 1
_TIMES = dict[str, datetime]
_PLANS = dict[str, RingPlan]


def trusting_no_row(read: Callable[[_F], _T]) -> Callable[[_F], _T]:
    """Turn what a damaged row makes a reader raise into words; the engine cannot see it."""

    @wraps(read)
    def read_row(source: _F) -> _T:
        try:
            return read(source)
        except (ValueError, TypeError, OverflowError, MsgspecError, InvalidInputError) as error:
            raise DamagedDatabaseError(
                f"A row of the database is damaged ({error}).", DAMAGED_HINT
            ) from error

    return read_row


def write_time(at: datetime) -> str:
    """Return a time as UTC text of fixed width, to the microsecond; it sorts as text."""
    if at.tzinfo is UTC:
        return f"{at.isoformat(timespec='microseconds')[:-6]}Z"
    if at.tzinfo is not None:
        with suppress(OverflowError):
            at = at.astimezone(UTC)
    return at.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@trusting_no_row
@lru_cache(maxsize=4096)
def read_time(text: str) -> datetime:
    """Return the UTC time of a row."""
    return datetime.fromisoformat(text)


def write_optional_time(at: datetime | None) -> str | None:
    """Return a time as text, None for none."""
    return None if at is None else write_time(at)


def read_optional_time(text: str | None) -> datetime | None:
    """Return a row's time, None for none."""
    return None if text is None else read_time(text)


def write_json(value: Any) -> str:
    """Return canonical JSON."""
    return msgspec.json.encode(value, order="sorted").decode()


@trusting_no_row
def read_json(text: str) -> Any:
    """Return the plain value of JSON."""
    return msgspec.json.decode(text)


def write_integer(value: int) -> int:
    """Return the nearest integer that a row can hold."""
    return max(-_MAX_INTEGER, min(value, _MAX_INTEGER))


def write_record(
    n: int, record: Record, ws: str = "", seq: int | None = None, relayed_by: str | None = None
) -> Row:
    """Return the row of an op: its number here, `OP_COLUMNS` and then `SHARED_COLUMNS`.

    ws: its workspace, empty for none; seq: its place there; relayed_by: who brought it.
    """
    op = record.op
    extra = write_json(op.extra) if op.extra else None
    return (
        n, op.id, op.inc, op.k, op.t, op.dev, op.by, op.d, op.skew, op.v, extra, record.received_ms,
        ws, seq, relayed_by,
    )  # fmt: skip


@trusting_no_row
def read_record(row: Row) -> Record:
    """Return the record of a row with `OP_COLUMNS`."""
    op_id, inc, kind, stamp, dev, by, body, skew, version, extra, received = row
    op = Op(
        op_id, inc, kind, stamp, dev, by, body, skew, version, read_json(extra) if extra else {}
    )
    return Record(op, received)


def write_candidate(n: int, inc: str, each: Candidate) -> Row:
    """Return the row of a value that somebody gave a register; n: its event's number here."""
    return (
        n,
        each.op,
        inc,
        each.obj,
        each.f,
        write_json(each.value),
        each.eff,
        each.t,
        each.by,
        write_json(each.seen),
        each.reason,
        each.at,
        each.undoes,
    )


@trusting_no_row
def read_candidate(row: Row) -> Candidate:
    """Return the value of a row with `CANDIDATE_COLUMNS`."""
    op, obj, field, value, eff, stamp, by, seen, reason, at, undoes = row
    return Candidate(
        op, obj, field, read_json(value), eff, stamp, by, tuple(read_json(seen)), reason, at, undoes
    )


def write_entry(entry: TimelineEntry) -> Row:
    """Return the row of a timeline entry, as `ENTRY_COLUMNS`."""
    return (
        entry.id,
        write_time(entry.at),
        entry.t,
        entry.kind,
        entry.text,
        entry.author,
        int(entry.starred),
        int(entry.hidden),
        int(entry.redacted),
        int(entry.corrected),
        entry.original,
        int(entry.editable),
        None if entry.msg is None else write_json(entry.msg),
        None if entry.src is None else write_json(entry.src),
        # Nearly always the stamp says it.
        None if entry.recorded_at == stamp_time(entry.t) else write_time(entry.recorded_at),
    )


def write_plain_entry(record: Record, shown: EntryAdded | TimelineLine) -> Row:
    """Return the row of an entry that nobody corrected, starred or took back."""
    op, recorded = record.op, None
    if isinstance(shown, EntryAdded):
        kind, editable = shown.entry_kind, 1
    else:
        kind, editable = shown.kind, int(shown.editable)
    if is_ahead(op.t, record.received_ms):
        recorded = write_time(effective_time(op.t, record.received_ms))
    return (
        op.id, write_time(shown.at), op.t, kind, shown.text, op.by,
        0, 0, 0, 0, "", editable,
        None if shown.msg is None else write_json(shown.msg),
        None if shown.src is None else write_json(shown.src),
        recorded,
    )  # fmt: skip


@trusting_no_row
def read_entry(row: Row) -> TimelineEntry:
    """Return the timeline entry of a row with `ENTRY_COLUMNS`."""
    (entry_id, at, stamp, kind, text, author, starred, hidden, redacted, corrected) = row[:10]
    original, editable, msg, src, recorded = row[10:]
    return TimelineEntry(
        id=entry_id,
        at=read_time(at),
        recorded_at=read_time(recorded) if recorded else stamp_time(stamp),
        t=stamp,
        kind=kind,
        text=text,
        author=author,
        starred=bool(starred),
        hidden=bool(hidden),
        redacted=bool(redacted),
        corrected=bool(corrected),
        original=original,
        editable=bool(editable),
        msg=read_message(msg) if msg else None,
        src=msgspec.json.decode(src, type=Source) if src else None,
    )


@trusting_no_row
def read_message(text: str) -> Message:
    """Return what makes an entry an outgoing text."""
    return msgspec.json.decode(text, type=Message)


@trusting_no_row
def read_summary(row: Row) -> IncidentSummary:
    """Return the list line of a row with `SUMMARY_COLUMNS`."""
    (inc, ref, number, title, severity, status, stage, started, declared, commander) = row[:10]
    (impact, resolved, closed, drill, private, count, active, sent, promised) = row[10:19]
    plans, source = row[19:]
    return IncidentSummary(
        id=inc,
        ref=ref,
        number=number,
        title=title,
        severity=Severity(severity),
        status=PublicStatus(status),
        stage=Stage(stage),
        started_at=read_time(started),
        declared_at=read_time(declared),
        commander=commander,
        impact=Impact(impact) if impact else None,
        resolved_at=read_optional_time(resolved),
        closed_at=read_optional_time(closed),
        drill=bool(drill),
        private=bool(private),
        entry_count=count,
        last_activity=read_optional_time(active),
        last_sent=msgspec.json.decode(sent, type=_TIMES),
        promised=msgspec.json.decode(promised, type=_TIMES),
        plans=msgspec.json.decode(plans, type=_PLANS) if plans != "{}" else {},
        source=source,
    )
