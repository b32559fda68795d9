"""How the app ends when it must: by a signal, or by a mistake of ours; what was typed is kept."""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Any

from cockpit.domain.visible import make_visible
from cockpit.paths import Paths, write_private

GRACE_SECONDS = 2.0
SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)

# Leaves what a full-screen program turns on: mouse, paste and focus reports, keyboard protocol,
# hidden cursor, the other screen.
_RESTORE = (
    b"\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[<u\x1b[?25h\x1b[?1049l"
)

# What else a program may have left: colours, line drawing, no line wrap, a scroll region, delayed
# output, reports of the size.
_PLAIN = b"\x1b[0m\x1b(B\x1b[?7h\x1b[r\x1b[?2026l\x1b[?2048l\r\n"


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
    """Write where a mistake happened to a private file and return the file.

    It holds places and kinds of errors only: their words and the variables may quote what people
    typed, or a token.
    """
    lines = [
        line
        for each in reversed(list(_chain(error)))
        for line in (
            *traceback.format_list(traceback.extract_tb(each.__traceback__)),
            f"{type(each).__module__}.{type(each).__qualname__}\n\n",
        )
    ]
    report = paths.data_dir / f"report-{now:%Y%m%dT%H%M%SZ}.txt"
    write_private(report, "".join(lines))
    return report


def fatal_page(
    paths: Paths, error: BaseException | None, now: datetime, unrecorded: str = ""
) -> str:
    """Write the report of a mistake and return what to tell whoever sat before it.

    unrecorded: why nothing could be recorded at last, empty when everything was.
    """
    saved = "Everything is saved" if not unrecorded else "What was recorded before is saved"
    lines = ["The cockpit has made a mistake and has ended."]
    if unrecorded:
        lines.append(f"At last nothing could be recorded: {make_visible(unrecorded)}")
    lines.append(f"{saved}; what was half typed is offered at the next start.")
    if error is not None:
        try:
            lines.append("Where it happened, without any text of yours:")
            lines.append(f"  {write_report(paths, error, now)}")
        except OSError:
            lines[-1] = f"Its kind: {type(error).__name__}"
    lines += ["Go on with: cockpit", "If the terminal looks odd: cockpit reset-terminal"]
    return "\n".join(lines)


def reset_terminal() -> bool:
    """Bring the terminal on standard input back to what shells expect; False where there is none.

    For a terminal that a program left behind that was killed or broke off.
    """
    settings = _terminal_settings()
    if settings is None:
        return False
    import termios

    settings[0] |= termios.ICRNL | termios.IXON | termios.BRKINT
    settings[0] &= ~(termios.IGNCR | termios.INLCR)
    settings[1] |= termios.OPOST | termios.ONLCR
    settings[3] |= termios.ECHO | termios.ECHOE | termios.ICANON | termios.ISIG | termios.IEXTEN
    _restore_terminal(settings, _PLAIN)
    return True


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what led to it, the last first."""
    while error is not None:
        yield error
        if isinstance(error, BaseExceptionGroup):
            for each in error.exceptions:
                yield from _chain(each)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


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
