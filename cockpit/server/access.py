"""Who may call: tokens (only their hashes are known), roles, and how often one may call."""

from __future__ import annotations

from collections.abc import Callable, Set
from contextlib import suppress
from hashlib import sha256

from starlette.requests import Request

from cockpit.domain.wire import Role
from cockpit.server.engine import Engine, RefusedError
from cockpit.server.exchange import header
from cockpit.server.members import Grant, find_grant, note_seen

CACHE_SECONDS = 5.0
"""How long a token that was taken away may still work in another process."""

EVERYBODY = frozenset(Role)
_SEEN_MS = 60_000
_MOST_REMEMBERED = 20_000


def hash_secret(secret: str) -> str:
    """Return what is stored of a token or a code."""
    return sha256(secret.encode()).hexdigest()


def format_token(ws: str, secret: str) -> str:
    """Return a token as its holder keeps it."""
    return f"ic1.{ws}.{secret}"


class Access:
    """Looks tokens up, remembers them for a moment, and counts calls."""

    def __init__(
        self, engine: Engine, now: Callable[[], int], tick: Callable[[], float], rate: float
    ) -> None:
        """now: Unix ms; tick: monotonic seconds; rate: calls a second and caller, 0: any."""
        self._engine, self._now, self._tick, self._rate = engine, now, tick, rate
        self._grants: dict[str, tuple[float, Grant | None]] = {}
        self._calls: dict[str, tuple[float, float]] = {}

    async def admit(self, request: Request, roles: Set[Role]) -> Grant:
        """Return what the caller's token allows.

        Raises RefusedError: 401 without a token that works, 404 in another workspace than the
        token's, 403 for a role that may not do this, 429 too often.
        """
        scheme, _, token = header(request, b"authorization").partition(" ")
        grant = await self.find(token) if scheme.lower() == "bearer" else None
        if grant is None:
            self.count_address(request)
        else:
            self.count(grant.token)
        if grant is None:
            raise RefusedError(401, "unknown_token", "That needs the token of a member.")
        if grant.revoked:
            raise RefusedError(401, "revoked", "This device was taken out.")
        if request.path_params.get("ws", grant.ws) != grant.ws:
            raise RefusedError(404, "workspace", "There is no such workspace for this token.")
        if grant.role not in roles:
            raise RefusedError(403, "role", f"As {grant.role.value} one may not do that.")
        return grant

    async def find(self, token: str) -> Grant | None:
        """Return what a token allows, as known at most 5 s ago."""
        until, grant = self._grants.get(token, (0.0, None))
        if until > self._tick():
            return grant
        secret = token.rpartition(".")[2]
        grant = await self._engine.read(find_grant, hash_secret(secret))
        if grant and token != format_token(grant.ws, secret):
            grant = None
        if len(self._grants) > _MOST_REMEMBERED:
            self._grants.clear()
        self._grants[token] = (self._tick() + CACHE_SECONDS, grant)
        if grant and not grant.revoked and self._now() - grant.seen > _SEEN_MS:
            with suppress(RefusedError):  # a note for people; the call goes on without it
                await self._engine.write(note_seen, grant.token, self._now())
        return grant

    def forget(self) -> None:
        """Forget all tokens, because one has changed."""
        self._grants.clear()

    def count_address(self, request: Request) -> None:
        """Count a call of somebody without a token by their address."""
        self.count(request.client.host if request.client else "")

    def count(self, caller: str) -> None:
        """Count a call; raises RefusedError (429) when the caller's share is used up."""
        if not self._rate:
            return
        left, last = self._calls.get(caller, (2 * self._rate, self._tick()))
        now = self._tick()
        left = min(2 * self._rate, left + (now - last) * self._rate) - 1
        if len(self._calls) > _MOST_REMEMBERED:
            self._calls.clear()
        self._calls[caller] = (max(left, 0.0), now)
        if left < 0:
            raise RefusedError(429, "busy", "Too many calls. Wait a moment.", retry_after=1)
