"""`ask`, `asked`, `answered` and `theory`: who does what until when, and what it cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import (
    complete_asked,
    complete_helped,
    complete_reference,
    complete_theory,
)
from cockpit.cli.grouping import UsualGroup
from cockpit.cli.options import (
    TextCommand,
    incident_argument,
    incident_option,
    json_option,
    pass_shell,
)
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.view import Hypothesis, ResponseAction

_LIST = "list"
_ID_SHOWN = 6


@click.command(name="ask", cls=TextCommand)
@click.argument("words", nargs=-1, metavar="[REF] WHAT…", shell_complete=complete_reference)
@click.option("--of", "owner", default="", metavar="NAME", help="Of whom.")
@click.option(
    "--in",
    "within",
    default="",
    metavar="TIME",
    help="When you want to hear back: 10m, 1h30m; else as the playbook says.",
)
@incident_option
@json_option
@pass_shell
def ask_command(
    shell: Shell,
    words: tuple[str, ...],
    owner: str,
    within: str,
    incident: str | None,
    as_json: bool,
) -> None:
    """Ask somebody for an action, with the time to hear back from them."""
    from cockpit.cli import output
    from cockpit.domain.response_work import asked_words
    from cockpit.domain.times import format_stamp
    from cockpit.service import response_work

    inc, words = shell.split(incident, words)
    if not " ".join(words).strip():
        raise click.UsageError('Say what is asked: cockpit ask "restart the cache" --of ana.')
    asked = response_work.ask(shell.session, inc, " ".join(words), owner, within)
    if as_json:
        _dump_asked(shell, asked)
        return
    reference = shell.session.reads.view(inc).ref
    back = f", back by {format_stamp(asked.back_at, shell.zone)[11:]}" if asked.back_at else ""
    output.say(f"{reference}: asked {asked_words(asked)} ({asked.id[:_ID_SHOWN]}{back})")


@click.command(name="asked")
@incident_argument
@click.option("-a", "--all", "everything", is_flag=True, help="Those that are over, too.")
@incident_option
@json_option
@pass_shell
def asked_command(
    shell: Shell, reference: str | None, everything: bool, incident: str | None, as_json: bool
) -> None:
    """List what was asked of whom: whose answer is late, and who comes back next."""
    from cockpit.cli import output
    from cockpit.cli.shapes import asked_shape
    from cockpit.domain.response_work import timers

    view = shell.session.reads.view(shell.find(incident or reference))
    waiting = timers(view, shell.now())
    over = [each for each in view.response_actions if each.state != "open"] if everything else []
    if as_json:
        actions = [*(each.action for each in waiting), *over]
        output.dump([asked_shape(each, shell.now()) for each in actions])
        return
    if not waiting and not over:
        more = " cockpit asked --all shows what is over." if view.response_actions else ""
        output.say(f"{view.ref}: nobody is asked for anything now.{more}")
        return
    from cockpit.domain.response_work import verdict_words

    rows = [
        (
            each.action.id[:_ID_SHOWN],
            each.action.owner,
            each.action.title,
            f"! {each.words}" if each.is_late else each.words,
        )
        for each in waiting
    ]
    rows += [(each.id[:_ID_SHOWN], each.owner, each.title, verdict_words(each)) for each in over]
    output.table(rows, ("ID", "WHO", "WHAT", "ANSWER"), flexible=2)


@click.command(name="answered")
@click.argument("words", nargs=-1, metavar="[REF] ID|WORDS…", shell_complete=complete_asked)
@click.option(
    "--helped",
    metavar="ANSWER",
    shell_complete=complete_helped,
    help="It is done, and it helped: yes, no or unclear.",
)
@click.option("--dropped", is_flag=True, help="It is not needed any more.")
@click.option("--more", metavar="TIME", help="It takes longer: wait for so long from now.")
@click.option("--why", default="", metavar="TEXT", help="What you saw.")
@incident_option
@json_option
@pass_shell
def answered_command(
    shell: Shell,
    words: tuple[str, ...],
    helped: str | None,
    dropped: bool,
    more: str | None,
    why: str,
    incident: str | None,
    as_json: bool,
) -> None:
    """Say what came of an action that was asked: by the beginning of its id, or words of it."""
    from cockpit.cli import output
    from cockpit.domain.response_events import answer_text, later_text
    from cockpit.service import response_work

    if sum((helped is not None, dropped, more is not None)) != 1:
        raise click.UsageError(
            "Say what came of it: --helped yes, no or unclear, --dropped, or --more 10m."
        )
    inc, words = shell.split(incident, words)
    session, name = shell.session, " ".join(words)
    if more is not None:
        action = response_work.give_time(session, inc, name, more)
        sentence = later_text(action, action.back_at) if action.back_at else ""
    else:
        if helped is not None:
            action = response_work.finish(session, inc, name, helped, why)
        else:
            action = response_work.drop(session, inc, name, why)
        sentence = answer_text(action)
    if as_json:
        _dump_asked(shell, action)
        return
    output.say(f"{session.reads.view(inc).ref}: {sentence}")


@click.group(name="theory", cls=UsualGroup, usual=_LIST)
def theory_command() -> None:
    """List what may be the cause; add theories, confirm and eliminate them."""


@theory_command.command(name=_LIST)
@incident_argument
@incident_option
@json_option
@pass_shell
def list_theories(shell: Shell, reference: str | None, incident: str | None, as_json: bool) -> None:
    """List the theories, the open ones first."""
    from cockpit.cli import output
    from cockpit.cli.shapes import plain

    view = shell.session.reads.view(shell.find(incident or reference))
    found = sorted(view.hypotheses, key=lambda each: each.state != "open")
    if as_json:
        output.dump([plain(each) for each in found])
        return
    if not found:
        output.say(f"{view.ref}: no theory yet. cockpit theory add “…” keeps one.")
        return
    rows = [(each.id[:_ID_SHOWN], each.state, each.text, each.why) for each in found]
    output.table(rows, ("ID", "STATE", "THEORY", "WHY"), flexible=2)


@theory_command.command(name="add", cls=TextCommand)
@click.argument("words", nargs=-1, metavar="[REF] TEXT…", shell_complete=complete_reference)
@incident_option
@json_option
@pass_shell
def add_theory(shell: Shell, words: tuple[str, ...], incident: str | None, as_json: bool) -> None:
    """Suppose a cause."""
    from cockpit.service import response_work

    inc, words = shell.split(incident, words)
    _say_theory(
        shell, inc, response_work.suppose(shell.session, inc, " ".join(words)), as_json=as_json
    )


@theory_command.command(name="confirm")
@click.argument("words", nargs=-1, metavar="[REF] ID|WORDS…", shell_complete=complete_theory)
@click.option("--why", default="", metavar="TEXT", help="What shows it.")
@click.option("--cause", is_flag=True, help="Make it the cause of the incident, too.")
@incident_option
@json_option
@pass_shell
def confirm_theory(
    shell: Shell,
    words: tuple[str, ...],
    why: str,
    cause: bool,
    incident: str | None,
    as_json: bool,
) -> None:
    """Say that a theory is right: by the beginning of its id, or words of it."""
    from cockpit.cli import output
    from cockpit.service import response_work

    inc, words = shell.split(incident, words)
    theory = response_work.confirm(shell.session, inc, " ".join(words), why, is_cause=cause)
    _say_theory(shell, inc, theory, as_json=as_json)
    if not as_json and shell.session.reads.view(inc).cause != theory.text:
        output.say(f"Is it the cause? cockpit theory confirm {theory.id[:_ID_SHOWN]} --cause")


@theory_command.command(name="eliminate")
@click.argument("words", nargs=-1, metavar="[REF] ID|WORDS…", shell_complete=complete_theory)
@click.option("--why", default="", metavar="TEXT", help="What speaks against it.")
@incident_option
@json_option
@pass_shell
def eliminate_theory(
    shell: Shell, words: tuple[str, ...], why: str, incident: str | None, as_json: bool
) -> None:
    """Say that a theory is wrong: by the beginning of its id, or words of it."""
    from cockpit.service import response_work

    inc, words = shell.split(incident, words)
    theory = response_work.eliminate(shell.session, inc, " ".join(words), why)
    _say_theory(shell, inc, theory, as_json=as_json)


def _dump_asked(shell: Shell, action: ResponseAction) -> None:
    from cockpit.cli import output
    from cockpit.cli.shapes import asked_shape

    output.dump(asked_shape(action, shell.now()))


def _say_theory(shell: Shell, inc: str, theory: Hypothesis, *, as_json: bool) -> None:
    from cockpit.cli import output
    from cockpit.cli.shapes import plain
    from cockpit.domain.response_work import theory_words

    if as_json:
        output.dump(plain(theory))
        return
    reference = shell.session.reads.view(inc).ref
    output.say(f"{reference}: {theory.text} ({theory.id[:_ID_SHOWN]}, {theory_words(theory)})")
