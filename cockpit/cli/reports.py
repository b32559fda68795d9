"""`report`: how the cadence was kept, in one incident and over many."""

from __future__ import annotations

import click

from cockpit.cli.completing import complete_incident, plain_words
from cockpit.cli.options import incident_option, json_option, pass_shell
from cockpit.cli.shell import Shell


@click.command(name="report")
@click.argument("reference", required=False, metavar="[REF]", shell_complete=complete_incident)
@click.option("-a", "--all", "everything", is_flag=True, help="Over all incidents, imported too.")
@click.option("--since", metavar="DATE", help="Only those that began on that day or later.")
@click.option(
    "--by",
    default="",
    metavar="PERIOD",
    shell_complete=plain_words("week", "month", "quarter", "year"),
    help="Grouped by week, month, quarter or year.",
)
@click.option("--no-drills", is_flag=True, help="Without exercises.")
@incident_option
@json_option
@pass_shell
def report_command(
    shell: Shell,
    reference: str | None,
    everything: bool,
    since: str | None,
    by: str,
    no_drills: bool,
    incident: str | None,
    as_json: bool,
) -> None:
    """Report how the cadence was kept: first word, promises, the longest silence.

    For one incident, or with --all over many. A promise is a next-update time that was printed in
    a text; other deadlines follow from the rhythm.
    """
    from cockpit.cli import output
    from cockpit.domain.cadence_text import history_lines, report_lines
    from cockpit.service import reports

    name = incident or reference
    if not everything and (since or by or no_drills):
        raise click.UsageError("--since, --by and --no-drills belong to --all.")
    if everything and name:
        raise click.UsageError("Name one incident, or give --all.")
    if not everything:
        found = reports.incident_cadence(shell.session, shell.find(name))
        if as_json:
            from cockpit.cli.report_shapes import report_shape

            output.dump(report_shape(found.view, found.report))
            return
        output.say_lines(report_lines(found.view, found.report, shell.zone))
        return
    day = reports.parse_day(since, shell.zone) if since else None
    periods = reports.cadence_history(shell.session, since=day, by=by, drills=not no_drills)
    if as_json:
        from cockpit.cli.report_shapes import history_shape

        output.dump(history_shape(periods))
        return
    output.say_lines(history_lines(periods))
