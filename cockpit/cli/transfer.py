"""`export`, `import` and `demo`: incidents in and out of the cockpit."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cockpit.cli.completing import complete_incident, plain_words
from cockpit.cli.options import incident_argument, incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell

IMPORT_FORMATS = (
    *("statuspage", "cstate", "gcp", "slack", "pagerduty", "alertmanager", "grafana"),
    *("postmortem", "cockpit"),
)
"""What the shell completes; the service's own list decides."""


@click.command(name="export")
@incident_argument
@click.option(
    "-f",
    "--format",
    "form",
    metavar="FORMAT",
    shell_complete=plain_words("md", "public", "json", "html", "timeline"),
    help="md (if left out), public, json, html or timeline.",
)
@click.option("-a", "--all", "everything", is_flag=True, help="Every incident, as JSON.")
@click.option("-o", "--output", "target", metavar="FILE|DIR", help="Instead of standard output.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@click.option("--since", metavar="TIME", help="Timeline from then on.")
@click.option("--until", metavar="TIME", help="Timeline up to then.")
@incident_option
@pass_shell
def export_command(
    shell: Shell,
    reference: str | None,
    form: str | None,
    everything: bool,
    target: str | None,
    force: bool,
    since: str | None,
    until: str | None,
    incident: str | None,
) -> None:
    """Write an incident: post-mortem (md, public), everything (json), a page, or its timeline."""
    from cockpit.cli import output
    from cockpit.domain.nearest import expected
    from cockpit.service import exports
    from cockpit.service.whole_files import write_export

    session = shell.session
    if everything:
        if (form or "json") != "json":
            raise click.UsageError("All incidents together are written as JSON only.")
        form, name, text = "json", "incidents.json", exports.export_all(session)
    else:
        form = (form or "md").lower()
        if form not in exports.FORMATS:
            raise expected("a format", form, exports.FORMATS)
        inc = shell.find(incident or reference)
        span = shell.when(since), shell.when(until)
        text = exports.export_incident(session, inc, form, *span)
        name = exports.file_name(session, inc, form)
    if target is None or target == "-":
        _print(text, form)
        return
    path = Path(target)
    path = path / name if path.is_dir() else path
    write_export(path, text, force)
    output.warn(f"Written to {path}.")


def _print(text: str, form: str) -> None:
    from cockpit.cli import output

    if form == "json":
        click.echo(output.make_json_safe(text.rstrip("\n")))
    else:
        output.say_document(text)


@click.command(name="import")
@click.argument("form", metavar="FORMAT", shell_complete=plain_words(*IMPORT_FORMATS))
@click.argument(
    "files", metavar="FILE…|-", nargs=-1, required=True, type=click.Path(path_type=Path)
)
@click.option(
    "--into",
    metavar="REF",
    shell_complete=complete_incident,
    help="Put everything into the timeline of this incident (chats and alerts).",
)
@click.option(
    "-c",
    "--channel",
    "channels",
    metavar="NAME",
    multiple=True,
    help="Only this channel of a chat; may be given several times.",
)
@click.option("--since", metavar="TIME", help="Only messages of a chat from then on.")
@click.option("--until", metavar="TIME", help="Only messages of a chat up to then.")
@click.option("--at", metavar="TIME", help="When it happened, for a file that does not say so.")
@json_option
@pass_shell
def import_command(
    shell: Shell,
    form: str,
    files: tuple[Path, ...],
    into: str | None,
    channels: tuple[str, ...],
    since: str | None,
    until: str | None,
    at: str | None,
    as_json: bool,
) -> int:
    """Read incidents from FILE, or standard input with -.

    FORMAT is statuspage, cstate, gcp, slack, pagerduty, alertmanager, grafana, postmortem or
    cockpit; a cstate or postmortem FILE may be a folder of pages. Each file all or nothing; reading
    the same file again adds nothing. Of several files, one that is refused leaves the others in.
    """
    from cockpit.cli.intake import Report, take_in
    from cockpit.service import imports
    from cockpit.service.import_options import ImportOptions

    inc = "" if into is None else shell.find(into)
    wishes = ImportOptions(inc, channels, shell.when(since), shell.when(until), shell.when(at))

    def take(file: Path) -> Report:
        if str(file) == "-":
            return imports.import_stream(shell.session, form, sys.stdin.buffer, wishes)
        return imports.import_file(shell.session, form, file, wishes)

    return take_in(files, take, as_json=as_json)


@click.command(name="demo")
@click.option("--here", is_flag=True, help="Put them among your own incidents.")
@click.option("--fresh", is_flag=True, help="Throw the demo's directory away and start anew.")
@click.option("--no-app", is_flag=True, help="Do not open the app afterwards.")
@click.pass_context
def demo_command(ctx: click.Context, here: bool, fresh: bool, no_app: bool) -> int | None:
    """Try the cockpit on invented incidents.

    They live in a directory of their own, so that nothing of yours is touched. After an hour
    without a word in it the demo starts anew, as if it went on now.
    """
    import shutil

    from cockpit.cli import output
    from cockpit.cli.root import has_terminal, open_app
    from cockpit.paths import Paths
    from cockpit.service import demo

    shell: Shell = ctx.obj
    shell.refuse_readonly()
    home = shell.paths.data_dir / "demo"
    if here and fresh:
        raise click.UsageError("--fresh would throw your own incidents away.")
    if fresh:
        shutil.rmtree(home, ignore_errors=True)
    if not here:
        shell.paths = Paths(home, home)
        if demo.is_stale(shell.session):
            shell.close()
            shutil.rmtree(home, ignore_errors=True)
    demo.fill(shell.session)
    count = shell.session.reads.count()
    output.say(f"{count:,} invented incidents are in {shell.paths.data_dir}.")
    shell.close()
    if not here:
        output.say(f"To use them from the shell: export COCKPIT_HOME={home}")
    if no_app or not has_terminal():
        return None
    return open_app(ctx, None)
