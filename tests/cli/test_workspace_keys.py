"""`cockpit sync key`, with a real server: a new key, who lacks it, and how they get it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.domain.remotes import Remote
from cockpit.domain.wire import Role
from cockpit.errors import InvalidInputError, SyncError
from cockpit.service import workspace_keys
from cockpit.service.secrets import Secret, Vault
from cockpit.sync.keys import WorkspaceKeys
from tests.cli.conftest import Commands
from tests.cli.team import Person
from tests.service.bundle_copies import open_copy
from tests.sync.served import Served, serve

WS, URL = "a" * 32, "https://cockpit.example"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path) as running:
        yield running


@pytest.fixture
def pair(
    served: Served, tmp_path: Path, cockpit: Commands, monkeypatch: pytest.MonkeyPatch
) -> tuple[Person, Person]:
    """An owner and an editor of an encrypted workspace, called Secret, with an incident in it."""
    ana, ben = (Person(name, tmp_path / name, cockpit, monkeypatch) for name in ("ana", "ben"))
    ana.join(f"{served.url}/j#{served.code}")
    ana.ok("sync", "create", "Secret", "--encrypted", "--store-in-file")
    ben.join(ana.invite("-w", "Secret"))
    ana.ok("declare", "Checkout fails")
    ana.ok("sync", "share", "INC-1", "-w", "Secret")
    ben.ok("sync", "now")
    assert ben.refs() == ["INC-1"]
    return ana, ben


def test_a_new_key_is_passed_on(pair: tuple[Person, Person], served: Served) -> None:
    ana, ben = pair
    text = ana.ok("sync", "key", "new", "-w", "Secret").out.strip()
    ana.ok("log", "sealed with the new key")
    ana.ok("sync", "now")
    ben.ok("sync", "now")
    assert "sealed with the new key" not in ben.ok("show", "INC-1").out
    held = ben.ok("sync", "status").out
    assert "which is not on this machine" in held
    assert "cockpit sync key add" in held
    added = ben.ok("sync", "key", "add", "-w", "Secret", stdin=text.encode())
    assert added.out == "Added 1 key to “Secret”.\n"
    ben.ok("sync", "now")
    assert "sealed with the new key" in ben.ok("show", "INC-1").out
    again = ben.ok("sync", "key", "add", "-w", "Secret", stdin=text.encode())
    assert again.out.startswith("Nothing new")
    kids = [each.ok("sync", "key", "list", "-w", "Secret").out for each in pair]
    assert kids[0] == kids[1]
    assert len(kids[0].splitlines()) == 2
    assert b"sealed with the new key" not in served.database.read_bytes()


def test_an_invite_made_afterwards_carries_all_keys(
    pair: tuple[Person, Person],
    tmp_path: Path,
    cockpit: Commands,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ana, _ = pair
    ana.ok("sync", "key", "new", "-w", "Secret")
    ana.ok("log", "sealed with the new key")
    ana.ok("sync", "now")
    chloe = Person("chloe", tmp_path / "chloe", cockpit, monkeypatch)
    chloe.join(ana.invite("-w", "Secret"))
    shown = chloe.ok("show", "INC-1").out
    assert "Checkout fails" in shown
    assert "sealed with the new key" in shown


def test_only_an_owner_makes_a_new_key(pair: tuple[Person, Person]) -> None:
    _, ben = pair
    refused = ben("sync", "key", "new", "-w", "Secret")
    assert (refused.code, "Only an owner" in refused.err) == (4, True)


def test_a_key_that_was_not_copied_whole_is_refused(pair: tuple[Person, Person]) -> None:
    _, ben = pair
    for text in (b"", b"abc", b"A" * 5000):
        refused = ben("sync", "key", "add", "-w", "Secret", stdin=text)
        assert refused.code == 2, refused


def test_a_lost_key_is_said_to_be_lost(tmp_path: Path) -> None:
    with open_copy(tmp_path, "ana") as session:
        vault = Vault(session.paths, lambda: None)
        vault.keep(WS, Secret("token", URL), in_file=True)
        remote = Remote(WS, URL, "s", "Secret", "ana", Role.OWNER, sealed=True)
        with pytest.raises(SyncError, match="Nobody can make it again"):
            workspace_keys.renew_key(session, remote, vault)
        key = WorkspaceKeys((b"k" * 32,))
        assert workspace_keys.add_keys(session, remote, vault, key.write()) == 1
        assert workspace_keys.list_keys(remote, vault) == (key.current,)
        with pytest.raises(InvalidInputError, match="is not encrypted"):
            workspace_keys.list_keys(Remote(WS, URL, "s", "Team", "ana", Role.OWNER), vault)
