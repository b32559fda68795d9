"""`declare`, `list`, `show` and `set`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import (
    complete_criterion,
    complete_field,
    complete_impact,
    complete_kind,
    complete_severity,
)
from cockpit.cli.options import (
    TextCommand,
    at_option,
    incident_argument,
    incident_option,
    json_option,
    pass_shell,
)
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.view import IncidentView


@click.command(name="declare", cls=TextCommand)
@click.argument("words", nargs=-1, required=True, metavar="TITLE")
@click.option(
    "-s",
    "--severity",
    "--sev",
    default="",
    metavar="SEV",
    shell_complete=complete_severity,
    help="1 to 4, or SEV1.",
)
@click.option(
    "--impact",
    default="",
    metavar="CLASS",
    shell_complete=complete_impact,
    help="high, medium, low, or 40% of customers.",
)
@click.option(
    "--kind",
    default="",
    metavar="KIND",
    shell_complete=complete_kind,
    help="outage, degraded, data, third-party, …",
)
@click.option(
    "--criterion",
    default="",
    metavar="ID",
    shell_complete=complete_criterion,
    help="What makes it an incident.",
)
@click.option("--commander", default="", metavar="NAME", help="Who runs it; you, if left out.")
@click.option("--drill", is_flag=True, help="It is an exercise.")
@click.option("--private", is_flag=True, help="Keep it out of shared lists.")
@click.option("--copy", "copies", is_flag=True, help="Copy the first word to customers.")
@at_option
@json_option
@pass_shell
def declare_command(
    shell: Shell,
    words: tuple[str, ...],
    severity: str,
    impact: str,
    kind: str,
    criterion: str,
    commander: str,
    drill: bool,
    private: bool,
    copies: bool,
    at: str | None,
    as_json: bool,
) -> None:
    """Declare an incident: a title suffices."""
    from cockpit.cli import output
    from cockpit.service import changes, incidents

    is_share = impact[:1].isdigit()
    if is_share:
        changes.check_value(shell.session, "share", impact)
    declaration = incidents.Declaration(
        title=" ".join(words),
        severity=severity,
        at=shell.when(at),
        kind=kind,
        criterion=criterion,
        impact="" if is_share else impact.lower(),
        commander=commander,
        drill=drill,
        private=private,
    )
    view = incidents.declare(shell.session, declaration)
    if is_share:
        view = changes.set_field(shell.session, view.id, "share", impact)
    if as_json:
        from cockpit.cli.shapes import incident_shape

        output.dump(incident_shape(view))
    else:
        output.say(f"{view.ref} declared, {view.severity}: {view.title}")
    if copies:
        _copy_first_word(shell, view.id)
    elif not as_json:
        output.say(f"Next: cockpit update {view.ref} --copy")


def _copy_first_word(shell: Shell, inc: str) -> None:
    from cockpit.cli import output
    from cockpit.cli.copying import copy_composition
    from cockpit.service import updates

    composition = updates.compose(shell.session, inc, stage="first word", audience="customers")
    result, advice = copy_composition(shell, inc, composition)
    if not result.ok:
        output.say_document(f"\n{composition.text}\n")
    for line in advice:
        output.warn(line)


@click.command(name="list")
@click.option("-a", "--all", "everything", is_flag=True, help="Closed and resolved ones too.")
@click.option("-n", "--limit", type=click.IntRange(1), metavar="N", help="At most so many.")
@json_option
@pass_shell
def list_command(shell: Shell, everything: bool, limit: int | None, as_json: bool) -> None:
    """List the open incidents, the most severe first."""
    from cockpit.cli import output
    from cockpit.cli.shapes import summary_shape
    from cockpit.domain.cadence import summary_clock
    from cockpit.service import incidents

    found = incidents.list_incidents(shell.session, closed=everything, limit=limit)
    playbook, now = shell.session.playbook, shell.now()
    clocks = [summary_clock(each, playbook, now) for each in found]
    if as_json:
        output.dump([summary_shape(*pair) for pair in zip(found, clocks, strict=True)])
        return
    if not found:
        count = shell.session.reads.count()
        more = f" {count:,} before: cockpit list --all." if count and not everything else ""
        gone = " Deleted ones: cockpit delete --list." if shell.session.reads.deleted() else ""
        output.say(f"{'No incident yet.' if everything else 'No incident is open.'}{more}{gone}")
        return
    from cockpit.cli.pages import incident_row

    rows = [incident_row(*pair, now, shell.zone) for pair in zip(found, clocks, strict=True)]
    headers = ("REF", "SEV", "STATUS", "AGE", "TITLE", "NEXT UPDATE")
    output.table(rows, headers, flexible=4)


@click.command(name="show")
@incident_argument
@click.option(
    "-n",
    "--entries",
    type=click.IntRange(0),
    default=20,
    metavar="N",
    show_default=True,
    help="How many of the last entries.",
)
@click.option("--ids", is_flag=True, help="With the beginning of each entry's id.")
@incident_option
@json_option
@pass_shell
def show_command(
    shell: Shell,
    reference: str | None,
    entries: int,
    ids: bool,
    incident: str | None,
    as_json: bool,
) -> None:
    """Show an incident: what is known, who is due, the last entries."""
    from cockpit.cli import output
    from cockpit.domain.view import TimelineFilter

    inc = shell.find(incident or reference)
    view, reads, every = shell.session.reads.view(inc), shell.session.reads, TimelineFilter()
    count = reads.timeline_count(inc, every)
    last = reads.timeline(inc, every, max(0, count - entries), count)
    if as_json:
        from cockpit.cli import shapes

        facts = view, shell.session.playbook, shell.now()
        due = shapes.due_shape(*facts)
        steps = shapes.steps_shape(*facts)
        shape = {
            **shapes.incident_shape(view),
            "workflow_step": next((each for each in steps if each["next"]), None),
            "cadence": shapes.cadence_shape(*facts),
            "audiences": due["audiences"],
            "board": due["stakeholders"],
        }
        output.dump({**shape, "timeline": [shapes.entry_shape(each) for each in last]})
        return
    from cockpit.cli.pages import incident_page

    page = incident_page(view, last, shell.session.playbook, shell.now(), shell.zone, ids=ids)
    output.say_lines(page)


@click.command(name="set", cls=TextCommand)
@click.argument("words", nargs=-1, metavar="[REF] FIELD VALUE…", shell_complete=complete_field)
@click.option("--reason", default="", metavar="TEXT", help="Why; it stands in the timeline.")
@at_option
@incident_option
@json_option
@pass_shell
def set_command(
    shell: Shell,
    words: tuple[str, ...],
    reason: str,
    at: str | None,
    incident: str | None,
    as_json: bool,
) -> None:
    """Change a field.

    Fields: status, stage, severity, impact, share, title, kind, criterion, area, started_at,
    cause, next, impact_text, role.ROLE, pm.owner, pm.meeting_at, pm.review, pm.reviewed_by. A
    VALUE of - is read from standard input.
    """
    from cockpit.cli import output, stdin
    from cockpit.service import changes

    inc, words = shell.split(incident, words)
    if len(words) < 2:
        names = ", ".join(changes.field_names(shell.session.playbook))
        missing = f"the value of {words[0]} is missing" if words else "name a field and its value"
        raise click.UsageError(f"{missing.capitalize()}. Fields: {names}.")
    field, rest = words[0], words[1:]
    value = stdin.read_text() if stdin.is_stdin(rest) else " ".join(rest)
    before = shell.session.reads.view(inc)
    view = changes.set_field(shell.session, inc, field, value, reason=reason, at=shell.when(at))
    if as_json:
        from cockpit.cli.shapes import incident_shape

        output.dump(incident_shape(view))
        return
    output.say(_change_sentence(before, view, field, value))
    if _is_handed_over(before, view):
        output.say(f"Next: cockpit handover {view.ref}")


def _is_handed_over(before: IncidentView, view: IncidentView) -> bool:
    """Say whether a role went from one person to another: the new one must know the state."""
    return any(
        before.holder(each.role) not in ("", each.person) for each in view.roles if each.person
    )


def _change_sentence(before: IncidentView, view: IncidentView, field: str, value: str) -> str:
    if before.last_op == view.last_op:
        return f"{view.ref}: {field} was that already."
    known = {"severity", "status", "stage", "impact"}
    shown = str(getattr(view, field)) if field in known else " ".join(value.split())
    return f"{view.ref}: {field} is now {shown or 'empty'}."
