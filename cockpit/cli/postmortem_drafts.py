"""`postmortem draft`: bring into the sections what is new since they were drafted."""

from __future__ import annotations

import click

from cockpit.cli.completing import complete_section
from cockpit.cli.options import incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell


@click.command(name="draft")
@click.argument("words", nargs=-1, metavar="[REF] [SECTION…]", shell_complete=complete_section)
@click.option("--public", is_flag=True, help="The form for customers.")
@incident_option
@json_option
@pass_shell
def draft_postmortem(
    shell: Shell, words: tuple[str, ...], public: bool, incident: str | None, as_json: bool
) -> None:
    """Bring in what is new since a section was drafted; no word of yours is changed.

    Without a SECTION, every one whose text began as a draft. A named one without a text takes the
    draft over, and one of your own words gets it below them. `cockpit undo` takes it back, section
    by section.
    """
    from cockpit.cli import output
    from cockpit.service import postmortems, redrafts

    session = shell.session
    inc, names = shell.split(incident, words)
    for name in names:
        postmortems.find_section(session, name)
    found = (
        [redrafts.redraft_section(session, inc, name) for name in names]
        if names
        else redrafts.redraft_sections(session, inc, public=public)
    )
    if as_json:
        from cockpit.cli.shapes import plain

        output.dump([plain(each) for each in found])
        return
    ref = session.reads.view(inc).ref
    for line in redrafts.redraft_lines(found):
        output.say(f"{ref}: {line}")
