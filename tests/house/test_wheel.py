"""The wheel holds all that the program needs, and runs where there is no checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.source_tree import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the tree as it is, without network."""
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def unpacked(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(place)
    return place


def names(wheel: Path) -> list[str]:
    return zipfile.ZipFile(wheel).namelist()


def test_the_wheel_is_for_every_machine(wheel: Path) -> None:
    assert wheel.name.startswith("incident_cockpit-")
    assert wheel.name.endswith("-py3-none-any.whl")


def test_all_modules_and_all_data_are_inside(wheel: Path) -> None:
    inside = set(names(wheel))
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "cockpit").rglob("*.py")}
    data = {
        f"cockpit/_data/{path.relative_to(ROOT / 'data').as_posix()}"
        for path in (ROOT / "data").rglob("*")
        if path.is_file()
    }
    assert modules | data | {"cockpit/py.typed"} <= inside
    assert data


def test_nothing_else_is_inside(wheel: Path) -> None:
    strange = [
        name for name in names(wheel) if not name.startswith(("cockpit/", "incident_cockpit-"))
    ]
    assert strange == []
    assert [
        name for name in names(wheel) if name.startswith("cockpit/_data/") and name.endswith(".py")
    ] == []
    assert [name for name in names(wheel) if "__pycache__" in name] == []


def test_the_manual_page_is_installed_where_man_looks(wheel: Path) -> None:
    (page,) = [name for name in names(wheel) if ".data/" in name]
    assert page.endswith(".data/data/share/man/man1/incident-cockpit.1")
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(page) == (ROOT / "docs" / "incident-cockpit.1").read_bytes()


def test_licence_and_commands_are_named(unpacked: Path) -> None:
    (info,) = unpacked.glob("incident_cockpit-*.dist-info")
    assert (info / "licenses" / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
    metadata = (info / "METADATA").read_text()
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata
    commands = (info / "entry_points.txt").read_text()
    assert "cockpit = cockpit.cli:main" in commands
    assert "incident-cockpit = cockpit.cli:main" in commands


def test_it_runs_a_whole_incident_outside_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    def cockpit(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "cockpit", *arguments],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(unpacked), "COCKPIT_HOME": str(tmp_path / "home")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    where = subprocess.run(
        [sys.executable, "-c", "import cockpit; print(cockpit.__file__)"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(where.stdout.strip()).is_relative_to(unpacked)
    assert "invented incidents" in cockpit("demo", "--no-app")
    assert "declared" in cockpit("declare", "Checkout fails", "--severity", "SEV2")
    cockpit("log", "found the cause")
    cockpit("update", "--copy")
    assert "found the cause" in cockpit("export")
    assert "found the cause" in cockpit("export", "--format", "json")
