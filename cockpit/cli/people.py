"""`tell` and `due`: who was told, and who waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import (
    complete_channel,
    complete_person,
    complete_quadrant,
    complete_ring,
)
from cockpit.cli.options import (
    at_option,
    incident_argument,
    incident_option,
    json_option,
    pass_shell,
)
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.view import IncidentView


@click.command(name="tell")
@click.argument("words", nargs=-1, metavar="[REF] [STAKEHOLDER…]", shell_complete=complete_person)
@click.option(
    "--quadrant",
    metavar="FIELD",
    shell_complete=complete_quadrant,
    help="Everybody in a field: closely, satisfied, …",
)
@click.option(
    "--ring",
    metavar="RING",
    shell_complete=complete_ring,
    help="Everybody in a ring: core, support, executives, …",
)
@click.option("--group", metavar="NAME", help="Everybody of a group.")
@click.option("--all-due", "--waiting", is_flag=True, help="Everybody who is due or late.")
@click.option(
    "--channel",
    default="",
    metavar="ID",
    shell_complete=complete_channel,
    help="How; else each one's first channel.",
)
@click.option("--note", default="", metavar="TEXT", help="What they were told.")
@at_option
@incident_option
@json_option
@pass_shell
def tell_command(
    shell: Shell,
    words: tuple[str, ...],
    quadrant: str | None,
    ring: str | None,
    group: str | None,
    all_due: bool,
    channel: str,
    note: str,
    at: str | None,
    incident: str | None,
    as_json: bool,
) -> None:
    """Record that stakeholders were told, by id, by name, or many at once."""
    from cockpit.cli import output
    from cockpit.service import people

    inc, words = shell.split(incident, words)
    view = shell.session.reads.view(inc)
    ids = [*words, *_chosen(shell, view, quadrant=quadrant, ring=ring, all_due=all_due)]
    ids += people.group_members(view, group) if group is not None else []
    if not ids:
        raise click.UsageError("Say who was told: names, --quadrant, --ring, --group or --waiting.")
    found = dict.fromkeys(people.find_stakeholder(view, each).id for each in ids)
    view = people.tell(
        shell.session, inc, tuple(found), channel=channel, note=note, at=shell.when(at)
    )
    if as_json:
        from cockpit.cli.shapes import board_shape

        output.dump(board_shape(people.board(shell.session, inc)))
        return
    names = {each.id: each.name for each in view.stakeholders}
    output.say(f"{view.ref}: told {', '.join(names.get(each, each) for each in found)}.")


@click.command(name="due")
@incident_argument
@incident_option
@json_option
@pass_shell
def due_command(shell: Shell, reference: str | None, incident: str | None, as_json: bool) -> None:
    """Say what is due or overdue: updates, post-mortems, action items; and who waits."""
    from cockpit.cli import output
    from cockpit.cli.due_pages import aftermath_lines, aftermaths
    from cockpit.service import action_items, incidents

    named = incident or reference
    session, now = shell.session, shell.now()
    ids = [shell.find(named)] if named else [each.id for each in incidents.list_incidents(session)]
    after = {each.inc: each for each in aftermaths(session) if not named or each.inc in ids}
    if as_json:
        from cockpit.cli.due_shapes import aftermath_shape
        from cockpit.cli.shapes import due_shape

        today = action_items.today(session)
        every = [session.reads.view(inc) for inc in dict.fromkeys((*ids, *after))]
        shapes = [due_shape(view, session.playbook, now) for view in every]
        rest = [aftermath_shape(after.get(view.id), today) for view in every]
        output.dump([{**shape, **more} for shape, more in zip(shapes, rest, strict=True)])
        return
    if not ids and not after:
        output.say("No incident is open: nothing is due.")
        return
    from cockpit.cli.pages import due_lines

    today = action_items.today(session)
    for inc in ids:
        view = session.reads.view(inc)
        output.say(f"{view.ref}  {view.severity.value}  {view.phase}  {view.title}")
        lines = list(due_lines(view, session.playbook, now, shell.zone))
        lines += aftermath_lines(after.pop(inc), today) if inc in after else []
        output.say_lines(f"  {line}" for line in lines or ["nothing is due"])
    for each in after.values():
        output.say(f"{each.ref}  {each.severity}  {each.title}")
        output.say_lines(f"  {line}" for line in aftermath_lines(each, today))


def _chosen(
    shell: Shell, view: IncidentView, *, quadrant: str | None, ring: str | None, all_due: bool
) -> list[str]:
    from cockpit.domain.nearest import expected
    from cockpit.domain.vocabulary import Quadrant, Ring
    from cockpit.errors import InvalidInputError
    from cockpit.service import people

    chosen: list[str] = []
    if quadrant is not None:
        wanted = [each for each in Quadrant if _means(quadrant, each.value)]
        if len(wanted) != 1:
            raise expected("a field of the grid", quadrant, [each.value for each in Quadrant])
        chosen += [each.id for each in view.stakeholders if each.quadrant is wanted[0]]
    if ring is not None:
        if ring.lower() not in [each.audience for each in Ring]:
            raise expected("a ring", ring, [each.audience for each in Ring])
        chosen += [each.id for each in view.stakeholders if each.ring.audience == ring.lower()]
    if all_due:
        chosen += [cell.stakeholder.id for cell in people.board(shell.session, view.id).to_tell()]
    if not chosen and (quadrant or ring or all_due):
        who = "waits to be told" if all_due else "stands there"
        raise InvalidInputError(f"Nobody {who}.", "cockpit due says who is next.")
    return chosen


def _means(word: str, name: str) -> bool:
    """Say whether a word names a field of the grid: `keep satisfied`, `satisfied`, `closely`."""
    plain = word.lower().replace("-", " ").replace("_", " ").strip()
    return plain == name or plain in name.split()[1:] or plain == name.split()[0] == "monitor"
