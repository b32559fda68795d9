"""Several people at work while their servers and databases fail, and what is left in the end."""

from __future__ import annotations

import json
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import msgspec
from msgspec import Struct

from cockpit.domain.wire import START, Joined
from tests.conftest import ROOT
from tests.engines.member_process import SETTLE_SECONDS, Settings
from tests.engines.servers import TeamServer, call, make_team
from tests.engines.waiting import wait_for
from tests.programs import read_line

NAMES = ["ana", "ben", "cara"]


class Outcome(Struct):
    """What was left: everything that anybody saw as saved, and who lacks how much of it."""

    saved: int
    missing: int
    states: set[str]
    cursors: set[str]
    unsent: int
    held: int
    rewinds: list[int]


class TeamAtWork:
    """Three people, each in a process of their own, spread over the servers."""

    def __init__(self, servers: list[TeamServer], owner: Joined, pause: float = 0.02) -> None:
        """Make a workspace for them and let them begin; pause: seconds between two entries."""
        self.servers = servers
        self.home = Path(tempfile.mkdtemp(prefix="cockpit-team-"))
        self.joined = make_team(servers[0].url, owner, NAMES)
        inc = secrets.token_hex(16)
        self.settings = []
        for number, joined in enumerate(self.joined, 1):
            home = self.home / joined.member
            home.mkdir()
            url = servers[number % len(servers)].url
            self.settings.append(Settings(str(home), url, joined, inc, number == 1, pause))
        self.processes = [self._start(each) for each in self.settings]

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Send everybody home."""
        for process in self.processes:
            process.kill()
            process.communicate(timeout=60)
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self, settings: Settings) -> subprocess.Popen[str]:
        words = msgspec.json.encode(settings).decode()
        with (Path(settings.home) / "log").open("a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.engines.member_process", words],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                cwd=ROOT,
            )

    def sent_at(self) -> list[float]:
        """Return when pushes of anybody were answered, in monotonic seconds."""
        return sorted(float(each) for each in self._all("sent"))

    def saved(self) -> set[str]:
        """Return the ids of all that anybody saw as saved."""
        return set(self._all("saved"))

    def _all(self, name: str) -> list[str]:
        found = []
        for settings in self.settings:
            with suppress(FileNotFoundError):
                words = (Path(settings.home) / name).read_text()
                found += words[: words.rfind("\n") + 1].split()
        return found

    def sent_since(self, moment: float) -> int:
        """Return how many pushes were answered since then."""
        return sum(each > moment for each in self.sent_at())

    def work(self, pushes: int = 12, seconds: float = 60) -> float:
        """Wait until so many more pushes were answered; return how long that took."""
        moment = time.monotonic()
        return wait_for(
            lambda: self.sent_since(moment) >= pushes, seconds, "pushes", self.last_words
        )

    def outage_since(self, moment: float) -> float:
        """Return the longest time in seconds since then in which no push was answered."""
        times = [moment, *(each for each in self.sent_at() if each > moment)]
        return max(after - before for before, after in pairwise(times))

    def kill_member(self, number: int) -> None:
        """Kill one of them with -9, and let them begin again where they were."""
        self.processes[number].send_signal(signal.SIGKILL)
        self.processes[number].communicate(timeout=60)
        self.processes[number] = self._start(self.settings[number])

    def finish(self) -> Outcome:
        """Stop the writing, let everybody exchange what is left, and compare."""
        self._tell("rest")
        self._answers("settle")
        # What the last one sent after another had settled is only there at a second look.
        said = self._answers("settle")
        saved, here = self.saved(), [set(each["ids"]) for each in said]
        here.append(self._ids_of_the_server())
        return Outcome(
            saved=len(saved),
            missing=sum(len(saved - ids) for ids in here),
            states={each["state"] for each in said},
            cursors={each["cursor"] for each in said},
            unsent=sum(each["unsent"] for each in said),
            held=sum(each["held"] for each in said),
            rewinds=[each["rewinds"] for each in said],
        )

    def _ids_of_the_server(self) -> set[str]:
        """Return what somebody new gets."""
        cursor, ids = START, set[str]()
        with closing(call(self.servers[0].url, self.joined[0])) as client:
            while page := client.pull(cursor):
                ids |= {json.loads(bytes(row[3]))["id"] for row in page.ops}
                cursor = page.cursor
        return ids

    def _tell(self, word: str) -> None:
        for process in self.processes:
            assert process.stdin
            process.stdin.write(f"{word}\n")
            process.stdin.flush()

    def _answers(self, word: str) -> list[dict[str, Any]]:
        self._tell(word)
        said = []
        for process in self.processes:
            line = read_line(process, 2 * SETTLE_SECONDS)
            assert line, self.last_words()
            said.append(json.loads(line))
        return said

    def last_words(self) -> str:
        """Return what went wrong last, for everybody."""
        logs = [Path(each.home) / "log" for each in self.settings]
        logs += [server.leash.log for server in self.servers]
        return "\n".join(f"{log}:\n{log.read_text()[-1500:]}" for log in logs)
