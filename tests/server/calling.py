"""Members of a workspace who call the server, in this process or over a socket."""

from __future__ import annotations

import secrets
from typing import Any, Self

import httpx
from starlette.types import ASGIApp

INC = "c" * 32
OTHER_INC = "d" * 32


class Clock:
    """Unix ms and monotonic seconds, both moved by hand."""

    def __init__(self) -> None:
        self.ms = 1_772_625_600_000

    def now(self) -> int:
        return self.ms

    def tick(self) -> float:
        return self.ms / 1000

    def advance(self, seconds: float) -> None:
        self.ms += round(1000 * seconds)


class Caller:
    """Somebody who calls, with or without a token."""

    def __init__(self, app: ASGIApp | None, url: str = "http://server", token: str = "") -> None:
        transport = httpx.ASGITransport(app, raise_app_exceptions=True) if app else None
        self.http = httpx.AsyncClient(
            transport=transport, base_url=url, trust_env=False, timeout=40
        )
        self.ws = self.member = self.token = ""

    async def __aenter__(self) -> Self:
        """Return the caller itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections."""
        await self.http.aclose()

    def hold(self, joined: dict[str, Any]) -> Self:
        """Return the same caller with a token."""
        other = type(self).__new__(type(self))
        other.http = self.http
        other.ws, other.member, other.token = joined["ws"], joined["member"], joined["token"]
        return other

    async def call(self, method: str, path: str, json: Any = None, **how: Any) -> httpx.Response:
        """Call; `{ws}` in the path is the own workspace."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= how.pop("headers", {})
        path = path.replace("{ws}", self.ws)
        return await self.http.request(method, path, json=json, headers=headers, **how)

    async def join(self, code: str, name: str, dev: str = "ab12cd34") -> Caller:
        """Return the member that an invite makes."""
        joined = await self.call("POST", "/v1/join", {"code": code, "name": name, "dev": dev})
        assert joined.status_code == 201, joined.text
        return self.hold(joined.json())

    async def invite(self, role: str, name: str, inc: str = "", dev: str = "ab12cd34") -> Caller:
        """Return the member whom this one invited."""
        wish = {"role": role, "inc": inc}
        made = await self.call("POST", "/v1/w/{ws}/invites", wish)
        assert made.status_code == 201, made.text
        return await self.join(made.json()["code"], name, dev)

    async def push(self, *ops: dict[str, Any]) -> dict[str, Any]:
        """Return the answer to a push that is taken."""
        pushed = await self.call("POST", "/v1/w/{ws}/ops", {"ops": ops})
        assert pushed.status_code == 200, pushed.text
        answer: dict[str, Any] = pushed.json()
        return answer

    async def pull(self, since: str = "0", **query: Any) -> dict[str, Any]:
        """Return a page, an empty one where nothing is new."""
        found = await self.call("GET", "/v1/w/{ws}/ops", params={"since": since, **query})
        if found.status_code == 204:
            return {"ops": [], "cursor": since}
        assert found.status_code == 200, found.text
        page: dict[str, Any] = found.json()
        return page


def make_sealed(**fields: Any) -> dict[str, Any]:
    """Return an event of which the server sees the envelope alone."""
    clear = {name: value for name, value in make_op().items() if name not in ("k", "d")}
    return {**clear, "kid": "0" * 8, "c": "c2VhbGVk", **fields}


def make_op(text: str = "disk full", **fields: Any) -> dict[str, Any]:
    """Return an event that notes a text, with any field given otherwise."""
    return {
        "v": 1,
        "id": secrets.token_hex(16),
        "inc": INC,
        "k": "entry.add",
        "t": "019a2f3c4d5e-0003-ab12cd34",
        "dev": "ab12cd34",
        "by": "ana",
        "skew": None,
        "d": {"at": "2026-03-04T12:00:00Z", "text": text},
        **fields,
    }
