"""Pauses after failures: they grow, are spread, and end; to fail for ever costs next to nothing."""

from __future__ import annotations

import random
import threading
from contextlib import ExitStack
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.remotes import Remote
from cockpit.domain.sync_state import Contact, WorkspaceState
from cockpit.domain.wire import Role
from cockpit.errors import DamagedDatabaseError, StoreUnavailableError
from cockpit.sync.faults import RefusedError, TroubledError, UnreachableError
from cockpit.sync.loop import SyncLoop
from cockpit.sync.pacing import Backoff, Clockwork, Pace
from cockpit.sync.standing import Line

REMOTE = Remote("c" * 32, "https://sync.example", "s", "Team", "ana", Role.EDITOR, synced_at=7)
DAY_S = 24 * 3600


@given(st.floats(0, 0.999999), st.integers(0, 200))
def test_a_pause_is_any_part_of_at_most_thirty_seconds(chance: float, failures: int) -> None:
    backoff = Backoff(lambda: chance, Pace())
    pauses = [backoff.next() for _ in range(failures + 1)]
    assert all(0.05 <= pause <= 30 for pause in pauses)
    assert pauses == sorted(pauses)
    backoff.reset()
    assert backoff.next() <= 0.5


def test_what_the_server_asks_for_comes_on_top() -> None:
    assert Backoff(lambda: 0.5, Pace()).next(7) == 7.25


class NoDoors:
    """There is no network, and one day goes by in no time."""

    def __init__(self, error: Exception) -> None:
        self.error = error
        self.tries = 0

    def replica(self, stack: ExitStack) -> Any:
        self.tries += 1
        raise self.error

    def client(self, remote: Remote) -> Any:
        raise AssertionError

    def envelopes(self, remote: Remote) -> Any:
        raise AssertionError


def fail_for_a_day(error: Exception) -> tuple[int, list[WorkspaceState]]:
    """Return how often it was tried on one day, and what was said."""
    over = threading.Event()
    elapsed = threading.local()
    rng = random.Random(1)

    def monotonic() -> float:
        return getattr(elapsed, "s", 0.0)

    def wait(event: threading.Event, seconds: float) -> None:
        elapsed.s = monotonic() + seconds
        if elapsed.s > DAY_S:
            over.set()
            event.wait(0.05)

    doors = NoDoors(error)
    said: list[WorkspaceState] = []
    loop = SyncLoop(
        REMOTE, doors, said.append, Clockwork(lambda: 1000, monotonic, rng.random, wait)
    )
    loop.start()
    assert over.wait(60)
    assert loop.stop()
    return doors.tries, said


def test_a_day_without_a_network_is_two_tries_a_minute_and_thread() -> None:
    tries, said = fail_for_a_day(UnreachableError("offline", "cannot be reached"))
    assert 0.5 * DAY_S / 15 < tries < 4 * DAY_S / 15
    assert {each.contact for each in said} == {Contact.OFFLINE}
    assert {each.since for each in said} == {7}


def test_a_refusal_is_tried_once() -> None:
    tries, said = fail_for_a_day(RefusedError("revoked", "Taken out."))
    assert tries == 2
    assert said[-1].words == ""


def test_a_damaged_database_is_shared_no_further() -> None:
    tries, said = fail_for_a_day(DamagedDatabaseError("The database at x is damaged."))
    assert tries <= 2
    assert said[-1].contact is Contact.REFUSED
    assert said[-1].words == "the database here is damaged: cockpit doctor"


def test_trouble_with_the_own_disk_ends_nothing() -> None:
    tries, said = fail_for_a_day(StoreUnavailableError("There is no space left."))
    assert tries > 1000
    assert said[-1].words == "There is no space left."


def test_an_unforeseen_error_ends_nothing() -> None:
    tries, said = fail_for_a_day(ZeroDivisionError("secret"))
    assert tries > 1000
    assert (said[-1].contact, "secret" in said[-1].words) == (Contact.TROUBLED, False)


def test_the_gravest_of_two_threads_is_shown_and_nothing_is_said_twice() -> None:
    said: list[WorkspaceState] = []
    line = Line(REMOTE, lambda: 5000, said.append)
    line.well("pull", 3)
    line.well("pull", 3)
    line.ill("push", TroubledError("busy"), 2.0)
    assert [(each.contact, each.skew_ms) for each in said] == [
        (Contact.SYNCED, 3), (Contact.TROUBLED, 3),
    ]  # fmt: skip
    assert said[-1].next_try_at == 7000
    line.ill("pull", RefusedError("server", "Another.", "Hint."), 9.0)
    assert (line.state.contact, line.state.next_try_at) == (Contact.REFUSED, 0)
    assert line.state.words == "another server answers at that address"
    line.well("pull")
    line.well("push")
    assert (line.state.contact, line.state.words) == (Contact.SYNCED, "")


def test_an_outage_counts_from_the_last_answer() -> None:
    line = Line(REMOTE, iter(range(1000, 9000, 1000)).__next__, lambda _: None)
    line.well("pull")
    line.ill("pull", UnreachableError("offline", "gone"), 1)
    line.ill("pull", UnreachableError("timeout", "gone"), 1)
    assert line.state.since == 1000
