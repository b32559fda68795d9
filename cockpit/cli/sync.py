"""`sync`: exchange events with others, through a server or as files."""

from __future__ import annotations

import click

from cockpit.cli.bundles import export_bundle, import_bundle


@click.group(name="sync", commands=[export_bundle, import_bundle])
def sync_command() -> None:
    """Exchange events with others: through a server, or as files where there is none."""
