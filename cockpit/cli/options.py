"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from cockpit.cli.completing import complete_incident

_MARK = "\0"  # never part of an argument that a shell passes

pass_shell = click.pass_obj


class TextCommand(click.Command):
    """A command whose words are text: `-5m …`, `- item` or `-12 %` is no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments, with words that only look like options kept as words."""
        ours = {name for param in self.params for name in param.opts if name.startswith("--")}
        marked = [
            _MARK + word if _is_text(word) and word.partition("=")[0] not in ours else word
            for word in args
        ]
        rest = super().parse_args(ctx, marked)
        ctx.params = {name: _unmark(value) for name, value in ctx.params.items()}
        return rest


def incident_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --incident."""
    return click.option(
        "-i",
        "--incident",
        metavar="REF",
        shell_complete=complete_incident,
        help="The incident's reference; not needed while exactly one is open.",
    )(function)


def incident_argument(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add a reference as the one optional argument."""
    return click.argument(
        "reference", required=False, metavar="[REF]", shell_complete=complete_incident
    )(function)


def json_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --json."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def at_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add --at."""
    return click.option(
        "--at", metavar="TIME", help="When it happened: 09:10, -5m, yesterday 23:10, ISO 8601."
    )(function)


def _is_text(word: str) -> bool:
    return len(word) > 1 and word[0] == "-" and (word[1].isdigit() or any(map(str.isspace, word)))


def _unmark(value: Any) -> Any:
    if isinstance(value, str):
        return value.removeprefix(_MARK)
    if isinstance(value, tuple):
        return tuple(_unmark(each) for each in value)
    return value
