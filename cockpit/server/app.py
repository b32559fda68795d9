"""The server as an ASGI application."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from cockpit.server.engine import Engine, RefusedError
from cockpit.server.exchange import pack, refusal
from cockpit.server.routes import CALLS, make_endpoint
from cockpit.server.service import Service, Setup

_PIECES = 5
"""How many pieces the path of such a call has: `/v1/w/{ws}/ops`."""


def wall_clock() -> int:
    """Return Unix ms."""
    return time.time_ns() // 1_000_000


def make_service(
    engine: Engine,
    setup: Setup | None = None,
    *,
    now: Callable[[], int] = wall_clock,
    tick: Callable[[], float] = time.monotonic,
    random_bytes: Callable[[int], bytes] = os.urandom,
) -> Service:
    """Return the parts of one process; now: Unix ms, tick: monotonic seconds."""
    return Service(engine, setup or Setup(), now=now, tick=tick, random_bytes=random_bytes)


class _App(Starlette):
    """Goes to the calls of a workspace, which are nearly all that is asked, without a search."""

    def __init__(self, service: Service, **how: Any) -> None:
        endpoints = {(call.method, call.path): make_endpoint(service, call) for call in CALLS}
        super().__init__(
            routes=[
                Route(path, endpoint, methods=[method])
                for (method, path), endpoint in endpoints.items()
            ],
            **how,
        )
        self.router.redirect_slashes = False
        self._endpoints = endpoints

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        pieces = scope["path"].split("/") if scope["type"] == "http" else []
        if len(pieces) == _PIECES and (ws := pieces[3]):
            pieces[3] = "{ws}"
            if endpoint := self._endpoints.get((scope["method"], "/".join(pieces))):
                scope["path_params"] = {"ws": ws}
                response = await endpoint(Request(scope, receive))
                await response(scope, receive, send)
                return
        await super().__call__(scope, receive, send)


def make_app(service: Service, title: str = "Team", *, inviting: bool = True) -> Starlette:
    """Return the application.

    As it starts it makes the first workspace, called `title`, in an empty database, and while that
    has no owner an invite, whose code is `service.owner_code`. As it stops it answers what waits.
    """

    @asynccontextmanager
    async def run(_: Starlette) -> AsyncIterator[None]:
        await service.start(title, inviting=inviting)
        yield
        await service.stop()

    async def unknown(request: Request, _: Exception) -> Response:
        error = RefusedError(404, "unknown_call", "There is no such call.")
        return await pack(request, refusal(error))

    async def wrong_method(request: Request, _: Exception) -> Response:
        error = RefusedError(405, "unknown_call", "There is no such call at that address.")
        return await pack(request, refusal(error))

    return _App(service, exception_handlers={404: unknown, 405: wrong_method}, lifespan=run)
