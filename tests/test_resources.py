"""Shipped files are found in a checkout, in an installed package and in a zip."""

from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import cockpit
from cockpit.resources import data_file, data_names

_SHOW = "import cockpit.resources as r; print(r.data_names('box'), r.data_file('box/a.md'))"


def test_playbook_is_there() -> None:
    assert tomllib.loads(data_file("playbook.toml"))["severities"]


def test_templates_are_listed() -> None:
    names = data_names("templates")
    assert names
    assert list(names) == sorted(names)
    assert all(data_file(f"templates/{name}") for name in names)


def test_missing_directory_is_empty() -> None:
    assert data_names("no-such-directory") == ()


def test_missing_file_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        data_file("no-such-file.toml")


@pytest.mark.parametrize("place", ["data", "cockpit/_data"])
@pytest.mark.parametrize("zipped", [False, True])
def test_both_places_in_a_directory_and_in_a_zip(tmp_path: Path, place: str, zipped: bool) -> None:
    package = Path(cockpit.__file__).parent
    archive = tmp_path / "app.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for name in ("__init__.py", "resources.py", "errors.py"):
            file.write(package / name, f"cockpit/{name}")
        file.writestr(f"{place}/box/a.md", "grüezi")
        if not zipped:
            file.extractall(tmp_path / "app")
    run = subprocess.run(
        [sys.executable, "-P", "-c", _SHOW],
        env={"PYTHONPATH": str(archive if zipped else tmp_path / "app"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (run.stdout.strip(), run.returncode) == ("('a.md',) grüezi", 0), run.stderr
