"""`rescue`: from a damaged database to a home that can be read, exported and brought back."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def damage(home: Path) -> None:
    """Overwrite the head of the database and some of its middle, as a bad disk does."""
    database = home / "cockpit.db"
    content = bytearray(database.read_bytes())
    rng = random.Random(1)
    content[:4096] = rng.randbytes(4096)
    content[40_960:49_152] = rng.randbytes(8192)
    database.write_bytes(content)


def test_what_is_rescued_is_read_exported_and_brought_back(
    open_incident: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        open_incident.ok("log", f"line {number}")
    home = open_incident.home
    damage(home)
    assert open_incident("list").code == 1
    doctor = open_incident("doctor")
    assert doctor.code == 1
    assert "cockpit rescue saves what can be read" in doctor.out
    before = (home / "cockpit.db").read_bytes()
    said = open_incident.ok("rescue").out
    assert (home / "cockpit.db").read_bytes() == before
    found = re.search(r"COCKPIT_HOME=(\S+) cockpit\n", said)
    assert found is not None
    rescued = Path(found[1])
    assert rescued.stat().st_mode & 0o777 == 0o700
    assert (rescued / "cockpit.db").stat().st_mode & 0o777 == 0o600
    monkeypatch.setenv("COCKPIT_HOME", str(rescued))
    texts = open_incident.texts()
    assert len([text for text in texts if text.startswith("line")]) > 10
    assert "line" in open_incident.ok("export", "INC-1").out
    monkeypatch.setenv("COCKPIT_HOME", str(home))
    shutil.move(home / "cockpit.db", home / "damaged.db")
    open_incident.ok("restore", str(rescued / "cockpit.db"))
    assert open_incident.texts() == texts


def test_a_named_file_into_a_named_place(open_incident: Commands, tmp_path: Path) -> None:
    open_incident.ok("backup", str(tmp_path / "copy.db"))
    said = open_incident.ok("rescue", str(tmp_path / "copy.db"), "--out", str(tmp_path / "new"))
    assert "of 1 incident; " in said.out
    assert "No trace of any other was found." in said.out
    again = open_incident("rescue", str(tmp_path / "copy.db"), "--out", str(tmp_path / "new"))
    assert again.code == 2
    assert "there already" in again.err


def test_what_cannot_be_rescued_is_said(cockpit: Commands, tmp_path: Path) -> None:
    assert "There is no file" in cockpit("rescue").err
    (tmp_path / "noise").write_bytes(bytes(10_000))
    outcome = cockpit("rescue", str(tmp_path / "noise"))
    assert outcome.code == 1
    assert "Nothing in" in outcome.err
