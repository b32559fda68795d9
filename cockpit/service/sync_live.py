"""The exchange of events while the app runs: beside it, on threads of its own, never in its way."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING

from cockpit.domain.clock import to_ms
from cockpit.domain.remotes import Remote
from cockpit.domain.sync_state import Contact, SyncState, WorkspaceState
from cockpit.domain.wire import Beat
from cockpit.errors import SyncError
from cockpit.service.secrets import Secret, Vault, open_vault
from cockpit.service.session import Clock, Session, wall_clock
from cockpit.service.sync_access import find_secret, joined, open_client

if TYPE_CHECKING:
    from cockpit.service.runner import Opener, Runner
    from cockpit.sync.client import Client
    from cockpit.sync.loop import SyncLoop
    from cockpit.sync.replica import Replica
    from cockpit.sync.sealing import Envelopes

STOP_SECONDS = 1.0
"""How long the end of the app waits for a call that hangs."""

Moved = Callable[[], object]


class LiveSync:
    """How it stands with the others; nothing is loaded before a workspace was joined.

    Without a runner it stays still: for tests, and for an app that may not write.
    """

    def __init__(
        self,
        runner: Runner | None = None,
        open_session: Opener | None = None,
        *,
        clock: Clock = wall_clock,
        find_vault: Callable[[Session], Vault] = lambda session: open_vault(session.paths),
    ) -> None:
        """Keep what the exchange needs; `open_session` opens one for each of its threads."""
        self.device = ""
        self._runner = runner
        self._clock = clock
        self._doors = _Doors(open_session, find_vault) if open_session is not None else None
        self._lock = threading.Lock()
        self._loops: dict[str, SyncLoop] = {}
        self._states: dict[str, WorkspaceState] = {}
        self._here: tuple[str, Beat] = ("", Beat())
        self._moved: Moved = lambda: None
        self._stopped = False

    @property
    def state(self) -> SyncState:
        """Return how it stands with every workspace, by title."""
        with self._lock:
            found = tuple(self._states.values())
        return SyncState(tuple(sorted(found, key=lambda each: (each.title, each.ws))))

    def begin(self, moved: Moved) -> None:
        """Begin to exchange; `moved` is called from any thread when something is new."""
        self._moved = moved
        if self._runner is not None:
            self._runner.after_write(self.notify)
        self.look()

    def look(self) -> None:
        """Begin with a workspace that was joined meanwhile, end with one that was left."""
        if self._runner is None or self._doors is None or self._stopped:
            return
        reading = self._runner.read(lambda session: (session.store.device, joined(session)))
        reading.add_done_callback(partial(self._adjust, self._doors))

    def notify(self) -> None:
        """Let what was written go out now."""
        for loop in self._running():
            loop.notify()

    def wake(self) -> None:
        """Do not wait for the next attempt."""
        for loop in self._running():
            loop.retry()

    def tell(self, ws: str, inc: str, doing: str) -> None:
        """Tell the members of a workspace which of its incidents this device looks at, and how.

        doing: what is written there, see `domain.presence`. Other workspaces hear only that this
        device is here.
        """
        with self._lock:
            self._here = (ws, Beat(inc if ws else "", doing if ws else ""))
            loops = dict(self._loops)
        for each, loop in loops.items():
            loop.tell(self._beat_for(each))

    def stop(self) -> None:
        """End the exchange; waits a moment for calls that hang."""
        with self._lock:
            self._stopped = True
            loops, self._loops = tuple(self._loops.values()), {}
        ending = [threading.Thread(target=loop.stop, args=(STOP_SECONDS,)) for loop in loops]
        for thread in ending:
            thread.start()
        for thread in ending:
            thread.join(2 * STOP_SECONDS)

    def _running(self) -> tuple[SyncLoop, ...]:
        with self._lock:
            return tuple(self._loops.values())

    def _beat_for(self, ws: str) -> Beat:
        place, beat = self._here
        return beat if ws == place else Beat()

    def _adjust(self, doors: _Doors, reading: Future[tuple[str, tuple[Remote, ...]]]) -> None:
        """Run one loop for each workspace, a new one where it was joined anew."""
        if reading.cancelled() or reading.exception() is not None:
            return
        self.device, remotes = reading.result()
        wanted = {each.ws: each for each in remotes}
        with self._lock:
            if self._stopped:
                return
            gone = [
                self._loops.pop(ws)
                for ws, loop in tuple(self._loops.items())
                if ws not in wanted or _is_other(loop.remote, wanted[ws])
            ]
            for loop in gone:
                self._states.pop(loop.remote.ws, None)
            fresh = [
                self._make(each, doors) for ws, each in wanted.items() if ws not in self._loops
            ]
            self._loops |= {loop.remote.ws: loop for loop in fresh}
        for loop in gone:
            threading.Thread(target=loop.stop, args=(STOP_SECONDS,), daemon=True).start()
        for loop in fresh:
            loop.tell(self._beat_for(loop.remote.ws))
            loop.start()
        if gone or fresh:
            self._moved()

    def _make(self, remote: Remote, doors: _Doors) -> SyncLoop:
        from cockpit.sync.loop import SyncLoop
        from cockpit.sync.pacing import Clockwork

        clockwork = Clockwork(
            lambda: to_ms(self._clock()), time.monotonic, random.SystemRandom().random
        )
        loop = SyncLoop(remote, doors, self._hear, clockwork)
        self._states[remote.ws] = loop.state
        return loop

    def _hear(self, state: WorkspaceState) -> None:
        """Take in how it stands with a workspace; called from any thread."""
        with self._lock:
            before = self._states.get(state.ws)
            if before is None:
                return
            self._states[state.ws] = state
        if self._runner is not None:
            # What came shows now, not when the reader would have looked by itself.
            self._runner.read(_look_now)
        if _seen(before) != _seen(state):
            self._moved()


class _Doors:
    """Opens what a thread of the exchange needs."""

    def __init__(self, open_session: Opener, find_vault: Callable[[Session], Vault]) -> None:
        self._open_session = open_session
        self._find_vault = find_vault
        self._local = threading.local()

    def replica(self, stack: ExitStack) -> Replica:
        """Open a session of this thread's own."""
        session = stack.enter_context(self._open_session())
        self._local.session = session
        return session.store.remotes

    def client(self, remote: Remote) -> Client:
        """Return a client with the workspace's token, which goes to its own server only."""
        from cockpit.sync.faults import RefusedError

        try:
            secret = self._secret(remote)
        except SyncError as error:
            # Only a new invite helps: there is no sense in trying again and again.
            raise RefusedError("unknown_token", error.message, error.hint) from error
        return open_client(self._session, secret.url, ws=remote.ws, secret=secret)

    def envelopes(self, remote: Remote) -> Envelopes:
        """Return how the workspace's events stand on the wire."""
        from cockpit.service.envelopes import find_envelopes

        return find_envelopes(self._session, remote, self._secret(remote))

    @property
    def _session(self) -> Session:
        session: Session = self._local.session
        return session

    def _secret(self, remote: Remote) -> Secret:
        return find_secret(self._find_vault(self._session), remote)


def _seen(state: WorkspaceState) -> tuple[object, ...]:
    """Return what of a state is worth drawing at once: seconds are drawn as they pass."""
    waits = state.unsent if state.contact is not Contact.SYNCED else 0
    here = tuple((each.member, each.dev, each.inc, each.doing, each.since) for each in state.here)
    known = (state.title, state.role, state.contact, state.words, state.held, state.skew_ms)
    return (*known, waits, here)


def _look_now(_: Session) -> None:
    """Do nothing: after any work the reader looks whether the database has changed."""


def _is_other(running: Remote, kept: Remote) -> bool:
    """Say whether a workspace was joined anew, so that its token is another one."""
    names = ("url", "server_id", "member", "role", "inc", "kid", "joined_at")
    return any(getattr(running, name) != getattr(kept, name) for name in names)
