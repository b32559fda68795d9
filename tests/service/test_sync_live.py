"""The exchange beside the app: live, quiet, and not there at all where nothing is shared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cockpit.config import Config
from cockpit.domain.sync_state import Contact
from cockpit.paths import Paths
from cockpit.service import sharing, sync_members, timeline
from cockpit.service.incidents import Declaration, declare
from cockpit.service.runner import Runner
from cockpit.service.secrets import Vault, open_vault
from cockpit.service.session import Session, open_session
from cockpit.service.sync_live import LiveSync
from tests.sync.served import Served, serve

SECONDS = 30.0


class Machine:
    """Somebody's cockpit: the threads of an app, without its screens."""

    def __init__(self, name: str, home: Path) -> None:
        self.paths = Paths(home, home)
        self.config = Config(author=name)
        self.moves = 0
        self.runner = Runner(poll_seconds=0.05)
        self.runner.start(self.open)
        self.live = LiveSync(self.runner, self.open, find_vault=self.vault)
        self.live.begin(self._count)

    def open(self) -> Session:
        return open_session(self.paths, self.config)

    def vault(self, _: Session) -> Vault:
        return Vault(self.paths, lambda: None)

    def do(self, work: Callable[[Session], Any]) -> Any:
        """Do something as the app would."""
        return self.runner.submit(work).result(SECONDS)

    def join(self, address: str) -> None:
        """Join while the app runs, as from a shell beside it."""
        with self.open() as session:
            sharing.join(session, address, self.config.author, self.vault(session), in_file=True)
        self.live.look()

    def texts(self, inc: str) -> list[str]:
        from cockpit.domain.view import TimelineFilter

        with self.open() as session:
            entries = session.reads.timeline(inc, TimelineFilter(), 0, 1000)
        return [each.text for each in entries]

    def contact(self) -> Contact:
        found = self.live.state.workspaces
        return found[0].contact if found else Contact.NEVER

    def stop(self) -> None:
        self.runner.stop()
        self.live.stop()

    def _count(self) -> None:
        self.moves += 1


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Callable[[str], Machine]]:
    """A function that starts somebody's machine."""
    made: list[Machine] = []

    def start(name: str) -> Machine:
        made.append(Machine(name, tmp_path / name))
        return made[-1]

    yield start
    for each in made:
        each.stop()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    place = tmp_path / "server"
    place.mkdir()
    with serve(place) as running:
        yield running


def until(holds: Callable[[], bool]) -> float:
    """Wait until something holds; return after how many seconds."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < SECONDS, "it did not happen in time"
        time.sleep(0.01)
    return time.monotonic() - began


def invite(machine: Machine) -> str:
    with machine.open() as session:
        remote = session.store.remotes.joined()[0]
        return sync_members.invite(session, remote, machine.vault(session)).address


def test_two_machines_hear_each_other(served: Served, machines: Callable[[str], Machine]) -> None:
    ana, ben = machines("ana"), machines("ben")
    ana.join(f"{served.url}/j#{served.code}")
    until(lambda: ana.contact() is Contact.SYNCED)
    ben.join(invite(ana))
    until(lambda: ben.contact() is Contact.SYNCED)
    inc = ana.do(lambda session: declare(session, Declaration("Checkout fails"))).id
    ana.live.tell(ana.live.state.workspaces[0].ws, inc, "update:customers")
    until(lambda: "Declared SEV2: Checkout fails" in ben.texts(inc))
    until(
        lambda: any(
            (each.member, each.inc, each.doing) == ("ana", inc, "update:customers")
            for each in ben.live.state.workspaces[0].here
        )
    )
    ana.do(lambda session: timeline.log_line(session, inc, "warm up"))
    until(lambda: "warm up" in ben.texts(inc))
    delays = []
    for number in range(10):
        ana.do(lambda session, n=number: timeline.log_line(session, inc, f"line {n}"))
        delays.append(until(lambda n=number: f"line {n}" in ben.texts(inc)))
    # The usual one: a machine that runs other tests may be late now and then.
    assert sorted(delays)[5] < 1.0, delays
    assert ben.moves
    ana.stop()
    until(lambda: not any(each.member == "ana" for each in ben.live.state.workspaces[0].here))


def test_a_private_incident_is_not_named_to_the_team(
    served: Served, machines: Callable[[str], Machine]
) -> None:
    ana, ben = machines("ana"), machines("ben")
    ana.join(f"{served.url}/j#{served.code}")
    ben.join(invite(ana))
    until(lambda: ben.contact() is Contact.SYNCED)
    secret = Declaration("Only for us", private=True)
    inc = ana.do(lambda session: declare(session, secret)).id
    ana.live.tell("", inc, "update:customers")
    until(lambda: any(each.member == "ana" for each in ben.live.state.workspaces[0].here))
    seen = [each for each in ben.live.state.workspaces[0].here if each.member == "ana"]
    assert [(each.inc, each.doing) for each in seen] == [("", "")]


def test_a_workspace_that_is_left_ends_its_exchange(
    served: Served, machines: Callable[[str], Machine]
) -> None:
    ana = machines("ana")
    ana.join(f"{served.url}/j#{served.code}")
    until(lambda: ana.contact() is Contact.SYNCED)
    with ana.open() as session:
        sharing.leave(session, session.store.remotes.joined()[0], ana.vault(session))
    ana.live.look()
    until(lambda: ana.live.state.workspaces == ())


def test_a_token_that_is_gone_is_said_and_the_app_goes_on(
    served: Served, machines: Callable[[str], Machine]
) -> None:
    ana = machines("ana")
    ana.join(f"{served.url}/j#{served.code}")
    until(lambda: ana.contact() is Contact.SYNCED)
    ana.live.stop()
    with ana.open() as session:
        open_vault(ana.paths).forget(session.store.remotes.joined()[0].ws)
    ana.live = LiveSync(ana.runner, ana.open, find_vault=ana.vault)
    ana.live.begin(lambda: None)
    until(lambda: ana.contact() is Contact.REFUSED)
    began = time.monotonic()
    ana.do(lambda session: declare(session, Declaration("Checkout fails")))
    assert time.monotonic() - began < 10


APP = """
import asyncio, json, os, sys
from cockpit.app import CockpitApp
from cockpit.config import Config
from cockpit.paths import Paths
from cockpit.service.drafts import DraftKeeper
from cockpit.service.runner import Runner
from cockpit.service.session import open_session
from cockpit.service.sync_live import LiveSync
from pathlib import Path

home = Path(sys.argv[1])
paths, config = Paths(home, home), Config(author="me")
def open_one():
    return open_session(paths, config)
runner = Runner()
runner.start(open_one)
drafts = DraftKeeper(runner.read(lambda s: s.drafts).result())
live = LiveSync(runner, open_one)
playbook = runner.read(lambda s: s.playbook).result()
async def main():
    app = CockpitApp(paths, config, runner, drafts, playbook, live=live)
    async with app.run_test(size=(120, 35)) as pilot:
        await pilot.pause(0.5)
        await pilot.press("n", *"checkout", "enter")
        await pilot.pause(1.0)
asyncio.run(main())
runner.stop(); live.stop()
names = {name for name in sys.modules if name.startswith(("cockpit.sync", "httpx", "keyring"))}
names |= {name for name in sys.modules if name == "cockpit.store.remotes"}
import threading
names |= {each.name for each in threading.enumerate() if "sync" in each.name}
print("\\n" + json.dumps(sorted(names)))
"""


def test_an_app_that_shares_with_nobody_loads_nothing_of_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", APP, str(tmp_path / "home")],
        env={**os.environ, "COCKPIT_HOME": str(tmp_path / "home")},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout.splitlines()[-1]) == []
