"""Somebody who works through a failover: writes without end, and syncs as the app does.

Usage: python -m tests.engines.member_process SETTINGS, a JSON object (see `Settings`). It obeys
the lines of its standard input, and ends with it: "rest" stops the writing, "settle" waits until
all is sent, takes in what is left and prints what is here.
"""

from __future__ import annotations

import json
import os
import random
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing, suppress
from hashlib import sha256
from itertools import count
from pathlib import Path

import msgspec
from msgspec import Struct

from cockpit.domain.clock import from_ms
from cockpit.domain.events import Body, EntryAdded, FieldSet, IncidentOpened
from cockpit.domain.remotes import Remote
from cockpit.domain.sync_state import WorkspaceState
from cockpit.domain.wire import Joined, PushAnswer
from cockpit.errors import SyncError
from cockpit.store.database import NewEvent, Store
from cockpit.sync.client import Client
from cockpit.sync.exchange import Exchange
from cockpit.sync.faults import RewoundError
from cockpit.sync.loop import SyncLoop
from cockpit.sync.pacing import Clockwork
from cockpit.sync.replica import Replica
from cockpit.sync.sealing import Envelopes, OpenEnvelopes
from cockpit.sync.transport import Transport

SETTLE_SECONDS = 60.0


class Settings(Struct):
    """Where this member works.

    home: holds the database, `saved` (what the member saw as saved) and `sent` (when pushes
    were answered, in monotonic seconds); inc: the incident they all write to; opens: this one
    opens it; pause: seconds between two entries.
    """

    home: str
    url: str
    joined: Joined
    inc: str
    opens: bool
    pause: float


def now_ms() -> int:
    """Return the wall clock in Unix ms."""
    return time.time_ns() // 1_000_000


class WatchedClient(Client):
    """A client that notes when pushes were answered, and how often the history was another one."""

    rewinds = 0
    sent: Path

    def push(self, ops: Sequence[bytes]) -> PushAnswer:
        """Push, and note when it was answered."""
        answer = super().push(ops)
        with self.sent.open("a") as sent:
            sent.write(f"{time.monotonic()}\n")
        return answer

    def pull(self, *what: object, **how: object) -> object:  # type: ignore[override]
        """Pull, and count what begins anew."""
        try:
            return super().pull(*what, **how)  # type: ignore[arg-type]
        except RewoundError:
            WatchedClient.rewinds += 1
            raise


class Member:
    """The member's cockpit; also the doors of its loop to the database and to the server."""

    def __init__(self, settings: Settings) -> None:
        """Join the workspace in this member's database."""
        self.settings = settings
        self.home = Path(settings.home)
        self.resting = threading.Event()
        joined = settings.joined
        self.remote = Remote(
            joined.ws, settings.url, joined.server_id, "Team", joined.member, joined.role
        )
        with closing(self.open_store()) as store:
            if store.remotes.find(joined.ws) is None:
                store.remotes.put(self.remote)
            if settings.opens and not (self.home / "saved").exists():
                opened = IncidentOpened("Checkout fails", "SEV2", 1, from_ms(now_ms()))
                self.save(store, opened)
        clockwork = Clockwork(now_ms, time.monotonic, random.random)
        self.loop = SyncLoop(self.remote, self, self.say, clockwork)
        self.writer = threading.Thread(target=self.write, daemon=True)

    def open_store(self) -> Store:
        """Open this member's database."""
        path = self.home / "cockpit.db"
        return Store.open(path, now_ms=now_ms, random_hex=lambda size: os.urandom(size).hex())

    def replica(self, stack: ExitStack) -> Replica:
        """Open the database for a thread of the loop."""
        return stack.enter_context(self.open_store()).remotes

    def client(self, remote: Remote) -> Client:
        """Return the way to the server."""
        transport = Transport(remote.url)
        client = WatchedClient(
            transport, now_ms=now_ms, ws=remote.ws, token=self.settings.joined.token
        )
        client.sent = self.home / "sent"
        return client

    def envelopes(self, remote: Remote) -> Envelopes:
        """Return that events travel open."""
        return OpenEnvelopes()

    def say(self, state: WorkspaceState) -> None:
        """Note how it stands."""
        sys.stderr.write(f"{time.monotonic():.1f} {state.contact} {state.unsent} {state.words}\n")

    def save(self, store: Store, *bodies: Body) -> None:
        """Write events, and note them as saved once the call returned."""
        events = [NewEvent(self.settings.inc, body) for body in bodies]
        ops = store.write(lambda _: events, author=self.settings.joined.member)
        with (self.home / "saved").open("a") as saved:
            saved.writelines(f"{op.id}\n" for op in ops)

    def write(self) -> None:
        """Write entries and settings until told to rest."""
        name = self.settings.joined.member
        with closing(self.open_store()) as store:
            while not store.reads.places.of(self.settings.inc) and not self.resting.wait(0.05):
                pass
            for number in count():
                if self.resting.wait(self.settings.pause):
                    break
                bodies: list[Body] = [EntryAdded(from_ms(now_ms()), f"{name} {number} 🔥")]
                if number % 5 == 0:
                    bodies.append(FieldSet("title", f"{name} {number}"))
                self.save(store, *bodies)
                self.loop.notify()

    def settle(self) -> dict[str, object]:
        """Wait until all is sent, take in what is left and return what is here.

        Ids, state, cursor, what was not sent, and how often the history began anew.
        """
        ws, until = self.remote.ws, time.monotonic() + SETTLE_SECONDS
        with closing(self.open_store()) as store, closing(self.client(self.remote)) as client:
            while store.remotes.standing(ws).unsent and time.monotonic() < until:
                time.sleep(0.05)
            with suppress(SyncError):
                Exchange(store.remotes, client, OpenEnvelopes(), ws).settle()
            remote, standing = store.remotes.find(ws), store.remotes.standing(ws)
            view = msgspec.json.encode(store.reads.view(self.settings.inc), order="sorted")
            return {
                "ids": sorted(record.op.id for record in store.reads.ops()),
                "state": sha256(view).hexdigest(),
                "cursor": remote.cursor if remote else "",
                "unsent": standing.unsent,
                "held": standing.held,
                "rewinds": WatchedClient.rewinds,
            }


def main() -> None:
    """Work until standard input ends."""
    member = Member(msgspec.json.decode(sys.argv[1], type=Settings))
    member.loop.start()
    member.writer.start()
    for line in sys.stdin:
        if line == "rest\n":
            member.resting.set()
            member.writer.join()
        if line == "settle\n":
            sys.stdout.write(json.dumps(member.settle()) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
