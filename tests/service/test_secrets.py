"""Tokens: in the keyring where one works, in a private file once somebody says so, nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.paths import Paths
from cockpit.service.secrets import Keyring, NoPlaceError, Secret, Vault

WS = "0123456789abcdef" * 2
SECRET = Secret("ic1.ws.canary-token", "https://sync.example", "canary-key")


class MemoryKeyring:
    """A keyring in memory; `broken` raises as a locked one does, `deaf` keeps nothing."""

    def __init__(self, *, broken: bool = False, deaf: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.broken = broken
        self.deaf = deaf

    def get_password(self, service: str, username: str) -> str | None:
        if self.broken:
            raise RuntimeError("locked")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.broken:
            raise RuntimeError("locked")
        if not self.deaf:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    home = tmp_path / "home"
    home.mkdir()
    return Paths(home, home)


@pytest.fixture
def loose_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def vault(paths: Paths, keyring: Keyring | None = None) -> Vault:
    return Vault(paths, lambda: keyring)


def test_without_a_keyring_nothing_is_kept_before_somebody_agrees(paths: Paths) -> None:
    with pytest.raises(NoPlaceError, match="--store-in-file"):
        vault(paths).keep(WS, SECRET, in_file=False)
    assert list(paths.data_dir.iterdir()) == []
    assert not vault(paths).has_keyring()


@pytest.mark.usefixtures("loose_umask")
def test_a_file_is_private_whatever_the_umask(paths: Paths) -> None:
    place = Path(vault(paths).keep(WS, SECRET, in_file=True))
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert vault(paths).load(WS) == SECRET


def test_a_file_that_others_can_read_is_refused(paths: Paths) -> None:
    place = Path(vault(paths).keep(WS, SECRET, in_file=True))
    place.chmod(0o644)
    with pytest.raises(CockpitError, match="chmod 600"):
        vault(paths).load(WS)


def test_a_keyring_that_works_is_enough(paths: Paths) -> None:
    keyring = MemoryKeyring()
    assert vault(paths, keyring).keep(WS, SECRET, in_file=False) == "the keyring"
    assert vault(paths, keyring).load(WS) == SECRET
    assert not paths.secrets.exists()
    vault(paths, keyring).forget(WS)
    assert vault(paths, keyring).load(WS) is None


def test_two_homes_do_not_share_a_token(paths: Paths, tmp_path: Path) -> None:
    keyring = MemoryKeyring()
    vault(paths, keyring).keep(WS, SECRET, in_file=False)
    assert vault(Paths(tmp_path / "b", tmp_path / "b"), keyring).load(WS) is None


@pytest.mark.parametrize("keyring", [MemoryKeyring(broken=True), MemoryKeyring(deaf=True)])
def test_a_keyring_that_does_not_keep_counts_as_none(paths: Paths, keyring: MemoryKeyring) -> None:
    with pytest.raises(NoPlaceError):
        vault(paths, keyring).keep(WS, SECRET, in_file=False)


def test_a_locked_keyring_says_so(paths: Paths) -> None:
    with pytest.raises(CockpitError, match="Unlock it"):
        vault(paths, MemoryKeyring(broken=True)).load(WS)


def test_the_keyring_takes_the_place_of_the_file(paths: Paths) -> None:
    keyring = MemoryKeyring()
    file = Path(vault(paths, keyring).keep(WS, SECRET, in_file=True))
    vault(paths, keyring).keep(WS, SECRET, in_file=False)
    assert not file.exists()


def test_nothing_kept_is_nothing(paths: Paths) -> None:
    assert vault(paths).load(WS) is None
    vault(paths, MemoryKeyring()).forget(WS)


@pytest.mark.parametrize("ws", ["", "../../etc/passwd", "A" * 32, f"{WS[:-1]}/"])
def test_only_a_workspace_id_names_a_file(paths: Paths, ws: str) -> None:
    with pytest.raises(CockpitError):
        vault(paths).load(ws)


def test_damage_is_told_without_the_secret(paths: Paths) -> None:
    place = Path(vault(paths).keep(WS, SECRET, in_file=True))
    place.write_text('{"token": "canary-token"', encoding="utf-8")
    with pytest.raises(CockpitError, match="damaged") as caught:
        vault(paths).load(WS)
    assert "canary" not in str(caught.value)
    assert "canary" not in repr(SECRET)
