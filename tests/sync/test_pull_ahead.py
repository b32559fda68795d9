"""A page that is asked for while the one before it is read: sooner there, and believed no more."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from cockpit.domain.events import EntryAdded
from cockpit.domain.wire import Limits
from cockpit.sync import exchange
from cockpit.sync.client import Client
from cockpit.sync.faults import StoppedError, TroubledError, UnreachableError
from cockpit.sync.transport import Transport
from tests.store.store_events import INC, START, TickingClock, opened
from tests.sync.faulty_layer import FaultyLayer
from tests.sync.replicas import Replica, team
from tests.sync.rogue_server import RogueServer, answer
from tests.sync.server_model import ModelServer

PAGES = 6
LONGEST_S = 20.0


@pytest.fixture
def server() -> ModelServer:
    made = ModelServer(TickingClock())
    made.limits = Limits(max_page=2)
    return made


@pytest.fixture
def ben(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Replica]:
    """Somebody new to a history of six pages, two of which are taken in at once."""
    monkeypatch.setattr(exchange, "_LONG", 2)
    monkeypatch.setattr(exchange, "_EVENTS_AT_ONCE", 4)
    with team("ana", "ben", server=server) as (ana, ben):
        ana.write(INC, opened(), *(EntryAdded(START, str(n)) for n in range(2 * PAGES - 1)))
        ana.settle()
        ben.transport._layer = FaultyLayer(server.handle)
        ben.exchange.greet()
        server.calls.clear()
        yield ben


def calls_end() -> bool:
    """Wait until no call is on its way any more."""
    until = time.monotonic() + LONGEST_S
    while any(each.name == "cockpit-sync-call" for each in threading.enumerate()):
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def test_the_next_page_is_there_when_this_one_is_taken_in(
    ben: Replica, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in, asked = ben.remotes.take_in, []

    def look(*what: Any) -> Any:
        assert calls_end()
        asked.append(len(server.calls))
        return take_in(*what)

    monkeypatch.setattr(ben.remotes, "take_in", look)
    ben.exchange._pull_all()
    assert asked == [3, 5, PAGES], "a page more than was taken in, as long as there is one"
    assert len(server.calls) == PAGES, "each page once"
    assert len(ben.ids()) == 2 * PAGES


def test_nothing_is_asked_ahead_in_a_short_history(
    ben: Replica, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "_LONG", 3)
    ben.exchange.pull()
    assert calls_end()
    assert len(server.calls) == 2


@pytest.mark.parametrize("fault", ["reordered", "without cursor's end"])
def test_what_follows_a_page_that_is_refused_is_thrown_away(
    ben: Replica, server: ModelServer, fault: str
) -> None:
    ben.transport._layer.faults = [fault]  # type: ignore[union-attr]
    with pytest.raises(TroubledError):
        ben.exchange.pull()
    assert calls_end()
    assert (ben.cursor(), ben.ids()) == ("0", set())
    ben.settle()
    assert len(ben.ids()) == 2 * PAGES


@pytest.mark.parametrize("fault", ["lost request", "lost reply", "cut", "reordered"])
def test_one_that_fails_loses_nothing_of_what_came_before(
    ben: Replica, server: ModelServer, fault: str
) -> None:
    ben.transport._layer.faults = ["", "", fault]  # type: ignore[union-attr]
    assert ben.exchange.pull().more
    with pytest.raises((TroubledError, UnreachableError)):
        ben.exchange.pull()
    assert len(ben.ids()) == 4
    ben.settle()
    assert len(ben.ids()) == 2 * PAGES


def test_a_history_that_is_another_one_meanwhile_begins_anew(
    ben: Replica, server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_in = ben.remotes.take_in

    def lose(*what: Any) -> Any:
        assert calls_end()
        server.lose_last(2 * PAGES - 1)
        monkeypatch.undo()
        return take_in(*what)

    monkeypatch.setattr(ben.remotes, "take_in", lose)
    ben.settle()
    assert len(ben.ids()) >= 4
    assert {row.op_id for row in server.log.rows} == ben.ids()


class Sleeper:
    """A server that leaves its first call without an answer."""

    def __init__(self) -> None:
        """Begin with no call."""
        self.asked = threading.Event()

    def __call__(self, connection: socket.socket) -> None:
        """Answer, but the first time."""
        if self.asked.is_set():
            answer("200 OK", b'{"ops":[],"cursor":"0"}')(connection)
            return
        self.asked.set()
        connection.recv(1)


@pytest.fixture
def waiting() -> Iterator[tuple[Client, RogueServer]]:
    """A client that asked ahead for a page which does not come."""
    sleeper = Sleeper()
    with RogueServer(sleeper) as rogue:
        client = Client(Transport(rogue.url), now_ms=lambda: 0, ws="c" * 32, token="ic1.x")
        client.pull_ahead("0")
        assert sleeper.asked.wait(LONGEST_S)
        yield client, rogue
        client.close()


def test_it_ends_with_the_client(waiting: tuple[Client, RogueServer]) -> None:
    client, _ = waiting
    client.stop()
    with pytest.raises(StoppedError):
        client.pull("0")
    with pytest.raises(StoppedError):
        client.pull_ahead("0")
    assert calls_end()


def test_it_ends_with_the_connection(waiting: tuple[Client, RogueServer]) -> None:
    client, _ = waiting
    client.close()
    assert calls_end()


def test_another_cursor_does_not_get_its_answer(waiting: tuple[Client, RogueServer]) -> None:
    client, rogue = waiting
    page = client.pull(f"1-{'0' * 16}")
    assert page is not None
    assert [b"since=1-" in each for each in rogue.requests] == [False, True]
    assert calls_end()


def test_it_says_nothing_of_the_clocks() -> None:
    headers = "Date: Mon, 02 Mar 2026 12:00:00 GMT"
    with RogueServer(answer("200 OK", b'{"ops":[],"cursor":"0"}', headers)) as rogue:
        client = Client(Transport(rogue.url), now_ms=lambda: 0, ws="c" * 32)
        client.pull_ahead("0")
        client.pull("0")
        assert client.skew_ms is None
        client.pull("0")
        assert client.skew_ms is not None
        client.close()
