"""Who is here and what they write."""

from __future__ import annotations

import asyncio
import time

from tests.server.calling import INC, OTHER_INC, Caller, Clock


async def test_a_waiting_pull_hears_who_comes_and_what_they_write(owner: Caller) -> None:
    ben = await owner.invite("editor", "ben")
    said = (await owner.call("POST", "/v1/w/{ws}/here", {"inc": INC})).json()
    assert [each["member"] for each in said["here"]] == ["ana"]
    waiting = asyncio.create_task(owner.pull(wait=20, here=said["here_version"]))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await ben.call("POST", "/v1/w/{ws}/here", {"inc": INC, "doing": "update:customers"})
    page = await waiting
    assert time.monotonic() - began < 10, "it waited all its time"
    assert (page["ops"], page["cursor"]) == ([], "0")
    assert {each["member"]: each["doing"] for each in page["here"]} == {
        "ana": "",
        "ben": "update:customers",
    }
    assert page["here_version"] != said["here_version"]


async def test_the_same_again_is_no_news(owner: Caller, clock: Clock) -> None:
    first = (await owner.call("POST", "/v1/w/{ws}/here", {"inc": INC})).json()
    clock.advance(15)
    again = (await owner.call("POST", "/v1/w/{ws}/here", {"inc": INC})).json()
    assert again["here_version"] == first["here_version"]
    assert again["here"][0]["since"] == first["here"][0]["since"]
    assert again["here"][0]["seen"] == first["here"][0]["seen"] + 15_000
    assert (await owner.pull(here=first["here_version"]))["ops"] == []


async def test_who_leaves_is_gone_and_who_falls_silent_too(owner: Caller, clock: Clock) -> None:
    ben = await owner.invite("editor", "ben")
    cleo = await owner.invite("editor", "cleo")
    for member in (ben, cleo):
        await member.call("POST", "/v1/w/{ws}/here", {})
    before = (await owner.call("POST", "/v1/w/{ws}/here", {})).json()
    assert len(before["here"]) == 3
    left = (await ben.call("POST", "/v1/w/{ws}/here", {"leaving": True})).json()
    assert [each["member"] for each in left["here"]] == ["ana", "cleo"]
    clock.advance(30)
    await owner.call("POST", "/v1/w/{ws}/here", {})
    clock.advance(20)
    silent = (await owner.call("POST", "/v1/w/{ws}/here", {})).json()
    assert [each["member"] for each in silent["here"]] == ["ana"]
    assert silent["here_version"] > left["here_version"] > before["here_version"]


async def test_a_guest_sees_who_is_in_the_same_incident(owner: Caller) -> None:
    guest = await owner.invite("guest", "gil", INC)
    ben = await owner.invite("editor", "ben")
    await owner.call("POST", "/v1/w/{ws}/here", {"inc": OTHER_INC, "doing": "update:core"})
    await ben.call("POST", "/v1/w/{ws}/here", {"inc": INC})
    here = (await guest.call("POST", "/v1/w/{ws}/here", {"inc": INC})).json()["here"]
    assert [each["member"] for each in here] == ["ben", "gil"]
    page = await guest.pull(here=0)
    assert [each["member"] for each in page["here"]] == ["ben", "gil"]


async def test_what_somebody_does_is_plain_text(owner: Caller) -> None:
    for doing in ("a\x1b[2J", "x" * 101, " "):
        answer = await owner.call("POST", "/v1/w/{ws}/here", {"doing": doing})
        assert answer.status_code == 400
    assert (await owner.call("POST", "/v1/w/{ws}/here", {"inc": "x"})).status_code == 400


async def test_a_device_that_was_taken_away_is_not_here(owner: Caller) -> None:
    ben = await owner.invite("editor", "ben")
    version = (await ben.call("POST", "/v1/w/{ws}/here", {})).json()["here_version"]
    listed = (await owner.call("GET", "/v1/w/{ws}/members")).json()
    device = next(each for each in listed if each["member"] == "ben")["devices"][0]["id"]
    await owner.call("DELETE", f"/v1/w/{{ws}}/tokens/{device}")
    assert (await owner.pull(here=version))["here"] == []
