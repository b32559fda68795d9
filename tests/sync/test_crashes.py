"""A machine that dies while it exchanges loses nothing: between any two statements, at any time."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from cockpit.domain.events import EntryAdded, EntryRedacted, FieldSet
from cockpit.domain.wire import Join
from cockpit.store.integrity import differing_projections
from cockpit.sync.client import Client
from cockpit.sync.transport import Transport
from tests.programs import read_line
from tests.store.store_events import INC, START, TickingClock, opened
from tests.sync.replicas import Replica, quick_directory
from tests.sync.served import serve
from tests.sync.server_model import WS, ModelServer


class DiedError(BaseException):
    """The machine is dead: nothing that would still run after an error may run."""


class Dying:
    """A database connection that dies before the statement of that number."""

    def __init__(self, raw: Any, at: int) -> None:
        self._raw = raw
        self._left = at
        self.dead = False

    def __getattr__(self, name: str) -> Any:
        """Return what the connection itself has."""
        return getattr(self._raw, name)

    def execute(self, *call: Any) -> Any:
        """Run a statement while alive."""
        self._die_in_time()
        return self._raw.execute(*call)

    def executemany(self, *call: Any) -> Any:
        """Run a statement for many rows while alive."""
        self._die_in_time()
        return self._raw.executemany(*call)

    def _die_in_time(self) -> None:
        self._left -= 1
        if self.dead or self._left < 0:
            self.dead = True
            raise DiedError


def test_it_may_die_between_any_two_statements() -> None:
    clock = TickingClock()
    server = ModelServer(clock)
    layer = httpx.MockTransport(server.handle)
    with quick_directory() as place:
        ben = Replica("ben", place / "ben", layer, server.token("ben"), clock=clock)
        _, secret = ben.write(INC, opened(), EntryAdded(START, "a secret"))
        ben.write(INC, FieldSet("status", "identified"), EntryRedacted(secret.id))
        ben.settle()
        token = server.token("ana")
        ana = Replica("ana", place / "first", layer, token, clock=clock)
        ana.write(INC, EntryAdded(START, "from ana"), FieldSet("severity", "SEV1"))
        ana.remotes.share(INC, WS)
        ana.close()
        kept = list(server.log.rows)
        for number in count():
            server.log.rows = list(kept)
            path = place / f"ana{number}"
            shutil.copy(place / "first", path)
            ana = Replica("ana", path, layer, token, clock=clock)
            survived = _settle_until(ana, number)
            ana = Replica("ana", path, layer, token, clock=clock)
            ana.settle()
            assert ana.ids() == {row.op_id for row in server.log.rows}
            assert len(ana.ids()) == len(server.log.rows) == 6
            assert (ana.cursor(), ana.remotes.standing(WS).unsent) == (server.log.head, 0)
            assert differing_projections(ana.store._connection) == ()
            ana.close()
            if survived:
                break
        ben.close()
    assert number > 40


def _settle_until(replica: Replica, number: int) -> bool:
    """Exchange, die before a statement, and say whether it was over before that."""
    connection = replica.store._connection
    dying = Dying(connection.raw, number)
    connection.raw = dying
    try:
        replica.settle()
    except DiedError:
        return False
    finally:
        dying._raw.close()
        replica.transport.close()
    return True


MEMBER = """
import sys
from pathlib import Path
from tests.sync.member import run_member
run_member(Path(sys.argv[1]), *sys.argv[2:])
"""


@pytest.mark.parametrize("rounds", [12, pytest.param(150, marks=pytest.mark.slow(60))])
def test_it_may_be_killed_at_any_moment(rounds: int, tmp_path: Path) -> None:
    """Kill a process that writes and exchanges, again and again: what it acknowledged is there."""
    rng = random.Random(rounds)
    saved: set[str] = set()
    with serve(tmp_path) as served:
        client = Client(Transport(served.url), now_ms=lambda: 0)
        joined = client.join(Join(served.code, "ana", "0000000a"))
        client.close()
        path = tmp_path / "ana.sqlite"
        for number in range(rounds):
            saved |= _run_and_kill(path, served.url, joined.token, rng.uniform(0.0, 0.4), number)
        with quick_directory() as place:
            members = [
                Replica(
                    name, each, None, joined.token, url=served.url, ws=joined.ws,
                    server_id=joined.server_id, clock=TickingClock(),
                )
                for name, each in (("ana", path), ("new", place / "new"))
            ]  # fmt: skip
            for each in members:
                each.settle()
            ana, new = members
            assert saved
            assert saved <= ana.ids() == new.ids()
            assert ana.cursor() == new.cursor()
            assert ana.remotes.standing(joined.ws).unsent == 0
            for each in members:
                assert differing_projections(each.store._connection) == ()
                assert all(finding.ok for finding in each.store.check()[1:2])
                each.close()


def _run_and_kill(path: Path, url: str, token: str, after_s: float, number: int) -> set[str]:
    """Run a member until it has worked for a while, kill it, and return what it acknowledged."""
    process = subprocess.Popen(
        [sys.executable, "-c", MEMBER, str(path), url, token, str(number)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    assert read_line(process) == "ready\n"
    time.sleep(after_s)
    process.kill()
    said, _ = process.communicate(timeout=60)
    with suppress(ValueError):
        said = said[: said.rindex("\n")]
    return set(said.split())
