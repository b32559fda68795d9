"""Times that a wrong clock wrote, held back to when the server got them.

Nothing can have happened after it was received. A stamp, or a time, that lies further ahead of
its receipt than clocks differ comes from a clock that runs ahead; every machine holds it back
alike. What a person says of times ahead keeps its clock time: by it people were told.

A clock that runs behind proves nothing by what it writes: one may note today what happened last
year. So its own machine sets right what it takes from it, as long as the server is heard.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from cockpit.domain.clock import MAX_AHEAD_MS, effective_time, from_ms, is_ahead, stamp_ms, to_ms
from cockpit.domain.envelope import Op, Record, decode_leniently
from cockpit.domain.events import Body, EntryAdded, FieldSet, IncidentOpened, Told
from cockpit.domain.ring_plan import MOVED, PAUSED, time_value

_Convert = Callable[[datetime], datetime]
_DAY = timedelta(days=1)
_AT_ONCE_MS = 60_000
"""What is said to have happened later than this after it was recorded is meant to lie ahead."""

_SAID = ("asked_at", "reviewed_at", "since", "started_at", "summary_at")
_PLANNED = ("back_at", MOVED, PAUSED)
"""What fields begin with whose value is a time that the clock gave, or that counts from it."""


def read_body(record: Record) -> Body | None:
    """Return what an event says, its times held back; None for what cannot be understood."""
    body = decode_leniently(record.op)
    if body is None or record.received_ms is None:
        return body
    return hold_back(record.op, record.received_ms, body)


def recorded_time(record: Record) -> datetime:
    """Return when an event was recorded, never far after its receipt."""
    return effective_time(record.op.t, record.received_ms)


def read_held(record: Record) -> tuple[Body | None, bool]:
    """Return what `read_body` does, and whether a time of the event is not as it was written."""
    body = decode_leniently(record.op)
    if record.received_ms is None:
        return body, False
    ahead = is_ahead(record.op.t, record.received_ms)
    if body is None:
        return None, ahead
    held = hold_back(record.op, record.received_ms, body)
    return held, ahead or held is not body


def hold_back(op: Op, received_ms: int, body: Body) -> Body:
    """Return the body of an event that a server received with the times that it can have."""
    proves_more = isinstance(body, Told) or (isinstance(body, EntryAdded) and body.msg is not None)
    if not (proves_more or is_ahead(op.t, received_ms)):
        return body
    receipt = _Receipt(op, received_ms)
    if isinstance(body, Told):
        at = receipt.happened(body.at)
        return body if at is body.at else replace(body, at=at)
    if isinstance(body, EntryAdded) and body.msg is not None:
        at = receipt.happened(body.at)
        if at is body.at:
            return body
        next_at = body.msg.next_at and _keep_clock_time(body.msg.next_at, body.at - at)
        return replace(body, at=at, msg=replace(body.msg, next_at=next_at))
    if isinstance(body, EntryAdded | IncidentOpened):
        return replace(body, at=receipt.said(body.at))
    if isinstance(body, FieldSet):
        said = body.at and receipt.said(body.at)
        return replace(body, at=said, v=_convert_value(body, receipt.said, receipt.planned))
    return body


def catch_up(body: Body, now_ms: int, behind_ms: int) -> Body:
    """Return a body about to be written by a clock that runs behind; times that were typed stay.

    now_ms: what that clock says now; behind_ms: how far it runs behind.
    """

    def said(at: datetime) -> datetime:
        at_once = abs(to_ms(at) - now_ms) <= _AT_ONCE_MS
        return at + timedelta(milliseconds=behind_ms) if at_once else at

    def planned(at: datetime) -> datetime:
        return _keep_clock_time(at, timedelta(milliseconds=-behind_ms))

    if isinstance(body, FieldSet):
        at = body.at and said(body.at)
        return replace(body, at=at, v=_convert_value(body, said, planned))
    if not isinstance(body, EntryAdded | IncidentOpened | Told):
        return body
    if isinstance(body, EntryAdded) and body.msg is not None and body.msg.next_at is not None:
        body = replace(body, msg=replace(body.msg, next_at=planned(body.msg.next_at)))
    return replace(body, at=said(body.at))


def _convert_value(body: FieldSet, said: _Convert, planned: _Convert) -> Any:
    """Return the value of a register with the times in it converted."""
    if body.f == "card" and isinstance(body.v, dict) and "since" in body.v:
        return body.v | {"since": _convert_time(body.v["since"], said)}
    if body.f in _SAID or (body.f == "at" and body.obj.startswith("entry:")):
        return _convert_time(body.v, said)
    return _convert_time(body.v, planned) if body.f.startswith(_PLANNED) else body.v


def _convert_time(value: Any, convert: _Convert) -> Any:
    at = time_value(value)
    return value if at is None or (other := convert(at)) == at else other.isoformat()


class _Receipt:
    """When an event was received, and how far its clock ran ahead; all in ms."""

    __slots__ = ("latest", "received", "skew", "stamp")

    def __init__(self, op: Op, received_ms: int) -> None:
        self.received = received_ms
        self.latest = received_ms + MAX_AHEAD_MS
        self.stamp = stamp_ms(op.t)
        self.skew = max(0, op.skew or 0)

    def happened(self, at: datetime) -> datetime:
        """Return a time that must lie before the receipt, as the clock that was measured says."""
        ms = to_ms(at)
        if ms <= self.latest:
            return at
        known = ms - self.skew
        return from_ms(known if self._explains(known) else self.received)

    def said(self, at: datetime) -> datetime:
        """Return a time of somebody whose clock runs ahead: of what was, or of what will be."""
        lies_ahead = to_ms(at) > self.stamp + _AT_ONCE_MS
        return self.planned(at) if lies_ahead else self.happened(at)

    def planned(self, at: datetime) -> datetime:
        """Return a time to come; one before the stamp comes from a clock that was right again."""
        if to_ms(at) <= self.stamp:
            return at
        known = self._explains(self.stamp - self.skew)
        ahead = self.skew if known else self.stamp - self.latest
        return _keep_clock_time(at, timedelta(milliseconds=ahead))

    def _explains(self, ms: int) -> bool:
        """Say whether the difference that was measured leads to a time before the receipt."""
        return self.skew > 0 and 0 <= ms <= self.latest


def _keep_clock_time(at: datetime, ahead: timedelta) -> datetime:
    """Return a time without the whole days by which the clock ran ahead."""
    days = round(ahead / _DAY)
    try:
        return at - days * _DAY if days else at
    except OverflowError:
        return at  # nobody meant the year 1
