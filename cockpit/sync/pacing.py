"""When the next attempt is made: at once, in a while, or once somebody says so."""

from __future__ import annotations

import threading
from collections.abc import Callable

from msgspec import Struct

FIRST_S = 0.5
LONGEST_S = 30.0
_SHORTEST_S = 0.05


class Pace(Struct, frozen=True):
    """How often things are done, in seconds.

    poll: how soon an event that another process wrote is noticed; wait: how long a pull waits for
    news; beat: how often the others hear that this device is here; resend: when events that were
    pushed and never shown are pushed again; note: how often an idle contact is noted down;
    first, longest: the first pause after a failure and the longest; steady: for how long all must
    be well before the pauses begin anew.
    """

    poll: float = 0.25
    wait: int = 25
    beat: float = 15.0
    resend: float = 60.0
    note: float = 60.0
    steady: float = 5.0
    first: float = FIRST_S
    longest: float = LONGEST_S


class Clockwork(Struct, frozen=True):
    """Clocks and chance: Unix ms, seconds that only grow, and a number from 0 up to 1."""

    now_ms: Callable[[], int]
    monotonic: Callable[[], float]
    random: Callable[[], float]
    wait: Callable[[threading.Event, float], object] = threading.Event.wait


class Backoff:
    """The pauses after failures: each may be twice as long as the one before, and any part of it.

    So that a thousand cockpits do not come back to a server in one and the same second.
    """

    def __init__(self, random: Callable[[], float], pace: Pace) -> None:
        """Begin without a failure."""
        self._random = random
        self._pace = pace
        self._failures = 0

    def next(self, at_least_s: float = 0.0) -> float:
        """Return how long to wait now; at_least_s: what the server asked for."""
        ceiling: float = min(self._pace.longest, self._pace.first * 2 ** min(self._failures, 16))
        self._failures += 1
        return at_least_s + max(min(_SHORTEST_S, ceiling), self._random() * ceiling)

    def reset(self) -> None:
        """Begin anew: it worked."""
        self._failures = 0
