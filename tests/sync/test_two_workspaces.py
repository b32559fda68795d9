"""A machine in two workspaces: each server hears of its own incidents alone, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.events import EntryAdded
from cockpit.domain.remotes import Remote
from cockpit.domain.wire import Role
from cockpit.store.remotes import Remotes
from cockpit.sync.client import Client
from cockpit.sync.exchange import Exchange
from cockpit.sync.sealing import OpenEnvelopes
from cockpit.sync.transport import Transport
from tests.store.store_events import START, opened
from tests.sync.replicas import URL, Replica, quick_directory
from tests.sync.server_model import ModelServer
from tests.sync.team_machine import ServerClock, WrongClock

SPACES = ("c" * 32, "d" * 32)
INCS = ("ab" * 16, "ef" * 16)
"""The incident of each workspace, in their order."""

Step = tuple[str, str | int, int]
"""What is done, by whom or how often, in which workspace."""

_BOTH = st.sampled_from(["ana", "ben"])
_ONE = st.integers(0, 1)
_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("note"), _BOTH, _ONE),
        st.tuples(st.just("settle"), _BOTH, _ONE),
        st.tuples(st.just("lose"), st.integers(1, 4), _ONE),
    ),
    max_size=25,
)


class Team:
    """Two people in both workspaces, and one in the second alone."""

    def __init__(self, servers: tuple[ModelServer, ...], members: dict[str, Replica]) -> None:
        self.servers = servers
        self.members = members
        self.exchanges = {
            (name, place): _exchange(member, server, place)
            for name, member in members.items()
            for place, server in enumerate(servers)
            if name != "cy" or place
        }

    def settle(self, name: str, place: int) -> None:
        self.exchanges[name, place].settle()

    def heal(self) -> None:
        for name, place in list(self.exchanges) * 3:
            self.settle(name, place)


def _exchange(member: Replica, server: ModelServer, place: int) -> Exchange:
    ws = SPACES[place]
    remote = Remote(ws, URL, server.server_id, f"Team {place}", member.name, Role.EDITOR)
    member.remotes.put(remote)
    transport = Transport(URL, layer=httpx.MockTransport(server.handle))
    client = Client(transport, now_ms=member.clock, ws=ws, token=server.token(member.name))
    return Exchange(member.remotes, client, OpenEnvelopes(), ws)


@contextmanager
def two_workspaces() -> Iterator[Team]:
    """A team whose first member declared an incident in each workspace."""
    clock = ServerClock()
    servers = tuple(ModelServer(clock, ws=ws) for ws in SPACES)
    with quick_directory() as place:
        members = {
            name: Replica(name, place / name, None, "", clock=WrongClock(clock), ws=SPACES[1])
            for name in ("ana", "ben", "cy")
        }
        made = Team(servers, members)
        try:
            for number, inc in enumerate(INCS):
                members["ana"].write(inc, opened(number=number))
                members["ana"].remotes.share(inc, SPACES[number])
            made.heal()
            yield made
        finally:
            for exchange in made.exchanges.values():
                exchange._client.close()
            for each in members.values():
                each.close()


@settings(max_examples=40, deadline=None)
@given(_STEPS)
def test_no_event_comes_to_the_other_workspace_and_none_is_lost(steps: list[Step]) -> None:
    work(steps)


def work(steps: list[Step]) -> None:
    """Do the steps, heal everything, and compare."""
    with two_workspaces() as team:
        for number, (step, who, place) in enumerate(steps):
            if step == "note":
                team.members[str(who)].write(INCS[place], EntryAdded(START, f"{place} {number}"))
            elif step == "settle":
                team.settle(str(who), place)
            else:
                team.servers[place].lose_last(int(who))
        team.heal()
        ana, ben, cy = team.members.values()
        for place, server in enumerate(team.servers):
            assert {row.inc for row in server.log.rows} == {INCS[place]}
            notes = sum(step == "note" and inc == place for step, _, inc in steps)
            assert len(server.log.rows) == 1 + notes
        assert ana.ids() == ben.ids()
        assert ana.ids() == {row.op_id for each in team.servers for row in each.log.rows}
        assert cy.ids() == {row.op_id for row in team.servers[1].log.rows}


def test_a_machine_that_sends_everything_everywhere_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    unsent = Remotes.unsent

    def of_all(self: Remotes, _: str, **how: Any) -> tuple[Any, ...]:
        return tuple(each for ws in SPACES for each in unsent(self, ws, **how))

    monkeypatch.setattr(Remotes, "unsent", of_all)
    with pytest.raises(AssertionError):
        work([("note", "ana", 0), ("note", "ben", 1)])
