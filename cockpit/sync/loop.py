"""Keeps one workspace exchanged, on two plain threads that a hanging network never holds up.

One waits at the server for news, the other sends at once what is new here. Each has a connection
to the database and to the server of its own.
"""

from __future__ import annotations

from collections.abc import Callable

from cockpit.domain.remotes import Remote
from cockpit.domain.sync_state import WorkspaceState
from cockpit.domain.wire import Beat
from cockpit.sync.pacing import Clockwork, Pace
from cockpit.sync.standing import Line
from cockpit.sync.tasks import LEAVING_S, Puller, Pusher, Shared
from cockpit.sync.worker import Doors, Halt, Worker


class SyncLoop:
    """Exchanges one workspace until it is stopped; used from any thread."""

    def __init__(
        self,
        remote: Remote,
        doors: Doors,
        listener: Callable[[WorkspaceState], object],
        clockwork: Clockwork,
        pace: Pace | None = None,
    ) -> None:
        """Prepare the exchange of `remote`; `listener` gets its state, from any thread."""
        pace, shared, halt = pace or Pace(), Shared(), Halt()
        self.remote = remote
        self._line = Line(remote, clockwork.now_ms, listener)
        self._pusher = Pusher(remote.ws, self._line, clockwork, pace, shared)
        puller = Puller(remote.ws, self._line, clockwork, pace, shared)
        self._pull, self._push = (
            Worker(remote.ws, task, doors, self._line, clockwork, pace, halt)
            for task in (puller, self._pusher)
        )
        self._pull.recovered, self._push.recovered = self._push.hurry, self._pull.hurry

    @property
    def state(self) -> WorkspaceState:
        """Return how it stands now."""
        return self._line.state

    def start(self) -> None:
        """Begin."""
        self._pull.start()
        self._push.start()

    def notify(self) -> None:
        """Send what is new now; without this it is noticed a moment later."""
        self._pusher.notify()
        self._push.wake()

    def retry(self) -> None:
        """Try again at once, after a refusal, too."""
        self._pull.retry()
        self._push.retry()

    def tell(self, beat: Beat | None) -> None:
        """Tell the others what this device does, from now on; None: nothing."""
        self._pusher.tell(beat)
        self._push.wake()

    def stop(self, within_s: float = 1.0) -> bool:
        """End the exchange and say whether it ended in time; a call that hangs is cut."""
        self._pull.end()
        self._push.end(min(LEAVING_S, within_s / 2))
        rest = max(0.1, within_s - LEAVING_S) / 2
        return all([self._push.join(rest), self._pull.join(rest)])
