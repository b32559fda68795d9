"""`amend`: correct an entry, say that it happened at another time, or take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import offer_words
from cockpit.cli.options import TextCommand, incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.view import TimelineEntry

LAST = "last"
_PAGE = 2000
_SHORTEST_ID = 4


@click.command(name="amend", cls=TextCommand)
@click.argument(
    "words",
    nargs=-1,
    metavar="[REF] ENTRY [TEXT…|-]",
    shell_complete=offer_words(lambda scene: {} if scene.words else {LAST: "the last entry"}),
)
@click.option("--at", metavar="TIME", help="When it really happened.")
@click.option("--hide", is_flag=True, help="Take the entry back.")
@click.option("--redact", is_flag=True, help="Remove its text for good, because it is secret.")
@click.option("--reason", default="", metavar="TEXT", help="With --redact: why.")
@incident_option
@json_option
@pass_shell
def amend_command(
    shell: Shell,
    words: tuple[str, ...],
    at: str | None,
    hide: bool,
    redact: bool,
    reason: str,
    incident: str | None,
    as_json: bool,
) -> None:
    """Correct an entry.

    ENTRY is `last`, or the beginning of an id as shown by `cockpit show --ids`. The first text
    stays in the history, unless it is redacted: that cannot be undone.
    """
    from cockpit.cli import stdin
    from cockpit.cli.entries import confirm
    from cockpit.service import timeline

    inc, words = shell.split(incident, words)
    if not words:
        raise click.UsageError("Name an entry: last, or the beginning of its id.")
    rest = words[1:]
    text = stdin.read_text() if stdin.is_stdin(rest) else " ".join(rest)
    when = shell.when(at)
    if not (text or when or hide or redact):
        raise click.UsageError("Give the right text, --at, --hide or --redact.")
    entry = find_entry(shell, inc, words[0])
    if text:
        entry = timeline.correct(shell.session, inc, entry.id, text)
    if when is not None:
        entry = timeline.move(shell.session, inc, entry.id, when)
    if redact:
        entry = timeline.redact(shell.session, inc, entry.id, reason)
    if hide:
        entry = timeline.hide(shell.session, inc, entry.id)
    confirm(shell, inc, entry, as_json=as_json)


def find_entry(shell: Shell, inc: str, name: str) -> TimelineEntry:
    """Return the entry called `last`, or the one whose id begins with `name`, newest first."""
    from cockpit.domain.view import TimelineFilter
    from cockpit.errors import InvalidInputError

    reads, every = shell.session.reads, TimelineFilter(hidden=True)
    stop = reads.timeline_count(inc, every)
    found: list[TimelineEntry] = []
    while stop > 0 and len(found) < 2:
        start = max(0, stop - _PAGE)
        for each in reversed(reads.timeline(inc, every, start, stop)):
            if name == LAST and each.editable and not each.hidden:
                return each
            if len(name) >= _SHORTEST_ID and each.id.startswith(name.lower()):
                found.append(each)
        stop = start
    if name == LAST:
        raise InvalidInputError("There is no entry yet that could be corrected.")
    if len(found) != 1:
        few = "More than one entry begins" if found else "No entry begins"
        raise InvalidInputError(
            f"{few} with “{name}”.", f"cockpit show --ids prints them; {LAST} is the last one."
        )
    return found[0]
