"""The calls of a team at work: push, pull and presence."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from cockpit.domain.wire import (
    MAX_PAGE_OPS,
    MAX_PUSH_OPS,
    MAX_WAIT_SECONDS,
    START,
    Here,
    Presence,
    PushAnswer,
    Rejected,
    format_cursor,
    parse_cursor,
)
from cockpit.errors import InvalidInputError
from cockpit.server.access import EVERYBODY
from cockpit.server.engine import RefusedError, Row, Transaction
from cockpit.server.envelopes import NewOp, is_id, read_op
from cockpit.server.exchange import answer
from cockpit.server.members import Grant
from cockpit.server.oplog import Found, read_page
from cockpit.server.presence import beat, read_here
from cockpit.server.service import Asked, Service, check_words, malformed

_LONGEST_DOING = 100
_NOT_ASKED = -1

Look = tuple[Found, tuple[Presence, ...] | None]
"""What a pull sees: a page, and who is present where that is news."""


async def push(service: Service, asked: Asked) -> Response:
    """Append events; those that came before keep their numbers."""
    grant = asked.grant
    if len(asked.body.ops) > MAX_PUSH_OPS:
        raise RefusedError(413, "too_large", f"A push holds at most {MAX_PUSH_OPS} events.")
    read = [read_op(raw, grant) for raw in asked.body.ops]
    taken = [op for op in read if isinstance(op, NewOp)]
    seqs, head = await service.pushes.push(grant.ws, taken, asked.size)
    numbers = iter(seqs)
    acks = tuple(next(numbers) if isinstance(op, NewOp) else 0 for op in read)
    rejected = tuple(op for op in read if isinstance(op, Rejected))
    return answer(200, PushAnswer(acks, head, rejected))


async def pull(service: Service, asked: Asked) -> Response:
    """Return the events after a cursor; with `wait` only once there are any, or 204."""
    query, ws = asked.request.query_params, asked.grant.ws
    try:
        after = parse_cursor(query.get("since", START))
    except InvalidInputError as error:
        raise malformed(error.message) from error
    limit = max(1, asked.number("limit", MAX_PAGE_OPS, MAX_PAGE_OPS))
    here = asked.number("here", _NOT_ASKED, 2**53)
    only = asked.grant.inc or query.get("inc", "")
    if query.get("inc", only) != only:
        raise RefusedError(403, "role", "A guest sees one incident only.")
    timer = asyncio.get_running_loop()
    until = timer.time() + asked.number("wait", 0, MAX_WAIT_SECONDS)
    gone = asyncio.ensure_future(_hang_up(asked.request))
    try:
        while True:
            with service.bell.listening(ws) as rung:
                found, present = await _look(service, asked.grant, after, limit, only, here)
                left = until - timer.time()
                if found.rows or present is not None:
                    return _page(after, found, present)
                if left <= 0 or service.bell.closed or gone.done():
                    return answer(204, etag=format_cursor(*after))
                await asyncio.wait({rung, gone}, timeout=left, return_when="FIRST_COMPLETED")
            await service.access.admit(asked.request, EVERYBODY)  # may be revoked meanwhile
    finally:
        gone.cancel()


async def note_presence(service: Service, asked: Asked) -> Response:
    """Note what a device says of itself, and say who is here."""
    grant, state = asked.grant, asked.body
    if state.doing:
        check_words(state.doing, "What somebody does", _LONGEST_DOING)
    if state.inc and not is_id(state.inc):
        raise malformed("An incident's id has 32 hex digits.")
    if grant.inc and state.inc not in ("", grant.inc):
        raise RefusedError(403, "role", "A guest sees one incident only.")
    now = service.now()

    def note(tx: Transaction) -> tuple[int, bool, tuple[Presence, ...]]:
        return *beat(tx, grant, state, now), read_here(tx, grant.ws, grant.inc, now)

    version, news, here = await service.engine.write(note)
    if news:
        service.bell.ring(grant.ws, here=version)
    return answer(200, Here(here, version))


async def _hang_up(request: Request) -> None:
    """Return when the client is gone."""
    await request.receive()


async def _look(
    service: Service, grant: Grant, after: tuple[int, str], limit: int, only: str, here: int
) -> Look:
    """Look once; that the history is another one is believed of the primary alone."""

    def look(tx: Transaction, *, sure: bool = False) -> Look:
        found = read_page(tx, grant.ws, after, limit, only, sure=sure)
        present = None
        if here not in (_NOT_ASKED, found.here):
            present = read_here(tx, grant.ws, grant.inc, service.now())
        return found, present

    try:
        return await service.engine.read(look)
    except RefusedError as error:
        if error.status != 409:
            raise
        return await service.engine.write(look, sure=True)


def _page(after: tuple[int, str], found: Found, present: Sequence[Presence] | None) -> Response:
    """Return a page whose events are joined as they are stored."""
    rows = found.rows
    cursor = format_cursor(rows[-1][0], rows[-1][4]) if rows else format_cursor(*after)
    parts = [
        f'{{"ops":[{",".join(map(_row, rows))}],"cursor":"{cursor}"',
        ',"more":true' if found.more else "",
    ]
    if present is not None:
        names = msgspec.json.encode(present).decode()
        parts.append(f',"here":{names},"here_version":{found.here}')
    return answer(200, ("".join(parts) + "}").encode(), etag=cursor)


def _row(row: Row) -> str:
    by = "null" if row[2] is None else msgspec.json.encode(row[2]).decode()
    return f"[{row[0]},{row[1]},{by},{row[3]}]"
