"""The runner: writes in order, reads beside them, and says when something has changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from cockpit.errors import StoreError, StoreUnavailableError
from cockpit.service import runner
from cockpit.service.runner import Runner

SECONDS = 20.0
"""How long a test waits for what should come at once: machines that run tests are busy."""


class Store:
    """A version that a test turns."""

    def __init__(self) -> None:
        self.version = 1
        self.trouble: Exception | None = None

    def data_version(self) -> int:
        if self.trouble:
            raise self.trouble
        return self.version


class Session:
    """A session that knows its thread."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.thread = threading.get_ident()
        self.closed = False

    def close(self) -> None:
        assert threading.get_ident() == self.thread
        self.closed = True


class World:
    """Sessions over one store."""

    def __init__(self) -> None:
        self.store = Store()
        self.sessions: list[Session] = []
        self.runner = Runner(poll_seconds=0.02)

    def open(self) -> Any:
        self.sessions.append(Session(self.store))
        return self.sessions[-1]


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    made.runner.start(made.open)
    yield made
    made.runner.stop()


def wait_for(true: Callable[[], bool], seconds: float = SECONDS) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return true()


def test_writes_run_in_order_on_one_thread(world):
    seen: list[int] = []
    futures = [
        world.runner.submit(lambda session, n=number: seen.append(n) or session.thread)
        for number in range(50)
    ]
    threads = {future.result(SECONDS) for future in futures}
    assert seen == list(range(50))
    assert threads == {world.sessions[0].thread}


def test_a_writer_who_waits_does_not_stop_the_reader(world):
    gate = threading.Event()
    blocked: Future[bool] = world.runner.submit(lambda session: gate.wait(2 * SECONDS))
    assert world.runner.read(lambda session: "read").result(SECONDS) == "read"
    gate.set()
    assert blocked.result(SECONDS)


def test_a_failure_reaches_the_one_who_asked_and_the_thread_lives_on(world):
    def fail(session: Session) -> None:
        raise StoreUnavailableError("The disk is full.")

    with pytest.raises(StoreUnavailableError):
        world.runner.submit(fail).result(SECONDS)
    assert world.runner.submit(lambda session: 1).result(SECONDS) == 1


def test_a_change_is_told_once(world):
    changes: list[int] = []
    world.runner.watch(lambda: changes.append(world.store.version))
    time.sleep(0.1)
    assert changes == []
    world.store.version = 2
    assert wait_for(lambda: changes == [2])
    time.sleep(0.1)
    assert changes == [2]


def test_a_database_that_cannot_be_read_is_told_once_and_then_that_it_can(world):
    told: list[str] = []
    world.runner.watch(lambda: None, told.append)
    world.store.trouble = StoreUnavailableError("The file is gone.")
    assert wait_for(lambda: told == ["The file is gone."])
    time.sleep(0.1)
    assert told == ["The file is gone."]
    world.store.trouble = None
    assert wait_for(lambda: told == ["The file is gone.", ""])


def test_a_database_that_cannot_be_written_is_told_until_it_can(world, monkeypatch):
    monkeypatch.setattr(runner, "TRIAL_SECONDS", 0.05)
    told: list[str] = []
    full = True

    def write(session: Any) -> None:
        if full:
            raise StoreUnavailableError("There is no space left.")

    monkeypatch.setattr(Store, "try_to_write", write, raising=False)
    world.runner.watch(lambda: None, told.append)
    with pytest.raises(StoreUnavailableError):
        world.runner.submit(write).result(SECONDS)
    assert wait_for(lambda: told == ["There is no space left."])
    time.sleep(0.2)
    assert told == ["There is no space left."]
    full = False
    assert wait_for(lambda: told == ["There is no space left.", ""])


def test_who_watches_and_fails_does_not_end_the_reading(world):
    told: list[str] = []

    def fail() -> None:
        told.append("changed")
        raise RuntimeError("Event loop is closed")

    def fail_too(sentence: str) -> None:
        told.append(sentence)
        raise RuntimeError("Event loop is closed")

    world.runner.watch(fail, fail_too)
    world.store.version = 2
    assert wait_for(lambda: told == ["changed"])
    world.store.trouble = StoreUnavailableError("The file is gone.")
    assert wait_for(lambda: told == ["changed", "The file is gone."])
    assert world.runner.read(lambda session: "read").result(SECONDS) == "read"


def test_what_is_asked_while_it_stops_is_answered(world):
    line = world.runner._writer
    hand_over, stopping = line._queue.put, threading.Thread(target=line.stop)

    class Queue:
        """A queue at whose door everybody is told to stop at once."""

        def put(self, job: Any) -> None:
            if job is not None:
                stopping.start()
                stopping.join(0.3)
            hand_over(job)

        def __getattr__(self, name: str) -> Any:
            return getattr(queue, name)

    queue, line._queue = line._queue, Queue()
    assert world.runner.submit(lambda session: "done").result(SECONDS) == "done"
    stopping.join(SECONDS)
    assert not line._thread.is_alive()


def test_what_stands_in_the_way_of_opening_is_raised():
    def refuse() -> Any:
        raise StoreError("This is not a database.")

    refused = Runner()
    with pytest.raises(StoreError, match="not a database"):
        refused.start(refuse)
    with pytest.raises(StoreError):
        refused.submit(lambda session: None).result(SECONDS)


def test_stopping_finishes_what_was_submitted_and_closes_both_sessions():
    world = World()
    world.runner.start(world.open)
    done: list[int] = []
    for number in range(20):
        world.runner.submit(lambda session, n=number: time.sleep(0.005) or done.append(n))
    world.runner.stop()
    assert done == list(range(20))
    assert [session.closed for session in world.sessions] == [True, True]
    with pytest.raises(StoreError, match="closing"):
        world.runner.submit(lambda session: None).result(SECONDS)
