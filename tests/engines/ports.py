"""Free ports on the loopback address."""

from __future__ import annotations

import socket
from contextlib import ExitStack


def free_ports(wanted: int) -> list[int]:
    """Return so many different ports that nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(wanted)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
