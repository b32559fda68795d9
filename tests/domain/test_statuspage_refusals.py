"""Wrong Statuspage files are refused in words, wrong records by their number."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.statuspage import parse_file
from cockpit.domain.statuspage_events import Known, additions
from cockpit.errors import CockpitError, ImportRefusedError, InvalidInputError
from tests.domain.statuspage_records import (
    NOW,
    added,
    folded,
    incident,
    outage,
    page,
    update,
)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "not valid JSON"),
        (b'{"page": NaN}', "not valid JSON"),
        (b'{"incidents": "\xff"}', "not valid JSON"),
        (b'{"incidents": ["\\ud800"]}', "not valid JSON"),
        (b"[" * 20000, "nested too deeply"),
        (b"[]", "found a list"),
        (b"{}", "an empty object"),
        (b'{"monitors": 1}', "“monitors”"),
        (b"7", "expected {"),
        (b'{"incidents": [7]}', "Record 1: Expected `object`"),
    ],
)
def test_a_file_of_another_shape_is_refused_in_words(data: bytes, words: str) -> None:
    with pytest.raises(ImportRefusedError, match=None) as refused:
        parse_file(data, NOW)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"status": "resolvd"}, "did you mean resolved"),
        ({"impact": "huge"}, "the impact “huge” is not known"),
        ({"name": "  "}, "no name"),
        ({"name": 7}, "Expected `str`, got `int` - at `$.name`"),
        ({"created_at": "yesterday"}, "$.created_at"),
        ({"created_at": "2025-06-01T10:00:00"}, "no time zone"),
        ({"created_at": "9999-12-31T23:59:59Z"}, "between 1970 and now"),
        ({"started_at": "0001-01-01T00:00:00Z"}, "between 1970 and now"),
        ({"incident_updates": None}, "$.incident_updates"),
        ({"incident_updates": [update(1, "10:00", "x", "y")]}, "update 1: the status “x”"),
        ({"incident_updates": [{"id": "u1"}]}, "missing required field"),
    ],
)
def test_a_wrong_record_is_refused_by_its_number(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ImportRefusedError) as refused:
        parse_file(page(outage(id="i0"), outage(**change)), NOW)
    assert "Record 2" in str(refused.value)
    assert words in str(refused.value)
    assert "Nothing was imported." in str(refused.value)


def test_a_text_too_large_for_an_event_is_refused() -> None:
    raw = incident(update(1, "10:01", "investigating", "x" * 70_000))
    with pytest.raises(InvalidInputError, match="at most"):
        added(raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_mutated_record_is_imported_or_refused(data: st.DataObject) -> None:
    top: dict[str, Any] = {"page": {}, "incidents": [outage(), outage(id="i2")]}
    place: Any = top
    for _ in range(data.draw(st.integers(1, 5))):
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key]:
            break
        if data.draw(st.booleans()):
            break
        place = place[key]
    keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    key = data.draw(st.sampled_from(keys))
    if data.draw(st.booleans()):
        place[key] = data.draw(JSON)
    else:
        del place[key]
    assert_imported_or_refused(json.dumps(top).encode())


@given(st.integers(0, 4000), st.binary(max_size=3))
@settings(max_examples=300, deadline=None)
def test_mutated_bytes_are_imported_or_refused(place: int, junk: bytes) -> None:
    data = page(outage())
    place %= len(data)
    assert_imported_or_refused(data[:place] + junk + data[place + len(junk) :])


def assert_imported_or_refused(data: bytes) -> None:
    try:
        parsed = parse_file(data, NOW)
        made = [additions(each, Known(), 1, "INC") for each in parsed]
    except (CockpitError, OverflowError):
        return
    for each in made:
        folded(*each.events)
