"""A reader that follows by cursor misses nothing that slow writers commit in any order."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack

import pytest

from cockpit.domain.wire import parse_cursor
from cockpit.server.engine import Engine, RefusedError, Transaction
from cockpit.server.envelopes import NewOp
from cockpit.server.members import Place, add_workspace
from cockpit.server.oplog import append, read_page
from cockpit.server.postgres import PostgresEngine

WS = "a" * 32
WRITERS, EACH = 16, 12
LONGEST_COMMIT = 0.012
PAGE = 7

Append = Callable[[Transaction, str, Sequence[NewOp], int], object]


def append_by_sequence(tx: Transaction, ws: str, ops: Sequence[NewOp], now: int) -> None:
    """Number events as a column of type BIGSERIAL does: in the order of asking."""
    for op in ops:
        seq = tx.rows("SELECT nextval('numbers')")[0][0]
        tx.append(ws, [(seq, op.id, op.id[:16], now, op.inc, "", 0, None, op.body)])


def new_op() -> NewOp:
    return NewOp(secrets.token_hex(16), "c" * 32, "", False, None, "{}")


async def write_slowly(
    engine: Engine, way: Append, rng: random.Random, turned_away: list[str], longest: float
) -> set[str]:
    """Append events one by one, each committed up to `longest` seconds after it got its number."""
    written = set()
    for _ in range(EACH):
        op, pause = new_op(), rng.uniform(0, longest)

        def work(tx: Transaction, op: NewOp = op, pause: float = pause) -> None:
            way(tx, WS, [op], 1)
            time.sleep(pause)

        while op.id not in written:
            try:
                await engine.write(work)
                written.add(op.id)
            except RefusedError as error:
                if error.status != 503:  # then a client comes again
                    raise
                turned_away.append(op.id)
    return written


async def follow(engine: Engine, until: asyncio.Event) -> list[int]:
    """Read page after page, each from where the last one ended, until nobody writes any more."""
    seen: list[int] = []
    after = parse_cursor("0")
    while True:
        last_look = until.is_set()
        found = await engine.read(read_page, WS, after, PAGE, "")
        for seq, _, _, _, chain, *_ in found.rows:
            seen.append(seq)
            after = seq, chain
        if not found.rows and last_look:
            return seen


async def missed(
    address: str, way: Append, longest: float = LONGEST_COMMIT
) -> tuple[int, list[int], int]:
    """Let everybody write while one reads; return how many events were missed, and the numbers.

    The last figure is how often somebody was turned away.
    """
    turned_away: list[str] = []
    async with AsyncExitStack() as stack:
        engines = [PostgresEngine(address, connections=1) for _ in range(WRITERS + 1)]
        for engine in engines:
            stack.push_async_callback(engine.close)
        reader, *others = engines
        await reader.write(add_workspace, Place(WS, "Team"))
        await reader.write(lambda tx: tx.rows("CREATE SEQUENCE numbers"))
        done = asyncio.Event()
        reading = asyncio.create_task(follow(reader, done))
        writers = [
            write_slowly(each, way, random.Random(number), turned_away, longest)
            for number, each in enumerate(others)
        ]
        written = set().union(*await asyncio.gather(*writers))
        done.set()
        seen = await reading
    return len(written) - len(seen), seen, len(turned_away)


@pytest.mark.parametrize("level", ["read committed", "serializable"])
async def test_nothing_is_missed(new_database: Callable[..., str], level: str) -> None:
    address = new_database(default_transaction_isolation=level)
    lost, numbers, turned_away = await missed(address, append)
    assert lost == 0
    assert not turned_away or level == "serializable"
    assert numbers == list(range(1, WRITERS * EACH + 1))


async def test_numbers_from_a_sequence_would_be_missed(new_database: Callable[..., str]) -> None:
    """The test above can fail: a sequence's order is not the order of the commits.

    On a busy machine the reader looks seldom: then commits have to take longer.
    """
    for slower in (1, 10, 40):
        lost, *_ = await missed(new_database(), append_by_sequence, slower * LONGEST_COMMIT)
        if lost:
            return
    pytest.fail("nothing was missed")
