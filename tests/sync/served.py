"""A server as a process of its own, and members' machines that are joined to it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from cockpit.domain.remotes import Remote
from cockpit.domain.wire import InviteRequest, Join, Joined, NewWorkspace, Role
from cockpit.service.session import Session
from cockpit.sync.client import Client
from cockpit.sync.exchange import Exchange
from cockpit.sync.sealing import Envelopes
from cockpit.sync.transport import Transport
from tests.programs import end, read_line, telling

_INVITE = re.compile(r"(http://[^/\s]+)/j#(\S+)")


class Served(Struct):
    """A running server: its address, the owner's code, and the file with what it logs."""

    url: str
    code: str
    database: Path
    log: Path
    process: subprocess.Popen[str]


@contextmanager
def serve(directory: Path, first: str = "") -> Iterator[Served]:
    """Run a server on a new SQLite file in `directory`; `first` is Python that it runs before."""
    database, log = directory / "server.db", directory / "server.log"
    start = ["-c", f"{first}\nfrom cockpit.cli import main\nmain()"] if first else ["-m", "cockpit"]
    command = [sys.executable, *start, "serve", "--port", "0", "--verbose", "--rate", "0"]
    environment = {**os.environ, "COCKPIT_HOME": str(directory / "server-home")}
    with log.open("w") as errors:
        process = subprocess.Popen(
            [*command, "--database", str(database)],
            env=telling(environment),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    with process.stdout:
        try:
            said = ""
            while not (found := _INVITE.search(said)):
                line = read_line(process, log=log)
                assert line, f"the server ended: {log.read_text()}"
                said += line
            yield Served(found[1], found[2], database, log, process)
        finally:
            end(process, log=log)


class Device:
    """A member's machine: its cockpit, and the way to the server."""

    def __init__(self, session: Session, joined: Joined, url: str, envelopes: Envelopes) -> None:
        """Keep the membership in the cockpit's database."""
        self.session = session
        self.joined = joined
        self.url = url
        self.client = open_client(session, url, joined)
        remote = Remote(
            joined.ws,
            url,
            joined.server_id,
            joined.title,
            joined.member,
            joined.role,
            sealed=joined.sealed,
        )
        session.store.remotes.put(remote)
        self.read_as(envelopes)

    def read_as(self, envelopes: Envelopes) -> None:
        """Speak with the server in another form, after a key came or was lost."""
        self.exchange = Exchange(self.session.store.remotes, self.client, envelopes, self.joined.ws)

    def settle(self) -> None:
        """Exchange everything."""
        self.exchange.settle()

    def invite(self, name: str, session: Session) -> Joined:
        """Let somebody join."""
        invite = self.client.invite(InviteRequest(Role.EDITOR))
        with closing(open_client(session, self.url)) as anybody:
            return anybody.join(Join(invite.code, name, "ab12cd34"))


def open_client(session: Session, url: str, joined: Joined | None = None) -> Client:
    """Return a client of a server, without a token before joining."""
    ws, token = (joined.ws, joined.token) if joined else ("", "")
    return Client(
        Transport(url), now_ms=lambda: round(session.clock().timestamp() * 1000), ws=ws, token=token
    )


def make_workspace(served: Served, session: Session, *, sealed: bool) -> Joined:
    """Return the membership of the owner of a new workspace."""
    with closing(open_client(session, served.url)) as anybody:
        first = anybody.join(Join(served.code, session.author, "ab12cd34"))
    with closing(open_client(session, served.url, first)) as client:
        return client.create(NewWorkspace("Payments", session.author, "ab12cd34", sealed=sealed))
