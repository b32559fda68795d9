"""Machines that exchange by themselves, with everything that a test can hold on to."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx

from cockpit.domain.remotes import Remote
from cockpit.domain.sync_state import WorkspaceState
from cockpit.domain.wire import Join, Joined, Role
from cockpit.store.database import Store
from cockpit.sync.client import Client
from cockpit.sync.loop import SyncLoop
from cockpit.sync.pacing import Clockwork, Pace
from cockpit.sync.replica import Replica as ReplicaDoor
from cockpit.sync.sealing import Envelopes, OpenEnvelopes
from cockpit.sync.transport import Transport
from tests.store.store_events import open_store
from tests.sync.replicas import empty_database

QUICK = Pace(poll=0.02, wait=2, beat=0.3, resend=1.0, note=0.2, steady=0.2, first=0.02, longest=0.2)
"""Everything happens soon."""


def now_ms() -> int:
    """Return the wall clock in Unix ms."""
    return time.time_ns() // 10**6


class OwnDoors:
    """Opens the store at `path` and the way to the server at `url`."""

    def __init__(self, path: Path, url: str, token: str) -> None:
        self.path, self.url, self.token = path, url, token
        self.layer: httpx.BaseTransport | None = None
        self.opened = 0

    def replica(self, stack: ExitStack) -> ReplicaDoor:
        return stack.enter_context(open_store(self.path, clock=now_ms)).remotes

    def client(self, remote: Remote) -> Client:
        self.opened += 1
        transport = Transport(self.url, layer=self.layer)
        return Client(transport, now_ms=now_ms, ws=remote.ws, token=self.token)

    def envelopes(self, remote: Remote) -> Envelopes:
        return OpenEnvelopes()


class Live:
    """A machine with a loop, and all states that it said."""

    def __init__(self, path: Path, url: str, joined: Joined, pace: Pace = QUICK) -> None:
        """Join; the loop is not started yet."""
        path.write_bytes(empty_database())
        self.store: Store = open_store(path, clock=now_ms)
        self.store._connection.execute(
            "UPDATE meta SET value = ? WHERE key = 'device'", (random.randbytes(4).hex(),)
        )
        self.ws, self.name = joined.ws, joined.member
        remote = Remote(joined.ws, url, joined.server_id, "Team", joined.member, joined.role)
        self.store.remotes.put(remote)
        self.doors = OwnDoors(path, url, joined.token)
        self.states: list[WorkspaceState] = []
        clockwork = Clockwork(now_ms, time.monotonic, random.random)
        self.loop = SyncLoop(remote, self.doors, self.states.append, clockwork, pace)

    @property
    def state(self) -> WorkspaceState:
        """Return how it stands."""
        return self.loop.state

    def ids(self) -> set[str]:
        """Return the ids of all events."""
        return {record.op.id for record in self.store.reads.ops()}

    def close(self) -> None:
        """Stop the loop and close the store."""
        self.loop.stop()
        self.store.close()


def join(url: str, code: str, name: str) -> Joined:
    """Redeem an invite."""
    client = Client(Transport(url), now_ms=now_ms)
    try:
        return client.join(Join(code, name, "0000000a"))
    finally:
        client.close()


def invite(url: str, owner: Joined, name: str, role: Role = Role.EDITOR) -> Joined:
    """Let somebody join."""
    from cockpit.domain.wire import InviteRequest

    client = Client(Transport(url), now_ms=now_ms, ws=owner.ws, token=owner.token)
    try:
        return join(url, client.invite(InviteRequest(role)).code, name)
    finally:
        client.close()


def until(what: Callable[[], object], within_s: float = 30.0) -> None:
    """Wait until something holds; fails when it does not in time."""
    deadline = time.monotonic() + within_s
    while not what():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.005)


@contextmanager
def running(*machines: Live) -> Iterator[None]:
    """Let machines exchange by themselves."""
    for each in machines:
        each.loop.start()
    try:
        yield
    finally:
        for each in machines:
            each.close()
