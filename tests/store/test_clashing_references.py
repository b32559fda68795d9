"""Two machines took one number while they could not hear each other: all come to one answer."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.clock import format_stamp, to_ms
from cockpit.domain.envelope import Op, encode_body
from cockpit.domain.remotes import Arrival, Outcome, Remote
from cockpit.domain.wire import START as FIRST
from cockpit.domain.wire import Role, format_cursor
from cockpit.store.database import Store
from cockpit.store.integrity import differing_projections
from tests.store.store_events import START, declare, open_store, opened

WS = "5" * 32
MINE = "ab" * 16
_MEMORY = "/dev/shm" if Path("/dev/shm").is_dir() else None


@pytest.fixture
def shared(store: Store) -> Store:
    """A store that joined a workspace."""
    return join(store)


def join(store: Store) -> Store:
    remote = Remote(WS, "https://sync.example", "server", "Payments", "ana", Role.EDITOR)
    store.remotes.put(remote)
    return store


def theirs(place: int, minute: int, *, number: int = 42) -> Op:
    """Return the opening of somebody else's incident."""
    identity = f"{place:08x}" * 4
    body = opened(f"theirs {place}", number=number)
    stamp = format_stamp(to_ms(START) + minute * 60_000, 0, f"{place:08x}")
    return Op(identity, identity, body.kind, stamp, f"{place:08x}", "ben", encode_body(body))


def arrive(store: Store, ops: Sequence[Op], received_ms: int) -> None:
    """Take in a page with these events."""
    before = store.remotes.find(WS)
    assert before is not None
    last = int(before.cursor.partition("-")[0]) if before.cursor != FIRST else 0
    rows = [Arrival(last + n, received_ms, None, op.id, op) for n, op in enumerate(ops, start=1)]
    cursor = format_cursor(last + len(ops), "0" * 16)
    taken = store.remotes.take_in(WS, before.cursor, rows, cursor)
    assert taken.outcome is Outcome.TAKEN


def refs(store: Store) -> dict[str, str]:
    return {each.id: each.ref for each in store.reads.summaries()}


def is_told_alike(store: Store) -> bool:
    """Say whether the list, the view and a rebuild agree on every reference."""
    views = {inc: store.reads.view(inc).ref for inc in refs(store)}
    return views == refs(store) and differing_projections(store._connection) == ()


def test_the_one_declared_first_keeps_the_number_wherever_it_arrives_first(shared: Store) -> None:
    declare(shared, inc=MINE)
    late, early = theirs(1, 5), theirs(2, -5)
    arrive(shared, [late], to_ms(START))
    assert refs(shared)[MINE] == "INC-42"
    arrive(shared, [early], to_ms(START))
    found = refs(shared)
    assert found[early.inc] == "INC-42"
    assert found[MINE].startswith("INC-42-")
    assert is_told_alike(shared)


def test_a_clock_that_ran_ahead_is_bounded_by_the_server(shared: Store) -> None:
    """Machines that hear of it before and after the server's stamp must agree in the end."""
    declare(shared, inc=MINE)
    fast = theirs(1, 60)
    arrive(shared, [fast], to_ms(START) - 3_600_000)
    assert refs(shared)[fast.inc] == "INC-42"
    assert is_told_alike(shared)


@pytest.mark.parametrize("facts", [{"private": True}, {"drill": True}])
def test_what_others_cannot_see_gives_the_number_up(shared: Store, facts: dict[str, bool]) -> None:
    declare(shared, inc=MINE, **facts)
    assert refs(shared)[MINE] == "INC-42"
    arrive(shared, [theirs(1, 5)], to_ms(START) + 300_000)
    found = refs(shared)
    assert found[theirs(1, 5).inc] == "INC-42"
    assert found[MINE].startswith("INC-42-")
    assert is_told_alike(shared)
    shared.remotes.share(MINE, WS)
    assert refs(shared)[MINE] == "INC-42"
    assert is_told_alike(shared)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(41, 42)), min_size=1, max_size=6),
    st.integers(1, 6),
    st.randoms(use_true_random=False),
)
def test_machines_that_hear_in_another_order_agree(
    claims: list[tuple[int, int]], size: int, rng: random.Random
) -> None:
    ops = [theirs(place, minute, number=n) for place, (minute, n) in enumerate(claims, 1)]
    found = []
    for _ in range(2):
        rng.shuffle(ops)
        with (
            tempfile.TemporaryDirectory(dir=_MEMORY) as place,
            open_store(Path(place) / "cockpit.sqlite") as store,
        ):
            join(store)
            for start in range(0, len(ops), size):
                arrive(store, ops[start : start + size], to_ms(START) + 120_000)
            assert is_told_alike(store)
            found.append(refs(store))
    assert found[0] == found[1]
    assert len(set(found[0].values())) == len(ops)
