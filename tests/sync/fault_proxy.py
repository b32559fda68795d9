"""A proxy between machines and their server that does to calls what networks do."""

from __future__ import annotations

import http.client
import random
import socket
import struct
import threading
from contextlib import suppress
from typing import Self

FAULTS = ("refuse", "reset", "cut before", "cut after", "cut inside", "double", "delay", "drop")
"""What may happen to a call: its connection is refused or reset; it is cut before it reaches the
server, after the server did it, or inside the answer; it is done twice; it is late; nothing comes
for a while."""

_RESET = struct.pack("ii", 1, 0)
_MOST = 64 * 1024 * 1024


class FaultProxy:
    """Passes calls on to the server at `port`, but for a share of them."""

    def __init__(self, port: int, *, rate: float = 0.0, seed: int = 0, hang_s: float = 1.0) -> None:
        """rate: the share of calls with a fault, 0 to 1; hang_s: how long nothing comes."""
        self.rate = rate
        self.cut_off = False
        """While set, nobody gets through."""

        self.met: dict[str, int] = dict.fromkeys(("", *FAULTS), 0)
        """How often each fault happened; "" for none."""

        self._upstream = port
        self._random = random.Random(seed)
        self._hang_s = hang_s
        self._closed = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        """Return the proxy."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close everything."""
        self._closed.set()
        self._listener.close()
        self.sever()

    def sever(self) -> None:
        """Reset every connection."""
        for each in tuple(self._open):
            _reset(each)

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._open.add(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError, http.client.HTTPException):
            reader = connection.makefile("rb")
            while (call := _read_call(reader)) and self._pass(connection, *call):
                pass
        with suppress(OSError):
            connection.close()
        self._open.discard(connection)

    def _pass(self, connection: socket.socket, method: str, path: str, rest: _Rest) -> bool:
        """Do what befalls one call, and say whether the connection goes on."""
        fault = self._choose()
        self.met[fault] += 1
        headers, body = rest
        if fault in ("refuse", "reset", "cut before"):
            if fault != "cut before":
                _reset(connection)
            return False
        if fault == "drop":
            self._closed.wait(self._hang_s)
            return False
        if fault == "delay":
            self._closed.wait(self._random.random() * 0.2)
        for _ in range(2 if fault == "double" else 1):
            answer = self._ask(method, path, headers, body)
        if fault == "cut after":
            return False
        if fault == "cut inside":
            connection.sendall(answer[: self._random.randrange(1, len(answer))])
            return False
        connection.sendall(answer)
        return True

    def _choose(self) -> str:
        if self.cut_off:
            return "refuse"
        return self._random.choice(FAULTS) if self._random.random() < self.rate else ""

    def _ask(self, method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
        upstream = http.client.HTTPConnection("127.0.0.1", self._upstream, timeout=60)
        try:
            upstream.request(method, path, body or None, headers)
            answer = upstream.getresponse()
            data = answer.read(_MOST)
        finally:
            upstream.close()
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        dropped = ("content-length", "transfer-encoding", "connection")
        lines += [f"{k}: {v}" for k, v in answer.getheaders() if k.lower() not in dropped]
        if answer.status != 204:
            lines.append(f"Content-Length: {len(data)}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + data


_Rest = tuple[dict[str, str], bytes]


def _read_call(reader: object) -> tuple[str, str, _Rest] | None:
    """Return method, path, headers and body of the next call, None at the end."""
    first = reader.readline()  # type: ignore[attr-defined]
    if not first:
        return None
    method, path, _ = first.decode("latin-1").split(" ", 2)
    found = http.client.parse_headers(reader)  # type: ignore[arg-type]
    body = reader.read(int(found.get("content-length", "0")))  # type: ignore[attr-defined]
    return method, path, (dict(found.items()), body)


def _reset(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    # Shut first: a thread may be reading, and closing would not wake it.
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    with suppress(OSError):
        connection.close()
