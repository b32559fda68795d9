"""Two servers for one and the same tests: the model, and the real one in this process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from threading import Thread
from typing import Any, Protocol

import httpx
import msgspec

from cockpit.domain.wire import Role, format_cursor
from tests.sync.faulty_layer import FaultyLayer
from tests.sync.server_model import WS, ModelServer

URL = "http://127.0.0.1:1"
INCS = ("ab" * 16, "ef" * 16)


class Backend(Protocol):
    """A server with one workspace, and what tests do to it."""

    ws: str
    server_id: str

    def token(self, name: str) -> str:
        """Let an editor in."""

    def layer(self) -> FaultyLayer:
        """Return a way to it that may be disturbed."""

    def lose_last(self, count: int) -> None:
        """Forget the last events; their numbers are given again."""

    def ids(self) -> list[str]:
        """Return the ids of all events in order."""

    def head(self) -> str:
        """Return the cursor after the last event."""

    def close(self) -> None:
        """Close it."""


class ModelBackend:
    """The model."""

    def __init__(self, place: Path, now_ms: Callable[[], int]) -> None:
        self.model = ModelServer(now_ms)
        self.ws, self.server_id = WS, self.model.server_id

    def token(self, name: str) -> str:
        return self.model.token(name)

    def layer(self) -> FaultyLayer:
        return FaultyLayer(self.model.handle)

    def lose_last(self, count: int) -> None:
        self.model.lose_last(count)

    def ids(self) -> list[str]:
        return [row.op_id for row in self.model.log.rows]

    def head(self) -> str:
        return self.model.log.head

    def close(self) -> None:
        """There is nothing to close."""


class RealBackend:
    """The real server on a SQLite file, on an event loop of its own."""

    def __init__(self, place: Path, now_ms: Callable[[], int]) -> None:
        from cockpit.server.app import make_app, make_service
        from cockpit.server.service import Setup
        from cockpit.server.sqlite import SqliteEngine

        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._engine = SqliteEngine(place / "server.sqlite")
        self._service = make_service(self._engine, Setup(rate=0), now=now_ms)
        self._wait(self._service.start("Team"))
        self._app = httpx.ASGITransport(make_app(self._service))
        owner = self._join(self._service.owner_code, "owner")
        self.ws, self.server_id, self._owner = owner["ws"], owner["server_id"], owner["token"]

    def token(self, name: str) -> str:
        made = self._ask(f"/v1/w/{self.ws}/invites", {"role": Role.EDITOR.value}, self._owner)
        return str(self._join(made["code"], name)["token"])

    def layer(self) -> FaultyLayer:
        return FaultyLayer(self._handle)

    def lose_last(self, count: int) -> None:
        def lose(tx: Any) -> None:
            (head,) = tx.rows("SELECT head FROM workspace WHERE id = ?", self.ws)[0]
            head = max(0, head - count)
            tx.rows("DELETE FROM op WHERE ws = ? AND seq > ?", self.ws, head)
            found = tx.rows("SELECT chain FROM op WHERE ws = ? AND seq = ?", self.ws, head)
            tx.rows(
                "UPDATE workspace SET head = ?, chain = ? WHERE id = ?",
                *(head, found[0][0] if found else "", self.ws),
            )

        self._wait(self._engine.write(lose))

    def ids(self) -> list[str]:
        return [row[0] for row in self._rows()]

    def head(self) -> str:
        rows = self._rows()
        return format_cursor(len(rows), rows[-1][1]) if rows else "0"

    def close(self) -> None:
        self._wait(self._service.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(30)
        assert not self._thread.is_alive(), "the server's loop does not end"
        self._loop.close()

    def _rows(self) -> list[Any]:
        query = "SELECT id, chain FROM op WHERE ws = ? ORDER BY seq"
        found: list[Any] = self._wait(self._engine.read(lambda tx: tx.rows(query, self.ws)))
        return found

    def _wait(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    def _join(self, code: str, name: str) -> dict[str, Any]:
        return self._ask("/v1/join", {"code": code, "name": name, "dev": "0" * 8})

    def _ask(self, path: str, message: dict[str, Any], token: str = "") -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        request = httpx.Request("POST", f"{URL}{path}", json=message, headers=headers)
        answer: dict[str, Any] = msgspec.json.decode(self._handle(request).read())
        return answer

    def _handle(self, request: httpx.Request) -> httpx.Response:
        request.read()
        sent = httpx.Request(
            request.method, request.url, headers=request.headers, content=request.content
        )
        return self._wait(self._answer(sent))  # type: ignore[no-any-return]

    async def _answer(self, request: httpx.Request) -> httpx.Response:
        """Return the answer as a layer that blocks gives it."""
        answer = await self._app.handle_async_request(request)
        body = b"".join([part async for part in answer.stream])  # type: ignore[union-attr]
        return httpx.Response(
            answer.status_code, headers=answer.headers, stream=httpx.ByteStream(body)
        )
