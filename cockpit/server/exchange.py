"""Bodies in and out: capped before they are read, unpacked with a cap, packed where it pays."""

from __future__ import annotations

import asyncio
import zlib
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from cockpit.domain.wire import MAX_PUSH_BYTES, PROTOCOL, Refusal
from cockpit.server.engine import RefusedError

BODY_SECONDS = 30.0
"""How long a client may take to send a body."""

_GZIP = 31
_PACK_FROM = 1024
_LONG = 64 * 1024
"""From here on packing would hold up others."""

_JSON = "application/json"
_PROTO = (b"x-proto", str(PROTOCOL).encode())

T = TypeVar("T")


def header(request: Request, name: bytes) -> str:
    """Return a header of a call by its name in small letters, "" without one."""
    for key, value in request.scope["headers"]:
        if key == name:
            return bytes(value).decode("latin-1")
    return ""


async def read_body(request: Request) -> bytes:
    """Return the body, unpacked.

    Raises RefusedError: 413 for one that is too large, packed or not, 408 for one that drips,
    400 or 415 for one that cannot be unpacked.
    """
    declared = header(request, b"content-length")
    if declared.isdecimal() and int(declared[:12]) > MAX_PUSH_BYTES:
        raise _too_large()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await _collect(request)
    except TimeoutError as error:
        raise RefusedError(408, "slow", "The body took too long to arrive.") from error
    packing = header(request, b"content-encoding").lower() or "identity"
    if packing == "identity":
        return body
    if packing != "gzip":
        raise RefusedError(415, "malformed", "A body is plain or packed with gzip.")
    unpacker = zlib.decompressobj(_GZIP)
    try:
        plain = unpacker.decompress(body, MAX_PUSH_BYTES + 1)
    except zlib.error as error:
        raise RefusedError(400, "malformed", "The body is not gzip.") from error
    if len(plain) > MAX_PUSH_BYTES:
        raise _too_large()
    if not unpacker.eof:
        raise RefusedError(400, "malformed", "The body ends too early.")
    return plain


async def _collect(request: Request) -> bytes:
    body, more = b"", True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MAX_PUSH_BYTES:
            raise _too_large()
    return body


def decode(body: bytes, shape: type[T]) -> T:
    """Return the message in a body; raises RefusedError (400) for anything else."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise RefusedError(400, "malformed", f"That is not understood: {error}"[:300]) from error


def answer(status: int, message: object = None, *, etag: str = "") -> Response:
    """Return a message as JSON; `bytes` are JSON already."""
    body = message if isinstance(message, bytes) else msgspec.json.encode(message)
    response = Response(b"" if status == 204 else body, status, media_type=_JSON)
    if etag:
        response.headers["ETag"] = f'"{etag}"'
    return response


def refusal(error: RefusedError) -> Response:
    """Return why a call was refused."""
    response = answer(error.status, Refusal(error.code, error.message))
    if error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status in (408, 413):
        response.headers["Connection"] = "close"
    return response


async def pack(request: Request, response: Response) -> Response:
    """Mark a response with the protocol's version, and pack it where the client can unpack it."""
    response.raw_headers.append(_PROTO)
    body = bytes(response.body)
    if len(body) >= _PACK_FROM and "gzip" in header(request, b"accept-encoding"):
        if len(body) < _LONG:
            packed = zlib.compress(body, 1, _GZIP)
        else:
            packed = await asyncio.to_thread(zlib.compress, body, 1, _GZIP)
        response.body = packed
        response.headers["Content-Length"] = str(len(packed))
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
    return response


def _too_large() -> RefusedError:
    return RefusedError(413, "too_large", f"A body holds at most {MAX_PUSH_BYTES:,} bytes.")
