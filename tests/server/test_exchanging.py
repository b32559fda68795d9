"""Push and pull: numbers without gaps, places that are checked, pulls that wait."""

from __future__ import annotations

import asyncio
import time

from tests.server.calling import Caller, make_op


async def test_what_was_pushed_is_pulled_in_its_order(owner: Caller) -> None:
    ops = [make_op(f"note {number}") for number in range(3)]
    answer = await owner.push(*ops)
    assert answer["acks"] == [1, 2, 3]
    page = await owner.pull()
    assert [row[3] for row in page["ops"]] == ops
    assert [row[:3] for row in page["ops"]] == [[n, page["ops"][0][1], None] for n in (1, 2, 3)]
    assert page["cursor"] == answer["head"]


async def test_pushed_twice_it_keeps_its_number(owner: Caller) -> None:
    first, second = make_op(), make_op()
    await owner.push(first)
    assert (await owner.push(second, first, second))["acks"] == [2, 1, 2]
    assert len((await owner.pull())["ops"]) == 2


async def test_a_waiting_pull_returns_at_once_when_something_comes(owner: Caller) -> None:
    waiting = asyncio.create_task(owner.pull(wait=20))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    op = make_op()
    await owner.push(op)
    page = await waiting
    assert [row[3] for row in page["ops"]] == [op]
    assert time.monotonic() - began < 1.0
