"""`people`: the stakeholders of an incident, and who among them was told, is due or late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cockpit.cli.completing import (
    complete_channel,
    complete_incident,
    complete_level,
    complete_person,
    complete_ring,
)
from cockpit.cli.directory import import_people, list_directory, print_board, show_people
from cockpit.cli.grouping import UsualGroup
from cockpit.cli.options import incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

_SHOW = "show"


@click.group(
    name="people",
    cls=UsualGroup,
    usual=_SHOW,
    commands=[show_people, import_people, list_directory],
)
def people_command() -> None:
    """Show who was told, is due, late or was never told; add, edit and remove people.

    `cockpit people INC-42` shows the board of that incident, `cockpit people show NAME` all that
    one of them was told.
    """


def _fields(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for what can be said of a person."""
    options = [
        click.option(
            "--ring",
            metavar="RING",
            shell_complete=complete_ring,
            help="core, support, executives, employees or customers.",
        ),
        click.option(
            "--power",
            metavar="LEVEL",
            shell_complete=complete_level,
            help="high or low: can they change what we do?",
        ),
        click.option(
            "--interest",
            metavar="LEVEL",
            shell_complete=complete_level,
            help="high or low: how much does it touch them?",
        ),
        click.option("--title", metavar="TEXT", help="What they are."),
        click.option("--group", metavar="TEXT", help="Whom they belong to."),
        click.option(
            "--channel",
            "channels",
            metavar="ID",
            multiple=True,
            shell_complete=complete_channel,
            help="How they are told; again for a second way.",
        ),
        click.option("--contact", metavar="TEXT", help="Number, address or room."),
        click.option("--wants", metavar="TEXT", help="What they need to know."),
        click.option("--deputy", metavar="NAME", help="Who stands in for them."),
        click.option("--every", metavar="TIME", help="Their own rhythm, such as 30m."),
        click.option("--quiet", metavar="HOURS", help="When not to wake them: 22:00-07:00."),
        click.option(
            "--zone", metavar="ZONE", help="Zone of these hours: Europe/Berlin; else UTC."
        ),
    ]

    for option in reversed(options):
        function = option(function)
    return function


@people_command.command(name="add")
@click.argument("words", nargs=-1, metavar="[REF] ID NAME…", shell_complete=complete_incident)
@_fields
@incident_option
@json_option
@pass_shell
def add_person(
    shell: Shell, /, words: tuple[str, ...], incident: str | None, as_json: bool, **fields: Any
) -> None:
    """Put somebody on the board."""
    from cockpit.cli import output
    from cockpit.service import stakeholders

    inc, words = shell.split(incident, words)
    if len(words) < 2:
        raise click.UsageError("Give an id and a name: cockpit people add sales-lead Kim Lee …")
    identity, name = words[0], " ".join(words[1:])
    given = {"name": name, **_given(fields)}
    view = stakeholders.add(shell.session, inc, identity, given)
    if as_json:
        print_board(shell, inc, as_json=True)
        return
    added = next(each for each in view.stakeholders if each.id == identity.strip().lower())
    output.say(f"{view.ref}: {added.name} stands in “{added.quadrant.value}”.")


@people_command.command(name="edit")
@click.argument("words", nargs=-1, metavar="[REF] PERSON", shell_complete=complete_person)
@click.option("--name", metavar="TEXT", help="What they are called.")
@_fields
@incident_option
@json_option
@pass_shell
def edit_person(
    shell: Shell, /, words: tuple[str, ...], incident: str | None, as_json: bool, **fields: Any
) -> None:
    """Change what is known of somebody; an empty value takes it away."""
    from cockpit.cli import output
    from cockpit.service import people, stakeholders

    inc, word = _one(shell, incident, words)
    identity = people.find_stakeholder(shell.session.reads.view(inc), word).id
    before = shell.session.reads.view(inc).last_op
    view = stakeholders.edit(shell.session, inc, identity, _given(fields))
    if as_json:
        print_board(shell, inc, as_json=True)
        return
    changed = ", ".join(_given(fields)) if view.last_op != before else "nothing"
    output.say(f"{view.ref}: {identity}: {changed} changed.")


@people_command.command(name="remove")
@click.argument("words", nargs=-1, metavar="[REF] PERSON", shell_complete=complete_person)
@incident_option
@json_option
@pass_shell
def remove_person(
    shell: Shell, words: tuple[str, ...], incident: str | None, as_json: bool
) -> None:
    """Take somebody off the board; what they were told stays in the timeline."""
    from cockpit.cli import output
    from cockpit.service import people, stakeholders

    inc, word = _one(shell, incident, words)
    person = people.find_stakeholder(shell.session.reads.view(inc), word)
    view = stakeholders.remove(shell.session, inc, person.id)
    if as_json:
        print_board(shell, inc, as_json=True)
        return
    output.say(f"{view.ref}: {person.name} is off the board. cockpit undo takes that back.")


def _one(shell: Shell, incident: str | None, words: tuple[str, ...]) -> tuple[str, str]:
    inc, rest = shell.split(incident, words)
    if len(rest) != 1:
        raise click.UsageError("Name one person of the board, by id or name.")
    return inc, rest[0]


def _given(fields: dict[str, Any]) -> dict[str, str]:
    """Return the options that were given, as text."""
    texts = {name: " ".join(each) if name == "channels" else each for name, each in fields.items()}
    unset = {name for name, each in fields.items() if each is None or each == ()}
    return {name: text for name, text in texts.items() if name not in unset}
