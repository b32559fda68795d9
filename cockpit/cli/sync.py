"""`sync`: exchange events with others, through a server or as files."""

from __future__ import annotations

import click

from cockpit.cli.bundles import export_bundle, import_bundle
from cockpit.cli.members import invite_command, members_command, revoke_command
from cockpit.cli.sharing import (
    create_command,
    join_command,
    leave_command,
    now_command,
    share_command,
    status_command,
)
from cockpit.cli.workspace_keys import key_command

_COMMANDS = [
    *(join_command, status_command, now_command, share_command, create_command, leave_command),
    *(invite_command, members_command, revoke_command, key_command),
    *(export_bundle, import_bundle),
]


@click.group(name="sync", commands=_COMMANDS)
def sync_command() -> None:
    """Exchange events with others: through a server, or as files where there is none."""
