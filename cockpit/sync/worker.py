"""A plain thread that works at one task until it is stopped, with pauses after failures."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from typing import Protocol

from msgspec import Struct

from cockpit.domain.remotes import Remote
from cockpit.errors import DamagedDatabaseError
from cockpit.sync.client import Client
from cockpit.sync.exchange import Exchange
from cockpit.sync.faults import RefusedError, StoppedError, TroubledError
from cockpit.sync.pacing import Backoff, Clockwork, Pace
from cockpit.sync.replica import Replica
from cockpit.sync.sealing import Envelopes
from cockpit.sync.standing import Line


class Doors(Protocol):
    """Opens what a thread needs, on that thread; each may raise any CockpitError."""

    def replica(self, stack: ExitStack) -> Replica:
        """Open a connection to the database; `stack` closes it."""

    def client(self, remote: Remote) -> Client:
        """Return a client for the workspace's server, with its token."""

    def envelopes(self, remote: Remote) -> Envelopes:
        """Return how the workspace's events stand on the wire."""


class Opened(Struct, frozen=True):
    """What a task works with while all goes well."""

    replica: Replica
    client: Client
    exchange: Exchange


class Task(Protocol):
    """What a worker does again and again."""

    name: str

    def begin(self) -> None:
        """Begin, or begin anew after a failure."""

    def step(self, opened: Opened) -> float:
        """Do one step and return for how many seconds to wait then, unless woken."""

    def leave(self, opened: Opened) -> None:
        """Do what is left to do at the end, quickly."""


class Halt:
    """Why a workspace's threads make no calls until a person acts; None while they do."""

    def __init__(self) -> None:
        """Begin without a reason."""
        self.error: RefusedError | None = None

    def heed(self, error: Exception) -> None:
        """Keep a refusal that holds for every call; one may still read where one may not write."""
        if isinstance(error, RefusedError) and error.code != "role":
            self.error = error


class Worker:
    """Runs a task on a thread; used from any other thread."""

    def __init__(
        self,
        ws: str,
        task: Task,
        doors: Doors,
        line: Line,
        clockwork: Clockwork,
        pace: Pace,
        halt: Halt,
    ) -> None:
        """Prepare the thread; what it meets goes to `line`, and to `halt` if it ends all calls."""
        self._halt = halt
        self._ws = ws
        self._task = task
        self._doors = doors
        self._line = line
        self._clockwork = clockwork
        self._pace = pace
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._hurried = threading.Event()
        self._retrying = threading.Event()
        self._client: Client | None = None
        self._failing = False
        self.recovered: Callable[[], object] = lambda: None
        """Called when it works again after a failure."""

        self._thread = threading.Thread(
            target=self._run, name=f"cockpit-sync-{task.name}", daemon=True
        )

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Do not wait any longer for the next step; a pause after a failure goes on."""
        self._woken.set()

    def hurry(self) -> None:
        """Do not wait out a pause after a failure: the server seems to be back."""
        self._hurried.set()
        self._woken.set()

    def retry(self) -> None:
        """Try again now, after a refusal, too."""
        self._halt.error = None
        self._retrying.set()
        self._woken.set()

    def end(self, grace_s: float = 0.0) -> None:
        """Ask the thread to end, and cut its call after a moment of grace."""
        self._stopping.set()
        self._woken.set()
        if grace_s:
            self.join(grace_s)
        client = self._client
        if client is not None:
            client.stop()

    def join(self, within_s: float) -> bool:
        """Wait for the thread's end and say whether it came."""
        if self._thread.ident is not None:
            self._thread.join(max(0.0, within_s))
        return not self._thread.is_alive()

    def _run(self) -> None:
        """Work until stopped; whatever goes wrong is said, and tried again later."""
        backoff = Backoff(self._clockwork.random, self._pace)
        while not self._stopping.is_set():
            try:
                with ExitStack() as stack:
                    self._work(stack, backoff)
            except StoppedError:
                return
            except Exception as error:  # a thread that dies would end the exchange in silence
                self._recover(error, backoff)

    def _work(self, stack: ExitStack, backoff: Backoff) -> None:
        opened = self._open(stack)
        self._task.begin()
        began = self._clockwork.monotonic()
        while not self._stopping.is_set():
            if self._halt.error is not None:
                raise self._halt.error
            pause = self._task.step(opened)
            if self._clockwork.monotonic() - began >= self._pace.steady:
                backoff.reset()
            if self._failing:
                self._failing = False
                self.recovered()
            self._pause(pause)
        self._task.leave(opened)

    def _open(self, stack: ExitStack) -> Opened:
        replica = self._doors.replica(stack)
        remote = replica.find(self._ws)
        if remote is None:
            raise RefusedError("left", "This workspace was left here.")
        self._line.count(remote, replica.standing(self._ws))
        client = self._client = self._doors.client(remote)
        stack.callback(client.close)
        if self._stopping.is_set():
            raise StoppedError
        exchange = Exchange(replica, client, self._doors.envelopes(remote), self._ws)
        exchange.greet()
        return Opened(replica, client, exchange)

    def _recover(self, error: Exception, backoff: Backoff) -> None:
        """Say what went wrong, and wait until it may be tried again."""
        if isinstance(error, DamagedDatabaseError):
            # What a damaged file still gives out goes to nobody before a person has looked at it.
            error = RefusedError("damaged", error.message, error.hint)
        self._failing = True
        self._hurried.clear()
        self._retrying.clear()
        pause = backoff.next(error.retry_after_s if isinstance(error, TroubledError) else 0.0)
        refused = isinstance(error, RefusedError)
        self._halt.heed(error)
        self._line.ill(self._task.name, error, pause)
        until = self._clockwork.monotonic() + pause
        while not (self._stopping.is_set() or self._retrying.is_set()):
            left = until - self._clockwork.monotonic()
            if not refused and (left <= 0 or self._hurried.is_set()):
                return
            self._pause(self._pace.longest if refused else left)

    def _pause(self, seconds: float) -> None:
        """Wait until there is something to do."""
        if seconds > 0:
            self._clockwork.wait(self._woken, seconds)
        self._woken.clear()
