"""The team's directory on disk, the boards that begin with it, and who is pulled in at once."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.domain.people_csv import PeopleRefusedError
from cockpit.domain.stakeholder_board import CellState
from cockpit.domain.view import IncidentView, TimelineFilter
from cockpit.errors import CockpitError, PlaybookError, ReadOnlyError, StoreUnavailableError
from cockpit.service import changes, directory, incidents, people, postmortems, stakeholders, undo
from cockpit.service.incidents import Declaration
from cockpit.service.session import Session, open_session
from tests.service.conftest import MovedClock

TABLE = (
    b"name,ring,power,interest,contact,group\n"
    b"Ana Mora,executives,high,high,+49 30 1,Leads\n"
    b"Ben,core,low,high,,Leads\n"
)
EXPEDITED = {"legal", "security", "hr"}


def ids(view: IncidentView) -> set[str]:
    return {each.id for each in view.stakeholders}


def test_new_incidents_begin_with_the_directory(session: Session) -> None:
    report = directory.import_people(session, TABLE)
    assert report.added == ("ana-mora", "ben")
    view = incidents.declare(session, Declaration("Checkout fails", "SEV2"))
    assert {"ana-mora", "ben", "customers"} <= ids(view)
    found = {each.id: kept for each, kept in directory.roster(session)}
    assert (found["ana-mora"], found["customers"]) == ("directory", "playbook")
    path = Path(report.file)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.with_suffix(".toml.old").exists()


def test_a_second_table_adds_or_replaces_and_the_file_before_is_kept(session: Session) -> None:
    first = directory.import_people(session, TABLE)
    before = Path(first.file).read_text("utf-8")
    same = directory.import_people(session, TABLE)
    assert (same.added, same.changed, same.same) == ((), (), ("ana-mora", "ben"))
    other = TABLE.replace(b"+49 30 1", b"+49 30 2").replace(b"Ben,", b"Cleo,")
    changed = directory.import_people(session, other)
    assert (changed.added, changed.changed, changed.gone) == (("cleo",), ("ana-mora",), ())
    replaced = directory.import_people(session, other, replace=True)
    assert replaced.gone == ("ben",)
    old = Path(first.file).with_suffix(".toml.old")
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    assert "ben" in old.read_text("utf-8")
    assert before != old.read_text("utf-8")


def test_a_wrong_row_changes_nothing(session: Session) -> None:
    report = directory.import_people(session, TABLE)
    before = Path(report.file).read_bytes()
    for data in (TABLE + b"Cleo,cor,low,low,,\n", b"\xff\xfe", b"x" * (directory.MAX_BYTES + 1)):
        with pytest.raises(PeopleRefusedError):
            directory.import_people(session, data, replace=True)
    assert Path(report.file).read_bytes() == before


def test_a_broken_directory_is_told_and_can_be_replaced(session: Session) -> None:
    path = session.paths.directory
    path.write_text("[[stakeholders]\n", "utf-8")
    with pytest.raises(PlaybookError, match="directory"):
        directory.import_people(session, TABLE)
    directory.import_people(session, TABLE, replace=True)
    assert "ana-mora" in {each.id for each in session.playbook.stakeholders}


def test_nothing_is_written_where_nothing_may_be(session: Session, tmp_path: Path) -> None:
    with (
        open_session(session.paths, Config(author="ops", readonly=True)) as still,
        pytest.raises(ReadOnlyError),
    ):
        directory.import_people(still, TABLE)
    session.paths.directory.mkdir()
    with pytest.raises(StoreUnavailableError, match="cannot be read"):
        directory.import_people(session, TABLE)


def test_people_are_put_on_an_open_board_and_one_undo_takes_them_off(
    session: Session, inc: str, clock: MovedClock
) -> None:
    before = session.reads.view(inc)
    clock.move(60)
    stakeholders.edit(session, inc, "customers", {"contact": "old"})
    table = TABLE + b"Customers,customers,high,low,the status page,\n"
    report = directory.import_people(session, table)
    view = directory.put_on_board(session, inc, report.ids)
    assert ids(view) == ids(before) | {"ana-mora", "ben"}
    assert people.find_stakeholder(view, "customers").contact == "the status page"
    cell = next(
        each for each in people.board(session, inc).cells() if each.stakeholder.id == "ana-mora"
    )
    assert cell.state is CellState.DUE  # an hour after the declaration, and not late
    undo.undo(session, inc)
    view = session.reads.view(inc)
    assert ids(view) == ids(before)
    assert people.find_stakeholder(view, "customers").contact == "old"
    stakeholders.remove(session, inc, "on-call-team")
    assert "on-call-team" in ids(directory.put_on_board(session, inc, ["on-call-team"]))


@pytest.mark.parametrize(("field", "value"), [("criterion", "data-loss"), ("kind", "data")])
def test_lost_data_found_out_later_pulls_in_legal_security_and_hr(
    session: Session, inc: str, clock: MovedClock, field: str, value: str
) -> None:
    people.tell(session, inc, ids(session.reads.view(inc)))
    clock.move(200)
    view = changes.set_field(session, inc, field, value)
    pulled = {each.id: each for each in view.stakeholders if each.because}
    assert set(pulled) == EXPEDITED
    board = people.board(session, inc)
    assert {cell.stakeholder.id for cell in board.to_tell()[:3]} == EXPEDITED
    assert {cell.state for cell in board.to_tell()[:3]} == {CellState.DUE}
    texts = [each.text for each in postmortems.read_timeline(session, inc, TimelineFilter())]
    assert any(text.startswith("To be told at once: Legal, Security, HR") for text in texts)
    again = changes.set_field(session, inc, "kind", "outage")
    assert ids(again) >= EXPEDITED
    undo.undo(session, inc)
    undo.undo(session, inc)
    assert not ids(session.reads.view(inc)) & EXPEDITED


def test_who_is_there_already_is_told_first_and_who_was_taken_off_stays_off(
    session: Session, inc: str
) -> None:
    card = {"name": "Legal", "ring": "employees", "power": "low", "interest": "low"}
    stakeholders.add(session, inc, "legal", card)
    stakeholders.add(session, inc, "hr", {**card, "name": "HR"})
    stakeholders.remove(session, inc, "hr")
    view = changes.set_field(session, inc, "kind", "data")
    assert people.find_stakeholder(view, "legal").because == "Data loss or security"
    assert people.find_stakeholder(view, "legal").ring.audience == "employees"
    assert "hr" not in ids(view)


def test_a_declaration_of_that_kind_pulls_them_in(session: Session) -> None:
    for wrong in (Declaration("Mails", kind="data"), Declaration("Mails", criterion="data-loss")):
        view = incidents.declare(session, wrong)
        assert {each.id for each in view.stakeholders if each.because} == EXPEDITED


def test_quiet_hours_are_set_and_taken_away(session: Session, inc: str) -> None:
    fields = {"quiet": "22:00-07:00", "zone": "europe/berlin", "deputy": "Ben"}
    view = stakeholders.edit(session, inc, "customers", fields)
    found = people.find_stakeholder(view, "customers")
    assert (found.quiet_from, found.quiet_until, found.zone) == ("22:00", "07:00", "Europe/Berlin")
    for wrong in ({"quiet": "night"}, {"quiet_from": ""}, {"zone": "CET"}, {"slep": "1"}):
        with pytest.raises(CockpitError):
            stakeholders.edit(session, inc, "customers", wrong)
    found = people.find_stakeholder(
        stakeholders.edit(session, inc, "customers", {"quiet": ""}), "customers"
    )
    assert (found.quiet_from, found.quiet_until) == ("", "")
