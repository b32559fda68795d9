"""`log`, `star`, `undo` and `redo`: the timeline from any shell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import complete_entry_kind, complete_reference
from cockpit.cli.options import TextCommand, at_option, incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.view import TimelineEntry
    from cockpit.errors import CockpitError, StoreError

_LOOK_BACK = 200  # entries that `star` looks through


@click.command(name="log", cls=TextCommand)
@click.argument("words", nargs=-1, metavar="[REF] TEXT…|-", shell_complete=complete_reference)
@click.option(
    "--kind",
    default="note",
    metavar="KIND",
    shell_complete=complete_entry_kind,
    help="observation, action, decision, …",
)
@click.option("--lines", is_flag=True, help="With -: one entry for each line as it comes.")
@at_option
@incident_option
@json_option
@pass_shell
def log_command(
    shell: Shell,
    words: tuple[str, ...],
    kind: str,
    lines: bool,
    at: str | None,
    incident: str | None,
    as_json: bool,
) -> None:
    """Note what happened.

    The text is kept as it stands. With - it is read from standard input as one entry, or line by
    line with --lines.
    """
    from cockpit.cli import output, stdin
    from cockpit.errors import StoreError
    from cockpit.service import timeline

    shell.refuse_readonly()
    try:
        inc, rest = shell.split(incident, words)
        when = shell.when(at)
        if lines:
            if not stdin.is_stdin(rest):
                raise click.UsageError("--lines reads standard input: give - as the text.")
            batches = stdin.read_batches()
            count = timeline.log_lines(shell.session, inc, batches, kind=kind, at=when)
            output.say(f"{count:,} {'entry' if count == 1 else 'entries'} logged.")
            return
        text = stdin.read_text() if stdin.is_stdin(rest) else " ".join(rest)
        if not text.strip():
            raise click.UsageError("There is no text to log: say what happened.")
        words = (text,)
        entry = timeline.log(shell.session, inc, text, kind=kind, at=when)
    except StoreError as error:
        raise _keep(shell, words, error) from error
    confirm(shell, inc, entry, as_json=as_json)


@click.command(name="star")
@click.argument("words", nargs=-1, metavar="[REF] [TEXT…]", shell_complete=complete_reference)
@click.option("--off", is_flag=True, help="Take the star away.")
@incident_option
@json_option
@pass_shell
def star_command(
    shell: Shell, words: tuple[str, ...], off: bool, incident: str | None, as_json: bool
) -> None:
    """Star an entry for the post-mortem: the last one, or the last that holds TEXT."""
    from cockpit.domain.view import TimelineFilter
    from cockpit.errors import InvalidInputError
    from cockpit.service import timeline

    inc, words = shell.split(incident, words)
    reads, wanted = shell.session.reads, TimelineFilter(text=" ".join(words))
    count = reads.timeline_count(inc, wanted)
    found = [
        each
        for each in reads.timeline(inc, wanted, max(0, count - _LOOK_BACK), count)
        if each.editable and not each.hidden
    ]
    if not found:
        raise InvalidInputError("No entry holds that text.", "cockpit show prints the entries.")
    entry = timeline.star(shell.session, inc, found[-1].id, on=not off)
    confirm(shell, inc, entry, as_json=as_json)


@click.command(name="undo")
@click.argument("words", nargs=-1, metavar="[REF]", shell_complete=complete_reference)
@incident_option
@pass_shell
def undo_command(shell: Shell, words: tuple[str, ...], incident: str | None) -> None:
    """Take back the last thing that was done on this machine."""
    from cockpit.cli import output
    from cockpit.service import undo

    output.say(undo.undo(shell.session, _only(shell, incident, words)))


@click.command(name="redo")
@click.argument("words", nargs=-1, metavar="[REF]", shell_complete=complete_reference)
@incident_option
@pass_shell
def redo_command(shell: Shell, words: tuple[str, ...], incident: str | None) -> None:
    """Take the last undo back."""
    from cockpit.cli import output
    from cockpit.service import undo

    output.say(undo.redo(shell.session, _only(shell, incident, words)))


def _keep(shell: Shell, words: tuple[str, ...], error: StoreError) -> CockpitError:
    """Return the error with the place where the text that could not be stored was put."""
    from cockpit.cli import stdin
    from cockpit.errors import CockpitError
    from cockpit.paths import create_private_directory, write_private

    text = stdin.read_text() if stdin.is_stdin(words) else " ".join(words)
    path = shell.paths.drafts / "not-logged.txt"
    try:
        create_private_directory(path.parent)
        earlier = path.read_text(encoding="utf-8") if path.exists() else ""
        write_private(path, f"{earlier}{text}\n")
    except (OSError, UnicodeDecodeError, CockpitError):
        return CockpitError(error.message, f"Nothing was logged. {error.hint}".strip())
    return CockpitError(error.message, f"{error.hint} The text is kept in {path}.".strip())


def _only(shell: Shell, incident: str | None, words: tuple[str, ...]) -> str:
    if len(words) > 1 or (words and incident):
        raise click.UsageError(f"“{words[-1]}” is one word too many.")
    return shell.find(incident or (words[0] if words else None))


def confirm(shell: Shell, inc: str, entry: TimelineEntry, *, as_json: bool) -> None:
    """Print an entry as it stands now."""
    from cockpit.cli import output

    if as_json:
        from cockpit.cli.shapes import entry_shape

        output.dump(entry_shape(entry))
        return
    from cockpit.domain.times import format_clock, format_stamp
    from cockpit.domain.visible import clip

    reference = shell.session.reads.reference(inc)
    day, today = (at.astimezone(shell.zone).date() for at in (entry.at, shell.now()))
    at = (format_clock if day == today else format_stamp)(entry.at, shell.zone)
    mark = " *" if entry.starred else ""
    text = clip(" ".join(entry.text.split()), 100)
    output.say(f"{reference} {at} {entry.kind}{mark}: {text}")
