"""Replicas for the tests: a real store each, joined to one server."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from zlib import crc32

import httpx

from cockpit.domain.envelope import Op
from cockpit.domain.events import Body
from cockpit.domain.fold import Folded, fold
from cockpit.domain.remotes import Remote
from cockpit.domain.wire import Role
from cockpit.store.database import NewEvent, Store
from cockpit.sync.client import Client
from cockpit.sync.exchange import Exchange
from cockpit.sync.sealing import OpenEnvelopes
from cockpit.sync.transport import Transport
from tests.store.store_events import TickingClock, open_store
from tests.sync.server_model import WS, ModelServer

URL = "http://127.0.0.1:1"
_MEMORY = Path("/dev/shm")


@contextmanager
def quick_directory() -> Iterator[Path]:
    """A directory in memory where there is one: these tests write very often."""
    place = tempfile.mkdtemp(dir=_MEMORY if _MEMORY.is_dir() else None)
    try:
        yield Path(place)
    finally:
        shutil.rmtree(place)


@cache
def empty_database() -> bytes:
    """A database with its tables and nothing else: making one takes long."""
    with quick_directory() as place:
        open_store(place / "empty").close()
        return (place / "empty").read_bytes()


class Replica:
    """A member's machine: a store, and the way to the server."""

    def __init__(
        self,
        name: str,
        path: Path,
        layer: httpx.BaseTransport | None,
        token: str,
        *,
        clock: Callable[[], int] | None = None,
        device: str = "",
        role: Role = Role.EDITOR,
        inc: str = "",
        url: str = URL,
        ws: str = WS,
        server_id: str = "server-1",
    ) -> None:
        """Join the workspace; device: 8 hex digits, a fresh one when empty."""
        self.name, self.ws = name, ws
        self.clock = clock or TickingClock()
        if not path.exists():
            path.write_bytes(empty_database())
            own = device or f"{crc32(name.encode()):08x}"
            with open_store(path) as store:
                store._connection.execute("UPDATE meta SET value = ? WHERE key = 'device'", (own,))
        self.path = path
        self.store: Store = open_store(path, clock=self.clock)
        self.remotes = self.store.remotes
        remote = Remote(ws, url, server_id, "Payments", name, role, inc=inc)
        self.remotes.put(remote)
        self.transport = Transport(url, layer=layer)
        self.client = Client(self.transport, now_ms=self.clock, ws=ws, token=token)
        self.exchange = Exchange(self.remotes, self.client, OpenEnvelopes(), ws)

    def write(self, inc: str, *bodies: Body) -> tuple[Op, ...]:
        """Write events and return them."""
        return self.store.write(
            lambda _: [NewEvent(inc, body) for body in bodies], author=self.name
        )

    def settle(self) -> None:
        """Exchange everything."""
        self.exchange.settle()

    def folded(self, inc: str) -> Folded:
        """Return what the events of an incident say, without its projections."""
        return fold(self.store.reads.ops(inc))

    def ids(self) -> set[str]:
        """Return the ids of all events."""
        return {record.op.id for record in self.store.reads.ops()}

    def cursor(self) -> str:
        """Return up to where the server's history is here."""
        remote = self.remotes.find(self.ws)
        assert remote is not None
        return remote.cursor

    def close(self) -> None:
        """Close the store."""
        self.transport.close()
        self.store.close()


@contextmanager
def team(*names: str, server: ModelServer | None = None) -> Iterator[tuple[Replica, ...]]:
    """Replicas of that many members, joined to one server."""
    made = server or ModelServer(TickingClock())
    layer = httpx.MockTransport(made.handle)
    with quick_directory() as place:
        members = tuple(
            Replica(name, place / f"{name}.sqlite", layer, made.token(name)) for name in names
        )
        try:
            yield members
        finally:
            for each in members:
                each.close()
