"""Builders of events for the tests of the domain: one incident, several devices."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from cockpit import resources
from cockpit.domain.clock import format_stamp, to_ms
from cockpit.domain.envelope import Op, Record, encode_body
from cockpit.domain.events import Body, EntryAdded, FieldSet, IncidentOpened, Message, Told
from cockpit.domain.playbook import Playbook
from cockpit.domain.playbook_merge import load_playbook


@cache
def default_playbook() -> Playbook:
    """Return the shipped playbook."""
    return load_playbook(tomllib.loads(resources.data_file("playbook.toml")), None)


INC = "ab" * 16
START = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)


def minutes(number: float) -> datetime:
    """Return the time so many minutes after the start."""
    return START + timedelta(minutes=number)


def op_id(number: int) -> str:
    """Return an op id that sorts by its number."""
    return f"{number:032x}"


def record(
    number: int,
    body: Body,
    *,
    at: datetime = START,
    device: str = "0000000a",
    by: str = "ops",
    received: datetime | None = None,
) -> Record:
    """Return an event with that number as its id, stamped at `at`."""
    stamp = format_stamp(to_ms(at), 0, device)
    op = Op(op_id(number), INC, body.kind, stamp, device, by, encode_body(body))
    return Record(op, to_ms(received) if received else None)


def opened(**fields: Any) -> Record:
    """Return the event that declares the incident, number 1."""
    values = {"title": "Checkout fails", "severity": "SEV2", "number": 42, "at": START, **fields}
    return record(1, IncidentOpened(**values))


def entry(number: int, text: str, at: datetime, **fields: Any) -> Record:
    """Return an entry that happened and was written at `at`."""
    return record(number, EntryAdded(at, text, **fields), at=at)


def field(number: int, name: str, value: Any, at: datetime, **fields: Any) -> Record:
    """Return a change of a field at `at`."""
    return record(number, FieldSet(name, value, **fields), at=at)


def told(number: int, person: str, at: datetime, **fields: Any) -> Record:
    """Return a stakeholder told at `at`."""
    return record(number, Told(person, at, person.title(), **fields), at=at)


def update(number: int, text: str, at: datetime, **fields: Any) -> Record:
    """Return a sent update of `at`; fields are those of the message."""
    message = Message(**{"state": "sent", "audience": "customers", **fields})
    return entry(number, text, at, entry_kind="communication", msg=message)
