"""`close` and `component`: what is left before the end, and what is operational again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import complete_check, complete_component, complete_incident
from cockpit.cli.options import TextCommand, incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.closing import ClosingCheck
    from cockpit.domain.view import IncidentView

_WIDTH = 12
_COMMANDS = {
    "public-word": "cockpit update {ref} --stage resolved --sent",
    "audiences": "cockpit tell {ref} --ring RING",
    "components": "cockpit component {ref} NAME ok",
    "debt": "cockpit postmortem action {ref} TITLE --kind debt",
    "owner": "cockpit set {ref} pm.owner NAME",
    "meeting": "cockpit set {ref} pm.meeting_at TIME",
    "asked": "cockpit answered {ref} WORDS --helped yes",
}


@click.command(name="close")
@click.argument("reference", required=False, metavar="[REF]", shell_complete=complete_incident)
@click.option(
    "--waive",
    "waivers",
    multiple=True,
    metavar="CHECK=REASON",
    shell_complete=complete_check,
    help="Do not ask for a check here, and say why; may be given several times.",
)
@click.option(
    "--unwaive",
    multiple=True,
    metavar="CHECK",
    shell_complete=complete_check,
    help="Ask for a waived check again.",
)
@click.option("--reason", default="", metavar="TEXT", help="Why it is closed.")
@click.option("--check", "only_check", is_flag=True, help="Only list what is left; exit code 1.")
@incident_option
@json_option
@pass_shell
def close_command(
    shell: Shell,
    reference: str | None,
    waivers: tuple[str, ...],
    unwaive: tuple[str, ...],
    reason: str,
    only_check: bool,
    incident: str | None,
    as_json: bool,
) -> int:
    """Close an incident once nothing is left, or say what is.

    Without REF it is the only incident that is not closed. While something is left, nothing but
    the waivers is recorded, and the exit code is 1.
    """
    from cockpit.cli import output
    from cockpit.domain.closing import things_left
    from cockpit.service import closing

    wanted = [_parse_waiver(each) for each in waivers]
    inc = closing.find(shell.session, incident or reference)
    if wanted or unwaive:
        closing.decide(shell.session, inc, waived=wanted, asked_again=unwaive)
    checks = closing.checks(shell.session, inc)
    left = things_left(checks)
    view = shell.session.reads.view(inc)
    if not left and not only_check:
        view = closing.close(shell.session, inc, reason=reason)
    if as_json:
        from cockpit.cli.shapes import closing_shape

        output.dump(closing_shape(view, checks))
    else:
        output.say_lines(_lines(view, checks, left))
    return 1 if left else 0


def _parse_waiver(text: str) -> tuple[str, str]:
    check, mark, reason = text.partition("=")
    if not mark:
        raise click.UsageError(f"“{text}” names no reason; write {check or 'CHECK'}=REASON.")
    return check, reason


def _lines(
    view: IncidentView, checks: Iterable[ClosingCheck], left: tuple[ClosingCheck, ...]
) -> Iterator[str]:
    """Yield what became of it, then every check with what to do next."""
    from cockpit.domain.vocabulary import Stage

    if left:
        count = f"{len(left)} thing{'s are' if len(left) > 1 else ' is'} left"
        yield f"{view.ref} is not closed yet: {count}."
    elif view.stage is Stage.CLOSED:
        yield f"{view.ref} is closed."
    else:
        yield f"{view.ref} can be closed: nothing is left."
    for each in checks:
        mark = "✓" if each.done else "-" if each.waived else "!"
        yield f"  {mark} {each.id:<{_WIDTH}} {each.sentence}"
        if each.waived:
            yield f"    {'':<{_WIDTH}} Waived: {each.waived}"
        elif each.is_left:
            command = _COMMANDS.get(each.id, "").format(ref=view.ref)
            how = f"{each.how.removesuffix('.')}: {command}" if command else each.how
            yield f"    {'':<{_WIDTH}} {how}"
    if left:
        yield f"What does not apply: cockpit close {view.ref} --waive {left[0].id}=REASON"


@click.command(name="component", cls=TextCommand)
@click.argument("words", nargs=-1, metavar="[REF] [NAME STATE]", shell_complete=complete_component)
@click.option("--reason", default="", metavar="TEXT", help="Why; it stands in the timeline.")
@incident_option
@json_option
@pass_shell
def component_command(
    shell: Shell, words: tuple[str, ...], reason: str, incident: str | None, as_json: bool
) -> None:
    """List the components with their states, or set the state of one.

    STATE is operational (ok), degraded_performance (degraded), partial_outage (partial),
    major_outage (major) or under_maintenance (maintenance). Names come from the playbook.
    """
    from cockpit.cli import output
    from cockpit.domain.components import offered_components, state_words
    from cockpit.service import components

    inc, words = shell.split(incident, words)
    if len(words) == 1:
        raise click.UsageError(f"Which state is “{words[0]}” in? Write NAME STATE.")
    if words:
        name, state = " ".join(words[:-1]), words[-1]
        components.set_component(shell.session, inc, name, state, reason)
    view = shell.session.reads.view(inc)
    found = offered_components(view, shell.session.playbook)
    if as_json:
        output.dump([{"name": name, "state": state or None} for name, state in found.items()])
        return
    if not found:
        output.say(f"{view.ref}: no component is known.")
        return
    rows = [(name, state_words(state) or "nobody said") for name, state in found.items()]
    output.table(rows, ("COMPONENT", "STATE"), flexible=0)
