"""`rescue`: what a damaged database still holds."""

from __future__ import annotations

from pathlib import Path

import click

from cockpit.cli.options import pass_shell
from cockpit.cli.shell import Shell


@click.command(name="rescue")
@click.argument(
    "source", required=False, metavar="[FILE]", type=click.Path(path_type=Path, dir_okay=False)
)
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="A new directory for what is read; one beside the database by default.",
)
@pass_shell
def rescue_command(shell: Shell, source: Path | None, out: Path | None) -> None:
    """Read what a damaged database still holds, into a home of its own.

    The damaged file is only read. What comes out is shared with nobody: look at it, export it, and
    bring back from it what your own database lacks.
    """
    from shlex import quote

    from cockpit.cli import output
    from cockpit.domain.clock import to_ms
    from cockpit.errors import InvalidInputError
    from cockpit.paths import Paths
    from cockpit.service.session import system_random_hex
    from cockpit.store.rescue import rescue_into

    path = source or shell.paths.database
    if not path.is_file():
        raise InvalidInputError(f"There is no file {path}.", "cockpit where names the database.")
    home = out or shell.paths.data_dir / f"rescued-{shell.clock():%Y%m%d-%H%M%S}"
    target = Paths(home, home).database
    rescued = rescue_into(
        path, target, now_ms=lambda: to_ms(shell.clock()), random_hex=system_random_hex
    )
    incidents = rescued.incidents
    output.say(
        f"Read {len(rescued.records):,} events of {incidents:,} "
        f"{'incident' if incidents == 1 else 'incidents'}; {path} was not changed."
    )
    if rescued.lost:
        output.say(f"Lost: {rescued.lost:,} more of which only a trace is left.")
    else:
        output.say("No trace of any other was found.")
    output.say(f"Look at them: COCKPIT_HOME={quote(str(home))} cockpit")
    output.say(f"Once your own database works: cockpit restore {quote(str(target))}")
