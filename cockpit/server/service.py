"""What one process of the server holds, and what a call gets to see of it."""

from __future__ import annotations

import asyncio
from base64 import urlsafe_b64encode
from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from cockpit.domain.visible import make_visible
from cockpit.domain.wire import Role
from cockpit.server.access import Access, hash_secret
from cockpit.server.engine import Engine, RefusedError
from cockpit.server.members import Grant, NewInvite, Place, offer_ownership, open_server
from cockpit.server.meter import Meter
from cockpit.server.waiting import Bell, Pushes

FIRST_INVITE_SECONDS = 24 * 3600


class Setup(Struct, frozen=True):
    """What an administrator decides: the address that clients see, and calls a second per token.

    url: "" to go by what the caller asked for; rate: 0 for no limit.
    """

    url: str = ""
    rate: float = 200.0


class Service:
    """The parts of one process; clock, timer and chance are passed in."""

    def __init__(
        self,
        engine: Engine,
        setup: Setup,
        *,
        now: Callable[[], int],
        tick: Callable[[], float],
        random_bytes: Callable[[int], bytes],
    ) -> None:
        """now: Unix ms; tick: monotonic seconds; random_bytes: that many, not to be guessed."""
        self.engine, self.setup, self.now, self.tick = engine, setup, now, tick
        self.random_bytes = random_bytes
        self.access = Access(engine, now, tick, setup.rate)
        self.bell = Bell()
        self.pushes = Pushes(engine, self.bell, now)
        self.meter = Meter()
        self.server_id = ""
        self.owner_code = ""
        self._watch: asyncio.Task[None] | None = None

    def new_secret(self) -> str:
        """Return 43 characters that nobody guesses."""
        return urlsafe_b64encode(self.random_bytes(32)).decode().rstrip("=")

    async def start(self, title: str, *, inviting: bool = True) -> None:
        """Make the first workspace where there is none, and watch what other processes write.

        inviting: make an invite too while that workspace has no owner.
        """
        place = Place(self.random_bytes(16).hex(), title)
        server_id = self.random_bytes(16).hex()
        self.server_id = await self.engine.write(open_server, server_id, place)
        if inviting:
            code = self.new_secret()
            expires = self.now() + FIRST_INVITE_SECONDS * 1000
            offer = NewInvite(hash_secret(code), Role.OWNER, expires)
            if await self.engine.write(offer_ownership, offer):
                self.owner_code = code
        self._watch = asyncio.create_task(self.bell.watch(self.engine))

    async def stop(self) -> None:
        """Answer the pulls that wait, finish what is being stored, and close the database."""
        self.bell.close()
        if self._watch:
            await self._watch
        await self.engine.close()


class Asked(Struct, frozen=True):
    """A call as it reaches its handler: admitted, its body read."""

    request: Request
    grant: Grant
    body: Any
    size: int

    def number(self, name: str, default: int, most: int) -> int:
        """Return a number of the query, at most `most`; raises RefusedError (400) for no number."""
        text = self.request.query_params.get(name, "")
        if not text:
            return default
        if not (text.isascii() and text.isdecimal()):
            raise malformed(f"{name} is a number from 0 to {most}.")
        return min(int(text[:18]), most)


Handler = Callable[[Service, Asked], Awaitable[Response]]


def malformed(words: str) -> RefusedError:
    """Return what is said of a value that is not understood."""
    return RefusedError(400, "malformed", words)


def check_words(text: str, what: str, most: int) -> str:
    """Return a name or title of 1 to `most` characters, all of them to be seen.

    Raises RefusedError (400) for anything else: a name must not look like another one.
    """
    if not 0 < len(text) <= most or text != make_visible(text) or text != text.strip():
        raise malformed(f"{what} has 1 to {most} characters, none of them invisible.")
    return text
