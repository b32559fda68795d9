"""`actions`: the action items of all incidents; listed, changed, done, exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cockpit.cli.completing import (
    complete_action_item,
    complete_item_kind,
    plain_words,
)
from cockpit.cli.grouping import UsualGroup
from cockpit.cli.options import TextCommand, incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.action_items import IncidentItem, ItemFilter

_LIST = "list"
_COLUMNS = ("id", "due", "owner", "kind", "incident", "what")


@click.group(name="actions", cls=UsualGroup, usual=_LIST)
def actions_command() -> None:
    """List what incidents left to do, over all of them; change it, close it, export it.

    `cockpit actions INC-42` lists that incident's. An item is named by the beginning of its id or
    by words of its title, and `cockpit undo REF` takes a change back. `cockpit postmortem action`
    adds one.
    """


def _filtered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options that choose items."""
    options: list[Callable[..., Any]] = [
        click.argument("reference", required=False, metavar="[REF]"),
        click.option("--overdue", "shown", flag_value="overdue", help="Whose day has passed."),
        click.option("--done", "shown", flag_value="done", help="Those done or dropped."),
        click.option("-a", "--all", "shown", flag_value="all", help="Done ones, too."),
        click.option(
            "--kind",
            default="",
            metavar="KIND",
            shell_complete=complete_item_kind,
            help="prevent, mitigate, detect, process or debt.",
        ),
        click.option("--owner", default="", metavar="NAME", help="Of one owner, or of nobody."),
        click.option("--due-before", metavar="DATE", help="Due on an earlier day: 2026-12-01."),
        click.option("--words", default="", metavar="TEXT", help="With all of these words."),
        click.option(
            "--by",
            default="",
            metavar="GROUP",
            shell_complete=plain_words("due", "owner", "incident", "kind"),
            help="Grouped by due, owner, incident or kind.",
        ),
        incident_option,
    ]
    for option in reversed(options):
        function = option(function)
    return function


@actions_command.command(name=_LIST)
@_filtered
@json_option
@pass_shell
def list_actions(shell: Shell, /, by: str, as_json: bool, **chosen: Any) -> None:
    """List action items, the most urgent first; the open ones unless something else is asked."""
    from cockpit.cli import output
    from cockpit.domain.action_items import count_words, group_items
    from cockpit.service import action_items

    today = action_items.today(shell.session)
    found = action_items.list_items(shell.session, _wanted(shell, **chosen))
    groups = group_items(found, by, today) if by else ()
    if as_json:
        from cockpit.domain.action_exports import item_record

        output.dump([item_record(each, today) for each in found])
        return
    if not found:
        output.say("No action items." if chosen["shown"] == "all" else "No such action items.")
        return
    for group in groups:
        output.say(group.heading)
        _print(shell, group.items)
        output.say()
    if not groups:
        _print(shell, found)
    output.say(f"{count_words(found, today)}.")


@actions_command.command(name="done", cls=TextCommand)
@click.argument(
    "items", nargs=-1, required=True, metavar="ID…", shell_complete=complete_action_item
)
@click.option("--dropped", is_flag=True, help="It will not be done.")
@incident_option
@json_option
@pass_shell
def finish_actions(
    shell: Shell, items: tuple[str, ...], dropped: bool, incident: str | None, as_json: bool
) -> None:
    """Say that action items are done, or with --dropped that they will not be done."""
    from cockpit.service import action_items

    state = "dropped" if dropped else "done"
    found = _named(shell, items, incident)
    _tell(
        shell,
        [action_items.close_item(shell.session, each, state) for each in found],
        as_json=as_json,
    )


@actions_command.command(name="reopen", cls=TextCommand)
@click.argument("items", nargs=-1, required=True, metavar="ID…")
@incident_option
@json_option
@pass_shell
def reopen_actions(
    shell: Shell, items: tuple[str, ...], incident: str | None, as_json: bool
) -> None:
    """Say that action items are to be done after all."""
    from cockpit.service import action_items

    found = _named(shell, items, incident)
    _tell(shell, [action_items.reopen_item(shell.session, each) for each in found], as_json=as_json)


@actions_command.command(name="edit", cls=TextCommand)
@click.argument("item", metavar="ID", shell_complete=complete_action_item)
@click.argument("changes", nargs=-1, required=True, metavar="FIELD=VALUE…")
@incident_option
@json_option
@pass_shell
def edit_action(
    shell: Shell, item: str, changes: tuple[str, ...], incident: str | None, as_json: bool
) -> None:
    """Change an action item: title, owner, due, kind, state, automate, link.

    For example: cockpit actions edit 3f2a due=+14d owner="ana, ben" automate=yes
    """
    from cockpit.service import action_items

    pairs = [each.partition("=") for each in changes]
    if wrong := next((name for name, sign, _ in pairs if not sign), ""):
        raise click.UsageError(f"“{wrong}” is no change; write FIELD=VALUE, such as due=+14d.")
    found = _named(shell, (item,), incident)
    wanted = {name: value for name, _, value in pairs}
    _tell(
        shell,
        [action_items.edit_item(shell.session, each, wanted) for each in found],
        as_json=as_json,
    )


@actions_command.command(name="export")
@_filtered
@click.option(
    "-f",
    "--format",
    "form",
    default="markdown",
    metavar="FORMAT",
    shell_complete=plain_words("markdown", "csv", "json", "github", "jira"),
    help="markdown (if left out), csv, json, github or jira.",
)
@click.option("-o", "--output", "target", metavar="FILE", help="Instead of standard output.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@pass_shell
def export_actions(
    shell: Shell, /, by: str, form: str, target: str | None, force: bool, **chosen: Any
) -> None:
    """Write action items for other places.

    markdown is a checklist, csv a table for spreadsheets, github a JSON array of issues (title,
    body, labels), jira a table for Jira's import (dates as yyyy-MM-dd).
    """
    from cockpit.cli import output
    from cockpit.service import action_items
    from cockpit.service.whole_files import write_export

    wanted = _wanted(shell, **chosen)
    text = action_items.export(shell.session, wanted, form.lower(), by or "incident")
    if target is None or target == "-":
        if form.lower() in ("json", "github"):
            click.echo(output.make_json_safe(text.rstrip("\n")))
        else:
            output.say_document(text)
        return
    write_export(Path(target), text, force)
    output.warn(f"Written to {target}.")


def _wanted(
    shell: Shell,
    *,
    reference: str | None,
    incident: str | None,
    shown: str | None,
    kind: str,
    owner: str,
    due_before: str | None,
    words: str,
) -> ItemFilter:
    from datetime import date

    from cockpit.domain.action_items import ItemFilter, parse_due
    from cockpit.service import action_items

    named = incident or reference
    inc = shell.find(named) if named else ""
    due = parse_due(due_before, action_items.today(shell.session)) if due_before else ""
    day = date.fromisoformat(due) if due else None
    return ItemFilter(shown or "open", kind.lower(), owner, inc, day, words)


def _named(shell: Shell, names: tuple[str, ...], incident: str | None) -> list[IncidentItem]:
    """Return the items of those names; all are found before anything is changed."""
    from cockpit.service import action_items

    inc = shell.find(incident) if incident else ""
    found = [action_items.find_item(shell.session, each, inc) for each in names]
    return list({(each.inc, each.item.id): each for each in found}.values())


def _print(shell: Shell, items: tuple[IncidentItem, ...]) -> None:
    from cockpit.cli import output
    from cockpit.domain.action_items import NOBODY, days_late, due_words, id_length
    from cockpit.service import action_items

    today, size = action_items.today(shell.session), id_length(items)
    rows = [
        (
            each.item.id[:size],
            f"{'! ' if days_late(each, today) else ''}{due_words(each, today)}",
            each.item.owner or NOBODY,
            each.item.kind,
            each.ref,
            f"{'[drill] ' if each.drill else ''}{each.item.title}",
        )
        for each in items
    ]
    output.table(rows, _COLUMNS, flexible=len(_COLUMNS) - 1)


def _tell(shell: Shell, items: list[IncidentItem], *, as_json: bool) -> None:
    from cockpit.cli import output
    from cockpit.domain.action_items import id_length
    from cockpit.service import action_items

    today = action_items.today(shell.session)
    if as_json:
        from cockpit.domain.action_exports import item_record

        output.dump([item_record(each, today) for each in items])
        return
    size = id_length(items)
    for each in items:
        item = each.item
        due = f", due {item.due}" if item.due else ""
        who = f", {item.owner}" if item.owner else ""
        words = f"{item.title} ({item.kind}, {item.state}{who}{due})"
        output.say(f"{each.ref}  {item.id[:size]} {words}")
