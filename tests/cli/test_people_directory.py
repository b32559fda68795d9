"""`people import`, `people directory`, `people show PERSON` and telling many at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.cli.test_json import keys

if TYPE_CHECKING:
    from tests.cli.conftest import Commands

TABLE = (
    "Name;Ring;Power;Interest;Team;Channels;Contact;Quiet hours;Cost centre\n"
    "Ana Mora;executives;high;high;Leads;phone;+49 30 1;22:00-07:00;7\n"
    "Ben;executives;high;high;Leads;chat;=1+1;;7\n"
)


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "team.csv"
    path.write_text(TABLE, "utf-8-sig")
    return str(path)


def test_a_table_is_read_and_listed(cockpit: Commands, table: str) -> None:
    out = cockpit.ok("people", "import", table).out
    assert "2 people read: 2 new." in out
    assert "Cost centre" in out
    listed = cockpit.ok("people", "directory").out
    assert "Ana Mora" in listed
    assert "+49 30 1" in listed
    assert "+49 30 1" in cockpit.ok("people", "show", "ana").out
    data = cockpit.ok("people", "directory", "--json").data
    assert list(data[0]) == keys("Somebody of the directory")
    assert {each["kept_in"] for each in data} == {"directory", "playbook"}
    assert list(cockpit.ok("people", "show", "ben", "--json").data) == list(data[0])
    again = cockpit.ok("people", "import", table, "--json").data
    assert list(again) == keys("What an import of people did")
    assert again["same"] == ["ana-mora", "ben"]


def test_the_list_as_a_table_is_read_again(cockpit: Commands, table: str) -> None:
    cockpit.ok("people", "import", table)
    written = cockpit.ok("people", "directory", "--csv").out
    assert "'=1+1" in written
    before = cockpit.ok("people", "directory", "--json").data
    cockpit.ok("people", "import", "-", "--replace", stdin=written.encode())
    after = cockpit.ok("people", "directory", "--json").data
    strip = [{**each, "kept_in": ""} for each in before]
    assert [{**each, "kept_in": ""} for each in after] == strip


def test_wrong_rows_are_told_and_nothing_is_read(cockpit: Commands) -> None:
    rows = "".join(f"P{number},cor,low,low\n" for number in range(30))
    outcome = cockpit("people", "import", "-", stdin=f"name,ring,power,interest\n{rows}".encode())
    assert outcome.code == 1
    assert "row 2: ring: “cor” is not a ring" in outcome.err
    assert "Did you mean core?" in outcome.err
    assert "and 10 more" in outcome.err
    assert "30 rows are wrong" in outcome.err
    assert not (cockpit.home / "directory.toml").exists()
    assert cockpit("people", "import", "/nowhere.csv").code == 1
    assert cockpit("--readonly", "people", "import", "-", stdin=TABLE.encode()).code == 1


def test_onto_the_board_of_an_incident(open_incident: Commands, table: str) -> None:
    out = open_incident.ok("people", "import", table, "--incident", "INC-1").out
    assert "INC-1: they stand on the board" in out
    assert "Ana Mora" in open_incident.ok("people").out
    assert "undo" not in open_incident.ok("people", "import", table, "--incident", "1").out
    open_incident.ok("undo")
    assert "Ana Mora" not in open_incident.ok("people").out
    assert open_incident("people", "import", table, "--incident", "INC-9").code == 3


def test_one_person_and_all_they_were_told(open_incident: Commands) -> None:
    assert "never told" in open_incident.ok("people", "show", "customers").out
    open_incident.ok("tell", "customers", "--channel", "email", "--note", "a call")
    open_incident.ok("update", "--stage", "first word", "--sent")
    out = open_incident.ok("people", "show", "INC-1", "Customers").out
    assert "by robin, E-mail: a call" in out
    assert "Status page: first word" in out
    assert "now        due" in out
    data = open_incident.ok("people", "show", "customers", "--json").data
    assert list(data) == keys("One person and what they were told")
    assert list(data["history"][0]) == keys("A time that somebody was told")
    update, call = data["history"]
    assert (update["note"], call["text"]) == ("first word", "")
    assert len(update["text"]) > 40
    assert open_incident("people", "show", "custmers").code == 2


def test_words_that_name_an_incident_show_its_board(open_incident: Commands) -> None:
    for words in ((), ("INC-1",), ("1",), ("inc1",)):
        assert "INC-1  0 of" in open_incident.ok("people", "show", *words).out
    assert open_incident("people", "show", "99").code == 3


def test_groups_rings_fields_and_who_waits(open_incident: Commands, table: str) -> None:
    open_incident.ok("people", "import", table, "--incident", "1")
    assert "told Ana Mora, Ben" in open_incident.ok("tell", "--group", "leads").out
    wrong = open_incident("tell", "--group", "laeds")
    assert wrong.code == 2
    assert "Leads" in wrong.err
    open_incident.ok("undo")
    open_incident.ok("tell", "--waiting")
    assert open_incident("tell", "--waiting").code == 2


def test_why_somebody_is_there_stands_on_the_board(open_incident: Commands) -> None:
    open_incident.ok("set", "kind", "data")
    assert "(Data loss or security)" in open_incident.ok("people").out
    shown = open_incident.ok("people", "show", "legal").out
    assert "here for   Data loss or security" in shown
    data = {each["id"]: each for each in open_incident.ok("people", "--json").data}
    assert data["legal"]["because"] == "Data loss or security"
    assert data["customers"]["because"] == ""


def test_quiet_hours_by_option(open_incident: Commands) -> None:
    edit = ("people", "edit", "customers", "--quiet", "00:00-23:59", "--deputy", "Ben")
    open_incident.ok(*edit)
    assert "deputy: Ben" in open_incident.ok("people").out
    assert "asleep until" in open_incident.ok("people").out
    data = {each["id"]: each for each in open_incident.ok("people", "--json").data}
    assert data["customers"]["state"] == "quiet"
    assert open_incident("people", "edit", "customers", "--quiet", "late").code == 2
    open_incident.ok("set", "severity", "1")
    assert "asleep" not in open_incident.ok("people").out
