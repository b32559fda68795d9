"""Events made from other programs' records: the same record always makes the same event.

The id is a hash of everything else in the event, the stamp comes from the record's own time, so a
file that is imported twice, or on two machines, adds each fact once.
"""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256

from cockpit.domain.clock import format_stamp, stamp_ms, to_ms
from cockpit.domain.envelope import Op, encode_body, encode_op, fits_surely
from cockpit.domain.events import Body

DEVICE = "00000000"
"""The device of events that no device wrote."""

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""Stamps count from here."""


def incident_id(source: str, record: str) -> str:
    """Return the id of the incident that a record of `source` describes."""
    return _digest("incident", source, record)


def make_event(inc: str, body: Body, stamp: str, by: str) -> Op:
    """Return the event; raises InvalidInputError when it is larger than an event may be."""
    d = encode_body(body)
    event = Op(_digest(inc, body.kind, stamp, by, d), inc, body.kind, stamp, DEVICE, by, d)
    if not fits_surely(event):
        encode_op(event)
    return event


def stamp_at(at: datetime, counter: int = 0) -> str:
    """Return the stamp of a record's time; `counter` (0 to 65535) orders events of one time."""
    return format_stamp(to_ms(at), counter, DEVICE)


def stamp_after(last: str, at: datetime, counter: int = 0) -> str:
    """Return a record's stamp, at least a ms later than `last` (empty: none before it).

    Whole ms, because the counter does not decide which of two values holds.
    """
    earliest = stamp_ms(last) + 1 if last else 0
    return format_stamp(max(to_ms(at), earliest), counter, DEVICE)


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()[:32]
