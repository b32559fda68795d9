"""`backup`, `restore`, `where` and `doctor`: the files and their health."""

from __future__ import annotations

from pathlib import Path

import click

from cockpit.cli.options import json_option, pass_shell
from cockpit.cli.shell import Shell


@click.command(name="backup")
@click.argument("target", required=False, metavar="[FILE|DIR]", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@pass_shell
def backup_command(shell: Shell, target: Path | None, force: bool) -> None:
    """Copy the database safely while it is in use; checked before it counts.

    Without a name it goes to the directory of backups, where the last ten stay.
    """
    from cockpit.cli import output
    from cockpit.errors import ExportRefusedError

    stem = f"cockpit-{shell.now():%Y%m%d-%H%M%S}"
    store = shell.session.store
    if target is None:
        output.say(f"Backup written to {store.backup_into(shell.paths.backups, stem)}.")
        return
    path = target / f"{stem}.db" if target.is_dir() else target
    if path.exists() and not force:
        raise ExportRefusedError(f"{path} exists.", "Choose another name, or add --force.")
    store.backup(path)
    output.say(f"Backup written to {path}.")


@click.command(name="restore")
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
@pass_shell
def restore_command(shell: Shell, source: Path) -> None:
    """Bring back from a backup all that is missing here.

    Nothing that is here is lost or changed. To go back to a backup's exact state instead, point
    COCKPIT_HOME at an empty directory and restore there.
    """
    from cockpit.cli import output
    from cockpit.errors import InvalidInputError
    from cockpit.store.database import Store

    if not source.is_file():
        raise InvalidInputError(f"There is no file {source}.", "cockpit where names the backups.")
    session = shell.session
    with Store.open(
        source, now_ms=_no_time, random_hex=session.random_hex, create=False, readonly=True
    ) as backup:
        result = session.store.append(backup.reads.ops())
    if not result.added:
        output.say(f"Nothing was missing: all {result.known:,} events of {source} are here.")
        return
    output.say(f"Brought back {len(result.added):,} events; {result.known:,} were here already.")


@click.command(name="where")
@json_option
@pass_shell
def where_command(shell: Shell, as_json: bool) -> None:
    """Print where everything is kept."""
    from cockpit.cli import output

    paths = shell.paths
    places = {
        "database": paths.database,
        "config": paths.config_file,
        "playbook": paths.playbook,
        "directory": paths.directory,
        "templates": paths.templates,
        "drafts": paths.drafts,
        "backups": paths.backups,
        "exports": paths.exports,
        "last_update": paths.last_update,
    }
    if as_json:
        output.dump({name: str(place) for name, place in places.items()})
        return
    for name, place in places.items():
        there = "" if place.exists() else "  (not there yet)"
        output.say(f"{name.replace('_', ' '):<12} {place}{there}")


@click.command(name="doctor")
@click.option("--rebuild", is_flag=True, help="Make all tables anew from the events.")
@json_option
@pass_shell
def doctor_command(shell: Shell, rebuild: bool, as_json: bool) -> int:
    """Check everything that an incident needs, and say how to go on where something is wrong.

    The exit code is 1 when something is wrong with the files or the data.
    """
    from cockpit.cli import checks, output

    health = [
        *checks.check_versions(),
        *checks.check_files(shell),
        *checks.check_places(shell),
        *checks.check_database(shell, rebuild=rebuild),
    ]
    around = checks.check_terminal(shell)
    wrong = sum(not each.ok for each in health)
    if as_json:
        from cockpit.cli.shapes import plain

        output.dump([plain(each) for each in (*health, *around)])
        return 1 if wrong else 0
    for each in (*health, *around):
        output.say(f"{'ok' if each.ok else '! '} {each.text}")
        if each.hint:
            output.say(f"   {each.hint}")
    output.say(f"\n{_verdict(wrong, sum(not each.ok for each in around))}", newlines=True)
    return 1 if wrong else 0


def _verdict(wrong: int, lacking: int) -> str:
    """Return the last line; what only the terminal lacks endangers nothing and is no failure."""
    if wrong:
        return f"{wrong + lacking} to look at."
    return f"Your data is well; {lacking} to look at around it." if lacking else "All is well."


def _no_time() -> int:
    return 0  # a database opened for reading stamps nothing
