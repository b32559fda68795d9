"""A network that loses, doubles, cuts and reorders, one answer at a time."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import httpx
import msgspec

FAULTS = ("", "lost request", "lost reply", "doubled", "cut", "reordered", "without cursor's end")
"""What may happen to one call; empty for nothing."""


class FaultyLayer(httpx.BaseTransport):
    """Passes calls on to a server, but for the faults that are ordered: one for each call."""

    def __init__(self, handle: Callable[[httpx.Request], httpx.Response]) -> None:
        self._handle = handle
        self.faults: list[str] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer a call with the next fault."""
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "lost request":
            raise httpx.ConnectError("cut", request=request)
        response = self._handle(request)
        if fault == "lost reply":
            raise httpx.ReadError("cut", request=request)
        if fault in ("", "doubled"):
            return self._handle(request) if fault else response
        return _changed(response, fault)


def _changed(response: httpx.Response, fault: str) -> httpx.Response:
    """Return the answer with its page changed, as it is where it holds none."""
    body = response.read()
    if body[:7] != b'{"ops":':
        return _answer(response, body)
    page: dict[str, Any] = msgspec.json.decode(body)
    if fault == "cut":
        return _answer(response, body[: len(body) // 2])
    if fault == "reordered":
        page["ops"].reverse()
    elif page["ops"]:
        page["ops"].pop()
    return _answer(response, msgspec.json.encode(page))


def _answer(response: httpx.Response, body: bytes) -> httpx.Response:
    headers = dict(response.headers)
    if headers.get("content-encoding") == "gzip":
        body = gzip.compress(body, 1)
    headers.pop("content-length", None)
    return httpx.Response(response.status_code, headers=headers, stream=httpx.ByteStream(body))
