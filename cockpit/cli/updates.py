"""`update`: a text from its template, with its checks; copied is not sent.

Its other commands look at the variables and at the public thread, and correct what was sent.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct

from cockpit.cli.completing import complete_channel, complete_ring, complete_stage
from cockpit.cli.grouping import UsualGroup
from cockpit.cli.options import incident_argument, incident_option, json_option, pass_shell
from cockpit.cli.sent_texts import correct_command, thread_command
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from datetime import datetime

    from cockpit.domain.view import OutgoingMessage
    from cockpit.service.updates import Composition


class Asked(Struct, frozen=True):
    """The options of one call."""

    reference: str | None
    incident: str | None
    stage: str
    audience: str
    channel: str
    text: str | None
    fill: tuple[str, ...]
    next_text: str | None
    copies: bool
    sent: bool
    force: bool
    as_json: bool


_WRITE = "write"
_SHOWN = 5
"""Findings that are told one by one: more would be a wall."""


@click.group(
    name="update", cls=UsualGroup, usual=_WRITE, commands=[correct_command, thread_command]
)
def update_command() -> None:
    """Write an update, look at its variables, correct what was sent, read the public thread.

    `cockpit update INC-42` writes the next update of that incident.
    """


def _choices(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose a template."""
    options = [
        click.option(
            "--stage",
            default="",
            metavar="STAGE",
            shell_complete=complete_stage,
            help="first word, investigating, identified, monitoring, resolved, no news, …",
        ),
        click.option(
            "--audience",
            default="customers",
            metavar="WHO",
            shell_complete=complete_ring,
            show_default=True,
            help="customers, executives, support, employees, core.",
        ),
        click.option(
            "--channel",
            default="",
            metavar="ID",
            shell_complete=complete_channel,
            help="status-page, email, chat, sms, …",
        ),
    ]
    for option in reversed(options):
        function = option(function)
    return function


@update_command.command(name=_WRITE)
@incident_argument
@_choices
@click.option("--text", metavar="TEXT|-", help="Your own text instead of the template.")
@click.option("--fill", metavar="NAME=TEXT", multiple=True, help="Fill a variable; repeatable.")
@click.option("--next", "next_text", metavar="TIME", help="Promise it for 10:30, or in 30m.")
@click.option("-c", "--copy", "copies", is_flag=True, help="Put it on the clipboard.")
@click.option("--sent", is_flag=True, help="It went out: keeps the promise, tells the audience.")
@click.option(
    "--force", "--yes", "force", is_flag=True, help="Though a check says it should not go out."
)
@incident_option
@json_option
@pass_shell
def write_update(shell: Shell, /, **options: Any) -> None:
    """Write an update from its template.

    The text goes to standard output, what is wrong with it to standard error. Copied is not sent:
    mark it with --sent once it is out.
    """
    from cockpit.cli import output
    from cockpit.cli.copying import copy_composition
    from cockpit.domain.sync_words import far_words
    from cockpit.service import updates
    from cockpit.service.sync_status import known_skew

    asked = Asked(**options)
    inc = shell.find(asked.incident or asked.reference)
    composition = _compose(shell, inc, asked)
    if asked.as_json:
        from cockpit.cli.shapes import plain

        output.dump(plain(composition))
    else:
        if composition.subject:
            output.say(f"Subject: {composition.subject}\n", newlines=True)
        output.say_document(composition.text)
    _tell_checks(composition)
    if asked.copies or asked.sent:
        _refuse_blocked(composition, force=asked.force)
    if asked.copies:
        for line in copy_composition(shell, inc, composition)[1]:
            output.warn(line)
    if asked.sent:
        view = updates.sent(shell.session, composition)
        output.warn(f"{view.ref}: sent to {composition.audience} by {composition.channel.name}.")
        if words := far_words(known_skew(shell.session, inc)):
            output.warn(words)


def _compose(shell: Shell, inc: str, asked: Asked) -> Composition:
    """Return the text: a person's own, the one that was copied and is now sent, or a new one."""
    from cockpit.cli import stdin
    from cockpit.service import updates

    text, stage, channel = asked.text, asked.stage, asked.channel
    if text == "-":
        text = stdin.read_text()
    if text is not None and not text.strip():
        raise click.UsageError("The text is empty.")
    values, asks_template = _values(asked.fill), bool(asked.fill) or asked.next_text is not None
    if text is not None and asks_template:
        raise click.UsageError("--next and --fill are for the template: write it into your text.")
    if asked.sent and not asked.copies and text is None and not asks_template:
        copied = _copied_last(shell, inc, asked.audience, stage, channel)
        if copied is not None:
            text, stage, channel = copied.text, copied.msg.stage, "".join(copied.msg.channels[:1])
    composition = updates.compose(
        shell.session,
        inc,
        stage=stage,
        audience=asked.audience,
        channel=channel,
        text=text,
        next_at=_next(shell, asked.next_text),
        values=values,
    )
    _refuse_unknown(values, composition)
    return composition


def _values(fill: Iterable[str]) -> dict[str, str]:
    """Return what a person fills variables with, by their names."""
    values = {}
    for each in fill:
        name, equals, value = each.partition("=")
        if not (name.strip() and equals):
            raise click.UsageError(f"“{each}” is no NAME=TEXT.")
        values[name.strip()] = value
    return values


def _refuse_unknown(values: Iterable[str], composition: Composition) -> None:
    """Refuse a name that fills nothing: the text would go out without what was meant."""
    from cockpit.domain.nearest import expected

    known = [each.name for each in composition.variables]
    for name in values:
        if name not in known:
            raise expected("a variable of this text", name, known)


def _copied_last(
    shell: Shell, inc: str, audience: str, stage: str, channel: str
) -> OutgoingMessage | None:
    """Return the text that was copied last for an audience, if it has not been sent yet.

    What was copied is what went out; rendering anew would give it another time.
    """
    last = None
    for each in shell.session.reads.view(inc).messages:
        if each.msg.audience == audience.lower():
            last = each
    if last is None or last.msg.state != "copied":
        return None
    asked_other = (stage and stage != last.msg.stage) or (
        channel and channel not in last.msg.channels
    )
    return None if asked_other else last


def _next(shell: Shell, text: str | None) -> datetime | None:
    """Return the promised time: a clock time ahead of now, or a span from now."""
    if text is None:
        return None
    from cockpit.domain.times import parse_ahead

    return parse_ahead(text, shell.now(), shell.zone)


@update_command.command(name="variables")
@incident_argument
@_choices
@incident_option
@json_option
@pass_shell
def list_variables(
    shell: Shell,
    reference: str | None,
    stage: str,
    audience: str,
    channel: str,
    incident: str | None,
    as_json: bool,
) -> None:
    """List a template's variables: what each holds, and how to fill one that is open."""
    from cockpit.cli import output
    from cockpit.domain.filling import by_need, how_to_fill, value_words
    from cockpit.service import updates

    inc = shell.find(incident or reference)
    composition = updates.compose(
        shell.session, inc, stage=stage, audience=audience, channel=channel
    )
    needed = composition.unfilled
    found = by_need(composition.variables, needed)
    if as_json:
        from cockpit.cli.shapes import plain

        shapes = [
            {**plain(each), "needed": each.name in needed, "fill": how_to_fill(each.name)}
            for each in found
        ]
        output.dump(shapes)
        return
    rows = []
    for each in found:
        way = f"; {how_to_fill(each.name)}" if each.name in needed or not each.filled else ""
        rows.append((each.name, value_words(each, needed), f"{each.meaning}{way}"))
    output.table(rows, ("variable", "value", "meaning"), flexible=2)


def _tell_checks(composition: Composition) -> None:
    """Say what was found, the gravest first, and count the rest."""
    from cockpit.cli import output

    found = [each for each in composition.checks if not each.ok]
    for each in found[:_SHOWN]:
        output.warn(f"{'!' if each.level == 'block' else '-'} {each.text}")
    if len(found) > _SHOWN:
        output.warn(f"- And {len(found) - _SHOWN} more; --json lists all.")


def _refuse_blocked(composition: Composition, *, force: bool) -> None:
    from cockpit.errors import CockpitError

    if composition.blocked and not force:
        wrong = "; ".join(each.short for each in composition.blocked)
        hint = "Change it with --text, or add --force (or --yes) if it is right."
        if composition.unfilled:
            hint = "Fill it (cockpit update variables says how), or add --yes if it is right."
        raise CockpitError(f"This text should not go out: {wrong}.", hint)
