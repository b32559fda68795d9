"""`config` and `completion`: the person's settings and their shell."""

from __future__ import annotations

from pathlib import Path

import click

from cockpit.cli.completing import plain_words
from cockpit.cli.options import json_option, pass_shell
from cockpit.cli.shell import Shell

_SHELLS = ("bash", "zsh", "fish")
_STARTER = """\
# Settings of the incident cockpit; each can also be set as COCKPIT_<KEY> in the environment.
# author = "Robin"
# theme = "auto"            # auto, night, day, contrast or sixteen
# zone = "UTC"              # UTC, local or a name such as "Europe/Berlin"
# bell = false              # sound when an update is overdue
# terminal_title = false    # name the most urgent update in the terminal's title
# clipboard_command = ""    # reads the text on standard input
# editor = ""               # instead of $VISUAL and $EDITOR
# ascii = false
# mouse = true
# readonly = false          # look only: refuse every change
# share = "auto"            # the workspace of new incidents, or none
# proxy = ""                # on the way to the server
# ca_file = ""              # certificate authority of your own server
# [keys]
# "global.help" = "f1"
"""


@click.group(name="config")
def config_command() -> None:
    """Show, check or edit your settings."""


@config_command.command(name="path")
@pass_shell
def config_path(shell: Shell) -> None:
    """Print the path of the config file."""
    from cockpit.cli import output

    output.say(str(shell.paths.config_file))


@config_command.command(name="show")
@json_option
@pass_shell
def config_show(shell: Shell, as_json: bool) -> None:
    """Print the settings that hold now."""
    from cockpit.cli import output
    from cockpit.cli.shapes import plain
    from cockpit.config import hide_password

    values = plain(shell.config)
    values["proxy"] = hide_password(shell.config.proxy)
    if as_json:
        output.dump(values)
        return
    import json

    keys = values.pop("keys")
    for key, value in values.items():
        output.say(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    if keys:
        output.say("[keys]")
    for key, value in keys.items():
        output.say(f"{json.dumps(key)} = {json.dumps(value, ensure_ascii=False)}")


@config_command.command(name="check")
@pass_shell
def config_check(shell: Shell) -> int:
    """Check settings, playbook, templates and keys; every mistake is told with its place."""
    from cockpit.cli import output
    from cockpit.cli.checks import check_files

    findings = check_files(shell)
    for each in findings:
        output.say(f"{'ok' if each.ok else '! '} {each.text}")
        if each.hint:
            output.say(f"   {each.hint}")
    return 0 if all(each.ok for each in findings) else 2


@config_command.command(name="edit")
@click.argument(
    "name",
    default="config",
    metavar="[config|playbook]",
    shell_complete=plain_words("config", "playbook"),
)
@pass_shell
def config_edit(shell: Shell, name: str) -> int:
    """Edit the config file, or your playbook, and check it afterwards."""
    from cockpit.cli.editing import edit_file
    from cockpit.domain.nearest import expected
    from cockpit.errors import PlaybookError
    from cockpit.paths import write_private

    files: dict[str, tuple[Path, str]] = {
        "config": (shell.paths.config_file, _STARTER),
        "playbook": (shell.paths.playbook, "# Keys here win over the default playbook.\n"),
    }
    if name not in files:
        raise expected("a file", name, tuple(files))
    path, starter = files[name]
    shell.paths.create()
    if not path.exists():
        write_private(path, starter)
    try:
        edit_file(shell, path)
    except PlaybookError:  # the setting that names the editor is what is wrong
        edit_file(Shell({**shell.environ, "COCKPIT_HOME": "/nonexistent"}, {}), path)
    shell.read_again()
    context = click.get_current_context()
    return int(context.invoke(config_check))


@click.command(name="completion")
@click.argument("name", metavar="bash|zsh|fish", shell_complete=plain_words(*_SHELLS))
@click.pass_context
def completion_command(ctx: click.Context, name: str) -> None:
    """Print the completion script for a shell; evaluate it in its start-up file."""
    from click.shell_completion import get_completion_class

    from cockpit.cli import COMPLETE_VARIABLE
    from cockpit.domain.nearest import expected

    if name not in _SHELLS:
        raise expected("a shell", name, _SHELLS)
    kind = get_completion_class(name)
    if kind is None:
        raise expected("a shell", name, _SHELLS)
    for program in ("cockpit", "incident-cockpit"):
        click.echo(kind(ctx.find_root().command, {}, program, COMPLETE_VARIABLE).source())
