"""The protocol's words: cursors, and the chain that finds out a rewritten history."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.wire import START, format_cursor, next_chain, parse_cursor
from cockpit.errors import InvalidInputError

IDS = st.lists(st.integers(0, 2**128 - 1).map(lambda n: f"{n:032x}"), min_size=1, unique=True)


def chain_of(ids: list[str]) -> str:
    chain = ""
    for each in ids:
        chain = next_chain(chain, each, 1)
    return chain


@given(IDS)
def test_a_cursor_is_read_as_it_was_written(ids: list[str]) -> None:
    cursor = format_cursor(len(ids), chain_of(ids))
    assert parse_cursor(cursor) == (len(ids), chain_of(ids))


@given(IDS, st.data())
def test_the_same_last_event_after_another_history_has_another_chain(
    ids: list[str], data: st.DataObject
) -> None:
    left_out = data.draw(st.integers(0, len(ids) - 1))
    shorter = ids[:left_out] + ids[left_out + 1 :]
    assert chain_of(shorter) != chain_of(ids)


def test_before_the_first_event_there_is_no_chain() -> None:
    assert (format_cursor(0, ""), parse_cursor(START)) == ("0", (0, ""))


def test_the_same_events_received_at_another_time_have_another_chain() -> None:
    assert next_chain("", "0" * 32, 1) != next_chain("", "0" * 32, 2)


def test_the_chain_is_the_one_that_was_released() -> None:
    assert next_chain("", "0" * 32, 1_772_614_800_000) == "8aa0401ed72e0348"


@pytest.mark.parametrize(
    "text", ["", "00", "0-", "1", "-1-" + "a" * 16, "1-" + "A" * 16, "01-" + "a" * 16, "1-aaaa"]
)
def test_anything_else_is_no_cursor(text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_cursor(text)
