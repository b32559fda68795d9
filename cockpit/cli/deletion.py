"""`delete`: put an incident away, or bring it back."""

from __future__ import annotations

import click
from click.shell_completion import CompletionItem

from cockpit.cli.completing import complete_deleted, complete_incident
from cockpit.cli.options import incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell


def _complete(ctx: click.Context, param: click.Parameter, word: str) -> list[CompletionItem]:
    """Offer the deleted incidents to `--undo`, else the others."""
    complete = complete_deleted if ctx.params.get("undoes") else complete_incident
    return complete(ctx, param, word)


@click.command(name="delete")
@click.argument("reference", required=False, metavar="[REF]", shell_complete=_complete)
@click.option("--confirm", metavar="REF", help="The reference once more: yes, that one.")
@click.option("--undo", "undoes", is_flag=True, is_eager=True, help="Bring a deleted one back.")
@click.option("--list", "lists", is_flag=True, help="List what was deleted.")
@incident_option
@json_option
@pass_shell
def delete_command(
    shell: Shell,
    reference: str | None,
    confirm: str | None,
    undoes: bool,
    lists: bool,
    incident: str | None,
    as_json: bool,
) -> None:
    """Delete an incident: it leaves every list and search, but is kept and can be brought back."""
    from cockpit.cli import output
    from cockpit.service import deletion

    name = incident or reference
    if lists:
        _print_deleted(shell, as_json=as_json)
        return
    if name is None:
        raise click.UsageError("Name the incident: cockpit delete INC-42 --confirm INC-42.")
    if undoes:
        view = deletion.restore(shell.session, deletion.find_deleted(shell.session, name))
        said = f"{view.ref} is back: {view.title}"
    else:
        inc = shell.find(name)
        ref = shell.session.reads.view(inc).ref
        if confirm is None or confirm.strip().upper() != ref.upper():
            wrong = f"“{confirm}” is not {ref}. " if confirm is not None else ""
            raise click.UsageError(
                f"{wrong}Nothing was deleted. To delete {ref} type: "
                f"cockpit delete {ref} --confirm {ref}"
            )
        view = deletion.delete(shell.session, inc)
        said = f"{ref} is deleted: {view.title}\ncockpit delete --undo {ref} brings it back."
    if as_json:
        from cockpit.cli.shapes import incident_shape

        output.dump(incident_shape(view))
        return
    output.say(said, newlines=True)


def _print_deleted(shell: Shell, *, as_json: bool) -> None:
    from cockpit.cli import output
    from cockpit.cli.shapes import plain
    from cockpit.domain.times import format_stamp
    from cockpit.service import deletion

    found = deletion.list_deleted(shell.session)
    if as_json:
        names = ("ref", "id", "title", "severity", "started_at")
        output.dump([{name: plain(getattr(each, name)) for name in names} for each in found])
        return
    if not found:
        output.say("No incident was deleted.")
        return
    rows = [
        (each.ref, each.severity.value, format_stamp(each.started_at, shell.zone), each.title)
        for each in found
    ]
    output.table(rows, ("REF", "SEV", "BEGAN", "TITLE"), flexible=3)
