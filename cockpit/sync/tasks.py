"""What the two threads of a workspace do: one takes in, one sends and says who is here."""

from __future__ import annotations

import threading
from contextlib import suppress

from cockpit.domain.wire import Beat
from cockpit.errors import CockpitError, SyncError
from cockpit.sync.exchange import MAX_REWINDS, Pulled
from cockpit.sync.faults import TroubledError
from cockpit.sync.pacing import Clockwork, Pace
from cockpit.sync.standing import Line
from cockpit.sync.worker import Opened

LEAVING_S = 0.4
"""How long saying goodbye may take."""

_QUICK_S = 1.0
"""A pull that was to wait for news and ends before that without any did not wait."""

_SHORTEST_WAIT = 2
_CROWD_S = 0.2
"""How long to wait after news of who is here alone: with many people they come often."""


class Shared:
    """What the two tasks know of one another."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.confirmed = 0
        """Events that were written here and that the server has shown, since the beginning."""

        self.here_version = 0
        self.rewound = threading.Event()


class Puller:
    """Takes in what others wrote, as soon as the server has it."""

    name = "pull"

    def __init__(
        self, ws: str, line: Line, clockwork: Clockwork, pace: Pace, shared: Shared
    ) -> None:
        """Take in the history of the workspace `ws`."""
        self._ws = ws
        self._line = line
        self._clockwork = clockwork
        self._pace = pace
        self._shared = shared
        self._wait = pace.wait
        self._behind = True
        self._rewinds = 0
        self._noted = 0.0

    def begin(self) -> None:
        """Ask for all that is there at first, without waiting."""
        self._behind = True
        self._noted = self._clockwork.monotonic()

    def step(self, opened: Opened) -> float:
        """Take in a page; the server is asked to wait until there is one."""
        began = self._clockwork.monotonic()
        wait = 0 if self._behind else self._wait
        try:
            pulled = opened.exchange.pull(wait=wait, here=self._shared.here_version)
        except SyncError:
            self._wait_less(wait, self._clockwork.monotonic() - began)
            raise
        self._behind = pulled.more
        self._heed(pulled)
        self._line.well(self.name, opened.client.skew_ms)
        now = self._clockwork.monotonic()
        if pulled.added or pulled.confirmed or pulled.rewound:
            self._noted = now
            self._line.count(opened.exchange.remote(), opened.replica.standing(self._ws))
        elif now - self._noted > self._pace.note:
            self._noted = now
            opened.replica.note_contact(self._ws, opened.client.skew_ms)
        return self._pause(pulled, waited=bool(wait), took_s=now - began)

    def leave(self, opened: Opened) -> None:
        """Leave nothing behind."""

    def _wait_less(self, wait: int, took_s: float) -> None:
        """Ask for shorter waits where something in between cuts what is silent for long."""
        if _QUICK_S < took_s < wait:
            self._wait = max(_SHORTEST_WAIT, int(took_s * 0.8))

    def _heed(self, pulled: Pulled) -> None:
        self._shared.confirmed += pulled.confirmed
        if pulled.here is not None:
            self._shared.here_version = pulled.here_version
            self._line.see(pulled.here)
        if pulled.rewound:
            self._rewinds += 1
            self._shared.rewound.set()
        elif not pulled.more:
            self._rewinds = 0
        if self._rewinds > MAX_REWINDS:
            self._rewinds = 0
            raise TroubledError("The server's history changes again and again.")

    def _pause(self, pulled: Pulled, *, waited: bool, took_s: float) -> float:
        """Return for how long to leave a server alone that did not wait as it was asked to."""
        if pulled.more or pulled.added or pulled.confirmed or not waited or took_s >= _QUICK_S:
            return 0.0
        return _QUICK_S if pulled.here is None else _CROWD_S


class Pusher:
    """Sends what is new here at once, and tells the others what this device does."""

    name = "push"

    def __init__(
        self, ws: str, line: Line, clockwork: Clockwork, pace: Pace, shared: Shared
    ) -> None:
        """Send the events of the workspace `ws`."""
        self._ws = ws
        self._line = line
        self._clockwork = clockwork
        self._pace = pace
        self._shared = shared
        self._after_n = 0
        self._sent = 0
        self._sent_at = 0.0
        self._version = -1
        self._news = threading.Event()
        self._beat: Beat | None = None
        self._beat_at = 0.0
        self._said: Beat | None = None

    def tell(self, beat: Beat | None) -> None:
        """Tell the others what this device does, from now on; None: nothing."""
        self._beat = beat

    def notify(self) -> None:
        """Look for new events with the next step."""
        self._news.set()

    def begin(self) -> None:
        """Look at everything anew."""
        self._line.trying(self.name)
        self._after_n = 0
        self._version = -1
        self._said = None

    def step(self, opened: Opened) -> float:
        """Send one batch, if there is one."""
        self._tell(opened)
        if self._shared.rewound.is_set():
            self._shared.rewound.clear()
            self._after_n = 0
            self._news.set()
        version = opened.replica.data_version()
        due = bool(self._sent) and self._now() - self._sent_at > self._pace.resend
        if due or version != self._version or self._news.is_set():
            self._news.clear()
            self._version = version
            if self._send(opened):
                self._news.set()
                return 0.0
        return self._pace.poll

    def leave(self, opened: Opened) -> None:
        """Tell the others that this device is gone."""
        if self._said is not None:
            with suppress(CockpitError):
                opened.client.beat(Beat(leaving=True), deadline_s=LEAVING_S)

    def _now(self) -> float:
        return self._clockwork.monotonic()

    def _tell(self, opened: Opened) -> None:
        beat = self._beat
        if beat is None or (beat == self._said and self._now() - self._beat_at < self._pace.beat):
            return
        answer = opened.client.beat(beat)
        self._said, self._beat_at = beat, self._now()
        self._line.see(answer.here)
        self._line.well(self.name, opened.client.skew_ms)

    def _send(self, opened: Opened) -> bool:
        """Send the next events, and say whether there may be more."""
        pushed = opened.exchange.push(self._after_n)
        went_on = pushed.last_n > self._after_n
        if went_on:
            self._after_n = pushed.last_n
            self._sent += pushed.sent
            self._sent_at = self._now()
            self._line.well(self.name, opened.client.skew_ms)
        standing = opened.replica.standing(self._ws)
        self._line.count(opened.exchange.remote(), standing)
        return went_on or self._begin_again(standing.unsent)

    def _begin_again(self, unsent: int) -> bool:
        """Say whether events wait that were passed by; then all that wait are sent anew.

        Such are those of an incident that was only shared now, what was set aside and is tried
        again, and, after a while, what was sent and is never shown. It does no harm.
        """
        if not unsent or not self._after_n:
            self._sent = self._shared.confirmed = 0
            return False
        on_its_way = max(0, self._sent - self._shared.confirmed)
        late = self._now() - self._sent_at > self._pace.resend
        if unsent <= on_its_way and not late:
            return False
        self._after_n = 0
        self._sent = self._shared.confirmed = 0
        self._sent_at = self._now()
        return True
