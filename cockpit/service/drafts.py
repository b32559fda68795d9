"""Keeps what is being typed: within half a second it stands in a file, whatever happens next."""

from __future__ import annotations

import threading
from typing import Protocol

from cockpit.errors import CockpitError

DECLARATION_KEY = "declare"
"""Under which a title is kept that was typed, but not declared yet."""

SAVE_WITHIN_SECONDS = 0.5
RETRY_SECONDS = 2.0


class Box(Protocol):
    """Where drafts are stored, one text per key."""

    def save(self, key: str, text: str) -> None:
        """Store the text of a key."""

    def load(self, key: str) -> str:
        """Return the text of a key, empty when there is none."""

    def clear(self, key: str) -> None:
        """Forget a key."""


class DraftKeeper:
    """Notes texts cheaply from the screen and stores them on a plain thread of its own."""

    def __init__(self, box: Box, *, within_seconds: float = SAVE_WITHIN_SECONDS) -> None:
        """Store into `box`, each text at latest `within_seconds` after it was noted."""
        self._box = box
        self._within = within_seconds
        self._pending: dict[str, str] = {}
        self._taken: dict[str, str] = {}
        self._lock = threading.Lock()
        self._storing = threading.Lock()
        self._noted = threading.Event()
        self._stopping = threading.Event()
        self._failure = ""
        self._thread: threading.Thread | None = None

    @property
    def failure(self) -> str:
        """Return why drafts cannot be stored now, empty when they can."""
        return self._failure

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._run, name="cockpit-drafts", daemon=True)
        self._thread.start()

    def note(self, key: str, text: str) -> None:
        """Remember the text of a key; an empty text means that there is nothing left to keep."""
        with self._lock:
            self._pending[key] = text
        self._noted.set()

    def clear(self, key: str) -> None:
        """Forget a key: its text was stored as what it should become, or thrown away."""
        self.note(key, "")

    def settle(self, key: str, text: str) -> None:
        """Forget a key if its text is still `text`, which was stored as what it should become."""
        with self._storing, self._lock:
            noted = self._pending.get(key)
            if (self._read(key) if noted is None else noted) == text:
                self._pending[key] = ""
        self._noted.set()

    def offer(self, key: str) -> str:
        """Return the text that was being typed under a key, empty when there is none."""
        with self._lock:
            for noted in (self._pending, self._taken):
                if key in noted:
                    return noted[key]
        return self._read(key)

    def flush(self) -> bool:
        """Store all that is noted now; say whether that worked."""
        with self._storing:
            with self._lock:
                self._taken, self._pending = self._pending, {}
            left = {key: text for key, text in self._taken.items() if not self._store(key, text)}
            with self._lock:
                self._pending, self._taken = left | self._pending, {}
        if not left:
            self._failure = ""
        return not left

    def stop(self) -> None:
        """Store all that is noted and end the thread."""
        self._stopping.set()
        self._noted.set()
        if self._thread is not None:
            self._thread.join(RETRY_SECONDS)
        self.flush()

    def _read(self, key: str) -> str:
        try:
            return self._box.load(key)
        except (CockpitError, OSError):
            return ""

    def _store(self, key: str, text: str) -> bool:
        try:
            if text:
                self._box.save(key, text)
            else:
                self._box.clear(key)
        except (CockpitError, OSError) as error:
            self._failure = str(error) or type(error).__name__
            return False
        return True

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._noted.wait()
            self._stopping.wait(self._within)
            self._noted.clear()
            if not self.flush():
                self._stopping.wait(RETRY_SECONDS)
                self._noted.set()
