"""Cockpits that exchange a long history with a server: the first, a fresh one, one after a night.

`python -m benchmarks.sync_clients HOME MEMBERSHIP` is what a new device does, in a process of its
own so that its memory is its own; `benchmarks.sync` calls it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from benchmarks.made_data import Size, open_made
from benchmarks.server_load import Line
from cockpit.config import Config
from cockpit.domain.events import EntryAdded
from cockpit.domain.remotes import Remote
from cockpit.domain.wire import InviteRequest, Join, Joined, Role
from cockpit.paths import Paths
from cockpit.service.session import Session, open_session
from cockpit.sqlite_engine import sqlite3
from cockpit.store.database import NewEvent
from cockpit.sync.client import Client
from cockpit.sync.exchange import Exchange
from cockpit.sync.sealing import OpenEnvelopes
from cockpit.sync.transport import Transport

DEVICE = "ab12cd34"


class Membership(Struct):
    """Where a device belongs: the server's address, and what it got by joining."""

    url: str
    joined: Joined


class Fresh(Struct):
    """What a new device did: seconds, those on the processor, events, MB of memory and its file."""

    seconds: float
    cpu: float
    events: int
    memory: float
    file: float


def open_client(membership: Membership) -> Client:
    """Return a client with the device's token."""
    joined = membership.joined
    return Client(Transport(membership.url), now_ms=_now_ms, ws=joined.ws, token=joined.token)


def join(url: str, code: str, name: str) -> Membership:
    """Redeem an invite."""
    with closing(Client(Transport(url), now_ms=_now_ms)) as client:
        return Membership(url, client.join(Join(code, name, DEVICE)))


def invite(owner: Membership, name: str) -> Membership:
    """Let somebody join."""
    with closing(open_client(owner)) as client:
        return join(owner.url, client.invite(InviteRequest(Role.EDITOR)).code, name)


def settle(session: Session, membership: Membership) -> float:
    """Exchange everything; return the seconds."""
    joined = membership.joined
    remotes = session.store.remotes
    if remotes.find(joined.ws) is None:
        remotes.put(
            Remote(joined.ws, membership.url, joined.server_id, "T", joined.member, joined.role)
        )
    with closing(open_client(membership)) as client:
        began = time.perf_counter()
        Exchange(remotes, client, OpenEnvelopes(), joined.ws).settle()
        return time.perf_counter() - began


def fill_and_upload(home: Path, owner: Membership, size: Size) -> tuple[float, int]:
    """Send a made-up history to the server; return the seconds, and how many events it has."""
    with closing(open_made(home, size)) as session:
        remotes = session.store.remotes
        joined = owner.joined
        remotes.put(Remote(joined.ws, owner.url, joined.server_id, "T", joined.member, joined.role))
        for inc in session.reads.event_counts():
            remotes.share(inc, joined.ws)
        took = settle(session, owner)
        return took, sum(session.reads.event_counts().values())


def measure_fresh(home: Path, membership: Membership) -> Fresh:
    """Return what a new device did in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.sync_clients", str(home)],
        input=msgspec.json.encode(membership),
        capture_output=True,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Fresh)


def measure_reconnect(one: Path, other: Path, members: list[Membership], count: int) -> float:
    """Return the seconds that a device needs after both sides wrote `count` events apart."""
    for home, membership in zip((one, other), members, strict=True):
        with closing(_open(home, membership.joined.member)) as session:
            inc = session.reads.summaries(limit=1)[0].id
            now = session.clock()
            for number in range(count):
                event = NewEvent(inc, EntryAdded(now, f"offline {number}"))
                session.write(lambda _, event=event: [event])  # type: ignore[misc]
    with closing(_open(one, members[0].joined.member)) as session:
        settle(session, members[0])
    with closing(_open(other, members[1].joined.member)) as session:
        return settle(session, members[1])


def measure_rewind(home: Path, membership: Membership) -> float:
    """Return the seconds in which a device heals a server that lost a part of its history."""
    with closing(_open(home, membership.joined.member)) as session:
        return settle(session, membership)


def measure_bare_rows(home: Path) -> float:
    """Return the seconds of inserting all events of a cockpit into an empty table like its own.

    One transaction and nothing else: no projections, no search, no checks.
    """
    path = home / "cockpit.db"
    source = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)
    rows = source.execute("SELECT * FROM op ORDER BY n").fetchall()
    tables = source.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'op' AND sql IS NOT NULL"
    ).fetchall()
    source.close()
    place = home / "bare.db"
    target = sqlite3.connect(place, isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        target.execute(f"PRAGMA {pragma}")
    for (statement,) in tables:
        target.execute(statement)
    marks = ", ".join("?" * len(rows[0]))
    began = time.perf_counter()
    target.execute("BEGIN IMMEDIATE")
    target.executemany(f"INSERT INTO op VALUES ({marks})", rows)
    target.execute("COMMIT")
    took = time.perf_counter() - began
    target.close()
    for each in home.glob("bare.db*"):
        each.unlink()
    return took


async def measure_wire(membership: Membership) -> float:
    """Return how many MB the whole history takes on the wire, packed."""
    joined = membership.joined
    line = Line(int(membership.url.rpartition(":")[2]), joined.token + "\r\nAccept-Encoding: gzip")
    await line.open()
    total, since = 0, "0"
    while True:
        status, answer = await line.call("GET", f"/v1/w/{joined.ws}/ops?since={since}")
        if status == 204:
            break
        total += len(answer)
        since = _cursor(answer)
    line.close()
    return total / 1e6


@contextmanager
def server_on(database: Path, url: str = "") -> Iterator[tuple[str, int, str]]:
    """Serve a file, at the address that it had before; give address, process id, owner's code."""
    port = url.rpartition(":")[2] or "0"
    command = [sys.executable, "-m", "cockpit", "serve", "--rate", "0", "--port", port]
    process = subprocess.Popen(
        [*command, "--database", str(database)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "COCKPIT_HOME": str(database.parent)},
    )
    try:
        assert process.stdout
        address = process.stdout.readline().split()[2].rstrip(".")
        code = ""
        if not url:
            process.stdout.readline()
            code = process.stdout.readline().rpartition("#")[2].strip(" '\n")
        yield address, process.pid, code
    finally:
        process.terminate()
        process.communicate(timeout=10)


def copy_database(source: Path, target: Path) -> None:
    """Copy a database whose server does not run."""
    for end in ("", "-wal", "-shm"):
        place = Path(f"{source}{end}")
        if place.exists():
            shutil.copyfile(place, f"{target}{end}")
        else:
            Path(f"{target}{end}").unlink(missing_ok=True)


def _cursor(answer: bytes) -> str:
    import zlib

    data = zlib.decompress(answer, 31) if answer[:2] == b"\x1f\x8b" else answer
    cursor: str = msgspec.json.decode(data)["cursor"]
    return cursor


def _open(home: Path, author: str) -> Session:
    return open_session(Paths(home, home), Config(author=author), author=author)


def _memory() -> float:
    """Return the most memory that this process has used so far, in MB."""
    # getrusage would count what the parent had used when it forked.
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _now_ms() -> int:
    return round(time.time() * 1000)


def main() -> None:
    """Be a new device: join what standard input says, take in everything, print what it took."""
    home = Path(sys.argv[1])
    membership = msgspec.json.decode(sys.stdin.buffer.read(), type=Membership)
    with closing(_open(home, membership.joined.member)) as session:
        before = time.process_time()
        seconds = settle(session, membership)
        cpu = time.process_time() - before
        events = sum(session.reads.event_counts().values())
    memory = _memory()
    size = sum(place.stat().st_size for place in home.glob("cockpit.db*")) / 1e6
    print(msgspec.json.encode(Fresh(seconds, cpu, events, memory, size)).decode())


if __name__ == "__main__":
    main()
