"""`sync key`: the keys of an encrypted workspace."""

from __future__ import annotations

import sys

import click

from cockpit.cli.options import pass_shell
from cockpit.cli.sharing import open_home_vault, workspace_option
from cockpit.cli.shell import Shell


@click.group(name="key")
def key_command() -> None:
    """List the keys of an encrypted workspace, make a new one, add one that was passed on."""


@key_command.command(name="list")
@workspace_option
@pass_shell
def list_keys(shell: Shell, workspace: str | None) -> None:
    """List the ids of the keys that are here; the first seals, the others open older events."""
    from cockpit.cli import output
    from cockpit.service import workspace_keys
    from cockpit.service.sync_access import pick_workspace

    remote = pick_workspace(shell.session, workspace)
    kids = workspace_keys.list_keys(remote, open_home_vault(shell))
    for place, kid in enumerate(kids):
        output.say(f"{kid}  {'opens older events' if place else 'seals and opens'}")


@key_command.command(name="new")
@workspace_option
@pass_shell
def new_key(shell: Shell, workspace: str | None) -> None:
    """Encrypt with a new key from now on, as after somebody left; older events stay readable.

    Prints what the other members need, for cockpit sync key add. Until they have it, they see that
    events wait which they cannot read.
    """
    from cockpit.cli import output
    from cockpit.service import workspace_keys
    from cockpit.service.sync_access import pick_workspace

    remote = pick_workspace(shell.session, workspace)
    text = workspace_keys.renew_key(shell.session, remote, open_home_vault(shell))
    output.warn(f"“{remote.title}” is encrypted with a new key from now on. Send each member this")
    output.warn("line by a safe way, for: cockpit sync key add")
    output.say(text)


@key_command.command(name="add")
@workspace_option
@pass_shell
def add_key(shell: Shell, workspace: str | None) -> None:
    """Add keys that a member passed on; they are asked for, or read from standard input.

    Never from the command line, which others on this machine can see.
    """
    from cockpit.cli import output
    from cockpit.service import workspace_keys
    from cockpit.service.sync_access import pick_workspace

    remote = pick_workspace(shell.session, workspace)
    asks = sys.stdin.isatty()
    text = click.prompt("Key", hide_input=True) if asks else sys.stdin.readline(4096)
    count = workspace_keys.add_keys(shell.session, remote, open_home_vault(shell), text)
    if count:
        output.say(f"Added {count:,} {'key' if count == 1 else 'keys'} to “{remote.title}”.")
    else:
        output.say("Nothing new: every key in it is here already.")
