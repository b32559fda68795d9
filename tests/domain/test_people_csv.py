"""A table of people: read with mercy, refused with the row's number, written without danger."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.directory import add_directory, directory_text, merge_people
from cockpit.domain.people_csv import (
    MOST_PEOPLE,
    PeopleRefusedError,
    identify,
    read_people,
    write_people,
)
from cockpit.domain.playbook import RosterEntry
from cockpit.domain.playbook_merge import read_toml
from cockpit.domain.vocabulary import Level
from cockpit.errors import PlaybookError
from tests.domain.incident_events import default_playbook

HEAD = "name,ring,power,interest\n"


def refused(text: str) -> PeopleRefusedError:
    with pytest.raises(PeopleRefusedError) as error:
        read_people(text, default_playbook())
    return error.value


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_table_as_spreadsheets_write_it(mark: str, start: str) -> None:
    header = ["Full name", "Audience", "POWER", "interest", "Time zone", "Quiet_hours", "Channel"]
    row = ["Ana Mora", "Executives", "High", "l", "Europe/Berlin", "22-7", "Phone / Status page"]
    quoted = [f'"{each}"' for each in row]
    text = f"{start}{mark.join(header)}\r\n{mark.join(quoted)}\r\n\r\n"
    (person,) = read_people(text, default_playbook()).people
    assert person == {
        "id": "ana-mora",
        "name": "Ana Mora",
        "ring": "executives",
        "power": Level.HIGH,
        "interest": Level.LOW,
        "zone": "Europe/Berlin",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "channels": ["phone", "status-page"],
    }


def test_several_columns_of_contacts_are_one_and_foreign_ones_are_named() -> None:
    row = "Ana,core,low,high,+49 30,a@b.example,7\n"
    text = f"name,ring,power,interest,Phone,E-mail,Cost centre\n{row}"
    table = read_people(text, default_playbook())
    assert table.people[0]["contact"] == "+49 30, a@b.example"
    assert table.left_out == ("Cost centre",)


def test_every_wrong_cell_is_told_with_its_row() -> None:
    text = HEAD.replace("\n", ",channels,every\n") + (
        "Ana,core,low,high,phone,30m\n"
        "Ben,executive,high,high,emial,soon\n"
        "\n"
        ",core,low,\n"
        "Ana,core,low,high\n"
    )
    rows = refused(text).rows
    assert [each.partition(":")[0] for each in rows] == [
        *("row 3", "row 3", "row 3", "row 5", "row 5", "row 6")
    ]
    assert "Did you mean executives?" in rows[0]
    assert "Did you mean email?" in rows[1]
    assert "row 2" in rows[-1]
    assert "3 rows are wrong" in str(refused(text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "names no column"),
        ("a,b\n1,2\n", "names no column"),
        ("name,ring\nAna,core\n", "lacks power, interest"),
        (HEAD, "nobody in this table"),
        (HEAD.replace("interest", "interest,contct") + "Ana,core,low,high,x\n", "contact"),
        ("name,who,ring,power,interest\na,b,core,low,low\n", "two columns"),
        (HEAD + "".join(f"P {n},core,low,low\n" for n in range(MOST_PEOPLE + 1)), "at most"),
    ],
)
def test_tables_that_are_none(text: str, words: str) -> None:
    assert words in str(refused(text))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('"' + "a" * 200_000 + '",core,low,low', "row 2: this cannot be read"),
        ('"open,core,low,low', "row 2: this cannot be read"),
        ("a\0b,core,low,low", "NUL"),
        ("a" * 501 + ",core,low,low", "longer than 500"),
        ("Ana,core,low,low,more", "5 cells"),
    ],
)
def test_hostile_rows(row: str, words: str) -> None:
    assert words in refused(HEAD + row).rows[0]


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30).map(
    lambda each: " ".join(each.split())
)
DANGER = st.sampled_from(["=1+1", "+49 30 1", "-2", "@SUM(A1)", "'=x", "''@", "'", "=cmd|' /C'!A0"])
PEOPLE = st.builds(
    lambda place, name, ring, power, contact, wants, every, quiet: RosterEntry(
        f"p-{place}",
        name,
        ring,
        power,
        Level.LOW,
        contact=contact,
        wants=wants,
        channels=("phone",),
        every=every,
        quiet_from="22:00" if quiet else "",
        quiet_until="07:00" if quiet else "",
        only_if_expedited=quiet,
    ),
    st.integers(0, 10**6),
    (TEXTS | DANGER).filter(bool),
    st.sampled_from(["core", "customers"]),
    st.sampled_from(Level),
    TEXTS | DANGER,
    TEXTS | DANGER,
    st.none() | st.integers(1, 9999),
    st.booleans(),
)


@given(st.lists(PEOPLE, min_size=1, max_size=5, unique_by=lambda each: each.id))
def test_what_is_written_is_read_again_and_no_cell_is_a_formula(people: list[RosterEntry]) -> None:
    text = write_people(people)
    for row in csv.reader(StringIO(text, newline="")):
        assert not [cell for cell in row if cell[:1] in tuple("=+-@\t\r")]
    again = read_people(text, default_playbook()).people
    tables = read_toml(directory_text(again), "directory.toml")
    playbook = add_directory(default_playbook(), tables, "directory.toml", "")
    found = {each.id: each for each in playbook.stakeholders}
    for each in people:
        if each.name.isprintable() and each.contact.isprintable() and each.wants.isprintable():
            assert found[each.id] == each


@given(st.text(max_size=300) | st.text('nameringpowt,;"\n\r\t=\0', max_size=300).map(HEAD.__add__))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    try:
        table = read_people(text, default_playbook())
    except PeopleRefusedError:
        return
    directory = read_toml(directory_text(table.people), "directory.toml")
    add_directory(default_playbook(), directory, "directory.toml", "")


@given(st.text(max_size=80))
def test_every_name_has_an_id(name: str) -> None:
    assert 0 < len(identify(name)) <= 40
    assert identify(name) == identify(identify(name))


def test_a_later_table_wins_cell_by_cell() -> None:
    known: list[dict[str, Any]] = [
        {"id": "ana", "contact": "1", "wants": "x"},
        {"id": "ben", "remove": True},
    ]
    people = merge_people(known, [{"id": "ana", "contact": "2"}, {"id": "ben", "name": "Ben"}])
    assert people == [{"id": "ana", "contact": "2", "wants": "x"}, {"id": "ben", "name": "Ben"}]


def test_mistakes_in_a_directory_are_told_with_their_place() -> None:
    for text, words in (
        ('[[stakeholder]]\nid = "x"\n', "Did you mean stakeholders?"),
        ('[[stakeholders]]\nid = "customers"\nrink = "core"\n', "line 3"),
        ('[[stakeholders]]\nid = "customers"\nzone = "Europe/Berln"\n', "Europe/Berlin"),
        ('[[stakeholders]]\nid = "customers"\nquiet_from = "22:00"\n', "quiet_until"),
    ):
        with pytest.raises(PlaybookError) as error:
            add_directory(default_playbook(), read_toml(text, "d.toml"), "d.toml", text)
        assert words in str(error.value)
        assert "d.toml" in str(error.value)
