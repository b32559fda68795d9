"""`cockpit serve` as a process of its own, on a free port and a database that is thrown away."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.programs import end, kill, read_line, telling

INVITE = re.compile(r"(http\S*)/j#([\w-]+)")


class Serving:
    """A running server: its address, the owner's code, and what it logs."""

    def __init__(self, home: Path, *words: str, owned: bool = False) -> None:
        self.log = home / "server.log"
        command = [sys.executable, "-m", "cockpit", "serve", "--port", "0", *words]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=telling({**os.environ, "COCKPIT_HOME": str(home)}),
                start_new_session=True,
            )
        said = read_line(self.process, log=self.log)
        assert said.startswith("Serving on "), self.logged()
        self.url, self.code = said.split()[2].rstrip("."), ""
        if not owned:
            said = read_line(self.process, log=self.log) + read_line(self.process, log=self.log)
            found = INVITE.search(said)
            assert found
            assert found[1] == self.url
            self.code = found[2]

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; return the exit code."""
        return end(self.process, number, log=self.log)

    def logged(self) -> str:
        """Return what it logged so far."""
        return self.log.read_text(encoding="utf-8")


@contextmanager
def serving(home: Path, *words: str, owned: bool = False) -> Iterator[Serving]:
    """Run a server for a while; owned: it has an owner, and so prints no invite."""
    home.mkdir(exist_ok=True)
    server = Serving(home, *words, owned=owned)
    try:
        yield server
    finally:
        kill(server.process)
        if server.process.stdout:
            server.process.stdout.close()
