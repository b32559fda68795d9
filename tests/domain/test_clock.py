"""The hybrid logical clock: stamps only ever grow, sort as text, and nobody drags the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clock import (
    MAX_AHEAD_MS,
    effective_ms,
    format_stamp,
    next_stamp,
    parse_stamp,
    stamp_ms,
    witness,
)
from cockpit.errors import InvalidInputError

DEVICE = "0000000a"
TIMES = st.integers(0, 2**47)


@given(st.lists(TIMES, min_size=1, max_size=50))
def test_stamps_grow_whatever_the_wall_clock_does(times: list[int]) -> None:
    stamps = []
    last = ""
    for now in times:
        last = next_stamp(last, now, DEVICE)
        stamps.append(last)
    assert stamps == sorted(set(stamps))


@given(TIMES, st.integers(0, 0xFFFF))
def test_a_stamp_reads_back(ms: int, counter: int) -> None:
    assert parse_stamp(format_stamp(ms, counter, DEVICE)) == (ms, counter, DEVICE)


def test_a_full_counter_takes_the_next_millisecond() -> None:
    full = format_stamp(1000, 0xFFFF, DEVICE)
    assert next_stamp(full, 1000, DEVICE) == format_stamp(1001, 0, DEVICE)


@pytest.mark.parametrize("stamp", ["", "12", "zz-0000-0000000a", "0-0-0", "1-2-3-4"])
def test_what_is_no_stamp_is_refused(stamp: str) -> None:
    with pytest.raises(InvalidInputError):
        parse_stamp(stamp)


def test_a_clock_a_year_ahead_counts_five_seconds_at_most() -> None:
    year_ahead = format_stamp(10_000_000, 0, "0000000b")
    assert effective_ms(year_ahead, 1000) == 1000 + MAX_AHEAD_MS
    seen = witness("", year_ahead, 1000, DEVICE)
    assert stamp_ms(seen) == 1000 + MAX_AHEAD_MS


def test_an_event_that_was_never_synced_counts_by_its_own_clock() -> None:
    assert effective_ms(format_stamp(10_000_000, 0, DEVICE), None) == 10_000_000
