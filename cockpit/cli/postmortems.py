"""`postmortem`: show and set its sections, and the action items it leaves behind."""

from __future__ import annotations

import click

from cockpit.cli.completing import complete_reference, complete_section
from cockpit.cli.options import (
    TextCommand,
    incident_argument,
    incident_option,
    json_option,
    pass_shell,
)
from cockpit.cli.postmortem_checks import check_postmortem
from cockpit.cli.postmortem_drafts import draft_postmortem
from cockpit.cli.postmortem_editing import edit_postmortem
from cockpit.cli.reviews import plan_meeting, review_postmortem, write_calendar
from cockpit.cli.shell import Shell


@click.group(
    name="postmortem",
    commands=[
        check_postmortem,
        draft_postmortem,
        edit_postmortem,
        review_postmortem,
        plan_meeting,
        write_calendar,
    ],
)
def postmortem_command() -> None:
    """Show, draft, edit, check or set the post-mortem."""


@postmortem_command.command(name="show")
@incident_argument
@click.option("--public", is_flag=True, help="The form for customers.")
@incident_option
@json_option
@pass_shell
def show_postmortem(
    shell: Shell, reference: str | None, public: bool, incident: str | None, as_json: bool
) -> None:
    """Print the post-mortem as Markdown: what people wrote, else the draft from the facts."""
    from cockpit.cli import output
    from cockpit.service import postmortems

    inc = shell.find(incident or reference)
    if as_json:
        from cockpit.cli.shapes import plain

        found = postmortems.sections(shell.session, inc, public=public)
        output.dump([plain(each) for each in found])
        return
    output.say_document(postmortems.markdown(shell.session, inc, public=public))
    if public:
        _warn_of_obstacles(shell, inc)


def _warn_of_obstacles(shell: Shell, inc: str) -> None:
    """Say on standard error that a public form that is printed is not fit to go out yet."""
    from cockpit.cli import output
    from cockpit.domain.postmortem_findings import count_words
    from cockpit.service import postmortem_checks

    if found := postmortem_checks.findings(shell.session, inc, public=True):
        ref = shell.session.reads.view(inc).ref
        output.warn(
            f"It cannot go out yet: {count_words(found).lower()}. "
            f"cockpit postmortem check {ref} --public says what."
        )


@postmortem_command.command(name="set", cls=TextCommand)
@click.argument("words", nargs=-1, metavar="[REF] SECTION TEXT…|-", shell_complete=complete_section)
@incident_option
@pass_shell
def set_section(shell: Shell, words: tuple[str, ...], incident: str | None) -> None:
    """Make TEXT, or standard input with -, the text of a section."""
    from cockpit.cli import output, stdin
    from cockpit.service import postmortems

    inc, words = shell.split(incident, words)
    if len(words) < 2:
        raise click.UsageError("Name a section and its text, or - for standard input.")
    section, rest = words[0], words[1:]
    postmortems.find_section(shell.session, section)
    text = stdin.read_text() if stdin.is_stdin(rest) else " ".join(rest)
    view = postmortems.write_section(shell.session, inc, section, text)
    output.say(f"{view.ref}: {section} is written.")


@postmortem_command.command(name="action", cls=TextCommand)
@click.argument("words", nargs=-1, metavar="[REF] TITLE…", shell_complete=complete_reference)
@click.option(
    "--kind", default="prevent", metavar="KIND", help="prevent, mitigate, detect, process or debt."
)
@click.option("--owner", default="", metavar="NAME", help="Who does it.")
@click.option("--due", default="", metavar="DATE", help="By when: 2026-12-01.")
@click.option("--link", default="", metavar="URL", help="Where it is followed.")
@click.option("--automate", is_flag=True, help="It makes a machine do it.")
@incident_option
@pass_shell
def add_action(
    shell: Shell,
    words: tuple[str, ...],
    kind: str,
    owner: str,
    due: str,
    link: str,
    automate: bool,
    incident: str | None,
) -> None:
    """Leave an action item behind."""
    from cockpit.cli import output
    from cockpit.service import action_items

    inc, words = shell.split(incident, words)
    view = action_items.add_action(
        shell.session,
        inc,
        " ".join(words),
        owner=owner,
        due=due,
        kind=kind,
        link=link,
        automate=automate,
    )
    output.say(f"{view.ref}: action item kept; {len(view.actions)} in all.")


@postmortem_command.command(name="done")
@click.argument("words", nargs=-1, metavar="[REF] ITEM")
@click.option("--state", default="done", metavar="STATE", help="done, dropped or open.")
@incident_option
@pass_shell
def finish_action(shell: Shell, words: tuple[str, ...], state: str, incident: str | None) -> None:
    """Mark an action item as done; ITEM is the beginning of its id."""
    from cockpit.cli import output
    from cockpit.service import action_items

    inc, words = shell.split(incident, words)
    if len(words) != 1:
        raise click.UsageError("Name one action item by the beginning of its id.")
    view = action_items.set_action(shell.session, inc, words[0], "state", state)
    output.say(f"{view.ref}: action item {words[0]} is {state}.")
