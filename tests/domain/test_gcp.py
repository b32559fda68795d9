"""Incidents in Google Cloud's form: every record is imported or refused by its number."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.foreign_incident import ForeignIncident
from cockpit.domain.gcp import parse_incidents
from cockpit.errors import ImportRefusedError
from tests.domain.gcp_records import record, update

NOW = datetime(2026, 3, 4, tzinfo=UTC)
AT = datetime(2025, 6, 1, 10, tzinfo=UTC)


def parse(*records: Any) -> tuple[ForeignIncident, ...]:
    return parse_incidents(json.dumps(list(records)).encode(), NOW)


def test_a_record_becomes_an_incident_with_its_updates_in_order() -> None:
    (found,) = parse(record())
    assert (found.id, found.at) == ("98615", AT)
    assert found.title == "Storage is slow in one region."
    assert (found.severity, found.impact) == ("SEV3", "medium")
    assert (found.status, found.stage, found.ended_at) == (
        *("resolved", "resolved"),
        AT + timedelta(minutes=110),
    )
    assert [(f"{each.at:%H:%M}", each.status) for each in found.entries] == [
        ("10:20", "investigating"),
        ("12:00", "resolved"),
    ]
    assert "updates" not in found.raw
    assert found.raw["uri"] == "incidents/x1"


def test_promises_in_the_texts_are_read_with_their_zone() -> None:
    (found,) = parse(record())
    (first, last) = (each.msg for each in found.entries)
    assert first is not None
    assert last is not None
    assert first.next_at == datetime(2025, 6, 1, 10, 45, tzinfo=UTC)
    assert last.next_at is None


def test_what_is_missing_has_a_stated_stand_in() -> None:
    plain = {"number": 7, "begin": "2025-06-01T10:00:00Z", "updates": []}
    (found,) = parse(plain)
    assert (found.id, found.title, found.severity, found.status) == ("7", "Incident 7", "SEV4", "")
    (found,) = parse({**plain, "service_name": "Storage"})
    assert found.title == "Storage"


def test_updates_without_a_time_of_their_own_have_one_id_each() -> None:
    one = {"when": "2025-06-01T10:20:00Z", "text": "One."}
    two = {"when": "2025-06-01T10:20:00Z", "text": "Two."}
    (found,) = parse(record(two, one, one))
    assert [each.text for each in found.entries] == ["One.", "Two."]
    assert len({each.id for each in found.entries}) == 2


def test_the_same_record_twice_counts_once() -> None:
    assert len(parse(record(), record())) == 1
    with pytest.raises(ImportRefusedError, match=r"Record 2: .*number of Record 1"):
        parse(record(), record(severity="high"))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (7, "expected an object, found a number"),
        ({"updates": []}, "expected a “number”"),
        (record(number="9" * 300), "expected a “number”"),
        (record(number=["x"], id=None), "number is not a text"),
        (record(begin=None, created=None), "begin is missing"),
        (record(begin="2025-06-01T10:00:00"), "begin has no time zone"),
        (record(begin="soon"), "begin is not a time"),
        (record(end="2999-01-01T00:00:00Z"), "end is 2999-01-01"),
        (record(severity="awful"), "“awful” is not a severity; expected low, medium or high"),
        (record(updates="none"), "updates is not a list"),
        (record(updates=[7]), "updates 1: expected an object"),
        (record(update("12:00", "FINE", "x")), "“FINE” is not a status"),
        (record({"text": "x"}), "updates 1: when is missing"),
        (record({"when": "2025-06-01T10:20:00Z", "text": ["x"]}), "text is not a text"),
    ],
)
def test_wrong_records_are_refused_by_number(raw: Any, words: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        parse(record(number="1"), raw)
    assert "Record 2" in str(refused.value)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[]", b"[7]", b"nonsense", b"[" * 5000, b"\xff", b'{"incidents": []}', b"null"],
)
def test_other_files_are_refused_in_words(data: bytes) -> None:
    with pytest.raises(ImportRefusedError):
        parse_incidents(data, NOW)


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(field=st.sampled_from(sorted(record())), value=VALUES)
def test_any_value_is_imported_or_refused_by_number(field: str, value: Any) -> None:
    try:
        (found,) = parse(record(**{field: value}))
    except ImportRefusedError as error:
        refusal = str(error)
    else:
        refusal = f"Record 1 is {found.id}"
    assert "Record 1" in refusal or "The file is no list" in refusal
