"""Push and pull: numbers without gaps, places that are checked, pulls that wait."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from cockpit.domain.wire import format_cursor, next_chain
from cockpit.server.app import make_app, make_service
from cockpit.server.service import Service, Setup
from tests.server.calling import INC, OTHER_INC, Caller, Clock, make_op


async def test_what_was_pushed_is_pulled_in_its_order(owner: Caller, clock: Clock) -> None:
    ops = [make_op(f"note {number} ∆ \\u0000 \n") for number in range(3)]
    answer = await owner.push(*ops)
    assert answer["acks"] == [1, 2, 3]
    page = await owner.pull()
    assert page["ops"] == [[number, clock.ms, None, op] for number, op in enumerate(ops, 1)]
    assert page["cursor"] == answer["head"]


async def test_a_place_is_made_of_all_events_before_it(owner: Caller, clock: Clock) -> None:
    ops = [make_op(), make_op()]
    chain = next_chain(next_chain("", ops[0]["id"], clock.ms), ops[1]["id"], clock.ms)
    assert (await owner.push(*ops))["head"] == format_cursor(2, chain)


async def test_pushed_twice_it_keeps_its_number(owner: Caller) -> None:
    first, second = make_op(), make_op()
    await owner.push(first)
    assert (await owner.push(second, first, second))["acks"] == [2, 1, 2]
    assert (await owner.push(first, second))["acks"] == [1, 2]
    assert len((await owner.pull())["ops"]) == 2


async def test_pages_follow_each_other(owner: Caller) -> None:
    ops = [make_op() for _ in range(7)]
    await owner.push(*ops)
    since, seen, more = "0", [], True
    while more:
        page = await owner.pull(since, limit=3)
        seen += [row[3] for row in page["ops"]]
        since, more = page["cursor"], page.get("more", False)
    assert seen == ops
    nothing = await owner.call("GET", "/v1/w/{ws}/ops", params={"since": since})
    assert (nothing.status_code, nothing.headers["etag"]) == (204, f'"{since}"')
    assert nothing.content == b""


async def test_a_page_ends_before_it_grows_too_large(owner: Caller) -> None:
    ops = [make_op("😀" * 15_000) for _ in range(80)]
    for at in range(0, 80, 16):
        await owner.push(*ops[at : at + 16])
    first = await owner.pull()
    assert 60 < len(first["ops"]) < 80
    assert first["more"]
    second = await owner.pull(first["cursor"])
    assert [row[3] for row in first["ops"] + second["ops"]] == ops
    assert "more" not in second


async def test_one_incident_is_pulled_by_places_of_its_own(owner: Caller) -> None:
    ops = [make_op(inc=(INC, OTHER_INC)[number % 2]) for number in range(10)]
    await owner.push(*ops)
    since, seen = "0", []
    while page := (await owner.pull(since, inc=INC, limit=2)):
        if not page["ops"]:
            break
        seen += [row[3] for row in page["ops"]]
        since = page["cursor"]
    assert seen == ops[::2]
    head = (await owner.pull())["cursor"]
    assert (await owner.pull(head, inc=INC))["ops"] == []


@pytest.mark.parametrize(
    "since", ["2-{other}", "1-{last}", "3-{last}", "999999999999999999-{last}"]
)
@pytest.mark.parametrize("inc", ["", INC])
async def test_a_place_in_another_history_is_found_out(owner: Caller, since: str, inc: str) -> None:
    last = (await owner.push(make_op(), make_op()))["head"].partition("-")[2]
    since = since.format(last=last, other="0" * 16)
    found = await owner.call("GET", "/v1/w/{ws}/ops", params={"since": since, "inc": inc})
    assert (found.status_code, found.json()["error"]) == (409, "rewound")


async def test_the_time_of_receipt_never_goes_back(owner: Caller, clock: Clock) -> None:
    await owner.push(make_op())
    clock.advance(-3600)
    await owner.push(make_op())
    first, second = (row[1] for row in (await owner.pull())["ops"])
    assert first == second


async def test_what_cannot_be_taken_leaves_the_rest_in(owner: Caller) -> None:
    good, large = make_op(), make_op("x" * 70_000)
    wrong, later = make_op(t="yesterday"), make_op(v=9, k="a.later.kind", d=["?"], extra=1)
    answer = await owner.push(good, large, wrong, later)
    assert answer["acks"] == [1, 0, 0, 2]
    assert [(each["id"], each["code"]) for each in answer["rejected"]] == [
        (large["id"], "too_large"),
        (wrong["id"], "malformed"),
    ]
    assert [row[3] for row in (await owner.pull())["ops"]] == [good, later]


async def test_a_waiting_pull_returns_at_once_when_something_comes(owner: Caller) -> None:
    waiting = asyncio.create_task(owner.pull(wait=20))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    op = make_op()
    await owner.push(op)
    assert [row[3] for row in (await waiting)["ops"]] == [op]
    assert time.monotonic() - began < 10, "it waited all its time"


async def test_a_waiting_pull_hears_of_what_another_process_took(
    owner: Caller, service: Service, clock: Clock
) -> None:
    other = make_service(service.engine, Setup(rate=0), now=clock.now, tick=clock.tick)
    await other.start("Team")
    async with Caller(make_app(other)) as there:
        away = there.hold({"ws": owner.ws, "member": "ana", "token": owner.token})
        for _ in range(3):
            waiting = asyncio.create_task(away.pull((await owner.pull())["cursor"], wait=20))
            await asyncio.sleep(0.3)
            began = time.monotonic()
            await owner.push(make_op())
            assert len((await waiting)["ops"]) == 1
            assert time.monotonic() - began < 10, "it waited all its time"
    other.bell.close()


async def test_a_pull_waits_no_longer_than_it_was_asked_to(owner: Caller) -> None:
    began = time.monotonic()
    answer = await owner.call("GET", "/v1/w/{ws}/ops", params={"wait": 1})
    assert answer.status_code == 204
    assert 0.9 < time.monotonic() - began < 15


async def test_pushes_that_meet_share_a_transaction_and_keep_their_order(
    owner: Caller, service: Service
) -> None:
    batches = [[make_op(f"{writer}.{number}") for number in range(5)] for writer in range(40)]
    answers = await asyncio.gather(*(owner.push(*batch) for batch in batches))
    assert sorted(seq for answer in answers for seq in answer["acks"]) == list(range(1, 201))
    found = {row[3]["id"]: row[0] for row in (await owner.pull())["ops"]}
    for batch, answer in zip(batches, answers, strict=True):
        assert [found[op["id"]] for op in batch] == answer["acks"] == sorted(answer["acks"])
    assert service.pushes.stored == 200


async def test_the_same_event_from_many_at_once_is_there_once(owner: Caller) -> None:
    op = make_op()
    answers = await asyncio.gather(*(owner.push(make_op(), op) for _ in range(10)))
    assert len({answer["acks"][1] for answer in answers}) == 1
    assert len((await owner.pull())["ops"]) == 11


@pytest.mark.parametrize(
    "query",
    [
        {"since": "yesterday"},
        {"since": "1-zz"},
        {"since": "-1"},
        {"since": ""},
        {"limit": "many"},
        {"limit": "-1"},
        {"limit": "٣"},
        {"wait": "1.5"},
        {"here": "x"},
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    owner: Caller, query: dict[str, Any]
) -> None:
    answer = await owner.call("GET", "/v1/w/{ws}/ops", params=query)
    assert (answer.status_code, answer.json()["error"]) == (400, "malformed")
