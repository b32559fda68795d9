"""How the app ends when it must: by a signal, or by a mistake of ours; what was typed is kept."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from cockpit.paths import Paths, write_private

GRACE_SECONDS = 2.0
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)

# Leaves what a full-screen program turns on: mouse, paste and focus reports, keyboard protocol,
# hidden cursor, the other screen.
_RESTORE = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[<u\x1b[?25h\x1b[?1049l"
)


class Endings:
    """Ends the app on a signal: drafts first, then in order, then by force.

    The work is done on a plain thread, because a frozen terminal stops the event loop.
    """

    def __init__(
        self, flush: Callable[[], object], *, grace_seconds: float = GRACE_SECONDS
    ) -> None:
        """Prepare; `flush` stores what is being typed, `grace_seconds` is the time to leave."""
        self._flush = flush
        self._grace = grace_seconds
        self._leave: Callable[[int], object] = lambda _code: None
        self._leftover: Callable[[], str] = str
        self._done = threading.Event()
        self._terminal = _terminal_settings()
        self._before: dict[signal.Signals, Any] = {}
        self.code = 0

    def install(self, leave: Callable[[int], object], leftover: Callable[[], str] = str) -> None:
        """Answer the signals from now on; `leave` asks the app to end with an exit code.

        leftover: returns what else must be written to a terminal that is left by force.
        """
        self._leave, self._leftover = leave, leftover
        for each in SIGNALS:
            self._before[each] = signal.signal(each, self._answer)

    def done(self) -> None:
        """Say that the app has ended in order; the signals do again what they did before."""
        self._done.set()
        for each, before in self._before.items():
            signal.signal(each, before)

    def _answer(self, number: int, _frame: FrameType | None) -> None:
        if not self.code:
            self.code = 128 + number
            threading.Thread(target=self._end, name="cockpit-ending", daemon=True).start()

    def _end(self) -> None:
        with suppress(Exception):
            self._flush()
        with suppress(Exception):
            self._leave(self.code)
        if not self._done.wait(self._grace):
            leftover = b""
            with suppress(Exception):
                leftover = self._leftover().encode()
            _restore_terminal(self._terminal, leftover)
            os._exit(self.code)


def write_report(paths: Paths, error: BaseException, now: datetime) -> Path:
    """Write where a mistake happened to a private file, without any values, and return the file."""
    lines = traceback.format_exception(type(error), error, error.__traceback__)
    report = paths.data_dir / f"report-{now:%Y%m%dT%H%M%SZ}.txt"
    write_private(report, "".join(lines))
    return report


def _terminal_settings() -> list[Any] | None:
    with suppress(Exception):
        import termios

        return termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ else None
    return None


def _restore_terminal(settings: list[Any] | None, leftover: bytes) -> None:
    """Give the terminal back without waiting for it: it may be frozen."""
    if settings is None or sys.__stdin__ is None:
        return
    with suppress(Exception):
        import termios

        termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, settings)
    with suppress(Exception):
        if sys.__stderr__ is not None:
            os.set_blocking(sys.__stderr__.fileno(), False)
            os.write(sys.__stderr__.fileno(), _RESTORE + leftover)
