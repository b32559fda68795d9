"""Two people at two real terminals, with a real server between them that may come and go."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.programs import read_line
from tests.terminal.tmux_terminal import SECONDS, Terminal

INVITE = re.compile(r"(http://\S+/j#\S+)")
LIVE_SECONDS = 1.0
"""The promise, for 95 of 100 entries."""

QUICK_SECONDS = 0.3
"""How soon an entry stands on the screen of who typed it, on a machine that has time."""

BUSY_SECONDS = 20.0
"""What a machine gets that runs other tests at the same time, for a single event."""


class Server:
    """A server that can be killed and started again at the same address."""

    def __init__(self, place: Path, database: str = "") -> None:
        self.place = place
        self.database = database or str(place / "server.db")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.invite = ""
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = ["serve", "--port", str(self.port), "--title", "Payments", "--rate", "0"]
        command += ["--database", self.database]
        with (self.place / "server.log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cockpit", *command],
                env={**os.environ, "COCKPIT_HOME": str(self.place / "server")},
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        said = read_line(self.process)
        assert "Serving on" in said, (self.place / "server.log").read_text()
        if not self.invite:
            while not (found := INVITE.search(said)):
                said = read_line(self.process)
                assert said, (self.place / "server.log").read_text()
            self.invite = found[1]

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(10)
        if self.process.stdout is not None:
            self.process.stdout.close()


class Team:
    """Ana's and Ben's terminals, both at INC-1, and their server; other: Ben's, if not the same."""

    def __init__(self, place: Path, server: Server, other: Server | None = None) -> None:
        self.server = server
        self.ana = self._sit_down(place, "ana", (120, 35))
        self.ben = self._sit_down(place, "ben", (80, 24))
        self.ana.cockpit("sync", "join", server.invite, "--store-in-file")
        self.ana.cockpit("declare", "Checkout fails")
        self.ana.cockpit("sync", "now")
        invite = json.loads(self.ana.cockpit("sync", "invite", "--json"))["address"]
        if other is not None:
            invite = invite.replace(f":{server.port}/", f":{other.port}/")
        self.ben.cockpit("sync", "join", invite, "--store-in-file")
        for terminal in (self.ana, self.ben):
            terminal.start("INC-1")
        for terminal, other in ((self.ana, "ben here"), (self.ben, "ana here")):
            terminal.wait_for("Checkout fails", other, "synced")

    def _sit_down(self, place: Path, name: str, size: tuple[int, int]) -> Terminal:
        directory = place / name
        directory.mkdir()
        terminal = Terminal(directory, directory / "home", *size)
        terminal.use(COCKPIT_AUTHOR=name)
        return terminal

    def texts(self, terminal: Terminal) -> list[str]:
        shown = json.loads(terminal.cockpit("show", "INC-1", "--json", "--entries", "1000"))
        return [each["text"] for each in shown["timeline"]]

    def close(self) -> None:
        self.ana.close()
        self.ben.close()


@pytest.fixture
def team() -> Iterator[Team]:
    with tempfile.TemporaryDirectory(prefix="ic", ignore_cleanup_errors=True) as directory:
        server = Server(Path(directory))
        server.start()
        made = None
        try:
            made = Team(Path(directory), server)
            yield made
        finally:
            if made is not None:
                made.close()
            server.kill()


@pytest.fixture
def spread_team(new_database: Callable[..., str]) -> Iterator[Team]:
    """A team whose members use two server processes in front of one PostgreSQL."""
    database = new_database()
    with tempfile.TemporaryDirectory(prefix="ic", ignore_cleanup_errors=True) as directory:
        servers = []
        made = None
        try:
            for name in ("one", "other"):
                place = Path(directory) / name
                place.mkdir()
                servers.append(Server(place, database))
                servers[-1].start()
            made = Team(Path(directory), *servers)
            yield made
        finally:
            if made is not None:
                made.close()
            for server in servers:
                server.kill()


def begin_entry(terminal: Terminal) -> None:
    terminal.press("n")
    terminal.wait_for("esc Done")


def measure(team: Team, count: int) -> tuple[list[float], list[float]]:
    """Return how long Ana's entries took to stand on Ben's screen and on her own, in order, s."""
    begin_entry(team.ana)
    delays: dict[Terminal, list[float]] = {team.ana: [], team.ben: []}
    for number in range(count):
        text = f"entry number {number} of ana"
        team.ana.type(text)
        team.ana.press("Enter")
        began = time.monotonic()
        waiting = [team.ben, team.ana]
        while waiting:
            for terminal in tuple(waiting):
                # Ana's line shows the text from the beginning: only the timeline counts.
                if any(text in line and "›" not in line for line in terminal.screen().splitlines()):
                    delays[terminal].append(time.monotonic() - began)
                    waiting.remove(terminal)
            assert time.monotonic() - began < SECONDS, (text, team.ben.screen())
            time.sleep(0.02)
    return sorted(delays[team.ben]), sorted(delays[team.ana])


def check(
    team: Team, count: int, note_figure: Callable[[str], None], longest: float = LIVE_SECONDS
) -> None:
    """Hold 95 of 100 entries to the promise.

    Machines that run tests are busy: a second is meant where one's own entries show at once.
    """
    theirs, own = measure(team, count)
    p95 = count * 95 // 100 - 1
    note_figure(
        f"p50 {theirs[count // 2]:.3f} s, p95 {theirs[p95]:.3f} s, most {theirs[-1]:.3f} s; "
        f"on one's own screen p95 {own[p95]:.3f} s"
    )
    assert theirs[p95] < longest * max(1.0, own[p95] / QUICK_SECONDS), (theirs, own)


def test_what_one_types_the_other_sees_within_a_second(
    team: Team, note_figure: Callable[[str], None]
) -> None:
    check(team, 5, note_figure, 4 * LIVE_SECONDS)


@pytest.mark.slow(60)
def test_of_a_hundred_entries_95_are_seen_within_a_second(
    team: Team, note_figure: Callable[[str], None]
) -> None:
    check(team, 100, note_figure)


@pytest.mark.slow(60)
def test_across_two_servers_95_of_a_hundred_are_seen_within_a_second(
    spread_team: Team, note_figure: Callable[[str], None]
) -> None:
    check(spread_team, 100, note_figure)


def test_nothing_is_lost_while_the_server_is_gone(team: Team) -> None:
    for terminal in (team.ana, team.ben):
        begin_entry(terminal)
        terminal.type("half a thou")
    team.server.kill()
    for terminal in (team.ana, team.ben):
        terminal.wait_for("offline", "half a thou")
    for number in range(3):
        for terminal, name in ((team.ana, "ana"), (team.ben, "ben")):
            terminal.type(f"ght {number} of {name}")
            terminal.press("Enter")
            terminal.wait_for(f"ght {number} of {name}")
            terminal.type("half a thou")
    team.ana.wait_for("to send")
    team.server.start()
    for terminal, other in ((team.ana, "ben"), (team.ben, "ana")):
        screen = terminal.wait_for(f"half a thought 2 of {other}", "synced", seconds=60.0)
        assert "› half a thou" in screen
    wanted = sorted(f"half a thought {n} of {who}" for n in range(3) for who in ("ana", "ben"))
    for terminal in (team.ana, team.ben):
        assert sorted(text for text in team.texts(terminal) if "thought" in text) == wanted
    assert team.texts(team.ana) == team.texts(team.ben)


def test_two_people_do_not_write_the_same_update_unseen(team: Team) -> None:
    for terminal in (team.ana, team.ben):
        terminal.press("3")
        terminal.wait_for("We are aware of a problem")
    team.ben.press("e")
    team.ben.wait_for("^s Save")
    team.ben.type("Words of ben. ")
    team.ana.wait_for("ben writes this update since")
    team.ana.press("e")
    team.ana.wait_for("K takes it over.")
    team.ana.press("K")
    team.ana.wait_for("^s Save")
    team.ana.type("Words of ana. ")
    team.ben.wait_for("ana took this update over. Your text is kept", "Words of ben.")
    team.ben.type("Still his. ")
    team.ben.wait_for("Words of ben. Still his.")
    team.ben.press("Escape")
    team.ben.wait_for("ana writes this update since", "Words of ben. Still his.")


def test_values_set_at_once_are_settled_with_one_key(team: Team) -> None:
    team.server.kill()
    team.ana.cockpit("set", "INC-1", "severity", "SEV1")
    time.sleep(0.01)
    team.ben.cockpit("set", "INC-1", "severity", "SEV3")
    team.ana.wait_for("SEV1 ")
    team.ben.wait_for("SEV3 ")
    team.server.start()
    for terminal in (team.ana, team.ben):
        terminal.wait_for("2 values for severity", seconds=60.0)
    team.ana.press("R")
    team.ana.wait_for("Which severity is right?", "set by ana at", "set by ben at")
    team.ana.press("1")
    for terminal in (team.ana, team.ben):
        terminal.wait_gone("2 values for severity")


def test_a_person_who_leaves_is_not_here_any_longer(team: Team) -> None:
    team.ana.press("C-q")
    team.ana.wait_over()
    team.ben.wait_gone("ana here", seconds=BUSY_SECONDS)
