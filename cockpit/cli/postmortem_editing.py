"""`postmortem edit`: one section, several or the whole post-mortem in your editor."""

from __future__ import annotations

import click

from cockpit.cli.completing import complete_section
from cockpit.cli.options import incident_option, pass_shell
from cockpit.cli.shell import Shell


@click.command(name="edit")
@click.argument("words", nargs=-1, metavar="[REF] [SECTION…]", shell_complete=complete_section)
@click.option(
    "--section",
    "sections",
    multiple=True,
    metavar="SECTION",
    shell_complete=complete_section,
    help="Only this section; may be given several times.",
)
@click.option("--public", is_flag=True, help="The form for customers.")
@incident_option
@pass_shell
def edit_postmortem(
    shell: Shell,
    words: tuple[str, ...],
    sections: tuple[str, ...],
    public: bool,
    incident: str | None,
) -> None:
    """Edit sections, or all of them, in your editor; only those that you change are kept as yours.

    Several sections come as one text under their headings. A heading that nobody knows makes a new
    section; one that is taken out changes nothing, its section keeps the text.
    """
    from cockpit.cli import output
    from cockpit.cli.editing import edit_text
    from cockpit.service import postmortem_documents

    inc, names = shell.split(incident, words)
    chosen = (*sections, *names)
    opened = postmortem_documents.open_document(shell.session, inc, chosen, public=public)
    alone = len(opened.sections) == 1
    before = opened.sections[0].written if alone else opened.text
    after, path = edit_text(shell, before, f"postmortem-{inc}.md")
    close = postmortem_documents.close_section if alone else postmortem_documents.close_document
    outcome = close(shell.session, opened, after)
    path.unlink(missing_ok=True)
    output.say(f"{shell.session.reads.view(inc).ref}: {outcome.words}")
