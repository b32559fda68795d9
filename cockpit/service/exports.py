"""Exports: the post-mortem, the whole incident, the timeline; written whole or not at all."""

from __future__ import annotations

import os
import secrets
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
from cockpit.errors import ExportRefusedError
from cockpit.paths import create_private_directory
from cockpit.service import postmortems
from cockpit.service.session import Session

FORMATS = ("md", "public", "json", "html", "timeline")
"""Internal and public post-mortem, the whole incident as JSON or HTML, the timeline as a table."""

_MODE = 0o600


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

    Raises InvalidInputError for an unknown format.
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


def write_export(path: Path, text: str, force: bool = False) -> None:
    """Write `text` to `path` in one step, readable by its owner only.

    Never over a file without `force`, never through a symbolic link.
    Raises ExportRefusedError in words; the file is then as it was.
    """
    if path.is_symlink():
        raise ExportRefusedError(f"{path} is a symbolic link.", "Name the file itself.")
    if path.is_dir():
        raise ExportRefusedError(f"{path} is a directory.", "Name a file in it.")
    if path.exists() and not path.is_file():
        raise ExportRefusedError(f"{path} is not a plain file.", "Name another file.")
    if path.exists() and not force:
        raise ExportRefusedError(f"{path} exists already.", "Use --force to write over it.")
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        _write_new(draft, text)
        _put_in_place(draft, path, force=force)
    except OSError as error:
        draft.unlink(missing_ok=True)
        if isinstance(error, FileExistsError):
            raise ExportRefusedError(
                f"{path} exists already.", "Use --force to write over it."
            ) from error
        raise ExportRefusedError(
            f"{path} was not written: {error.strerror or error}.", "Name another place with -o."
        ) from error


def _write_new(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, flags, _MODE)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        os.fchmod(file.fileno(), _MODE)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(draft: Path, path: Path, *, force: bool) -> None:
    """Give the finished file its name; without force, a file made meanwhile is left alone."""
    if force:
        draft.replace(path)
    else:
        _link(draft, path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _link(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: the name was free a moment ago.
        draft.replace(path)
    else:
        draft.unlink()


def _export_internal(session: Session, inc: str, _: Span) -> str:
    return postmortems.markdown(session, inc)


def _export_public(session: Session, inc: str, _: Span) -> str:
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
