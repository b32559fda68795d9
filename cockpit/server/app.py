"""The server as an ASGI application."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cockpit.server.engine import Engine, RefusedError
from cockpit.server.exchange import pack, refusal
from cockpit.server.routes import CALLS, make_endpoint
from cockpit.server.service import Service, Setup


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

    app = Starlette(
        routes=[Route(c.path, make_endpoint(service, c), methods=[c.method]) for c in CALLS],
        exception_handlers={404: unknown, 405: wrong_method},
        lifespan=run,
    )
    app.router.redirect_slashes = False
    return app
