"""`postmortem check`: what is still missing, and what blames or binds nobody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from cockpit.cli.options import incident_argument, incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.postmortem_findings import Finding


@click.command(name="check")
@incident_argument
@click.option("--public", is_flag=True, help="The form for customers.")
@click.option(
    "--accept",
    "accepted",
    multiple=True,
    metavar="ID",
    help="This wording is fine as it is; nobody is asked about it again. Several times if need be.",
)
@incident_option
@json_option
@pass_shell
def check_postmortem(
    shell: Shell,
    reference: str | None,
    public: bool,
    accepted: tuple[str, ...],
    incident: str | None,
    as_json: bool,
) -> int:
    """Say what is left to write: empty sections, open questions, wording, action items.

    With --public also what customers must not read: secrets, internal names and addresses,
    tickets, persons, guesses; it is exported once nothing is left. The exit code is 1 while
    something is left. `cockpit undo` takes an accepted wording back.
    """
    from cockpit.cli import output
    from cockpit.domain.postmortem_findings import count_words
    from cockpit.service import postmortem_checks

    inc = shell.find(incident or reference)
    found = postmortem_checks.accept_findings(shell.session, inc, accepted, public=public)
    ref = shell.session.reads.view(inc).ref
    if as_json:
        from cockpit.cli.shapes import plain

        form = "public" if public else "internal"
        shown = [plain(each) for each in found]
        output.dump({"ref": ref, "id": inc, "form": form, "findings": shown})
    else:
        output.say(f"{ref}: {count_words(found)} in the post-mortem.")
        output.say_lines(_lines(found))
    return 1 if found else 0


def _lines(found: Sequence[Finding]) -> Iterator[str]:
    """Yield the findings under the headings of their sections, each with what to do."""
    section = ""
    for each in found:
        if each.section != section:
            section = each.section
            yield f"{each.title} ({section})"
        line = f"line {each.line}: " if each.line else ""
        yield f"  ! {line}{each.sentence}"
        accept = f"  [{each.id}]" if _is_wording(each) else ""
        yield f"    {each.how}{accept}"
    if any(_is_wording(each) for each in found):
        yield "Wording that is fine as it is: --accept ID"


def _is_wording(finding: Finding) -> bool:
    from cockpit.service.postmortem_checks import is_acceptable

    return is_acceptable(finding)
