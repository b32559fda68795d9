"""The door to a real terminal: whatever bytes come in, and whatever goes away, the app lives on.

The library's own ends the app on one byte that is no UTF-8, such as an old mouse report or a paste
in another encoding; it looks ten times a second whether to end, even while nobody types; and of two
sizes in a row the first may be told last.
"""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
from codecs import getincrementaldecoder
from contextlib import suppress
from threading import Event
from time import monotonic
from typing import Any

from textual._xterm_parser import XTermParser
from textual.constants import ESCAPE_DELAY
from textual.drivers.linux_driver import LinuxDriver
from textual.events import Resize
from textual.geometry import Size

_TICK_SECONDS = 0.1
_PIECE = 4096
_HANGUP = 129
"""The exit code of a program whose terminal is gone: 128 and the number of the signal."""


class _EndEvent(Event):
    """Says that the reading shall end, also to who waits for a file."""

    def __init__(self) -> None:
        super().__init__()
        self.file, self._waker = os.pipe()
        os.set_blocking(self.file, False)

    def set(self) -> None:
        super().set()
        os.write(self._waker, b"!")

    def drain(self) -> None:
        """Forget that somebody was woken; whether it is time to end says the event itself."""
        with suppress(BlockingIOError):
            os.read(self.file, _PIECE)


class TerminalDriver(LinuxDriver):
    """Reads what is typed with patience; writes only while the app has the terminal."""

    exit_event: _EndEvent

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Begin without a terminal; the arguments are the library's own."""
        super().__init__(*arguments, **options)
        self.exit_event = _EndEvent()

    def start_application_mode(self) -> None:
        """Take the terminal, and hear of its sizes between two messages.

        A signal's handler can be interrupted by the next signal, between its look at the size and
        its telling: then the older size would stay.
        """
        super().start_application_mode()  # type: ignore[no-untyped-call]
        asyncio.get_running_loop().add_signal_handler(signal.SIGWINCH, self._tell_size)
        self._tell_size()

    def _tell_size(self) -> None:
        """Tell the app what size the terminal has now."""
        if not self._in_band_window_resize:
            size = Size(*self._get_terminal_size())
            self._app.post_message(Resize(size, size))

    def write(self, data: str) -> None:
        """Write to the terminal; dropped while another program has it."""
        if self._writer_thread is not None:
            super().write(data)

    def run_input_thread(self) -> None:
        """Read what is typed and hand it on until the app lets go of the terminal."""
        decoder = getincrementaldecoder("utf-8")("replace")
        parser = XTermParser(self._debug)
        quiet_at = 0.0
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self.exit_event.file, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                text = ""
                # The clock matters only to half a sequence: escape alone, or the begin of a key.
                wait = _TICK_SECONDS if monotonic() < quiet_at else None
                found = {key.fd for key, _ in selector.select(wait)}
                self.exit_event.drain()
                if self.fileno in found:
                    data = self._read()
                    if data == b"":
                        self._leave()
                        return
                    text = decoder.decode(data or b"")
                    quiet_at = monotonic() + 2 * ESCAPE_DELAY
                parser = self._hand_on(parser, text)
            selector.unregister(self.exit_event.file)
            if selector.select(0):
                self._hand_on(parser, decoder.decode(self._read() or b"", final=True))

    def _read(self) -> bytes | None:
        """Return what is there, None for nothing yet, no bytes once the terminal is gone."""
        try:
            return os.read(self.fileno, _PIECE)
        except (BlockingIOError, InterruptedError):
            return None
        except OSError:
            return b""

    def _hand_on(self, parser: XTermParser, text: str) -> XTermParser:
        """Pass keys, mouse and pastes to the app; return the parser to go on with."""
        try:
            if text:
                for event in parser.feed(text):
                    self.process_message(event)
            for event in parser.tick():
                self.process_message(event)
        except Exception:
            # What it could not read is dropped: nobody types half a control sequence.
            with suppress(Exception):
                return XTermParser(self._debug)
        return parser

    def _leave(self) -> None:
        """End the app in order: its terminal is gone, and nobody may have told it by a signal."""
        self._app.call_later(self._app.exit, _HANGUP, _HANGUP)
