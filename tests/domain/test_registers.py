"""Registers: who saw a value and set another replaces it; clocks decide only between strangers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clock import MAX_AHEAD_MS, effective_ms, format_stamp, next_stamp, witness
from cockpit.domain.registers import Candidate, resolve

YEAR = 365 * 24 * 3600 * 1000
NOON = 10 * YEAR


def value(
    op: str, stamp: str, received: int | None = None, seen: Sequence[str] = (), said: Any = None
) -> Candidate:
    eff = effective_ms(stamp, received)
    return Candidate(op, "", "status", said or op, eff, stamp, "ana", tuple(seen))


def winner(*candidates: Candidate) -> str:
    found = resolve(candidates)
    assert found is not None
    return found.op


def test_of_two_values_that_one_machine_wrote_in_a_millisecond_the_second_counts() -> None:
    first = format_stamp(NOON, 0, "0000000a")
    second = next_stamp(first, NOON, "0000000a")
    assert winner(value("ff", first), value("00", second)) == "00"


def test_what_a_machine_far_ahead_wrote_keeps_its_own_order_once_it_is_held_back() -> None:
    """Both are cut to the same time; a counter alone would put the later one first."""
    earlier = format_stamp(NOON + YEAR, 7, "0000000a")
    later = format_stamp(NOON + YEAR + 200, 0, "0000000a")
    assert winner(value("ff", earlier, NOON), value("00", later, NOON)) == "00"


def test_a_machine_a_year_ahead_does_not_win_once_the_server_has_seen_it() -> None:
    ahead = value("aa", format_stamp(NOON + YEAR, 0, "0000000a"), NOON)
    others = value("bb", format_stamp(NOON + MAX_AHEAD_MS + 1, 0, "0000000b"), NOON + 60_000)
    assert winner(ahead, others) == "bb"
    assert winner(value("aa", ahead.t), others) == "aa"


def test_who_answers_a_machine_far_ahead_replaces_its_value() -> None:
    ahead = format_stamp(NOON + YEAR, 9, "0000000a")
    answer = next_stamp(witness("", ahead, NOON, "0000000b"), NOON, "0000000b")
    theirs = value("aa", ahead, NOON)
    assert winner(theirs, value("bb", answer, NOON + 1, seen=["aa"])) == "bb"


def test_it_stays_replaced_when_the_server_lost_it_and_got_it_again_a_day_later() -> None:
    """The later receipt lets the clock that runs ahead count for more than before."""
    answer = value("bb", format_stamp(NOON + 60_000, 0, "0000000b"), NOON + 60_000, seen=["aa"])
    again = value("aa", format_stamp(NOON + YEAR, 9, "0000000a"), NOON + 24 * 3600_000)
    assert winner(again, answer) == "bb"


def test_copied_machines_that_write_at_once_agree_by_the_id() -> None:
    stamp = format_stamp(NOON, 3, "0000000a")
    both = (value("0a", stamp), value("0b", stamp))
    assert winner(*both) == winner(*reversed(both)) == "0b"


def test_values_that_claim_to_have_seen_one_another_are_ordered_by_time() -> None:
    first = value("0a", format_stamp(NOON, 0, "0000000a"), seen=["0b"])
    second = value("0b", format_stamp(NOON + 1, 0, "0000000a"), seen=["0a", "0b"])
    assert winner(first, second) == "0b"


def test_without_values_there_is_no_register() -> None:
    assert resolve([]) is None


CANDIDATES = st.lists(
    st.tuples(
        st.integers(0, 3), st.integers(0, 2), st.sampled_from(["0000000a", "0000000b"]),
        st.one_of(st.none(), st.integers(0, 3)), st.sets(st.integers(0, 7), max_size=3),
        st.sampled_from(["x", "y"]),
    ),
    max_size=8,
)  # fmt: skip


@given(CANDIDATES, st.randoms(use_true_random=False))
def test_the_order_in_which_they_come_does_not_matter(rows: list[Any], rng: Any) -> None:
    made = [
        value(f"{n:02x}", format_stamp(NOON + ms * 4000, counter, device),
              None if at is None else NOON + at * 100, [f"{each:02x}" for each in seen], said)
        for n, (ms, counter, device, at, seen, said) in enumerate(rows)
    ]  # fmt: skip
    shuffled = list(made)
    rng.shuffle(shuffled)
    assert resolve(made) == resolve(shuffled)


@pytest.mark.parametrize("at", [None, NOON, NOON + YEAR])
def test_a_chain_of_answers_ends_with_the_last_whatever_the_clocks(at: int | None) -> None:
    stamps = [NOON + YEAR, NOON, NOON - YEAR]
    made = [
        value(f"{n:02x}", format_stamp(ms, 0, "0000000a"), at, [f"{n - 1:02x}"] if n else [])
        for n, ms in enumerate(stamps)
    ]
    assert winner(*made) == "02"
