"""The table of calls: what each takes, who may make it, and what it answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from msgspec import Struct
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from cockpit.domain.wire import (
    PROTOCOL,
    Beat,
    Hello,
    Here,
    Invite,
    InviteRequest,
    Join,
    Joined,
    Member,
    NewWorkspace,
    Page,
    Push,
    PushAnswer,
    Role,
)
from cockpit.server import exchanging, joining
from cockpit.server.access import EVERYBODY
from cockpit.server.engine import RefusedError
from cockpit.server.exchange import answer, decode, header, pack, read_body, refusal
from cockpit.server.members import Grant, find_server_id
from cockpit.server.openapi import describe_calls
from cockpit.server.service import Asked, Handler, Service

_log = logging.getLogger(__name__)
_READY_SECONDS = 1.0
_NOBODY = Grant("", "", "", "", Role.READER)
_TEAM = EVERYBODY - {Role.GUEST}
_WRITERS = EVERYBODY - {Role.READER}
_LEADS = frozenset({Role.OWNER, Role.EDITOR})
_INVITE_PAGE = "This is an invite to a cockpit for incidents. Pass it whole to: cockpit sync join"


class Call(Struct, frozen=True):
    """A call; roles: who may make it, None where no token is asked for.

    status: that of success; takes, gives: the messages of the bodies.
    """

    method: str
    path: str
    run: Handler
    roles: frozenset[Role] | None = None
    status: int = 200
    takes: type | None = None
    gives: object = None


async def hello(service: Service, _: Asked) -> Response:
    """Say who answers, what is spoken here and what one call may carry."""
    return answer(200, Hello(service.server_id, (PROTOCOL, PROTOCOL), service.now()))


async def healthz(_: Service, __: Asked) -> Response:
    """Say that the process runs."""
    return PlainTextResponse("ok\n")


async def readyz(service: Service, _: Asked) -> Response:
    """Say whether the database answers within a second."""
    try:
        async with asyncio.timeout(_READY_SECONDS):
            await service.engine.read(find_server_id)
    except (TimeoutError, RefusedError):
        return PlainTextResponse("the database does not answer\n", 503)
    return PlainTextResponse("ok\n")


async def metrics(service: Service, _: Asked) -> Response:
    """Write what the server counts of itself."""
    gauges = {"pulls_waiting": service.bell.waiting, "events_stored": service.pushes.stored}
    return PlainTextResponse(service.meter.write(gauges))


async def describe(_: Service, __: Asked) -> Response:
    """Describe all calls, as OpenAPI 3.1."""
    return answer(200, describe_calls(CALLS))


async def show_invite(_: Service, __: Asked) -> Response:
    """Say what to do with an invite that was opened in a browser; its code never arrives here."""
    return PlainTextResponse(f"{_INVITE_PAGE} 'https://…'\n")


_WS = "/v1/w/{ws}"
CALLS = (
    Call("POST", f"{_WS}/ops", exchanging.push, _WRITERS, 200, Push, PushAnswer),
    Call("GET", f"{_WS}/ops", exchanging.pull, EVERYBODY, gives=Page),
    Call("GET", "/v1/hello", hello, gives=Hello),
    Call("POST", "/v1/join", joining.join, status=201, takes=Join, gives=Joined),
    Call("POST", "/v1/workspaces", joining.make_workspace, _LEADS, 201, NewWorkspace, Joined),
    Call("POST", f"{_WS}/here", exchanging.note_presence, EVERYBODY, 200, Beat, Here),
    Call("POST", f"{_WS}/invites", joining.invite, EVERYBODY, 201, InviteRequest, Invite),
    Call("GET", f"{_WS}/members", joining.list_members, _TEAM, gives=tuple[Member, ...]),
    Call("DELETE", f"{_WS}/tokens/{{token}}", joining.revoke, EVERYBODY, 204),
    Call("GET", "/healthz", healthz),
    Call("GET", "/readyz", readyz),
    Call("GET", "/metrics", metrics),
    Call("GET", "/openapi.json", describe),
    Call("GET", "/j", show_invite),
)


def make_endpoint(service: Service, call: Call) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers a call: admitted, read, run, counted; a crash is an answer."""

    async def admit_and_run(request: Request) -> Response:
        _check_protocol(request)
        grant = _NOBODY
        if call.roles is not None:
            grant = await service.access.admit(request, call.roles)
        elif call.path.startswith("/v1/"):
            service.access.count_address(request)
        body = await read_body(request)
        message = decode(body, call.takes) if call.takes else None
        return await call.run(service, Asked(request, grant, message, len(body)))

    async def endpoint(request: Request) -> Response:
        began = service.tick()
        try:
            response = await admit_and_run(request)
        except RefusedError as error:
            response = refusal(error)
        except ClientDisconnect:
            response = refusal(RefusedError(400, "malformed", "The body ends too early."))
        except Exception:
            _log.exception("failed", extra={"call": name})
            response = refusal(
                RefusedError(500, "internal", "The server has a fault; see its log.")
            )
        seconds = service.tick() - began
        service.meter.note(name, response.status_code, seconds)
        level = logging.WARNING if response.status_code >= 500 else logging.DEBUG
        if _log.isEnabledFor(level):
            fields = {"call": name, "status": response.status_code, "ms": round(1000 * seconds)}
            _log.log(level, "call", extra=fields)
        return await pack(request, response)

    name = call.run.__name__
    return endpoint


def _check_protocol(request: Request) -> None:
    spoken = header(request, b"x-proto")
    if spoken not in ("", str(PROTOCOL)) and request.url.path != "/v1/hello":
        raise RefusedError(426, "proto", f"This server speaks version {PROTOCOL} of the protocol.")
