"""`search` and `similar`: have we seen this before?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from cockpit.cli.completing import complete_incident
from cockpit.cli.options import json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.past_incident import PastIncident
    from cockpit.domain.view import IncidentView


@click.command(name="search")
@click.argument("words", nargs=-1, required=True, metavar="TEXT")
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(1),
    default=50,
    metavar="N",
    show_default=True,
    help="At most so many.",
)
@json_option
@pass_shell
def search_command(shell: Shell, words: tuple[str, ...], limit: int, as_json: bool) -> None:
    """Search everything that is written about incidents: titles, causes, post-mortems, entries.

    All words must stand in one text, each as the beginning of a word; "words in quotes" must
    follow one another. What no word begins with is looked for inside words.
    """
    from cockpit.cli import output
    from cockpit.cli.shapes import plain
    from cockpit.service import incidents

    text = " ".join(words)
    found = incidents.search(shell.session, text, limit)
    inside = () if found else incidents.search_inside(shell.session, text, limit)
    hits = found or inside
    if as_json:
        output.dump([plain(each) for each in hits])
        return
    if not hits:
        output.say("Nothing found.")
        return
    from cockpit.domain.times import format_stamp

    rows = [
        (each.ref, format_stamp(each.at, shell.zone), each.where, each.snippet) for each in hits
    ]
    output.table(rows, ("REF", "WHEN", "WHERE", "TEXT"), flexible=3)
    if inside:
        output.warn("No word begins like that; it stands inside these.")
    if len(hits) == limit:
        output.warn(f"These are the first {limit}; another word makes them fewer.")


@click.command(name="similar")
@click.argument("words", nargs=-1, metavar="[REF|TEXT]", shell_complete=complete_incident)
@click.option(
    "-n",
    "--limit",
    type=click.IntRange(1),
    default=10,
    metavar="N",
    show_default=True,
    help="At most so many.",
)
@click.option(
    "--link",
    metavar="REF",
    shell_complete=complete_incident,
    help="It was seen before in this incident: kept, and printed in the export.",
)
@click.option(
    "--unlink", metavar="REF", shell_complete=complete_incident, help="It was not, after all."
)
@json_option
@pass_shell
def similar_command(
    shell: Shell,
    words: tuple[str, ...],
    limit: int,
    link: str | None,
    unlink: str | None,
    as_json: bool,
) -> None:
    """List past incidents like one, or like some words; say that one was seen before.

    Without words it is about the only open incident. Incidents are alike by the words that both
    have and few others have; the words are shown.
    """
    from cockpit.cli import output
    from cockpit.service import similar

    inc = _incident_meant(shell, words)
    if link or unlink:
        if inc is None:
            raise click.UsageError("Name the incident that was seen before by its reference.")
        for name, change in ((link, similar.link), (unlink, similar.unlink)):
            if name:
                view = change(shell.session, inc, shell.find(name))
        if not as_json:
            output.say(_link_sentence(view))
            return
    if inc is None:
        found = similar.like_words(shell.session, " ".join(words), limit)
    else:
        found = similar.like_incident(shell.session, inc, limit)
    if as_json:
        output.dump([_shape(each) for each in found])
    elif found:
        output.say_lines(line for each in found for line in _lines(each))
    else:
        output.say("No past incident is like it.")


def _incident_meant(shell: Shell, words: tuple[str, ...]) -> str | None:
    """Return the id of the incident that the words name, None when they are a description."""
    from cockpit.domain.reference import parse_reference

    if not words:
        return shell.find(None)
    return shell.find(words[0]) if len(words) == 1 and parse_reference(words[0]) else None


def _link_sentence(view: IncidentView) -> str:
    if view.seen_before:
        return f"{view.ref}: seen before in {', '.join(view.seen_before.values())}."
    return f"{view.ref}: not seen before."


def _lines(past: PastIncident) -> list[str]:
    mark = "  (linked)" if past.linked else ""
    head = f"{past.ref}  {past.started_at:%Y-%m-%d}  {past.severity}  {past.title}{mark}"
    cause = f": {past.cause}" if past.cause else ""
    lines = [head, f"    {past.ending}{cause}"]
    if past.remedy:
        lines.append(f"    what helped: {past.remedy}")
    if past.shared:
        lines.append(f"    both have: {', '.join(past.shared)}")
    return lines


def _shape(past: PastIncident) -> dict[str, Any]:
    from cockpit.cli.shapes import plain

    shape: dict[str, Any] = plain(past)
    lasted = past.lasted
    return {**shape, "lasted": None if lasted is None else round(lasted.total_seconds() / 60, 1)}
