"""What was sent already: correct a mistake in it, or print the whole public thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cockpit.cli.options import incident_argument, incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cockpit.domain.outgoing import Check


@click.command(name="correct")
@incident_argument
@click.option(
    "--entry",
    default="last",
    metavar="ID",
    show_default=True,
    help="The sent text: last, or the beginning of its id.",
)
@click.option("--text", required=True, metavar="TEXT|-", help="The whole text as it should be.")
@click.option("--reason", default="", metavar="TEXT", help="Why, such as: a typo.")
@click.option("-c", "--copy", "copies", is_flag=True, help="Put it on the clipboard.")
@click.option(
    "--force", "--yes", "force", is_flag=True, help="Though a check says it should not go out."
)
@incident_option
@json_option
@pass_shell
def correct_command(
    shell: Shell,
    reference: str | None,
    entry: str,
    text: str,
    reason: str,
    copies: bool,
    force: bool,
    incident: str | None,
    as_json: bool,
) -> None:
    """Correct a text that was sent.

    It is no new update: no countdown begins again, and nobody counts as told anew. The first
    wording stays in the history.
    """
    from cockpit.cli import output, stdin
    from cockpit.cli.copying import copy_text
    from cockpit.domain.times import format_clock
    from cockpit.service import corrections

    inc = shell.find(incident or reference)
    if text == "-":
        text = stdin.read_text()
    if not text.strip():
        raise click.UsageError("The text is empty.")
    session = shell.session
    message = corrections.find_sent(session, inc, entry)
    _refuse(corrections.check_correction(session, inc, message.entry, text), force=force)
    corrected = corrections.correct_sent(session, inc, message.entry, text, reason)
    if as_json:
        from cockpit.cli.shapes import entry_shape

        output.dump(entry_shape(corrected))
    else:
        output.say_document(corrected.text)
    at = f"{format_clock(message.at, shell.zone)} {message.at.astimezone(shell.zone):%Z}"
    output.warn(
        f"{session.reads.view(inc).ref}: corrected the update to {message.msg.audience} of {at}; "
        "no countdown begins again."
    )
    if kept := corrections.changed_promise(message, corrected.text):
        output.warn(kept)
    if copies:
        output.warn(copy_text(shell, corrected.text).sentence)


@click.command(name="thread")
@incident_argument
@click.option("-c", "--copy", "copies", is_flag=True, help="Put it on the clipboard.")
@incident_option
@json_option
@pass_shell
def thread_command(
    shell: Shell, reference: str | None, copies: bool, incident: str | None, as_json: bool
) -> None:
    """Print all that customers were told, newest first, as on a status page."""
    from cockpit.cli import output
    from cockpit.cli.copying import copy_text
    from cockpit.service import threads

    inc = shell.find(incident or reference)
    posts = threads.posts(shell.session, inc)
    if as_json:
        from cockpit.cli.shapes import plain

        output.dump([plain(each) for each in posts])
    elif not posts:
        output.warn("Nothing was sent to customers yet.")
    else:
        output.say_document(threads.text(shell.session, inc))
    if copies and posts:
        output.warn(copy_text(shell, threads.text(shell.session, inc)).sentence)


def _refuse(checks: Iterable[Check], *, force: bool) -> None:
    from cockpit.errors import CockpitError

    blocked = [each for each in checks if not each.ok and each.level == "block"]
    if blocked and not force:
        wrong = "; ".join(each.short for each in blocked)
        raise CockpitError(
            f"This text should not stand there: {wrong}.", "Change it, or add --yes if it is right."
        )
