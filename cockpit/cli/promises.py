"""`promise`: when each audience hears from us next, and what people decide about that."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from cockpit.cli.completing import complete_ring
from cockpit.cli.grouping import UsualGroup
from cockpit.cli.options import incident_argument, incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.cadence import RingClock
    from cockpit.service.promises import Decided

_SHOW = "show"
_CUSTOMERS = "customers"


@click.group(name="promise", cls=UsualGroup, usual=_SHOW)
def promise_command() -> None:
    """Show when each audience hears from us next; extend, pause, resume or slow that down.

    `cockpit promise INC-42` shows the countdowns of that incident. Every change stands in the
    timeline with its reason, and `cockpit undo` takes it back. Without an audience it is for
    customers.
    """


@promise_command.command(name=_SHOW)
@incident_argument
@incident_option
@json_option
@pass_shell
def show_promises(shell: Shell, reference: str | None, incident: str | None, as_json: bool) -> None:
    """Show every audience's countdown: due, overdue, paused, extended or slowed down."""
    _print(shell, shell.find(incident or reference), as_json=as_json)


def _takes(words: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add the words, the reason and what every command here takes."""
    options: list[Callable[..., Any]] = [
        click.argument("words", nargs=-1, metavar=words, shell_complete=complete_ring),
        click.option("-r", "--reason", default="", metavar="TEXT", help="Why; kept and shown."),
        incident_option,
        json_option,
        pass_shell,
    ]

    def add(function: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            function = option(function)
        return function

    return add


@promise_command.command(name="extend")
@_takes("[REF] [AUDIENCE] TIME")
def extend_promise(
    shell: Shell, words: tuple[str, ...], reason: str, incident: str | None, as_json: bool
) -> None:
    """Move the next update to a time (10:45) or by some minutes (+15m), with the reason why.

    Minutes count from the time that holds, or from now once that has passed.
    """
    from cockpit.domain.times import parse_ahead
    from cockpit.service import promises

    inc, audience, rest = _split(shell, incident, words)
    if not rest:
        raise click.UsageError("Give a time: cockpit promise extend customers 10:45 --reason …")
    now = shell.now()
    due_at = _running(shell, inc, audience).due_at
    base = due_at if due_at and due_at > now else None
    to = parse_ahead(" ".join(rest), now, shell.zone, base)
    done = promises.extend(shell.session, inc, audience, to, reason)
    _tell(shell, done, as_json=as_json)


@promise_command.command(name="pause")
@_takes("[REF] [AUDIENCE]")
@click.option("--until", metavar="TIME", help="When it ends by itself: 11:00, or 30m from now.")
def pause_promise(
    shell: Shell,
    words: tuple[str, ...],
    reason: str,
    until: str | None,
    incident: str | None,
    as_json: bool,
) -> None:
    """Pause an audience's countdown, with the reason why."""
    from cockpit.domain.times import parse_ahead
    from cockpit.service import promises

    inc, audience, rest = _split(shell, incident, words)
    _refuse_rest(rest)
    end = None if until is None else parse_ahead(until, shell.now(), shell.zone)
    _tell(shell, promises.pause(shell.session, inc, audience, reason, end), as_json=as_json)


@promise_command.command(name="resume")
@click.argument("words", nargs=-1, metavar="[REF] [AUDIENCE]", shell_complete=complete_ring)
@incident_option
@json_option
@pass_shell
def resume_promise(
    shell: Shell, words: tuple[str, ...], incident: str | None, as_json: bool
) -> None:
    """End a pause; the next update is due one interval later."""
    from cockpit.service import promises

    inc, audience, rest = _split(shell, incident, words)
    _refuse_rest(rest)
    _tell(shell, promises.resume(shell.session, inc, audience), as_json=as_json)


@promise_command.command(name="rhythm")
@_takes("[REF] [AUDIENCE] MINUTES")
def change_rhythm(
    shell: Shell, words: tuple[str, ...], reason: str, incident: str | None, as_json: bool
) -> None:
    """Let updates come every so many minutes; 0 goes back to the playbook's rhythm."""
    from datetime import timedelta

    from cockpit.domain.times import parse_duration
    from cockpit.service import promises

    inc, audience, rest = _split(shell, incident, words)
    if not rest:
        raise click.UsageError("Give minutes: cockpit promise rhythm customers 60 --reason …")
    text = " ".join(rest)
    minutes = 0 if text == "0" else parse_duration(text) // timedelta(minutes=1) or -1
    done = promises.set_rhythm(shell.session, inc, audience, minutes, reason)
    _tell(shell, done, as_json=as_json)


def _split(
    shell: Shell, incident: str | None, words: tuple[str, ...]
) -> tuple[str, str, tuple[str, ...]]:
    """Return the incident, the audience (customers when none is named) and the words left."""
    from cockpit.service.promises import ring_named

    inc, rest = shell.split(incident, words)
    rest = tuple(word for each in rest for word in each.split())
    if rest and rest[0][:1].isalpha() and rest[0].lower() not in ("in", "tomorrow", "today"):
        return inc, ring_named(rest[0]).audience, rest[1:]
    return inc, _CUSTOMERS, rest


def _refuse_rest(rest: tuple[str, ...]) -> None:
    if rest:
        raise click.UsageError(f"“{rest[0]}” is one word too many; give the why with --reason.")


def _running(shell: Shell, inc: str, audience: str) -> RingClock:
    from cockpit.service import promises

    clocks = promises.ring_clocks(shell.session, inc)
    return next(each for each in clocks if each.ring.audience == audience)


def _tell(shell: Shell, done: Decided, *, as_json: bool) -> None:
    from cockpit.cli import output

    if as_json:
        _print(shell, done.view.id, as_json=True)
    else:
        from cockpit.cli.pages import promise_words

        words = promise_words(done.clock, shell.now(), shell.zone)
        output.say(f"{done.view.ref}  {words}")
    if done.warning:
        output.warn(f"- {done.warning}")


def _print(shell: Shell, inc: str, *, as_json: bool) -> None:
    from cockpit.cli import output
    from cockpit.service import promises

    clocks = promises.ring_clocks(shell.session, inc)
    if as_json:
        from cockpit.cli.shapes import clock_shape

        output.dump([clock_shape(each, always=True) for each in clocks])
        return
    from cockpit.cli.pages import promise_words

    view = shell.session.reads.view(inc)
    output.say(f"{view.ref}  {view.severity.value}  {view.phase}  {view.title}")
    for each in clocks:
        output.say(f"  {promise_words(each, shell.now(), shell.zone)}")
