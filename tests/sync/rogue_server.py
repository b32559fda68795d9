"""A server that answers each call with raw bytes, as fast or slowly as a test wants."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

Behaviour = Callable[[socket.socket], None]
"""What is done with a connection once its request was read."""


class RogueServer:
    """Listens on this machine until it is closed."""

    def __init__(self, behave: Behaviour) -> None:
        self._behave = behave
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.requests: list[bytes] = []
        self.closed = threading.Event()
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        """Return the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close everything."""
        self.closed.set()
        for each in (self._listener, *self._connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                if self.closed.is_set():
                    connection.close()
                    return
                self._connections.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                chunk = connection.recv(65536)
                if not chunk:
                    return
                request += chunk
            self.requests.append(request)
            self._behave(connection)
            connection.shutdown(socket.SHUT_RDWR)


def answer(
    status: str = "200 OK", body: bytes = b"", *headers: str, proto: bool = True
) -> Behaviour:
    """Return the behaviour of one plain answer; proto: with the protocol's header."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    lines += ["X-Proto: 1"] if proto else []
    lines += [] if any(line.startswith("Content-Type") for line in headers) else [
        "Content-Type: application/json"
    ]  # fmt: skip
    data = "\r\n".join(lines).encode() + b"\r\n\r\n" + body
    return lambda connection: connection.sendall(data)


def drip(first: bytes, piece: bytes, closed: threading.Event, pause_s: float = 0.05) -> Behaviour:
    """Return the behaviour of an answer that never ends, a few bytes at a time."""

    def behave(connection: socket.socket) -> None:
        connection.sendall(first)
        while not closed.wait(pause_s):
            connection.sendall(piece)

    return behave
