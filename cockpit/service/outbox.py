"""Lines on their way into the timeline: what is not stored stands in a draft, what is does not.

The writer's thread says what became of a line, so that the draft is right even when the screen
where it was typed was left, or the app ended, before the database took it.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from typing import Any, Protocol


class Keeper(Protocol):
    """Where drafts are noted."""

    def note(self, key: str, text: str) -> None:
        """Remember the text of a key."""

    def offer(self, key: str) -> str:
        """Return the text of a key."""


class Outbox:
    """The line being typed, those on their way, and those that were refused; for any thread."""

    def __init__(self, keeper: Keeper, key: str) -> None:
        """Keep all of them in the draft `key`, one line each."""
        self._keeper = keeper
        self._key = key
        self._lock = threading.Lock()
        self._line = ""
        self._waiting: list[str] = []
        self._refused: list[str] = []

    def restore(self) -> str:
        """Return the line that was being typed when the cockpit ended, or the first refused one."""
        with self._lock:
            text = self._keeper.offer(self._key)
            *refused, self._line = text.split("\n") if text else [""]
            self._refused = [each for each in refused if each.strip()]
            if not self._line and self._refused:
                self._line = self._refused.pop(0)
            return self._line

    def type(self, line: str) -> None:
        """Note what the line holds now."""
        with self._lock:
            self._line = line
            self._note()

    def send(self, line: str, written: Future[Any]) -> None:
        """Follow a line that was entered until it is `written`, or refused."""
        with self._lock:
            self._waiting.append(line)
            self._line = ""
            self._note()
        written.add_done_callback(lambda done: self._settle(line, done))

    def next_refused(self) -> str:
        """Return the next line that was refused, to stand in the line again; empty without one."""
        with self._lock:
            return self._refused.pop(0) if self._refused else ""

    def _settle(self, line: str, written: Future[Any]) -> None:
        with self._lock:
            self._waiting.remove(line)
            if written.cancelled() or written.exception() is not None:
                self._refused.append(line)
            self._note()

    def _note(self) -> None:
        lines = [*self._refused, *self._waiting, *([self._line] if self._line else [])]
        self._keeper.note(self._key, "\n".join(lines))
