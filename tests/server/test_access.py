"""Who may call what: every call, by everybody, in the own workspace and in a foreign one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec import Struct

from cockpit.server.app import make_app, make_service
from cockpit.server.routes import CALLS, Call
from cockpit.server.service import Service, Setup
from cockpit.server.sqlite import SqliteEngine
from tests.server.calling import INC, Caller, Clock, make_op

ROLES = ("owner", "editor", "reader", "guest")
OPEN = {"hello", "join", "healthz", "readyz", "metrics", "describe", "show_invite"}

MAY: dict[str, dict[str, int]] = {
    "make_workspace": {"owner": 201, "editor": 201, "reader": 403, "guest": 403},
    "push": {"owner": 200, "editor": 200, "reader": 403, "guest": 200},
    "pull": {"owner": 204, "editor": 204, "reader": 204, "guest": 204},
    "note_presence": {"owner": 200, "editor": 200, "reader": 200, "guest": 200},
    "invite": {"owner": 201, "editor": 403, "reader": 403, "guest": 403},
    "list_members": {"owner": 200, "editor": 200, "reader": 200, "guest": 403},
    "revoke": {"owner": 204, "editor": 403, "reader": 403, "guest": 403},
}
"""Call → role → what it answers in the own workspace."""

BODIES: dict[str, Any] = {
    "join": {"code": "x", "name": "dora", "dev": "ab12cd34"},
    "make_workspace": {"title": "Data loss", "name": "ana", "dev": "ab12cd34"},
    "push": {"ops": []},
    "note_presence": {"inc": INC},
    "invite": {"role": "editor"},
}


class Team(Struct):
    """A member of every role, a stranger, and somebody who owns another workspace."""

    members: dict[str, Caller]
    stranger: Caller
    foreigner: Caller
    token_of_another: str

    async def ask(self, call: Call, who: Caller, ws: str) -> int:
        path = call.path.format(ws=ws, token=self.token_of_another)
        answer = await who.call(call.method, path, BODIES.get(call.run.__name__))
        if answer.status_code >= 400:
            assert set(answer.json()) == {"error", "words"}
            assert answer.json()["words"]
        assert answer.headers["x-proto"] == "1"
        return answer.status_code


@pytest.fixture
async def team(tmp_path: Any, clock: Clock) -> AsyncIterator[Team]:
    """The people of one server."""
    service = make_service(
        SqliteEngine(tmp_path / "roles.db"), Setup(rate=0), now=clock.now, tick=clock.tick
    )
    await service.start("Team")
    async with Caller(make_app(service)) as stranger:
        owner = await stranger.join(service.owner_code, "ana")
        members = {"owner": owner}
        for role in ROLES[1:]:
            members[role] = await owner.invite(role, role, INC if role == "guest" else "")
        await owner.invite("reader", "ben", dev="99999999")
        listed = (await owner.call("GET", "/v1/w/{ws}/members")).json()
        token = next(each for each in listed if each["member"] == "ben")["devices"][0]["id"]
        made = await owner.call("POST", "/v1/workspaces", BODIES["make_workspace"])
        yield Team(members, stranger, stranger.hold(made.json()), token)
    await service.stop()


def test_every_call_has_its_row() -> None:
    names = {call.run.__name__ for call in CALLS}
    assert names == OPEN | set(MAY)
    assert {call.run.__name__ for call in CALLS if call.roles is None} == OPEN
    assert all(set(row) == set(ROLES) for row in MAY.values())
    assert len(CALLS) == len(names)


@pytest.mark.parametrize("name", MAY)
@pytest.mark.parametrize("role", ROLES)
async def test_a_role_may_do_just_this(name: str, role: str, team: Team) -> None:
    call = next(each for each in CALLS if each.run.__name__ == name)
    member = team.members[role]
    assert await team.ask(call, member, member.ws) == MAY[name][role]


@pytest.mark.parametrize("name", [call.run.__name__ for call in CALLS if "{ws}" in call.path])
@pytest.mark.parametrize("role", ROLES)
async def test_nobody_reaches_a_foreign_workspace(name: str, role: str, team: Team) -> None:
    call = next(each for each in CALLS if each.run.__name__ == name)
    assert await team.ask(call, team.members[role], team.foreigner.ws) == 404
    assert await team.ask(call, team.members[role], "0" * 32) == 404
    assert await team.ask(call, team.foreigner, team.members[role].ws) == 404


@pytest.mark.parametrize("name", MAY)
@pytest.mark.parametrize("token", ["", "ic1.x.y", "foreign secret", "cut", "other workspace"])
async def test_without_a_token_that_was_given_nothing_goes(
    name: str, token: str, team: Team
) -> None:
    call = next(each for each in CALLS if each.run.__name__ == name)
    owner = team.members["owner"]
    given = {
        "foreign secret": f"ic1.{owner.ws}.{'A' * 43}",
        "cut": owner.token[:-1],
        "other workspace": owner.token.replace(owner.ws, team.foreigner.ws),
    }
    team.stranger.token = given.get(token, token)
    assert await team.ask(call, team.stranger, owner.ws) == 401


@pytest.mark.parametrize("name", sorted(OPEN - {"join"}))
async def test_some_calls_are_for_everybody(name: str, team: Team) -> None:
    call = next(each for each in CALLS if each.run.__name__ == name)
    assert await team.ask(call, team.stranger, "") == 200


async def test_a_guest_sees_and_writes_one_incident_alone(owner: Caller) -> None:
    guest = await owner.invite("guest", "gil", INC)
    inside, outside = make_op("inside"), make_op("outside", inc="d" * 32)
    await owner.push(outside, inside)
    page = await guest.pull()
    assert [row[3] for row in page["ops"]] == [inside]
    own = make_op("by the guest", by="gil")
    answer = await guest.push(make_op("no", inc="d" * 32, by="gil"), own)
    assert answer["acks"] == [0, 3]
    assert [each["code"] for each in answer["rejected"]] == ["role"]
    assert [row[3] for row in (await guest.pull(page["cursor"]))["ops"]] == [own]
    refused = await guest.call("GET", "/v1/w/{ws}/ops", params={"inc": "d" * 32})
    assert refused.status_code == 403
    asked = await guest.call("POST", "/v1/w/{ws}/here", {"inc": "d" * 32})
    assert asked.status_code == 403


async def test_a_guest_redacts_nothing_elsewhere(owner: Caller) -> None:
    guest = await owner.invite("guest", "gil", INC)
    secret = make_op("elsewhere", inc="d" * 32)
    await owner.push(secret)
    await guest.push(make_op(k="entry.redact", d={"entry": secret["id"]}, by="gil"))
    assert (await owner.pull())["ops"][0][3] == secret


async def test_who_speaks_for_others_is_named(owner: Caller) -> None:
    ben = await owner.invite("editor", "ben")
    await ben.push(make_op(by="ben"), make_op(by="ana"))
    assert [row[2] for row in (await owner.pull())["ops"]] == [None, "ben"]


async def test_a_token_that_was_taken_away_ends_at_once_here_and_in_5_s_elsewhere(
    owner: Caller, service: Service, clock: Clock
) -> None:
    ben = await owner.invite("editor", "ben")
    other = make_service(service.engine, Setup(rate=0), now=clock.now, tick=clock.tick)
    elsewhere = Caller(make_app(other)).hold(
        {"ws": ben.ws, "member": ben.member, "token": ben.token}
    )
    async with elsewhere:
        await elsewhere.push(make_op(by="ben"))
        listed = (await owner.call("GET", "/v1/w/{ws}/members")).json()
        device = next(each for each in listed if each["member"] == "ben")["devices"][0]
        waiting = ben.call("GET", "/v1/w/{ws}/ops", params={"since": "0", "wait": 0})
        assert (await waiting).status_code == 200
        gone = await owner.call("DELETE", f"/v1/w/{{ws}}/tokens/{device['id']}")
        assert gone.status_code == 204
        refused = await ben.call("GET", "/v1/w/{ws}/ops")
        assert (refused.status_code, refused.json()["error"]) == (401, "revoked")
        clock.advance(5.1)
        refused = await elsewhere.call("GET", "/v1/w/{ws}/ops")
        assert refused.status_code == 401


async def test_whoever_calls_too_often_waits(tmp_path: Any, clock: Clock) -> None:
    service = make_service(
        SqliteEngine(tmp_path / "rate.db"), Setup(rate=5), now=clock.now, tick=clock.tick
    )
    await service.start("Team")
    async with Caller(make_app(service)) as stranger:
        owner = await stranger.join(service.owner_code, "ana")
        for _ in range(10):
            await owner.push(make_op())
        refused = await owner.call("GET", "/v1/w/{ws}/ops")
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        for _ in range(9):  # joining was the first
            assert (await stranger.call("GET", "/v1/hello")).status_code == 200
        assert (await stranger.call("GET", "/v1/hello")).status_code == 429
        assert (await stranger.call("GET", "/readyz")).status_code == 200
        clock.advance(0.3)
        await owner.push(make_op())
    await service.stop()
