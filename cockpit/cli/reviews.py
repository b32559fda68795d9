"""`postmortem review`, `meeting` and `calendar`: who learns from it, when, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cockpit.cli.completing import complete_review
from cockpit.cli.options import (
    TextCommand,
    incident_argument,
    incident_option,
    json_option,
    pass_shell,
)
from cockpit.cli.shell import Shell

if TYPE_CHECKING:
    from cockpit.domain.review import Owed
    from cockpit.domain.view import IncidentView


@click.command(name="review")
@click.argument("words", nargs=-1, metavar="[REF] [STATE]", shell_complete=complete_review)
@click.option("--by", default="", metavar="NAMES", help="Who reviewed it, if not you alone.")
@click.option("-r", "--reason", default="", metavar="TEXT", help="Why; kept.")
@incident_option
@json_option
@pass_shell
def review_postmortem(
    shell: Shell,
    words: tuple[str, ...],
    by: str,
    reason: str,
    incident: str | None,
    as_json: bool,
) -> None:
    """Show where the review stands and what is owed, or bring it to a STATE.

    The states: draft, in-review, reviewed, published.
    """
    from cockpit.cli import output
    from cockpit.service import reviews

    inc, rest = shell.split(incident, words)
    view = shell.session.reads.view(inc)
    if rest or by:
        state = " ".join(rest) or "reviewed"
        view = reviews.set_review(shell.session, inc, state, by=by, reason=reason)
    owed = reviews.owed_to(shell.session, view)
    if as_json:
        from cockpit.cli.due_shapes import review_shape

        output.dump(review_shape(view, owed))
        return
    output.say_lines(_page(view, owed, shell.zone))


@click.command(name="meeting", cls=TextCommand)
@click.argument("words", nargs=-1, required=True, metavar="[REF] TIME")
@incident_option
@pass_shell
def plan_meeting(shell: Shell, words: tuple[str, ...], incident: str | None) -> None:
    """Say when the post-mortem meeting is: 2026-12-01 14:00, +3d, tomorrow 10:00.

    The time is read in your zone, and printed with it. `postmortem calendar` writes it for your
    calendar.
    """
    from cockpit.cli import output
    from cockpit.domain.times import check_plausible, format_stamp, parse_when
    from cockpit.service import reviews

    inc, rest = shell.split(incident, words)
    if not rest:
        raise click.UsageError("Say when: cockpit postmortem meeting INC-42 2026-12-01 14:00")
    now = shell.now()
    at: datetime = check_plausible(parse_when(" ".join(rest), now, shell.zone), now)
    view = reviews.set_meeting(shell.session, inc, at)
    output.say(f"{view.ref}: the post-mortem meeting is on {format_stamp(at, shell.zone)}.")
    owed = reviews.owed_to(shell.session, view)
    for each in owed.nudges if owed else ():
        if each.id == "meeting":
            output.warn(f"- {each.sentence}")


@click.command(name="calendar")
@incident_argument
@click.option(
    "-o",
    "--out",
    "target",
    metavar="FILE|DIR|-",
    help="Where to write; - is standard output (as when left out).",
)
@click.option("--force", is_flag=True, help="Write over a file that exists.")
@incident_option
@pass_shell
def write_calendar(
    shell: Shell, reference: str | None, target: str | None, force: bool, incident: str | None
) -> None:
    """Write the meeting as a calendar file (.ics); without REF all meetings that lie ahead.

    Imported again, a meeting that was moved replaces its old date.
    """
    from cockpit.cli import output
    from cockpit.service import reviews
    from cockpit.service.whole_files import write_export

    named = incident or reference
    inc = shell.find(named) if named else ""
    text = reviews.calendar(shell.session, inc)
    if target is None or target == "-":
        click.echo(text, nl=False)
        return
    path = Path(target)
    path = path / reviews.file_name(shell.session, inc) if path.is_dir() else path
    write_export(path, text, force)
    output.warn(f"Written to {path}.")


def _page(view: IncidentView, owed: Owed | None, zone: tzinfo) -> Iterator[str]:
    from cockpit.cli.due_pages import nudge_lines
    from cockpit.domain.times import format_stamp

    pm = view.postmortem
    by = f" by {pm.reviewed_by}" if pm.reviewed_by else ""
    when = f" on {format_stamp(pm.reviewed_at, zone)}" if pm.reviewed_at else ""
    reviewed = f", reviewed{by}{when}" if by and pm.review != "reviewed" else f"{by}{when}"
    yield f"{view.ref}  {pm.review}{reviewed}  {view.title}"
    yield f"  owner      {pm.owner or 'nobody yet'}"
    yield f"  meeting    {format_stamp(pm.meeting_at, zone) if pm.meeting_at else 'no date yet'}"
    yield from (f"  {line}" for line in nudge_lines(owed))
