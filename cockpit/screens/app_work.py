"""Between the screens and the database's threads: work is handed over, and its outcome heard."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any, TypeVar

from textual.message import Message

from cockpit.errors import CockpitError
from cockpit.screens.app_removals import AppRemovals
from cockpit.service.runner import Runner
from cockpit.service.session import Session

T = TypeVar("T")


class WorkFailed(Message):
    """Work went wrong that nobody waits for any longer."""

    def __init__(self, sentence: str) -> None:
        """Keep what happened."""
        super().__init__()
        self.sentence = sentence


class AppWork(AppRemovals):
    """Runs work on the database's threads."""

    runner: Runner

    @abstractmethod
    def notice(self, text: str, level: str = "info") -> None:
        """Say in the footer what happened; level: "info" or "bad"."""

    async def perform(self, work: Callable[[Session], T]) -> T:
        """Run `work` on the writer's thread."""
        return await self.outcome(self.runner.submit(work))

    async def fetch(self, work: Callable[[Session], T]) -> T:
        """Run `work`, which only reads, on the reader's thread."""
        return await asyncio.wrap_future(self.runner.read(work))

    async def outcome(self, written: Future[T]) -> T:
        """Wait for work of the writer's thread, which is done whether somebody waits or not."""
        done, loop = asyncio.Event(), asyncio.get_running_loop()

        def wake(_: Future[T]) -> None:
            with suppress(RuntimeError):  # the app may have ended before the write
                loop.call_soon_threadsafe(done.set)

        written.add_done_callback(wake)
        try:
            await done.wait()
        except (asyncio.CancelledError, GeneratorExit):
            written.add_done_callback(self._tell_unheard)
            raise
        return written.result()

    def _tell_unheard(self, written: Future[Any]) -> None:
        """Say what went wrong with work whose screen was left meanwhile; for any thread."""
        error = None if written.cancelled() else written.exception()
        if isinstance(error, CockpitError):
            self.post_message(WorkFailed(str(error)))

    def on_work_failed(self, message: WorkFailed) -> None:
        """Say it where the person is now."""
        self.notice(message.sentence, "bad")
