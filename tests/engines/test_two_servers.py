"""Two servers on one database: what one takes wakes whoever waits at the other."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from cockpit.domain.wire import Joined
from tests.engines.servers import TeamServer, call, found_team
from tests.engines.waiting import wait_for
from tests.server.calling import make_op

SAMPLES = 100
LONGEST = 0.4
"""Seconds by which an event may come later through the other server than through the one that
took it, but for ten in a hundred: a machine that is busy with other tests stops either at times."""


@pytest.fixture(params=["sqlite", "postgresql"])
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[TeamServer]]:
    """Two servers on one database of each kind."""
    if request.param == "sqlite":
        database = str(tmp_path / "server.db")
    else:
        database = request.getfixturevalue("new_database")()
    with ExitStack() as stack:
        started = []
        for _ in range(2):
            started.append(TeamServer(database))
            stack.callback(started[-1].close)
        yield started


class Listener:
    """Waits for news without end, and notes when each event came."""

    def __init__(self, url: str, joined: Joined, cursor: str) -> None:
        """Begin after a cursor."""
        self.arrived: dict[str, float] = {}
        self._client = call(url, joined)
        self._cursor = cursor
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        with closing(self._client):
            while not self._ending.is_set():
                page = self._client.pull(self._cursor, wait=2)
                now = time.monotonic()
                if page:
                    self._cursor = page.cursor
                    self.arrived |= {json.loads(bytes(row[3]))["id"]: now for row in page.ops}

    def close(self) -> None:
        """Stop waiting."""
        self._ending.set()
        self._thread.join(60)
        assert not self._thread.is_alive(), "its call does not end"


def delays(pushed_at: TeamServer, heard_at: list[TeamServer], joined: Joined) -> list[list[float]]:
    """Return how long events take from the call that pushes them to those who wait at a server.

    All wait for the same events, so that a moment in which the machine is busy hits all.
    """
    rng = random.Random(1)
    with closing(call(pushed_at.url, joined)) as client, ExitStack() as stack:
        head = client.push([json.dumps(make_op()).encode()]).head
        listeners = [Listener(each.url, joined, head) for each in heard_at]
        for each in listeners:
            stack.callback(each.close)
        began: dict[str, float] = {}
        for _ in range(SAMPLES):
            time.sleep(rng.uniform(0.005, 0.035))
            op = make_op()
            began[op["id"]] = time.monotonic()
            client.push([json.dumps(op).encode()])
        for each in listeners:
            wait_for(lambda e=each: began.keys() <= e.arrived.keys(), 60, "events to arrive")
        return [[each.arrived[id_] - begun for id_, begun in began.items()] for each in listeners]


def test_an_event_at_one_wakes_who_waits_at_the_other(
    servers: list[TeamServer], note_figure: Callable[[str], None]
) -> None:
    joined = found_team(servers[-1])
    alone, across = delays(servers[0], servers, joined)
    note_figure(
        f"at one server p50 {at(alone, 50):.0f}, p99 {at(alone, 99):.0f} ms; "
        f"across two p50 {at(across, 50):.0f}, p99 {at(across, 99):.0f} ms"
    )
    later = [there - here for here, there in zip(alone, across, strict=True)]
    assert at(later, 90) <= 1000 * LONGEST


def at(times: list[float], percent: int) -> float:
    """Return a percentile in ms."""
    return 1000 * sorted(times)[max(0, round(len(times) * percent / 100) - 1)]
