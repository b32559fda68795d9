"""`reset-terminal`: gives back a terminal that a program left in disorder."""

from __future__ import annotations

import click

from cockpit.cli.options import pass_shell
from cockpit.cli.shell import Shell


@click.command(name="reset-terminal")
@pass_shell
def reset_terminal_command(shell: Shell) -> None:
    """Make the terminal usable again after a program ended without tidying up.

    Typed text is shown again, the mouse reports nothing, the cursor is back. Nothing is opened or
    recorded. Where typing shows nothing, type it blindly and press Enter, or Ctrl+J.
    """
    del shell
    from cockpit.cli import output
    from cockpit.errors import CockpitError
    from cockpit.service.endings import reset_terminal

    if not reset_terminal():
        raise CockpitError("There is no terminal here.", "Run it in the terminal itself.")
    output.say("The terminal is as it should be.")
