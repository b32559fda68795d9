"""Keeps an engine on a leash: it ends, with all it started, when whoever started it is gone.

A test run that is killed runs no cleanup, and engines leave their parent. So each engine runs
under this program: `python leash.py HOME COMMAND…`. It adopts what the command leaves behind,
and at the end of its standard input, which is the death of the test run too, ends all of it and
removes HOME.
"""

from __future__ import annotations

import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

from tests.engines.accounts import as_engine_user, engine_user

SET_CHILD_SUBREAPER = 36
GRACE_SECONDS = 5.0
MEMORY, SPACIOUS = Path("/dev/shm"), 2 * 1024**3
START, SUPERVISE = b"s", b"k"
"""What a leash is told: start the command again, or do so from now on whenever it has ended."""

RESTART_SECONDS = 0.5


class Leash:
    """One engine under its leash; `close` or the end of this process ends the engine."""

    def __init__(self, command: list[str], home: Path, *, own: bool = False, **env: str) -> None:
        """Start `command` with its words in `home`/log.

        own: as the tests' account, not as the engines'; env: what to add to the environment.
        """
        self.log = home / "log"
        words = command if own else as_engine_user(command)
        root = Path(__file__).resolve().parent.parent.parent
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.engines.leash", str(home), *words],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=root,
                env={**os.environ, "PYTHONPATH": str(root), "PYTHONWARNINGS": "", **env},
                start_new_session=True,
            )

    def children(self) -> list[psutil.Process]:
        """Return the engine's processes, parents first."""
        with suppress(psutil.NoSuchProcess):
            return psutil.Process(self._process.pid).children(recursive=True)
        return []

    def signal_all(self, number: int) -> None:
        """Send a signal to every process of the engine, twice: some may have just been born."""
        for _ in range(2):
            for child in self.children():
                with suppress(psutil.NoSuchProcess):
                    child.send_signal(number)

    def start_again(self) -> None:
        """Start the command again, where it was before."""
        self._tell(START)

    def supervise(self) -> None:
        """Start the command again whenever it has ended, as the system's service manager does."""
        self._tell(SUPERVISE)

    def _tell(self, word: bytes) -> None:
        assert self._process.stdin
        self._process.stdin.write(word)
        self._process.stdin.flush()

    def last_words(self) -> str:
        """Return the end of the engine's log."""
        return self.log.read_text(errors="replace")[-3000:]

    def let_go(self) -> None:
        """Let the engine end, without waiting for it."""
        assert self._process.stdin
        self._process.stdin.close()

    def close(self) -> None:
        """End the engine and remove its directory."""
        self.let_go()
        self._process.wait(60)


def new_home(name: str, *, quick: bool = False) -> Path:
    """Return a new directory that the engines' user owns; short, as sockets need it.

    quick: in memory where there is plenty of it, for what need not outlive the machine.
    """
    spacious = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= SPACIOUS
    place = MEMORY if quick and spacious else Path("/tmp")
    home = Path(tempfile.mkdtemp(prefix=f"cockpit-{name}-", dir=place))
    user = engine_user()
    if user:
        os.chown(home, user.pw_uid, user.pw_gid)
    return home


def main() -> None:
    """Run the command until standard input ends, then end everything."""
    home, command = Path(sys.argv[1]), sys.argv[2:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    word, supervised = START, False
    while word:
        if word == START:
            child = _start(command)
        supervised = supervised or word == SUPERVISE
        while not select.select([sys.stdin.buffer], [], [], 0.05)[0]:
            _reap()
            if supervised and not _runs(child):
                time.sleep(RESTART_SECONDS)
                child = _start(command)
        word = os.read(sys.stdin.fileno(), 1)
    _end_all(home, child)
    shutil.rmtree(home, ignore_errors=True)


def _start(command: list[str]) -> psutil.Process:
    """Start the command; its number alone may be another process's once it has ended."""
    return psutil.Process(subprocess.Popen(command, stdin=subprocess.DEVNULL).pid)


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _end_all(home: Path, first: psutil.Process) -> None:
    """Kill what is no database first, or it would start databases anew; those get to clean up."""
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := _alive(home, first)) and time.monotonic() < deadline + GRACE_SECONDS:
        late = time.monotonic() > deadline
        others = [each for each in left if _name(each) != "postgres"]
        for process in others or left:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL if others or late else signal.SIGQUIT)
                process.send_signal(signal.SIGCONT)
        time.sleep(0.02)
        _reap()


def _alive(home: Path, first: psutil.Process) -> list[psutil.Process]:
    """Return what still runs, also a database that left its parent where nobody adopts."""
    found = {*psutil.Process().children(recursive=True), first, *_databases(home)}
    return [each for each in found if _runs(each)]


def _databases(home: Path) -> list[psutil.Process]:
    """Return the databases of a directory; a number that one left behind may be anybody's."""
    found = []
    for file in home.glob("**/postmaster.pid"):
        with suppress(OSError, ValueError, IndexError, psutil.Error):
            process = psutil.Process(int(file.read_text().splitlines()[0]))
            if _name(process) == "postgres" and str(file.parent) in process.cmdline():
                found.append(process)
    return found


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _name(process: psutil.Process) -> str:
    try:
        return Path(process.name()).name
    except psutil.NoSuchProcess:
        return ""


if __name__ == "__main__":
    main()
