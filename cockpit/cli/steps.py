"""`steps` and `handover`: where the response stands, and what the next person must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cockpit.cli.options import (
    incident_argument,
    incident_option,
    json_option,
    pass_shell,
)
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.view import IncidentView


@click.command(name="steps")
@incident_argument
@click.option("--tick", metavar="ID", help="Say that a step is done that only a person can tell.")
@click.option("--untick", metavar="ID", help="Take such a tick back.")
@incident_option
@json_option
@pass_shell
def steps_command(
    shell: Shell,
    reference: str | None,
    tick: str | None,
    untick: str | None,
    incident: str | None,
    as_json: bool,
) -> None:
    """List the steps of the workflow on its four fronts.

    Says what is done, what is next or late, and whose it is. Most steps tick themselves.
    """
    from cockpit.cli import output
    from cockpit.service import steps

    inc = shell.find(incident or reference)
    view = shell.session.reads.view(inc)
    if tick:
        view = steps.tick(shell.session, inc, tick)
    if untick:
        view = steps.tick(shell.session, inc, untick, on=False)
    if as_json:
        from cockpit.cli.shapes import steps_shape

        output.dump(steps_shape(view, shell.session.playbook, shell.now()))
        return
    output.say_lines(_lines(shell, view))


def _lines(shell: Shell, view: IncidentView) -> list[str]:
    from cockpit.cli.pages import step_lines

    return list(step_lines(view, shell.session.playbook, shell.now()))


@click.command(name="handover")
@incident_argument
@click.option("--plain", is_flag=True, help="Plain text instead of Markdown.")
@click.option("--given", is_flag=True, help="Note that it was given; its text is kept.")
@incident_option
@json_option
@pass_shell
def handover_command(
    shell: Shell,
    reference: str | None,
    plain: bool,
    given: bool,
    incident: str | None,
    as_json: bool,
) -> None:
    """Print on one page where it stands, for everybody or for who takes a role over.

    The hand-over itself: cockpit set role.commander NAME --reason TEXT
    """
    from cockpit.cli import output
    from cockpit.domain.handover import handover_markdown, handover_text
    from cockpit.service import handovers

    inc = shell.find(incident or reference)
    read = handovers.give if given else handovers.summary
    found = read(shell.session, inc, shell.zone)
    if as_json:
        from cockpit.cli.shapes import plain as plainly

        output.dump(plainly(found))
        return
    write = handover_text if plain else handover_markdown
    output.say_document(write(found, shell.zone))
