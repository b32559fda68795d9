"""Free ports on the loopback address, for servers that must come back where they were."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

PORTS = range(12_000, 32_000)
"""Below those that systems give to whoever asks for any: else another program gets one of ours
before its server listens, or between two starts of it."""


def free_ports(wanted: int) -> list[int]:
    """Return so many different ports that nobody listens on."""
    found: list[int] = []
    for port in random.SystemRandom().sample(PORTS, len(PORTS)):
        if len(found) == wanted:
            break
        with suppress(OSError), socket.socket() as tried:
            tried.bind(("127.0.0.1", port))
            found.append(port)
    return found
