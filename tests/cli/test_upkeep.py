"""`backup`, `restore`, `where`, `doctor`: the files and their health."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands


def test_backup_and_restore(
    open_incident: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_incident.ok("log", "kept")
    target = tmp_path / "copy.db"
    open_incident.ok("backup", str(target))
    assert target.stat().st_mode & 0o077 == 0
    assert open_incident("backup", str(target)).code == 1
    assert "Nothing was missing" in open_incident.ok("restore", str(target)).out
    monkeypatch.setenv("COCKPIT_HOME", str(tmp_path / "elsewhere"))
    assert "Brought back" in open_incident.ok("restore", str(target)).out
    assert open_incident.texts("INC-1")[-1] == "kept"


def test_backup_has_a_place_of_its_own(open_incident: Commands) -> None:
    open_incident.ok("backup")
    assert len(list((open_incident.home / "backups").glob("cockpit-*"))) == 1


def test_restore_refuses_what_is_no_backup(open_incident: Commands, tmp_path: Path) -> None:
    assert open_incident("restore", str(tmp_path / "missing.db")).code == 2
    foreign = tmp_path / "foreign.db"
    foreign.write_bytes(b"not a database at all" * 100)
    outcome = open_incident("restore", str(foreign))
    assert outcome.code == 1
    assert foreign.read_bytes() == b"not a database at all" * 100


def test_where(cockpit: Commands) -> None:
    places = cockpit.ok("where", "--json").data
    assert all(place.startswith(str(cockpit.home)) for place in places.values())
    assert places["database"] in cockpit.ok("where").out
    assert not cockpit.home.exists()


def test_doctor_on_a_healthy_home(open_incident: Commands) -> None:
    findings = open_incident("doctor", "--json").data
    wrong = [each["text"] for each in findings if not each["ok"]]
    assert all(text.startswith(("terminal", "characters", "editor")) for text in wrong)
    assert any("1 incident" in each["text"] for each in findings)


def test_doctor_without_terminal_and_editor_finds_the_data_well(
    open_incident: Commands, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TERM", raising=False)
    monkeypatch.setenv("COCKPIT_EDITOR", "no-such-editor")
    outcome = open_incident("doctor")
    assert "!  terminal: none" in outcome.out
    assert "Your data is well; 2 to look at around it." in outcome.out
    assert outcome.code == 0


def test_doctor_before_the_first_incident(cockpit: Commands) -> None:
    assert "none yet" in cockpit("doctor").out


def test_doctor_names_what_is_wrong(open_incident: Commands) -> None:
    open_incident.home.chmod(0o755)
    (open_incident.home / "config.toml").write_text('theme = "nite"\n')
    outcome = open_incident("doctor")
    assert outcome.code == 1
    assert "others may look into it" in outcome.out
    assert "line 1" in outcome.out


def test_doctor_on_a_damaged_database(open_incident: Commands) -> None:
    database = open_incident.home / "cockpit.db"
    database.write_bytes(b"garbage" * 1000)
    outcome = open_incident("doctor")
    assert outcome.code == 1
    assert "database" in outcome.out


def test_rebuild_changes_nothing_that_is_seen(open_incident: Commands) -> None:
    open_incident.ok("log", "kept")
    before = open_incident.ok("show", "--json").data
    open_incident("doctor", "--rebuild")
    after = open_incident.ok("show", "--json").data
    assert after["timeline"] == before["timeline"]
