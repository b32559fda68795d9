"""`people show`, `people import` and `people directory`: the team's stakeholders in one place."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import complete_incident, complete_person
from cockpit.cli.options import incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.playbook import RosterEntry

_MOST_ROWS = 20
"""Wrong rows that are told one by one."""


@click.command(name="show")
@click.argument("words", nargs=-1, metavar="[REF] [PERSON]", shell_complete=complete_person)
@incident_option
@json_option
@pass_shell
def show_people(shell: Shell, words: tuple[str, ...], incident: str | None, as_json: bool) -> None:
    """Show the board, those who wait longest first; or one person, and all they were told.

    While no incident is open, a person is shown as the directory knows them.
    """
    from cockpit.cli import output
    from cockpit.service import incidents, people

    if words and incident is None and not _names_incident(shell, words[0]):
        if not incidents.list_incidents(shell.session, limit=1):
            _show_entry(shell, " ".join(words), as_json=as_json)
            return
    elif words and incident is None:
        incident, words = words[0], words[1:]
    inc = shell.find(incident)
    if not words:
        print_board(shell, inc, as_json=as_json)
        return
    view = shell.session.reads.view(inc)
    person = people.find_stakeholder(view, " ".join(words))
    cell = next(
        each
        for each in people.board(shell.session, inc).cells()
        if each.stakeholder.id == person.id
    )
    from cockpit.domain.told_history import tellings

    history = tellings(view, person.id)
    if as_json:
        from cockpit.cli.shapes import person_shape

        output.dump(person_shape(cell, history))
        return
    from cockpit.cli.person_page import person_lines

    output.say(f"{view.ref}  {person.name}")
    output.say_lines(person_lines(cell, history, shell.session.playbook, shell.now(), shell.zone))


@click.command(name="import")
@click.argument("file", metavar="FILE.csv|-", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Keep only these people in the directory.")
@click.option(
    "--incident",
    metavar="REF",
    shell_complete=complete_incident,
    help="Put them on the board of this incident, too.",
)
@json_option
@pass_shell
def import_people(
    shell: Shell, file: Path, replace: bool, incident: str | None, as_json: bool
) -> None:
    """Read people from a table into the team's directory; new incidents begin with them.

    FILE is CSV in UTF-8 with a header: name, ring, power, interest and, where known, id, title,
    group, channels, contact, wants, deputy, every, quiet hours, zone. All or nothing.
    """
    from cockpit.cli import output
    from cockpit.domain.people_csv import PeopleRefusedError
    from cockpit.service import directory, imports

    shell.refuse_readonly()
    inc = shell.find(incident) if incident is not None else None
    if str(file) == "-":
        data = sys.stdin.buffer.read(directory.MAX_BYTES + 1)
    else:
        data = imports.read_file(file)
    try:
        report = directory.import_people(shell.session, data, replace=replace)
    except PeopleRefusedError as refused:
        for row in refused.rows[:_MOST_ROWS]:
            output.warn(row)
        if len(refused.rows) > _MOST_ROWS:
            output.warn(f"… and {len(refused.rows) - _MOST_ROWS:,} more")
        raise
    before = shell.session.reads.view(inc).last_op if inc else ""
    view = directory.put_on_board(shell.session, inc, report.ids) if inc else None
    if as_json:
        from cockpit.cli.shapes import plain

        output.dump({**plain(report), "ref": view.ref if view else None})
        return
    output.say(report.sentence)
    if report.left_out:
        output.say(f"Columns that mean nothing here: {', '.join(report.left_out)}.")
    output.say(f"The directory is {report.file}.")
    if view:
        way = " cockpit undo takes that back." if view.last_op != before else ""
        output.say(f"{view.ref}: they stand on the board.{way}")


@click.command(name="directory")
@click.option("--csv", "as_table", is_flag=True, help="As a table that people import reads.")
@json_option
@pass_shell
def list_directory(shell: Shell, as_table: bool, as_json: bool) -> None:
    """List everybody whom a new incident begins with, and how to reach them."""
    from cockpit.cli import output
    from cockpit.service import directory

    found = directory.roster(shell.session)
    if as_json:
        from cockpit.cli.shapes import roster_shape

        output.dump([roster_shape(each, kept_in) for each, kept_in in found])
        return
    if as_table:
        from cockpit.domain.people_csv import write_people

        output.say_document(write_people(each for each, _ in found))
        return
    names = {each.id: each.name for each in shell.session.playbook.channels}
    rows = [
        (
            each.id,
            each.name,
            each.ring,
            each.group,
            ", ".join(names.get(channel, channel) for channel in each.channels),
            each.contact,
        )
        for each, _ in found
    ]
    output.table(rows, ("id", "name", "ring", "group", "channels", "contact"), flexible=1)


def print_board(shell: Shell, inc: str, *, as_json: bool) -> None:
    """Print an incident's board."""
    from cockpit.cli import output
    from cockpit.service import people

    board = people.board(shell.session, inc)
    if as_json:
        from cockpit.cli.shapes import people_shape

        output.dump(people_shape(board))
        return
    from cockpit.cli.pages import board_lines

    view = shell.session.reads.view(inc)
    output.say(f"{view.ref}  {board.told} of {board.total} told  {view.title}")
    output.say_lines(board_lines(board, shell.session.playbook, shell.now(), shell.zone))


def _names_incident(shell: Shell, word: str) -> bool:
    """Say whether a word names an incident: a reference, a number, or the beginning of an id."""
    from cockpit.errors import IncidentNotFoundError

    if shell.is_reference(word):
        return True
    if not word.isdigit() and not set(word.lower()) <= set("0123456789abcdef"):
        return False
    try:
        shell.find(word)
    except IncidentNotFoundError:
        return word.isdigit()
    return True


def _show_entry(shell: Shell, word: str, *, as_json: bool) -> None:
    """Print what the directory knows of one person."""
    from cockpit.cli import output
    from cockpit.domain.nearest import expected
    from cockpit.service import directory

    lowered = word.strip().casefold()
    known = directory.roster(shell.session)
    found = [each for each in known if lowered in (each[0].id, each[0].name.casefold())]
    found = found or [each for each in known if _begins(each[0], lowered)]
    if len(found) != 1:
        raise expected("somebody of the directory", word, [each.id for each, _ in known])
    person, kept_in = found[0]
    if as_json:
        from cockpit.cli.shapes import roster_shape

        output.dump(roster_shape(person, kept_in))
        return
    from cockpit.cli.person_page import entry_lines

    output.say(person.name)
    output.say_lines(entry_lines(person, shell.session.playbook))


def _begins(person: RosterEntry, word: str) -> bool:
    return bool(word) and (person.id.startswith(word) or person.name.casefold().startswith(word))
