"""An incident as JSON: its events word for word, with its state and timeline for other programs.

`{"format": "incident-cockpit", "version": 1, "incidents": [{"incident", "timeline", "events"}]}`.
Only `events` is read back; the rest is what the events come to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Raw, Struct

from cockpit.domain.clock import parse_stamp, to_ms
from cockpit.domain.envelope import Op, Record, decode_body, decode_op, encode_op
from cockpit.domain.view import IncidentView, TimelineEntry
from cockpit.errors import ImportRefusedError, InvalidInputError

FORMAT = "incident-cockpit"
VERSION = 1
UNCHANGED = "Nothing was imported."

_LATEST = timedelta(days=1)
_FIRST_YEAR, _LAST_YEAR = 1970, 2999
_ID = re.compile(r"[0-9a-f]{32}")
_DEVICE = re.compile(r"[0-9a-f]{8}")
_STAMP = re.compile(r"[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8}")


class ExportedIncident(Struct, frozen=True):
    """One incident to be written: its state, its timeline, its events with their receive times."""

    view: IncidentView
    entries: Sequence[TimelineEntry]
    records: Iterable[Record]


def write_json(incidents: Iterable[ExportedIncident]) -> str:
    """Return the document, indented, keys of the events in canonical order."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "incidents": [_incident(each) for each in incidents],
    }
    data = msgspec.json.encode(document)
    return msgspec.json.format(data, indent=1).decode() + "\n"


def read_json(data: bytes, now: datetime) -> tuple[tuple[Record, ...], ...]:
    """Return the events of every incident in a document; `now` bounds their receive times.

    Raises ImportRefusedError with the incident's and the event's number (both from 1).
    """
    latest = to_ms(now + _LATEST)
    return tuple(
        _read_incident(number, each, latest)
        for number, each in enumerate(_incidents(data), start=1)
    )


def _incident(each: ExportedIncident) -> dict[str, Any]:
    records = sorted(each.records, key=lambda record: (record.op.t, record.op.id))
    received = {r.op.id: r.received_ms for r in records if r.received_ms is not None}
    return {
        "incident": msgspec.to_builtins(each.view),
        "timeline": msgspec.to_builtins(list(each.entries)),
        "events": [Raw(encode_op(record.op)) for record in records],
        **({"received": received} if received else {}),
    }


def _incidents(data: bytes) -> list[Any]:
    try:
        top = msgspec.json.decode(data, type=dict[str, Raw])
        kind = msgspec.json.decode(top["format"]) if "format" in top else None
        version = msgspec.json.decode(top["version"]) if "version" in top else None
        if kind != FORMAT:
            raise ImportRefusedError(
                f'The file is no cockpit export: expected "format": "{FORMAT}" at the top.',
                f"cockpit export --format json makes one. {UNCHANGED}",
            )
        if version != VERSION:
            raise ImportRefusedError(
                f"The export's version is {str(version)[:20]}; this program reads {VERSION}.",
                f"Update the program. {UNCHANGED}",
            )
        return msgspec.json.decode(top["incidents"], type=list[dict[str, Raw]])
    except KeyError as error:
        raise ImportRefusedError("The export has no “incidents”.", UNCHANGED) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ImportRefusedError(f"The file is no cockpit export: {error}.", UNCHANGED) from error


def _read_incident(number: int, fields: dict[str, Raw], latest_ms: int) -> tuple[Record, ...]:
    try:
        events = msgspec.json.decode(fields.get("events", Raw(b"[]")), type=list[Raw])
        times = fields.get("received", Raw(b"{}"))
        received = msgspec.json.decode(times, type=dict[str, int])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ImportRefusedError(f"Record {number}: {error}.", UNCHANGED) from error
    if not all(0 <= ms <= latest_ms for ms in received.values()):
        message = f"Record {number}: “received” holds times before 1970 or after now."
        raise ImportRefusedError(message, UNCHANGED)
    records: list[Record] = []
    for place, event in enumerate(events, start=1):
        try:
            op = _read_event(bytes(event))
        except (InvalidInputError, UnicodeDecodeError, RecursionError, OverflowError) as error:
            message = f"Record {number}, event {place}: {error}"
            raise ImportRefusedError(message, UNCHANGED) from error
        records.append(Record(op, received.get(op.id)))
    _check_incident(number, records)
    return tuple(records)


def _read_event(data: bytes) -> Op:
    op = decode_op(data)
    encode_op(op)
    for name, value, form in (
        ("id", op.id, _ID),
        ("inc", op.inc, _ID),
        ("t", op.t, _STAMP),
        ("dev", op.dev, _DEVICE),
    ):
        if not form.fullmatch(value):
            raise InvalidInputError(f"“{value[:60]}” is no “{name}” of an event.")
    parse_stamp(op.t)
    if not isinstance(msgspec.json.decode(op.d), dict):
        raise InvalidInputError("The body “d” of an event is an object.")
    body = decode_body(op)
    if body is not None:
        _check_times(body)
    return op


def _check_times(body: Struct) -> None:
    """Refuse times that nothing could be reckoned with."""
    for name, value in msgspec.structs.asdict(body).items():
        if isinstance(value, Struct):
            _check_times(value)
        elif isinstance(value, datetime) and not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            raise InvalidInputError(f"The time “{name}” lies in the year {value.year}.")


def _check_incident(number: int, records: list[Record]) -> None:
    incidents = {record.op.inc for record in records}
    if len(incidents) != 1:
        what = "has no events" if not records else "mixes events of several incidents"
        raise ImportRefusedError(f"Record {number} {what}.", UNCHANGED)
    if not any(record.op.k == "inc.open" for record in records):
        message = f"Record {number} lacks the event that opened the incident."
        raise ImportRefusedError(message, UNCHANGED)
