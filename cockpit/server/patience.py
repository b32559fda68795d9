"""Connections that end when a client is too slow to ask, or too slow to take the answer."""

from __future__ import annotations

from asyncio import BaseTransport, TimerHandle

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

ASK_SECONDS = 10.0
"""How long the head of a request may take, from the connection or its first byte on."""

TAKE_SECONDS = 60.0
"""How long an answer may lie here before the client has taken it."""


class PatientProtocol(HttpToolsProtocol):
    """HTTP as uvicorn speaks it, with an end to its patience."""

    _asking: TimerHandle | None = None

    def connection_made(self, transport: BaseTransport) -> None:
        """Begin to wait for a request."""
        super().connection_made(transport)  # type: ignore[arg-type]
        self._wait_for_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Wait for the rest of the head."""
        self._wait_for_head()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Go on: bodies have a time limit of their own."""
        self._stop_waiting()
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Look later whether an answer that did not leave at once has left."""
        super().on_response_complete()
        if self.transport.get_write_buffer_size():
            self.loop.call_later(TAKE_SECONDS, self._check_taken)

    def _wait_for_head(self) -> None:
        self._stop_waiting()
        self._asking = self.loop.call_later(ASK_SECONDS, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _check_taken(self) -> None:
        if self.transport.get_write_buffer_size():
            self.transport.abort()
