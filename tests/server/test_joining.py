"""Invites of a single use, second devices, and other workspaces."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from cockpit.server.service import Service
from tests.server.calling import INC, Caller, Clock, make_op, make_sealed


async def invited(owner: Caller, **wish: Any) -> str:
    answer = await owner.call("POST", "/v1/w/{ws}/invites", {"role": "editor", **wish})
    assert answer.status_code == 201, answer.text
    code: str = answer.json()["code"]
    return code


async def ask_to_join(who: Caller, code: str, name: str, dev: str = "ab12cd34") -> httpx.Response:
    return await who.call("POST", "/v1/join", {"code": code, "name": name, "dev": dev})


async def devices(owner: Caller, name: str) -> list[dict[str, Any]]:
    listed = (await owner.call("GET", "/v1/w/{ws}/members")).json()
    found: list[dict[str, Any]] = next(each for each in listed if each["member"] == name)["devices"]
    return found


async def test_of_twenty_who_race_for_an_invite_one_gets_it(owner: Caller, anybody: Caller) -> None:
    code = await invited(owner)
    answers = await asyncio.gather(
        *(ask_to_join(anybody, code, f"member {number}") for number in range(20))
    )
    assert sorted(answer.status_code for answer in answers) == [201] + [410] * 19
    assert {a.json()["error"] for a in answers if a.status_code == 410} == {"used"}
    assert len((await owner.call("GET", "/v1/w/{ws}/members")).json()) == 2


async def test_an_invite_ends(owner: Caller, anybody: Caller, clock: Clock) -> None:
    code = await invited(owner, ttl=60)
    clock.advance(60.001)
    refused = await ask_to_join(anybody, code, "ben")
    assert (refused.status_code, refused.json()["error"]) == (410, "expired")
    refused = await ask_to_join(anybody, "made up", "ben")
    assert (refused.status_code, refused.json()["error"]) == (410, "expired")


async def test_a_taken_name_leaves_the_invite_unused(owner: Caller, anybody: Caller) -> None:
    code = await invited(owner)
    refused = await ask_to_join(anybody, code, "ana")
    assert (refused.status_code, refused.json()["error"]) == (409, "name_taken")
    assert (await ask_to_join(anybody, code, "ben")).status_code == 201


async def test_a_second_device_is_the_same_member(owner: Caller) -> None:
    ben = await owner.invite("reader", "ben")
    code = await invited(ben, role="owner", member="ben")
    joined = (await ask_to_join(ben, code, "benjamin", "22222222")).json()
    assert (joined["member"], joined["role"]) == ("ben", "reader")
    assert {each["dev"] for each in await devices(owner, "ben")} == {"ab12cd34", "22222222"}


async def test_an_owner_gets_no_device_in_somebody_elses_name(owner: Caller) -> None:
    await owner.invite("editor", "ben")
    wish = {"role": "editor", "member": "ben"}
    refused = await owner.call("POST", "/v1/w/{ws}/invites", wish)
    assert (refused.status_code, refused.json()["error"]) == (403, "role")
    wish["member"] = "nobody"
    assert (await owner.call("POST", "/v1/w/{ws}/invites", wish)).status_code == 404


async def test_who_lost_all_devices_may_come_back_by_the_same_name(owner: Caller) -> None:
    await owner.invite("editor", "ben")
    device = (await devices(owner, "ben"))[0]["id"]
    assert (await owner.call("DELETE", f"/v1/w/{{ws}}/tokens/{device}")).status_code == 204
    code = await invited(owner, member="ben")
    back = owner.hold((await ask_to_join(owner, code, "ben", "22222222")).json())
    assert back.member == "ben"
    await back.push(make_op(by="ben"))


async def test_everybody_may_take_their_own_device_away_and_no_other(owner: Caller) -> None:
    ben = await owner.invite("reader", "ben")
    await owner.invite("reader", "cleo")
    own = (await devices(owner, "ben"))[0]["id"]
    other = (await devices(owner, "cleo"))[0]["id"]
    assert (await ben.call("DELETE", f"/v1/w/{{ws}}/tokens/{other}")).status_code == 403
    assert (await ben.call("DELETE", f"/v1/w/{{ws}}/tokens/{'0' * 32}")).status_code == 404
    assert (await ben.call("DELETE", "/v1/w/{ws}/tokens/%00'")).status_code == 404
    assert (await ben.call("DELETE", f"/v1/w/{{ws}}/tokens/{own}")).status_code == 204
    assert (await ben.call("GET", "/v1/w/{ws}/ops")).status_code == 401


async def test_another_workspace_has_a_log_of_its_own(owner: Caller) -> None:
    await owner.push(make_op())
    wish = {"title": "Data loss", "name": "ana", "dev": "ab12cd34", "private": True}
    made = await owner.call("POST", "/v1/workspaces", {**wish, "sealed": True})
    joined = made.json()
    assert (joined["title"], joined["sealed"], joined["private"]) == ("Data loss", True, True)
    private = owner.hold(joined)
    assert (await private.pull())["ops"] == []
    assert (await private.push(make_sealed()))["acks"] == [1]
    ben = await private.invite("editor", "ben")
    assert len((await ben.pull())["ops"]) == 1


async def test_an_encrypted_workspace_takes_nothing_in_the_open(owner: Caller) -> None:
    wish = {"title": "Data loss", "name": "ana", "dev": "ab12cd34", "sealed": True}
    private = owner.hold((await owner.call("POST", "/v1/workspaces", wish)).json())
    half_open = [make_sealed(k="entry.add"), make_sealed(d={"text": "disk full"})]
    refused = [make_op(), *half_open, make_sealed(c="")]
    answer = await private.push(make_sealed(), *refused)
    assert answer["acks"] == [1, 0, 0, 0, 0]
    assert [(each["id"], each["code"]) for each in answer["rejected"]] == [
        (op["id"], "unsealed") for op in refused
    ]
    assert len((await private.pull())["ops"]) == 1


@pytest.mark.parametrize(
    "wish",
    [
        {"role": "guest"},
        {"role": "editor", "inc": INC},
        {"role": "guest", "inc": "everything"},
        {"role": "admin"},
        {"role": "editor", "ttl": 1},
        {"role": "editor", "ttl": 10**12},
        {"role": "editor", "ttl": -1},
        {},
    ],
)
async def test_an_invite_that_makes_no_sense_is_refused(owner: Caller, wish: Any) -> None:
    assert (await owner.call("POST", "/v1/w/{ws}/invites", wish)).status_code == 400


@pytest.mark.parametrize("name", ["", " ana2", "a\nb", "a\u202eb", "a\x00", "x" * 65, "\u200b"])
async def test_a_name_that_could_deceive_is_refused(
    owner: Caller, anybody: Caller, name: str
) -> None:
    code = await invited(owner)
    assert (await ask_to_join(anybody, code, name)).status_code == 400


async def test_the_first_invites_end_once_there_is_an_owner(
    anybody: Caller, service: Service
) -> None:
    """Servers that start side by side each print one."""
    first = service.owner_code
    await service.start("Team")
    second = service.owner_code
    assert first != second
    await anybody.join(second, "ana")
    assert (await ask_to_join(anybody, first, "eve")).status_code == 410
    service.owner_code = ""
    await service.start("Team")
    assert service.owner_code == ""
