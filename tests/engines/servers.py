"""Servers of a team as processes of their own, to be killed by tests."""

from __future__ import annotations

import re
import signal
import sys
import tempfile
from contextlib import closing, suppress
from pathlib import Path

import httpx

from cockpit.domain.wire import InviteRequest, Join, Joined, NewWorkspace, Role
from cockpit.sync.client import Client
from cockpit.sync.transport import Transport
from tests.engines.leash import Leash
from tests.engines.ports import free_ports
from tests.engines.waiting import wait_for

_INVITE = re.compile(r"/j#([\w-]+)")


class TeamServer:
    """One `cockpit serve`."""

    def __init__(self, database: str) -> None:
        """Start it on a free port, and wait until it answers."""
        home = Path(tempfile.mkdtemp(prefix="cockpit-server-"))
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        words = ["serve", "--port", str(port), "--database", database, "--rate", "0"]
        command = [sys.executable, "-m", "cockpit", *words]
        self.leash = Leash(command, home, own=True, COCKPIT_HOME=str(home))
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        wait_for(self.is_ready, 30, "a server", self.leash.last_words)

    def is_ready(self) -> bool:
        """Say whether it and its database answer."""
        with suppress(httpx.HTTPError):
            return httpx.get(f"{self.url}/readyz", trust_env=False, timeout=5).status_code == 200
        return False

    def owner_code(self) -> str:
        """Return the code of the first owner's invite, as it was printed."""
        found = _INVITE.findall(self.leash.last_words())
        assert found, self.leash.last_words()
        return str(found[-1])

    def kill(self) -> None:
        """Kill it with -9."""
        self.leash.signal_all(signal.SIGKILL)

    def start_again(self) -> None:
        """Start it again where it was, and wait until it answers."""
        self.leash.start_again()
        self.wait()

    def close(self) -> None:
        """End it."""
        self.leash.close()


def call(url: str, joined: Joined | None = None) -> Client:
    """Return a client of a server, without a token before joining."""
    ws, token = (joined.ws, joined.token) if joined else ("", "")
    return Client(Transport(url), now_ms=lambda: 0, ws=ws, token=token)


def found_team(server: TeamServer) -> Joined:
    """Return the membership of the owner of a new database."""
    return join(server.url, server.owner_code(), "owner", 0)


def join(url: str, code: str, name: str, number: int) -> Joined:
    """Return the membership that an invite gives; number: of the device."""
    with closing(call(url)) as anybody:
        return anybody.join(Join(code, name, f"{number:08x}"))


def make_team(url: str, owner: Joined, names: list[str]) -> list[Joined]:
    """Make a workspace, and return the memberships of people whom its owner invited."""
    with closing(call(url, owner)) as client:
        made = client.create(NewWorkspace("Payments", "owner", "00000000"))
    with closing(call(url, made)) as client:
        codes = [client.invite(InviteRequest(Role.EDITOR)).code for _ in names]
    return [
        join(url, code, name, number)
        for number, (code, name) in enumerate(zip(codes, names, strict=True), 1)
    ]
