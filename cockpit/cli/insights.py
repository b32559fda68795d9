"""`stats`: what many incidents teach, in tables, as JSON or as a page to show."""

from __future__ import annotations

from pathlib import Path

import click

from cockpit.cli.completing import plain_words
from cockpit.cli.options import json_option, pass_shell
from cockpit.cli.shell import Shell


@click.command(name="stats")
@click.option(
    "--since", metavar="DATE", default="", help="From that day on; year, or all. Else 13 weeks."
)
@click.option("--until", metavar="DATE", default="", help="Up to the end of that day.")
@click.option(
    "--by",
    default="",
    metavar="PERIOD",
    shell_complete=plain_words("week", "month", "quarter"),
    help="Count by week, month or quarter.",
)
@click.option(
    "-s",
    "--severity",
    "severities",
    metavar="SEV",
    multiple=True,
    shell_complete=plain_words("SEV1", "SEV2", "SEV3", "SEV4"),
    help="Only this severity; may be given several times.",
)
@click.option("--with-drills", is_flag=True, help="Exercises count too.")
@click.option("--html", "page", metavar="FILE|-", help="Write a page to show and to print.")
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@json_option
@pass_shell
def stats_command(
    shell: Shell,
    since: str,
    until: str,
    by: str,
    severities: tuple[str, ...],
    with_drills: bool,
    page: str | None,
    force: bool,
    as_json: bool,
) -> None:
    """Count what many incidents teach: how many, how fast, what was promised, what repeats.

    Times run from the beginning of an incident. Exercises and deleted incidents are left out,
    imported ones count. --json names the incidents behind each number, --html lists them.
    """
    from cockpit.cli import output
    from cockpit.service.insights import insights

    if page is not None and as_json:
        raise click.UsageError("Give --json or --html, not both.")
    found = insights(
        shell.session,
        since=since,
        until=until,
        by=by,
        severities=severities,
        drills=with_drills,
        zone=shell.zone,
    )
    if as_json:
        from cockpit.cli.insight_shapes import insights_shape

        output.dump(insights_shape(found))
    elif page is None:
        from cockpit.domain.insight_text import insight_lines

        output.say_lines(insight_lines(found, plain=shell.config.ascii))
    else:
        from cockpit.domain.insight_html import insights_page
        from cockpit.service.whole_files import write_export

        text = insights_page(found, shell.session.playbook)
        if page == "-":
            output.say_document(text)
            return
        write_export(Path(page), text, force)
        output.warn(f"Written to {page}.")
