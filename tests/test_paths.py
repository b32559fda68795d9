"""Places and private files: everything under COCKPIT_HOME, 0700 and 0600 whatever the umask."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from cockpit.errors import CockpitError
from cockpit.paths import create_private_directory, find_paths, write_private


@pytest.fixture(params=[0o000, 0o022, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_home_holds_everything(tmp_path: Path) -> None:
    paths = find_paths({"COCKPIT_HOME": str(tmp_path / "home")})
    places = (
        paths.database,
        paths.drafts,
        paths.backups,
        paths.exports,
        paths.last_update,
        paths.playbook,
        paths.templates,
        paths.config_file,
    )
    assert len(set(places)) == len(places)
    assert all(place.is_relative_to(tmp_path / "home") for place in places)


def test_finding_creates_nothing(tmp_path: Path) -> None:
    find_paths({"COCKPIT_HOME": str(tmp_path / "home")})
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("environ", [{}, {"COCKPIT_HOME": ""}, {"COCKPIT_HOME": "  "}])
def test_without_home_the_platform_decides(environ: dict[str, str]) -> None:
    paths = find_paths(environ)
    assert paths.data_dir.is_absolute()
    assert "incident-cockpit" in str(paths.data_dir)


def test_relative_home_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_paths({"COCKPIT_HOME": "here"}).data_dir == tmp_path / "here"


def test_directories_are_private_whatever_the_umask(tmp_path: Path, umask: int) -> None:
    paths = find_paths({"COCKPIT_HOME": str(tmp_path / "a" / "b")})
    paths.create()
    for each in (tmp_path / "a", paths.data_dir, paths.drafts, paths.backups, paths.exports):
        assert mode(each) == 0o700


def test_existing_directory_keeps_its_mode(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    create_private_directory(tmp_path)
    assert mode(tmp_path) == 0o755


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("x")
    with pytest.raises(CockpitError, match="home cannot be used"):
        find_paths({"COCKPIT_HOME": str(tmp_path / "home")}).create()
    with pytest.raises(CockpitError, match="cannot be used"):
        find_paths({"COCKPIT_HOME": str(tmp_path / "home" / "deeper")}).create()


def test_private_file_is_replaced_in_one_step(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "text"
    write_private(path, "one")
    write_private(path, "two \ud800 ü")
    assert path.read_text(encoding="utf-8") == "two ? ü"
    assert mode(path) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["text"]


def test_private_file_never_goes_through_a_link(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("mine")
    (tmp_path / "text").symlink_to(victim)
    write_private(tmp_path / "text", "new")
    assert victim.read_text() == "mine"
    assert not (tmp_path / "text").is_symlink()
