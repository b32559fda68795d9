"""Whole incidents from the shell, and everything that goes wrong in one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

PROGRAM = (sys.executable, "-m", "cockpit")


def test_a_whole_incident_comes_back_the_same(
    cockpit: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cockpit.ok("declare", "Payments", "fail", "--sev", "2", "--impact", "40%", "--at", "-30m")
    cockpit.ok("log", "out of memory", "--at", "-20m")
    cockpit.ok("log", "-", stdin=b"first\nsecond \xff\n")
    cockpit.ok("set", "severity", "1", "--reason", "worse")
    cockpit.ok("tell", "--ring", "support")
    cockpit.ok("update", "--copy")
    cockpit.ok("update", "--sent")
    cockpit.ok("people", "add", "x", "Kim", "--ring", "core", "--power", "low", "--interest", "low")
    cockpit.ok("set", "status", "resolved")
    cockpit.ok("postmortem", "set", "INC-1", "summary", "We were <b>down</b>")
    cockpit.ok("postmortem", "action", "INC-1", "Add a limit", "--due", "2030-01-02")
    forms = ("md", "json", "html", "timeline")
    before = {form: cockpit.ok("export", "INC-1", "--format", form).out for form in forms}
    monkeypatch.setenv("COCKPIT_HOME", str(tmp_path / "elsewhere"))
    said = cockpit.ok("import", "cockpit", "-", stdin=before["json"].encode()).out
    assert "1 new incident" in said
    assert before == {form: cockpit.ok("export", "INC-1", "--format", form).out for form in forms}
    said = cockpit.ok("import", "cockpit", "-", stdin=before["json"].encode()).out
    assert "Nothing new" in said


@pytest.mark.parametrize("words", [["42 errors"], ["E500", "on", "checkout"], ["42"], ["HTTP-500"]])
def test_what_only_looks_like_a_reference_is_text(
    open_incident: Commands, words: list[str]
) -> None:
    open_incident.ok("log", *words)
    assert open_incident.texts()[-1] == " ".join(words)


@pytest.mark.parametrize("name", ["INC-9", "inc9", "INC-9-XYZ"])
def test_an_unknown_reference_lists_the_open_ones(open_incident: Commands, name: str) -> None:
    for words in (("log", name, "text"), ("show", name), ("set", name, "severity", "1")):
        outcome = open_incident(*words)
        assert outcome.code == 3
        assert "INC-1 Checkout fails" in outcome.err


def test_a_wrong_impact_declares_nothing(cockpit: Commands) -> None:
    assert cockpit("declare", "Payments fail", "--impact", "900%").code == 2
    assert cockpit.ok("list", "--all", "--json").data == []


@pytest.mark.parametrize("at", ["2062-11-21 09:10", "1926-11-21 09:10", "9999-12-31T23:59Z"])
def test_a_mistyped_year_is_refused(open_incident: Commands, at: str) -> None:
    for words in (
        ("log", "x", "--at", at),
        ("set", "started_at", at),
        ("declare", "x", "--at", at),
    ):
        outcome = open_incident(*words)
        assert outcome.code == 2
        assert "a year ahead" in outcome.err


def test_another_day_is_printed_with_its_date(open_incident: Commands) -> None:
    assert "2026-01-02 09:10 UTC" in open_incident.ok("log", "x", "--at", "2026-01-02 09:10").out


def test_a_change_is_confirmed_with_the_value_that_is_kept(open_incident: Commands) -> None:
    assert open_incident.ok("set", "severity", "1").out == "INC-1: severity is now SEV1.\n"
    assert "stage is now worked-around" in open_incident.ok("set", "stage", "worked_around").out


def test_nothing_to_amend_is_said(cockpit: Commands) -> None:
    cockpit.ok("declare", "x")
    assert "no entry yet" in cockpit("amend", "last", "other words").err


def test_a_full_disk_behind_the_output_is_named(open_incident: Commands) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "log", "kept"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert "The output cannot be written" in done.stderr
    assert open_incident.texts()[-1] == "kept"


def test_a_home_that_is_a_file(
    cockpit: Commands, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_text("text")
    monkeypatch.setenv("COCKPIT_HOME", str(file))
    outcome = cockpit("log", "x")
    assert outcome.code == 1
    assert f"{file} cannot be used" in outcome.err
    assert "COCKPIT_HOME" in outcome.err
    assert cockpit("doctor").code == 1


def test_the_doctor_sees_a_link_to_nowhere(open_incident: Commands) -> None:
    database = next(open_incident.home.glob("*.db"))
    database.unlink()
    database.symlink_to("/nonexistent/cockpit.db")
    assert open_incident("doctor").code == 1


@pytest.mark.parametrize("harm", ["truncated", "random", "garbage"])
def test_a_damaged_database_and_the_way_on(open_incident: Commands, harm: str) -> None:
    open_incident.ok("log", "kept in the backup")
    open_incident.ok("backup")
    database = next(open_incident.home.glob("*.db"))
    data = database.read_bytes()
    for each in open_incident.home.glob("*.db-*"):
        each.unlink()
    middle = os.urandom(len(data) - 8192)
    database.write_bytes(
        {
            "truncated": data[:5000],
            "random": data[:4096] + middle + data[-4096:],
            "garbage": os.urandom(40_000),
        }[harm]
    )
    for words in (("list",), ("log", "x"), ("show",), ("export", "--all"), ("backup",)):
        assert open_incident(*words).code == 1
    outcome = open_incident("doctor")
    assert outcome.code == 1
    way = next(line for line in outcome.out.splitlines() if "cockpit restore" in line)
    steps = way.split(": ", 1)[1].replace("&& cockpit ", f"&& {' '.join(PROGRAM)} ")
    subprocess.run(["sh", "-c", steps], check=True, capture_output=True)
    assert "kept in the backup" in open_incident.texts()
    assert "database: 1 incident" in open_incident("doctor").out


def test_a_template_with_a_mistake_is_found_before_it_is_needed(open_incident: Commands) -> None:
    place = open_incident.home / "templates"
    place.mkdir(parents=True)
    head = '+++\nstage = "investigating"\naudience = "customers"\n+++\n'
    (place / "mine.md").write_text(head + "{{ broken")
    outcome = open_incident("config", "check")
    assert outcome.code == 2
    assert "mine" in outcome.out
    (place / "mine.md").write_text(head + "{{ title }}")
    open_incident.ok("config", "check")


def test_killed_while_it_reads_a_pipe(open_incident: Commands) -> None:
    reader = subprocess.Popen(
        [*PROGRAM, "log", "--lines", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL
    )
    assert reader.stdin is not None
    for number in range(200):
        reader.stdin.write(f"line {number}\n".encode())
        reader.stdin.flush()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and "line 5" not in open_incident.texts():
        time.sleep(0.05)
    reader.send_signal(signal.SIGKILL)
    reader.stdin.close()
    reader.wait()
    lines = [text for text in open_incident.texts() if text.startswith("line")]
    assert lines == [f"line {number}" for number in range(len(lines))]
    assert len(lines) > 5
    open_incident.ok("log", "goes on")
    assert any("1 incident" in each["text"] for each in open_incident("doctor", "--json").data)


def test_what_an_import_leaves_out_is_said(cockpit: Commands) -> None:
    summary = {
        "page": {"id": "p", "name": "Example"},
        "status": {"indicator": "none"},
        "components": [{"id": "c"}, {"id": "d"}],
        "scheduled_maintenances": [{"id": "m"}],
        "incidents": [],
    }
    said = cockpit.ok("import", "statuspage", "-", stdin=json.dumps(summary).encode()).out
    assert "the page's own data" in said
    assert "2 components" in said
    assert "1 scheduled maintenance" in said
    assert cockpit("import", "statuspage", "-", stdin=b"").code == 1
    assert "Standard input is empty" in cockpit("import", "statuspage", "-", stdin=b"").err
