"""`sync export` and `sync import`: events from one cockpit to another as a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cockpit.cli.completing import complete_incident
from cockpit.cli.options import json_option, pass_shell
from cockpit.cli.shell import Shell


@click.command(name="export")
@click.argument("target", metavar="FILE|-", type=click.Path(path_type=Path))
@click.argument("incidents", metavar="[REF]…", nargs=-1, shell_complete=complete_incident)
@click.option("--since", metavar="TIME", help="Only events recorded from then on.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@pass_shell
def export_bundle(
    shell: Shell, target: Path, incidents: tuple[str, ...], since: str | None, force: bool
) -> None:
    """Write events to FILE, to carry them to a cockpit that no server connects with this one.

    All incidents, but private ones and drills, unless some are named. Packed where FILE ends in
    .gz; - writes to a pipe. Anybody who holds the file can read it, except what belongs to an
    encrypted workspace. It may be brought in twice, in any order, and back again.
    """
    from cockpit.cli import output
    from cockpit.service import bundles
    from cockpit.service.envelopes import JoinedSeals

    seals = JoinedSeals(shell.session)
    named = tuple(shell.find(each) for each in incidents)
    bundle = bundles.choose(shell.session, named, shell.when(since))
    if str(target) == "-":
        if sys.stdout.isatty():
            raise click.UsageError("A terminal cannot take a bundle: name a file, or use a pipe.")
        sys.stdout.flush()
        bundles.export_stream(shell.session, bundle, sys.stdout.buffer, seals=seals)
        sys.stdout.buffer.flush()
        return
    count = bundles.export_file(shell.session, bundle, target, force=force, seals=seals)
    events = "1 event" if count == 1 else f"{count:,} events"
    output.warn(f"{events} written to {target}. {bundle.sentence}".strip())


@click.command(name="import")
@click.argument(
    "files", metavar="FILE…|-", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@json_option
@pass_shell
def import_bundle(shell: Shell, files: tuple[Path, ...], as_json: bool) -> int:
    """Merge the events that `sync export` wrote elsewhere, as if a server had brought them.

    Each FILE all or nothing; what is known stays as it is, so that the same file again adds
    nothing. Of several files, one that is refused leaves the others in.
    """
    from cockpit.cli.intake import Report, take_in
    from cockpit.service import bundles
    from cockpit.service.envelopes import JoinedSeals

    seals = JoinedSeals(shell.session)

    def take(file: Path) -> Report:
        if str(file) == "-":
            return bundles.import_stream(shell.session, sys.stdin.buffer, seals=seals)
        return bundles.import_file(shell.session, file, seals=seals)

    return take_in(files, take, as_json=as_json)
