"""Connections that end when a client is too slow to ask, or too slow to take the answer."""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle, Transport
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

ASK_SECONDS = 10.0
"""How long the head of a request may take, from the connection or its first byte on."""

TAKE_SECONDS = 60.0
"""How long an answer may lie here before the client has taken it."""


class _Whole:
    """Holds the head of an answer back until its body comes: one packet, one call of the system."""

    def __init__(self, cycle: RequestResponseCycle, transport: Transport) -> None:
        self._cycle, self._transport = cycle, transport
        self._head: bytes | None = None

    def write(self, data: bytes) -> None:
        if self._cycle.response_started and self._head is None:
            self._head = data
        else:
            self.flush(data)

    def flush(self, data: bytes = b"") -> None:
        """Write what is held back, before `data`."""
        self._transport.writelines([self._head or b"", data])
        self._head = b""

    def close(self) -> None:
        self.flush()
        self._transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


class PatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with an end to its patience."""

    _timer: TimerHandle | None = None
    _until = 0.0
    """When it ends, 0 while nothing is asked; the timer, of which there is one, goes by it."""

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for the rest of the head."""
        self._wait_for_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Go on: bodies have a time limit of their own."""
        self._until = 0.0
        super().on_headers_complete()
        if self.cycle and self.scope["method"] != "HEAD":  # to which no body comes
            self.cycle.transport = _Whole(self.cycle, self.transport)  # type: ignore[assignment]

    def on_response_complete(self) -> None:
        """Look later whether an answer that did not leave at once has left."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(TAKE_SECONDS, self._check_taken)

    def _wait_for_head(self) -> None:
        self._until = self.loop.time() + ASK_SECONDS
        if self._timer is None:
            self._timer = self.loop.call_later(ASK_SECONDS, self._check_asked)

    def _check_asked(self) -> None:
        self._timer = None
        left = self._until - self.loop.time()
        if self._until and left <= 0:
            self.transport.abort()
        elif self._until:
            self._timer = self.loop.call_later(left, self._check_asked)

    def _check_taken(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()
