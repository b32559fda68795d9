"""The command `cockpit` itself: opens the app, or loads the module of the command called."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping
from importlib import import_module

import click

from cockpit import __version__
from cockpit.cli.shell import CONTEXT_SETTINGS, Shell

COMMANDS: Mapping[str, tuple[str, str]] = {
    "declare": ("incidents", "Declare an incident; --copy puts the first word on the clipboard."),
    "list": ("incidents", "List the open incidents, or --all."),
    "show": ("incidents", "Show an incident: what is known, who is due, the last entries."),
    "log": ("entries", "Note what happened, now or at another time; - reads standard input."),
    "set": ("incidents", "Change a field: status, stage, severity, impact, role.commander…"),
    "ask": ("response_work", "Ask somebody for an action, with the time to hear back."),
    "asked": ("response_work", "List what was asked of whom, and whose answer is late."),
    "answered": ("response_work", "Say what came of an action: did it help, and why."),
    "theory": ("response_work", "List what may be the cause; add, confirm, eliminate theories."),
    "tell": ("people", "Record who was told."),
    "due": ("people", "Say which updates are due, for whom, in all open incidents."),
    "promise": ("promises", "Show every countdown; extend, pause, resume or slow one down."),
    "steps": ("steps", "List the steps of the workflow: done, next, late, and whose."),
    "handover": ("steps", "Print on one page where it stands, for who takes a role over."),
    "people": ("board", "Show the board of stakeholders; add, edit and remove people."),
    "update": ("updates", "Write an update from its template; copy it, mark it sent."),
    "postmortem": ("postmortems", "Show, edit or set the sections of the post-mortem."),
    "actions": ("action_items", "List what incidents left to do; close, edit and export it."),
    "component": ("closing", "List the components and their states, or set one."),
    "close": ("closing", "Close an incident once nothing is left, or say what is."),
    "report": ("reports", "Report how the cadence was kept, in one incident or over many."),
    "stats": ("insights", "Count what many incidents teach; write it as a page with --html."),
    "delete": ("deletion", "Delete an incident, or bring a deleted one back."),
    "export": ("transfer", "Write an incident as Markdown, JSON, HTML or a timeline table."),
    "import": ("transfer", "Read incidents from a file."),
    "sync": ("sync", "Exchange events with others: through a server, or as files."),
    "search": ("searching", "Search all that is written about incidents."),
    "similar": ("searching", "List past incidents like one: have we seen this before?"),
    "star": ("entries", "Star the last entry, or the one that holds some words."),
    "amend": ("amending", "Correct an entry, or say when it really happened."),
    "undo": ("entries", "Take the last action back."),
    "redo": ("entries", "Take the last undo back."),
    "backup": ("upkeep", "Copy the database safely while it is in use."),
    "restore": ("upkeep", "Bring back from a backup all that is missing here."),
    "rescue": ("rescuing", "Read what a damaged database still holds, into a home of its own."),
    "demo": ("transfer", "Try the cockpit on invented incidents, apart from your own."),
    "drill": ("drills", "Practise on a scenario or a past incident, and get a debrief."),
    "where": ("upkeep", "Print where everything is kept."),
    "doctor": ("upkeep", "Check the database, the settings, the clipboard and the terminal."),
    "reset-terminal": (
        "terminals",
        "Make the terminal usable after a program left it in disorder.",
    ),
    "serve": ("serving", "Serve a team: keep its events and pass them on."),
    "config": ("settings", "Show, check or edit your settings."),
    "completion": ("settings", "Print the completion script for bash, zsh or fish."),
    "manual": ("manual", "Print the manual page."),
}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the commands in the order of an incident's life."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"cockpit.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command to run: a reference opens the app there, a wrong word is explained."""
        if args and args[0] not in COMMANDS:
            from cockpit.domain.reference import parse_reference

            if parse_reference(args[0]) and len(args) == 1:
                return "open", _open_command, args
            from cockpit.domain.nearest import nearest

            near = nearest(args[0], tuple(COMMANDS))
            hint = f" Did you mean “{near}”?" if near else ""
            raise click.UsageError(f"“{args[0]}” is not a command.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings=dict(CONTEXT_SETTINGS),
    epilog="Exit codes: 0 done, 1 failure, 2 usage, 3 no such or no open incident, "
    "4 sync or network, 130 interrupted.",
)
@click.option("--theme", metavar="NAME", help="Colours of the app: night, day, contrast, sixteen.")
@click.option("--zone", metavar="ZONE", help="Show times in UTC, local or, say, Europe/Berlin.")
@click.option("--author", metavar="NAME", help="Your name, as it stands beside what you note.")
@click.option("--ascii", "plain", is_flag=True, default=None, help="Draw with plain characters.")
@click.option("--no-mouse", is_flag=True, default=None, help="Leave the mouse to the terminal.")
@click.option("--readonly", is_flag=True, default=None, help="Look only: refuse every change.")
@click.version_option(__version__, prog_name="cockpit", message="%(prog)s %(version)s")
@click.pass_context
def root(
    ctx: click.Context,
    theme: str | None,
    zone: str | None,
    author: str | None,
    plain: bool | None,
    no_mouse: bool | None,
    readonly: bool | None,
) -> int | None:
    """Run incidents from the terminal. Without a command the full-screen app opens.

    An incident is named by its reference (INC-42) as the first argument or with --incident; it is
    left out when exactly one is open.
    """
    flags = {
        "theme": theme,
        "zone": zone,
        "author": author,
        "ascii": plain,
        "mouse": False if no_mouse else None,
        "readonly": readonly,
    }
    ctx.obj = Shell(os.environ, flags)
    ctx.call_on_close(ctx.obj.close)
    if ctx.invoked_subcommand is None:
        return open_app(ctx, None)
    return None


def has_terminal() -> bool:
    """Say whether the full-screen app can run here."""
    deaf = os.environ.get("TERM", "") in ("", "dumb")
    return not deaf and sys.stdin.isatty() and sys.stdout.isatty()


def open_app(ctx: click.Context, incident: str | None) -> int | None:
    """Open the app, or print the help where there is no terminal for it."""
    if not has_terminal():
        click.echo(ctx.find_root().get_help())
        return None
    shell: Shell = ctx.obj
    config = shell.config
    if not config.readonly:
        shell.paths.create()
    # What is made now stays until the end; the app looks for cycles again once it stands.
    gc.disable()
    from cockpit.app import run_app

    return run_app(shell.paths, config, incident=incident, clock=shell.clock)


@click.command(name="open", hidden=True)
@click.argument("reference")
@click.pass_context
def _open_command(ctx: click.Context, reference: str) -> int | None:
    """Open the app at an incident."""
    shell: Shell = ctx.obj
    incident = shell.find(reference)
    shell.close()
    return open_app(ctx, incident)
