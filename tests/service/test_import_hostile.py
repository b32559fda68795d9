"""Mutated and hostile files of every format: imported, or refused in words; never anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.errors import ImportRefusedError, InvalidInputError
from cockpit.service.session import Session
from tests.service.foreign_files import (
    alert,
    archive,
    export,
    grafana,
    load,
    message,
    notification,
    pagerduty,
    rule,
)
from tests.service.test_import_pagerduty import event, log_entry, note

AT = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)

CHECKOUT = "checkout/2026-03-04.json"


def slack_file(document: Any) -> bytes:
    """Return an export with mutated files; what is no longer one is written as it is."""
    return archive(document) if isinstance(document, dict) else json.dumps(document).encode()


def json_file(document: Any) -> bytes:
    """Return a JSON file."""
    return json.dumps(document).encode()


FORMS: dict[str, tuple[str, Any, Callable[[Any], bytes]]] = {
    "slack": (
        "slack",
        {
            "users.json": [{"id": "U1", "profile": {"display_name": "Ana"}}],
            "channels.json": [{"id": "C1", "name": "checkout", "topic": {"value": "x"}}],
            CHECKOUT: [
                message("<@U1> <#C1|checkout> <http://x|y>", files=[{"title": "f"}]),
                message("reply", "1772614801.1", thread_ts="1772614800.000100"),
                message("bot", "1772614802.1", bot_id="B1", edited={"ts": "1772614803.1"}),
            ],
        },
        slack_file,
    ),
    "pagerduty": ("pagerduty", {"incidents": [pagerduty(), pagerduty("PA2")]}, json_file),
    "notes": ("pagerduty", {"notes": [note("look", incident={"id": "PA1"})]}, json_file),
    "log": ("pagerduty", {"log_entries": [log_entry("resolve", "08:00:00")]}, json_file),
    "webhook": ("pagerduty", event("incident.resolved", pagerduty()), json_file),
    "alertmanager": ("alertmanager", notification(alert(), alert("B", ended=9)), json_file),
    "grafana": ("grafana", grafana(alert(values={"B": 1.5})), json_file),
    "rule": ("grafana", rule(), json_file),
}

ODD = st.sampled_from(
    [
        *("", " ", "null", "\x00", "\u202e\x1b[31m", "../../etc", "0001-01-01T00:00:00Z"),
        *("9999-12-31T23:59:59+14:00", "2026-03-04T08:00:00", "1e5", "x" * 70_000, "[/bold]"),
        *(10**400, -(10**40), 2**64, 1e308, -0.0, True, [], {}, [[]], [None], {"": {}}),
    ]
)
JSON = ODD | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


def mutate(data: st.DataObject, top: Any) -> Any:
    """Change or drop one value somewhere in a document."""
    document = json.loads(json.dumps(top))
    place = document
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        inner = place[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
            break
        place = inner
    if data.draw(st.booleans()):
        place[key] = data.draw(JSON)
    else:
        del place[key]
    return document


def renamed(document: Any, number: int) -> Any:
    """Name the incident anew, for what is known already is not written again."""
    text = json.dumps(document)
    for part in ("PA1", "{}:{", "grafana.example", '"C1'):
        text = text.replace(part, f"{part}{number}")
    return json.loads(text)


def imported_or_refused(session: Session, form: str, data: bytes) -> None:
    """Import a file; whatever it brought must be readable."""
    try:
        load(session, form, data, **({"at": AT} if form == "grafana" else {}))
    except (ImportRefusedError, InvalidInputError):
        return
    for each in session.reads.summaries(limit=3):
        session.reads.view(each.id)


@pytest.mark.parametrize("name", FORMS)
@given(data=st.data())
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_mutated_records(session: Session, name: str, data: st.DataObject) -> None:
    form, document, write = FORMS[name]
    for _ in range(data.draw(st.integers(1, 3))):
        if isinstance(document, dict) and document:
            document = mutate(data, document)
    document = renamed(document, session.reads.next_number("INC"))
    imported_or_refused(session, form, write(document))


@pytest.mark.parametrize("name", FORMS)
@given(place=st.integers(0, 5000), junk=st.binary(min_size=1, max_size=4))
@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_mutated_bytes(session: Session, name: str, place: int, junk: bytes) -> None:
    form, document, write = FORMS[name]
    data = write(document)
    place %= len(data)
    imported_or_refused(session, form, data[:place] + junk + data[place + len(junk) :])


@pytest.mark.parametrize("form", ["pagerduty", "alertmanager", "grafana"])
@pytest.mark.parametrize(
    "data",
    [
        b"[" * 1000 + b"]" * 1000,
        b"[" * 100_000,
        b'{"alerts": ' + b"[" * 950 + b"]" * 950 + b', "groupKey": 1, "orgId": 1}',
        b'{"alerts": [' + b'{"a":' * 400 + b"1" + b"}" * 400 + b'], "groupKey": 1, "orgId": 1}',
        b'{"incidents": [{"id": "\\ud800"}]}',
        b'{"groupKey": ' + b"9" * 5000 + b"}",
        b"\xff\xfe{\x00}\x00",
        b"NaN",
        b"1e999",
        b"null",
        b'"text"',
        b"{}\n{}\n",
        b'{"a": 1}\n{"a":',
    ],
)
def test_hostile_documents(session: Session, form: str, data: bytes) -> None:
    with pytest.raises(ImportRefusedError):
        load(session, form, data, **({"at": AT} if form == "grafana" else {}))
    assert session.reads.count() == 0


def test_hostile_text_is_kept_as_text(session: Session, inc: str) -> None:
    name = "\u202eana\x1b]52;c;QQ==\x07[/bold]"
    users = [{"id": "U1", "profile": {"display_name": name}}]
    load(session, "slack", export(message("hi"), **{"users.json": users}), into=inc)
    labels = {"alertname": name, name: name}
    load(session, "alertmanager", notification(alert(labels=labels)), into=inc)
    assert session.reads.view(inc).entry_count > 2
