"""A member's machine in a process of its own: writes and exchanges until it is killed."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

from cockpit.domain.events import EntryAdded, FieldSet
from cockpit.domain.remotes import Remote
from cockpit.domain.wire import Role
from cockpit.errors import SyncError
from cockpit.store.database import NewEvent, Store
from cockpit.sync.client import Client
from cockpit.sync.exchange import Exchange
from cockpit.sync.sealing import OpenEnvelopes
from cockpit.sync.transport import Transport
from tests.store.store_events import INC, START, opened


def now_ms() -> int:
    """Return the wall clock in Unix ms."""
    return time.time_ns() // 10**6


def run_member(path: Path, url: str, token: str, number: str) -> None:
    """Write and exchange for ever; every event that was stored is said on standard output."""
    ws = token.split(".")[1]
    with Store.open(path, now_ms=now_ms, random_hex=secrets.token_hex) as store:
        client = Client(Transport(url), now_ms=now_ms, ws=ws, token=token)
        if store.remotes.find(ws) is None:
            server_id = client.hello().server_id
            store.remotes.put(Remote(ws, url, server_id, "Team", "ana", Role.OWNER))
        exchange = Exchange(store.remotes, client, OpenEnvelopes(), ws)
        os.write(1, b"ready\n")
        if number == "0":
            _say(store, opened())
        store.remotes.share(INC, ws)
        for each in range(10**6):
            _say(store, EntryAdded(START, f"{number}.{each}"))
            if each % 3 == 0:
                _say(store, FieldSet("status", ("identified", "monitoring")[each % 2]))
            try:
                exchange.settle() if each % 2 else exchange.push()
            except SyncError:
                time.sleep(0.01)


def _say(store: Store, body: EntryAdded | FieldSet | object) -> None:
    """Write an event, and acknowledge it only once it is stored."""
    (op,) = store.write(lambda _: [NewEvent(INC, body)], author="ana")  # type: ignore[arg-type]
    os.write(1, f"{op.id}\n".encode())
