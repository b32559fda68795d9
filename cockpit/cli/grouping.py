"""Commands with commands of their own, whose first word may also be an incident."""

from __future__ import annotations

from typing import Any

import click
from click.shell_completion import CompletionItem

from cockpit.cli.completing import complete_incident


class UsualGroup(click.Group):
    """A group with one usual command, for which its name may be left out."""

    def __init__(self, *args: Any, usual: str, **options: Any) -> None:
        """Take the name of the usual command."""
        super().__init__(*args, **options)
        self._usual = usual

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the usual command in front of what is no command of the group."""
        named = bool(args) and (args[0] in self.commands or args[0] in ("-h", "--help"))
        completes = ctx.resilient_parsing and not args
        if not named and not completes and not _is_mistyped(args):
            args = [self._usual, *args]
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command; a wrong word is explained."""
        if args[0] not in self.commands and not ctx.resilient_parsing:
            from cockpit.domain.nearest import expected

            raise expected(f"a command of {self.name}", args[0], tuple(self.commands))
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Offer the incidents beside the commands."""
        commands = super().shell_complete(ctx, incomplete)
        return [*commands, *complete_incident(ctx, click.Option(["--incident"]), incomplete)]


def _is_mistyped(args: list[str]) -> bool:
    """Say whether a first word is neither an option nor a reference nor an id."""
    from cockpit.domain.reference import parse_reference

    word = args[0] if args else "-"
    return not (
        word.startswith("-") or parse_reference(word) or set(word) <= set("0123456789abcdef")
    )
