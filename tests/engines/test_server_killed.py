"""A server killed with -9 under load: whatever it answered with success is there afterwards."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cockpit.domain.wire import START, Joined
from cockpit.errors import SyncError
from cockpit.sync.client import Client
from tests.engines.servers import TeamServer, call, found_team
from tests.server.calling import make_op

WRITERS, ROUNDS = 8, 4
LOAD_SECONDS = 0.7


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TeamServer]:
    """A server on each kind of database."""
    if request.param == "sqlite":
        database = str(tmp_path / "server.db")
    else:
        database = request.getfixturevalue("new_database")()
    started = TeamServer(database)
    yield started
    started.close()


class Writer:
    """Pushes small batches without end, each again and again until it is answered."""

    def __init__(self, url: str, joined: Joined, ending: threading.Event) -> None:
        """Begin; `acknowledged` is what was answered with success → its number."""
        self.acknowledged: dict[str, int] = {}
        self.changed: list[tuple[int, ...]] = []
        self._work = (url, joined, ending)
        self.thread = threading.Thread(target=self._write, daemon=True)
        self.thread.start()

    def _write(self) -> None:
        url, joined, ending = self._work
        with closing(call(url, joined)) as client:
            while not ending.is_set():
                ops = [make_op(secrets.token_hex(100)) for _ in range(3)]
                answers = self._push_until_answered(client, [json.dumps(op).encode() for op in ops])
                if answers:
                    ids = (op["id"] for op in ops)
                    self.acknowledged.update(zip(ids, answers[0], strict=True))
                    self.changed += answers[1:]

    def _push_until_answered(self, client: Client, bodies: list[bytes]) -> list[tuple[int, ...]]:
        """Return the first answer, and that to the same push again where it is another one."""
        answers: list[tuple[int, ...]] = []
        while len(answers) < 2 and not self._work[2].is_set():
            try:
                answers.append(client.push(bodies).acks)
            except SyncError:
                time.sleep(0.02)
        return list(dict.fromkeys(answers))


def test_every_success_is_there_afterwards(
    server: TeamServer, note_figure: Callable[[str], None]
) -> None:
    joined = found_team(server)
    ending = threading.Event()
    writers = [Writer(server.url, joined, ending) for _ in range(WRITERS)]
    for _ in range(ROUNDS):
        time.sleep(LOAD_SECONDS)
        server.kill()
        server.start_again()
    time.sleep(LOAD_SECONDS)
    ending.set()
    for writer in writers:
        writer.thread.join(60)
        assert not writer.thread.is_alive(), "its call does not end"
    server.kill()
    server.start_again()
    acknowledged = {id_: seq for each in writers for id_, seq in each.acknowledged.items()}
    stored = read_all(server, joined)
    note_figure(f"{len(acknowledged)} acknowledged, {len(stored)} stored, {ROUNDS + 1} kills")
    assert {id_: stored.get(id_) for id_ in acknowledged} == acknowledged
    assert sorted(stored.values()) == list(range(1, len(stored) + 1))
    assert [each.changed for each in writers] == [[]] * WRITERS
    assert len(acknowledged) > 10 * WRITERS


def read_all(server: TeamServer, joined: Joined) -> dict[str, int]:
    cursor, found = START, {}
    with closing(call(server.url, joined)) as client:
        while page := client.pull(cursor):
            rows = {json.loads(bytes(row[3]))["id"]: row[0] for row in page.ops}
            assert not rows.keys() & found.keys()
            found |= rows
            cursor = page.cursor
    return found
