"""Somebody who works through a failover: writes without end, and syncs by themselves.

Usage: python -m tests.engines.member_process SETTINGS, a JSON object (see `Settings`). It obeys
the lines of its standard input, and ends with it: "rest" stops the writing, "settle" exchanges
all that is left and prints what is there.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from contextlib import closing, suppress
from hashlib import sha256
from itertools import count
from pathlib import Path

import msgspec
from msgspec import Struct

from cockpit.domain.clock import from_ms
from cockpit.domain.events import Body, EntryAdded, FieldSet, IncidentOpened
from cockpit.domain.remotes import Remote
from cockpit.domain.wire import Joined
from cockpit.errors import SyncError
from cockpit.store.database import NewEvent, Store
from cockpit.sync.client import Client
from cockpit.sync.exchange import Exchange
from cockpit.sync.sealing import OpenEnvelopes
from cockpit.sync.transport import Transport

SETTLE_SECONDS = 60.0


class Settings(Struct):
    """Where this member works.

    home: holds the database, `saved` (what the member saw as saved) and `sent` (when pushes
    were answered, in monotonic seconds); inc: the incident they all write to; pause: seconds
    between two entries.
    """

    home: str
    url: str
    joined: Joined
    inc: str
    number: int
    pause: float = 0.02


def open_store(settings: Settings) -> Store:
    """Open this member's database."""
    return Store.open(
        Path(settings.home) / "cockpit.db",
        now_ms=lambda: time.time_ns() // 1_000_000,
        random_hex=lambda size: os.urandom(size).hex(),
    )


class Member:
    """The member's cockpit: one thread writes, one syncs."""

    def __init__(self, settings: Settings) -> None:
        """Join the workspace in this member's database."""
        self.settings = settings
        self.resting = threading.Event()
        self.ending = threading.Event()
        self.settled = threading.Event()
        self.rewinds = 0
        with closing(open_store(settings)) as store:
            if store.remotes.find(settings.joined.ws) is None:
                joined = settings.joined
                remote = Remote(
                    joined.ws, settings.url, joined.server_id, "Team", joined.member, joined.role
                )
                store.remotes.put(remote)
        self.threads = [
            threading.Thread(target=each, daemon=True) for each in (self.write, self.sync)
        ]

    def write(self) -> None:
        """Write entries and settings, and note each as saved once the call returned."""
        inc, name = self.settings.inc, self.settings.joined.member
        with (
            closing(open_store(self.settings)) as store,
            (Path(self.settings.home) / "saved").open("a") as saved,
        ):
            while not store.reads.places.of(inc) and not self.resting.wait(0.05):
                pass
            for number in count():
                if self.resting.wait(self.settings.pause):
                    break
                now = from_ms(time.time_ns() // 1_000_000)
                bodies: list[Body] = [EntryAdded(now, f"{name} {number} 🔥")]
                if number % 5 == 0:
                    bodies.append(FieldSet("title", f"{name} {number}"))
                events = [NewEvent(inc, body) for body in bodies]
                ops = store.write(lambda _, events=events: events, author=name)
                saved.writelines(f"{op.id}\n" for op in ops)
                saved.flush()

    def sync(self) -> None:
        """Exchange again and again, whatever happens."""
        joined, pause = self.settings.joined, 0.1
        with (
            closing(open_store(self.settings)) as store,
            (Path(self.settings.home) / "sent").open("a") as sent,
        ):
            client = Client(
                Transport(self.settings.url),
                now_ms=lambda: time.time_ns() // 1_000_000,
                ws=joined.ws,
                token=joined.token,
            )
            exchange = Exchange(store.remotes, client, OpenEnvelopes(), joined.ws)
            while not self.ending.is_set():
                resting = self.resting.is_set()
                try:
                    settled = exchange.settle()
                except SyncError as error:
                    sys.stderr.write(f"{time.monotonic():.1f} {type(error).__name__} {error}\n")
                    pause = min(1.0, 2 * pause)
                else:
                    pause = 0.1
                    self.rewinds += settled.rewinds
                    if settled.sent:
                        sent.write(f"{time.monotonic()}\n")
                        sent.flush()
                    if resting and not store.remotes.standing(joined.ws).unsent:
                        self.settled.set()
                self.ending.wait(pause)

    def describe(self) -> dict[str, object]:
        """Return what is here: ids, state, cursor, what was not sent, and how often begun anew."""
        ws, inc = self.settings.joined.ws, self.settings.inc
        with closing(open_store(self.settings)) as store:
            remote, standing = store.remotes.find(ws), store.remotes.standing(ws)
            view = msgspec.json.encode(store.reads.view(inc), order="sorted")
            return {
                "ids": sorted(record.op.id for record in store.reads.ops()),
                "state": sha256(view).hexdigest(),
                "title": store.reads.view(inc).title,
                "cursor": remote.cursor if remote else "",
                "unsent": standing.unsent,
                "held": standing.held,
                "rewinds": self.rewinds,
            }


def saved_ids(settings: Settings) -> list[str]:
    """Return the ids of what this member saw as saved."""
    with suppress(FileNotFoundError):
        return (Path(settings.home) / "saved").read_text().split()
    return []


def open_incident(settings: Settings) -> str:
    """Open the incident that all work on."""
    with closing(open_store(settings)) as store:
        now = from_ms(time.time_ns() // 1_000_000)
        opened = IncidentOpened(severity="SEV2", number=1, at=now, title="Checkout fails")
        op = store.write(lambda _: [NewEvent(settings.inc, opened)], author="ana")[0]
    (Path(settings.home) / "saved").write_text(f"{op.id}\n")
    return op.id


def main() -> None:
    """Work until standard input ends."""
    settings = msgspec.json.decode(sys.argv[1], type=Settings)
    member = Member(settings)
    if settings.number == 1 and not saved_ids(settings):
        open_incident(settings)
    for thread in member.threads:
        thread.start()
    for line in sys.stdin:
        if line == "rest\n":
            member.resting.set()
            member.threads[0].join()
        if line == "settle\n":
            member.settled.clear()
            member.settled.wait(SETTLE_SECONDS)
            sys.stdout.write(json.dumps(member.describe()) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
