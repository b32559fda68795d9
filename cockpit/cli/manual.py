"""The manual, made from the commands themselves: as a manual page, and as Markdown."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from cockpit import __version__
from cockpit.cli.shell import CONTEXT_SETTINGS

_INTRODUCTION = (
    "incident-cockpit runs incidents from the terminal: the timeline, who was told, the countdown "
    "to the next promised update, the texts that go out, the post-mortem. Everything is kept on "
    "this machine; no network is needed."
)
_NAMING = (
    "An incident is named by its reference (INC-42) as the first argument or with --incident. It "
    "is left out when exactly one is open. Where words of your own follow, only a word that looks "
    "like a reference of yours is taken for one; with --incident none is."
)
EXIT_CODES = (
    ("0", "Done."),
    ("1", "Failure."),
    ("2", "Usage: a wrong option, value or settings file."),
    ("3", "No such incident, or none is open."),
    ("4", "Sync or network."),
    ("130", "Interrupted."),
)
VARIABLES = (
    ("COCKPIT_HOME", "Keeps everything under this one directory."),
    ("COCKPIT_AUTHOR, COCKPIT_THEME, COCKPIT_ZONE, …", "Set what the config file sets."),
    ("COCKPIT_DEBUG", "Shows where an unexpected error happened."),
    ("NO_COLOR", "Prints without colour."),
    ("VISUAL, EDITOR", "The editor, unless the config names one."),
)


@click.command(name="manual")
@click.option("--markdown", is_flag=True, help="As Markdown instead of a manual page.")
@click.pass_context
def manual_command(ctx: click.Context, markdown: bool) -> None:
    """Print the manual page, for `cockpit manual | man -l -`."""
    root = ctx.find_root().command
    click.echo(render_markdown(root) if markdown else render_manual(root), nl=False)


def walk(root: click.Command) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its full name, groups before their members."""
    yield from _walk(root, "cockpit")


def render_manual(root: click.Command) -> str:
    """Return the manual page in roff."""
    lines = [
        f'.TH INCIDENT-COCKPIT 1 "" "incident-cockpit {__version__}" "User Commands"',
        ".SH NAME",
        "incident\\-cockpit, cockpit \\- run incidents from the terminal",
        ".SH SYNOPSIS",
        ".B cockpit",
        "[OPTIONS] [COMMAND] [ARGUMENTS]",
        ".SH DESCRIPTION",
        _roff(_INTRODUCTION),
        ".PP",
        _roff(_NAMING),
        ".SH COMMANDS",
    ]
    for name, command in walk(root):
        lines += [".SS " + _roff(_usage(name, command)), _roff(_description(command))]
        for option, text in _options(command):
            lines += [".TP", f".B {_roff(option)}", _roff(text)]
    for title, rows in (("EXIT STATUS", EXIT_CODES), ("ENVIRONMENT", VARIABLES)):
        lines.append(f".SH {title}")
        for name, text in rows:
            lines += [".TP", f".B {_roff(name)}", _roff(text)]
    return "\n".join(lines) + "\n"


def render_markdown(root: click.Command) -> str:
    """Return the reference of all commands as Markdown."""
    lines = ["# The command line", "", _INTRODUCTION, "", _NAMING, ""]
    for name, command in walk(root):
        lines += [
            f"## {name}",
            "",
            "```",
            _usage(name, command),
            "```",
            "",
            _description(command),
            "",
        ]
        options = list(_options(command))
        if options:
            lines += ["| option | |", "|---|---|"]
            lines += [f"| `{_cell(option)}` | {_cell(text)} |" for option, text in options] + [""]
    lines += ["## Exit codes", "", "| code | |", "|---|---|"]
    lines += [f"| {code} | {text} |" for code, text in EXIT_CODES]
    lines += ["", "## Environment", "", "| variable | |", "|---|---|"]
    lines += [f"| `{name}` | {text} |" for name, text in VARIABLES]
    return "\n".join(lines) + "\n"


def _walk(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command, **CONTEXT_SETTINGS)
        for member in command.list_commands(context):
            found = command.get_command(context, member)
            if found is not None and not found.hidden:
                yield from _walk(found, f"{name} {member}")


def _usage(name: str, command: click.Command) -> str:
    pieces = command.collect_usage_pieces(click.Context(command, **CONTEXT_SETTINGS))
    return " ".join((name, *pieces))


def _description(command: click.Command) -> str:
    return " ".join(inspect.cleandoc(command.help or "").split())


def _options(command: click.Command) -> Iterator[tuple[str, str]]:
    context = click.Context(command, **CONTEXT_SETTINGS)
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if isinstance(parameter, click.Option) and record and "--help" not in parameter.opts:
            yield record[0], " ".join(record[1].split())


def _roff(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    escaped = "".join(each if each.isascii() else f"\\[u{ord(each):04X}]" for each in escaped)
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
