"""Pulls that wait for news, and pushes that share a transaction."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from cockpit.server.engine import Engine, RefusedError
from cockpit.server.envelopes import NewOp
from cockpit.server.oplog import append, read_heads

TICK_SECONDS = 0.2
"""How often one query asks what other processes wrote."""

_MOST_WAITING_BYTES = 64 * 1024 * 1024
_MOST_AT_ONCE = 2000
"""How many events share one transaction, but for those of the last push."""

Answer = tuple[list[int], str]
"""The number of every event, and the head's cursor."""

_Waiting = tuple[Sequence[NewOp], asyncio.Future[Answer]]

State = tuple[int, int]
"""The last number of a workspace and its presence's version."""


class Bell:
    """Wakes the pulls of a workspace when something is new in it."""

    def __init__(self) -> None:
        """Begin with nobody waiting."""
        self._ended = asyncio.Event()
        self._waiting: dict[str, set[asyncio.Future[None]]] = {}
        self._known: dict[str, State] = {}

    @property
    def closed(self) -> bool:
        """Say whether nobody waits any more."""
        return self._ended.is_set()

    @property
    def waiting(self) -> int:
        """Return how many pulls wait."""
        return sum(map(len, self._waiting.values()))

    @contextmanager
    def listening(self, ws: str) -> Iterator[asyncio.Future[None]]:
        """Give what is done when the workspace has news; listen first, then look."""
        rung = asyncio.get_running_loop().create_future()
        listeners = self._waiting.setdefault(ws, set())
        listeners.add(rung)
        try:
            yield rung
        finally:
            listeners.discard(rung)
            rung.cancel()
            if not listeners and self._waiting.get(ws) is listeners:
                del self._waiting[ws]

    def ring(self, ws: str, head: int = 0, here: int = 0) -> None:
        """Wake everybody who waits in a workspace.

        head, here: the part of its state that is new, 0 where that is not known: the next look
        at the database does not wake everybody again for it.
        """
        if before := self._known.get(ws):
            self._known[ws] = (head or before[0], here or before[1])
        for rung in self._waiting.get(ws, ()):
            if not rung.done():
                rung.set_result(None)

    def close(self) -> None:
        """Wake everybody; from now on nobody waits."""
        self._ended.set()
        for ws in self._waiting:
            self.ring(ws)

    async def watch(self, engine: Engine) -> None:
        """Ask again and again what other processes wrote where somebody waits."""
        while not self.closed:
            with suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self._ended.wait()
            try:
                await self.look(engine)
            except Exception as error:  # whoever waits asks again by itself
                logging.getLogger(__name__).warning("watch", extra={"error": repr(error)})

    async def look(self, engine: Engine) -> None:
        """Look once, where somebody waits."""
        heads = await engine.read(read_heads, list(self._waiting)) if self._waiting else {}
        for ws in [ws for ws, state in heads.items() if self._known.get(ws) != state]:
            self.ring(ws)
        self._known = heads


class Pushes:
    """Appends events; pushes to a workspace that come while one is stored share the next."""

    def __init__(self, engine: Engine, bell: Bell, now: Callable[[], int]) -> None:
        """now: Unix ms."""
        self.stored = 0
        self._engine, self._bell, self._now = engine, bell, now
        self._waiting: dict[str, deque[_Waiting]] = {}
        self._bytes = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def push(self, ws: str, ops: Sequence[NewOp], size: int) -> Answer:
        """Return the number of every event and the head's cursor, once they are stored.

        size: the bytes of the push. Raises RefusedError (503) when too much waits already.
        """
        if self._bytes + size > _MOST_WAITING_BYTES:
            raise RefusedError(503, "busy", "Too much is waiting to be stored.", retry_after=2)
        done: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._bytes += size
        try:
            if ws in self._waiting:
                self._waiting[ws].append((ops, done))
            else:
                self._waiting[ws] = deque([(ops, done)])
                task = asyncio.create_task(self._store_all(ws))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            return await done
        finally:
            self._bytes -= size

    async def _store_all(self, ws: str) -> None:
        while waiting := self._waiting[ws]:
            batch: list[_Waiting] = []
            together: list[NewOp] = []
            while waiting and len(together) < _MOST_AT_ONCE:
                batch.append(waiting.popleft())
                together += batch[-1][0]
            try:
                seqs, head, new = await self._engine.write(append, ws, together, self._now())
            except Exception as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
                continue
            self.stored += new
            if new:
                self._bell.ring(ws, head=max(seqs))
            numbers = iter(seqs)
            for ops, done in batch:
                answer = [next(numbers) for _ in ops], head
                if not done.done():
                    done.set_result(answer)
        del self._waiting[ws]
