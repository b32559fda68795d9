"""`serve`: the server that a team shares incidents through."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cockpit.cli.options import pass_shell
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.server.service import Service

_HOST = "The address to listen on."
_PORT = "The port to listen on; 0 for any that is free."
_DATABASE = "A SQLite file (server.db in the cockpit's home by default), or postgresql://…"
_TITLE = "The first workspace's name."
_PROXIES = "Proxies whose X-Forwarded-For and X-Forwarded-Proto count."
_WORKERS = "Processes; more than one only with PostgreSQL."
_RATE = "Calls a second that each device may make; 0 for no limit."
_BACKUP = "Copy the SQLite file to FILE while it is in use, and do nothing else."
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command(name="serve")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help=_HOST)
@click.option("--port", default=8470, show_default=True, type=click.IntRange(0, 65535), help=_PORT)
@click.option("--database", default="", metavar="FILE|DSN", help=_DATABASE)
@click.option("--title", default="Team", show_default=True, metavar="WORDS", help=_TITLE)
@click.option("--url", default="", metavar="URL", help="The address that invites name.")
@click.option("--behind-proxy", "proxies", default="", metavar="ADDRESSES", help=_PROXIES)
@click.option("--certificate", default="", metavar="FILE", help="Serve HTTPS with it and --key.")
@click.option("--key", default="", metavar="FILE", help="The certificate's private key.")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help=_WORKERS)
@click.option("--rate", default=200.0, show_default=True, type=click.FloatRange(0), help=_RATE)
@click.option("--verbose", is_flag=True, help="Log every call, not only what goes wrong.")
@click.option("--backup", type=click.Path(path_type=Path), metavar="FILE", help=_BACKUP)
@pass_shell
def serve_command(shell: Shell, /, database: str, backup: Path | None, **given: Any) -> None:
    """Serve a team: keep its events and pass them on.

    While the first workspace has no owner, an invite for one is printed at every start. Stop the
    server with Ctrl+C or SIGTERM: what was sent to it is stored first.
    """
    from cockpit.cli import output
    from cockpit.errors import CockpitError

    try:
        from cockpit.server.running import Listening, listen, serve
        from cockpit.server.service import Setup
        from cockpit.server.sqlite import copy_database
    except ModuleNotFoundError as error:
        raise CockpitError(
            f"The server's libraries are not installed ({error.name}).",
            "Install them: pip install 'incident-cockpit[server]'",
        ) from error
    database = database or str(shell.paths.data_dir / "server.db")
    if backup is not None:
        copy_database(Path(database), backup)
        output.say(f"Copied to {backup}.")
        return
    setup = Setup(given.pop("url").rstrip("/"), given.pop("rate"))
    with listen(given["host"], given["port"]) as listener:
        scheme = "https" if given["certificate"] else "http"
        host = f"[{given['host']}]" if ":" in given["host"] else given["host"]
        base = setup.url or f"{scheme}://{host}:{listener.getsockname()[1]}"
        plain = scheme == "http" and given["host"] not in _LOOPBACK and not given["proxies"]
        place = Listening(database, setup=setup, **given)
        serve(place, listener, partial(_announce, base, plain))


def _announce(base: str, plain: bool, service: Service) -> None:
    """Say where the server is, with the owner's invite if there is one.

    plain: it is reached by plain HTTP from other machines.
    """
    from cockpit.cli import output

    output.say(f"Serving on {base}. Stop with Ctrl+C.")
    if service.owner_code:
        output.say("An invite for the owner, good once and for 24 hours:")
        output.say(f"  {base}/j#{service.owner_code}")
        output.say("Join with: cockpit sync join, which asks for it.")
    if plain:
        output.warn("Other machines' cockpits refuse plain HTTP: --certificate, or a proxy.")
    sys.stdout.flush()
