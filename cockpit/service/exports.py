"""Exports: the post-mortem, the whole incident, the timeline; written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from cockpit.domain.incident_html import write_page
from cockpit.domain.incident_json import ExportedIncident, write_json
from cockpit.domain.incident_markdown import timeline_table, utc
from cockpit.domain.markdown import heading
from cockpit.domain.nearest import expected
from cockpit.domain.view import TimelineFilter
from cockpit.paths import create_private_directory
from cockpit.service import postmortems
from cockpit.service.session import Session

FORMATS = ("md", "public", "json", "html", "timeline")
"""Internal and public post-mortem, the whole incident as JSON or HTML, the timeline as a table."""


class Span(Struct, frozen=True):
    """A range of time, open where None: from `since` up to and including `until`."""

    since: datetime | None = None
    until: datetime | None = None


def export_incident(
    session: Session,
    inc: str,
    fmt: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> str:
    """Return an incident in a format; `since` and `until` bound the timeline format only.

    Raises InvalidInputError for an unknown format, and ExportRefusedError while something stands
    in the way of the public post-mortem.
    """
    write = _WRITERS.get(fmt.strip().lower())
    if write is None:
        raise expected("an export format", fmt, FORMATS)
    return write(session, inc, Span(since, until))


def export_all(session: Session) -> str:
    """Return every incident as one JSON document, which an empty database can be filled from."""
    found = session.reads.summaries()
    return write_json(_exported(session, each.id) for each in found)


def file_name(session: Session, inc: str, fmt: str) -> str:
    """Return the name of an export's file, such as `INC-42-timeline.md`."""
    ref = session.reads.view(inc).ref
    endings = {"md": ".md", "json": ".json", "html": ".html"}
    return f"{ref}{endings.get(fmt, f'-{fmt}.md')}"


def usual_place(session: Session, inc: str, fmt: str) -> Path:
    """Return where an export goes when nobody names a place; its directory is made."""
    create_private_directory(session.paths.exports)
    return session.paths.exports / file_name(session, inc, fmt)


def _export_internal(session: Session, inc: str, _: Span) -> str:
    return postmortems.markdown(session, inc)


def _export_public(session: Session, inc: str, _: Span) -> str:
    """Return the public document; raises ExportRefusedError while something stands in its way."""
    from cockpit.service.postmortem_checks import refuse_public

    refuse_public(session, inc)
    return postmortems.markdown(session, inc, public=True)


def _export_html(session: Session, inc: str, _: Span) -> str:
    return write_page(session.reads.view(inc), postmortems.markdown(session, inc))


def _export_json(session: Session, inc: str, _: Span) -> str:
    return write_json([_exported(session, inc)])


def _export_timeline(session: Session, inc: str, span: Span) -> str:
    view = session.reads.view(inc)
    chosen = TimelineFilter(since=span.since, until=span.until)
    entries = postmortems.read_timeline(session, inc, chosen)
    first = f"from {utc(span.since)} " if span.since else ""
    last = f"until {utc(span.until)} " if span.until else ""
    count = "1 entry" if len(entries) == 1 else f"{len(entries):,} entries"
    return "\n\n".join(
        (
            heading(1, f"{view.ref}: {view.title}"),
            f"Timeline {first}{last}({count}; times are UTC).",
            timeline_table(entries) + "\n",
        )
    )


def _exported(session: Session, inc: str) -> ExportedIncident:
    entries = postmortems.read_timeline(session, inc, TimelineFilter(hidden=True))
    return ExportedIncident(session.reads.view(inc), entries, tuple(session.reads.ops(inc)))


_WRITERS: Mapping[str, Callable[[Session, str, Span], str]] = {
    "md": _export_internal,
    "public": _export_public,
    "json": _export_json,
    "html": _export_html,
    "timeline": _export_timeline,
}
