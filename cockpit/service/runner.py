"""Two plain threads between the screen and the database: one writes in order, one reads.

Each owns its session, so that a writer who waits for somebody's lock does not keep the screen
from reading; and neither stops when a frozen terminal stops the event loop.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

from cockpit.errors import StoreError, StoreUnavailableError

if TYPE_CHECKING:
    from cockpit.service.session import Session

T = TypeVar("T")

POLL_SECONDS = 0.25
STOP_SECONDS = 3.0
TRIAL_SECONDS = 1.0
"""How long after a write that failed the next attempt is made to find out whether it would."""

Opener = Callable[[], "Session"]
Changed = Callable[[], object]
Troubled = Callable[[str], object]


class Runner:
    """Runs work on sessions of its own, and tells when the database has changed."""

    def __init__(self, *, poll_seconds: float = POLL_SECONDS) -> None:
        """Prepare the threads; `poll_seconds` is how often the reader looks for changes."""
        self._poll_seconds = poll_seconds
        self._writer = _Line("cockpit-writer")
        self._reader = _Line("cockpit-reader")
        self._watcher: tuple[Changed, Troubled] | None = None
        self._written: Changed = lambda: None
        self._told = ""
        self._unwritten = ""
        self._trial: Future[None] | None = None
        self._next_trial = 0.0

    def start(self, open_session: Opener) -> None:
        """Open both sessions, the writer's first; raises what stood in the way."""
        self._writer.start(open_session)
        try:
            self._reader.start(open_session, every=self._poll_seconds, look=self._look)
        except BaseException:
            self._writer.stop()
            raise

    def submit(self, work: Callable[[Session], T]) -> Future[T]:
        """Run `work` on the writer's session after all that was submitted before."""
        written = self._writer.put(work)
        written.add_done_callback(self._note_write)
        return written

    def read(self, work: Callable[[Session], T]) -> Future[T]:
        """Run `work`, which must only read, on the reader's session."""
        return self._reader.put(work)

    def watch(self, changed: Changed, troubled: Troubled = lambda _sentence: None) -> None:
        """Call `changed` from the reader's thread when anybody wrote to the database.

        troubled: called with a sentence when the database can no longer be read or written, and
        with an empty one when it can again.
        """
        self._watcher = (changed, troubled)

    def after_write(self, written: Changed) -> None:
        """Call `written` from the writer's thread whenever work there has succeeded."""
        self._written = written

    def stop(self) -> None:
        """Finish what was submitted, then close both sessions; waits some seconds at most."""
        self._watcher = None
        self._writer.stop()
        self._reader.stop()

    def _look(self, session: Session, known: Any) -> Any:
        """Compare the database's version with the last `known` one; return what is known now."""
        version, gone = known or (None, False)
        try:
            seen = session.store.data_version()
        except Exception as error:  # the thread must live on, whatever the engine says
            self._tell(str(error) or "The database cannot be read.")
            return (version, True)
        self._try_again()
        self._tell(self._unwritten)
        watcher = self._watcher  # which another thread may take away meanwhile
        if watcher and (gone or (version is not None and seen != version)):
            _call(watcher[0])
        return (seen, False)

    def _try_again(self) -> None:
        """After a write that failed, find out from time to time whether the next one would."""
        idle = self._trial is None or self._trial.done()
        if self._unwritten and idle and time.monotonic() >= self._next_trial:
            self._trial = self.submit(lambda session: session.store.try_to_write())

    def _tell(self, trouble: str) -> None:
        watcher = self._watcher
        if watcher and trouble != self._told:
            self._told = trouble
            _call(watcher[1], trouble)

    def _note_write(self, written: Future[Any]) -> None:
        """Remember why nothing can be written, until something was, or what was tried is over."""
        if written.cancelled():
            return
        error = written.exception()
        if error is None:
            self._unwritten = ""
            self._written()
        elif isinstance(error, StoreUnavailableError):
            self._next_trial = time.monotonic() + TRIAL_SECONDS
            self._unwritten = str(error)


class _Line:
    """One thread with a session and a queue of work for it."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: queue.SimpleQueue[tuple[Callable[[Session], Any], Future[Any]] | None] = (
            queue.SimpleQueue()
        )
        self._thread: threading.Thread | None = None
        self._stopped = False
        # Between the look whether it has stopped and the handing over it must not stop: who asked
        # would wait for ever.
        self._handing_over = threading.Lock()

    def start(
        self,
        open_session: Opener,
        *,
        every: float | None = None,
        look: Callable[[Session, Any], Any] | None = None,
    ) -> None:
        opened: Future[None] = Future()
        self._thread = threading.Thread(
            target=self._run, args=(open_session, opened, every, look), name=self._name, daemon=True
        )
        self._thread.start()
        opened.result()

    def put(self, work: Callable[[Session], T]) -> Future[T]:
        future: Future[T] = Future()
        with self._handing_over:
            closing = self._stopped or self._thread is None
            if not closing:
                self._queue.put((work, future))
        if closing:
            _refuse(future)
        return future

    def stop(self) -> None:
        with self._handing_over:
            self._stopped = True
            self._queue.put(None)
        if self._thread is not None:
            self._thread.join(STOP_SECONDS)

    def _run(
        self,
        open_session: Opener,
        opened: Future[None],
        every: float | None,
        look: Callable[[Session, Any], Any] | None,
    ) -> None:
        try:
            session = open_session()
            known = look(session, None) if look else None
        except BaseException as error:  # the one who starts the thread must hear of it
            self._stopped = True
            opened.set_exception(error)
            return
        opened.set_result(None)
        try:
            while True:
                with suppress(queue.Empty):
                    job = self._queue.get(timeout=every)
                    if job is None:
                        break
                    _do(job, session)
                if look:
                    known = look(session, known)
        finally:
            self._refuse_rest()
            session.close()

    def _refuse_rest(self) -> None:
        """Answer all who still wait: nobody will work any more."""
        with self._handing_over:
            self._stopped = True
        while not self._queue.empty():
            if job := self._queue.get():
                _refuse(job[1])


def _refuse(future: Future[Any]) -> None:
    if future.set_running_or_notify_cancel():
        future.set_exception(StoreError("The cockpit is closing; nothing was changed."))


def _call(told: Callable[..., object], *words: object) -> None:
    """Tell somebody; what they raise is their own affair: the thread must live on."""
    with suppress(Exception):
        told(*words)


def _do(job: tuple[Callable[[Session], Any], Future[Any]], session: Session) -> None:
    work, future = job
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work(session)
    except BaseException as error:  # whoever waits for the result must hear of it
        future.set_exception(error)
    else:
        future.set_result(result)
