"""Imports: a file as a whole or not at all, and only what is not known already."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import BinaryIO

from msgspec.structs import replace

from cockpit.domain.nearest import expected
from cockpit.errors import ImportRefusedError
from cockpit.service.import_options import REPORTS, ImportOptions
from cockpit.service.import_report import ImportPlan, ImportReport
from cockpit.service.session import Session

__all__ = ["FORMATS", "MAX_BYTES", "ImportReport", "import_file"]

FORMATS = (
    *("statuspage", "cstate", "gcp", "slack", "pagerduty", "alertmanager", "grafana"),
    *("postmortem", "cockpit"),
)
"""The formats that can be imported."""

_MODULES = {"cockpit": "cockpit_json"}
"""Formats whose module has another name."""

_NO_WISHES = ImportOptions()

MAX_BYTES = 256 * 1024 * 1024
"""The largest file that is read (bytes)."""


def import_file(
    session: Session, fmt: str, path: Path, options: ImportOptions = _NO_WISHES
) -> ImportReport:
    """Add what the file at `path` (format `fmt`) holds and is not known; return what was added.

    The path of `cstate` and `postmortem` may be a folder of pages. Raises InvalidInputError for an
    unknown format, and ImportRefusedError, with nothing imported, when the file cannot be read or
    a record in it is wrong (it says which).
    """
    plan_import = _planner(fmt, options)
    if (plan_pages := _page_planner(fmt)) is not None:
        from cockpit.service.import_files import read_files

        return _add(session, plan_pages(session, read_files(path, ".md")))
    return _add(session, plan_import(session, read_file(path)))


def import_stream(
    session: Session, fmt: str, stream: BinaryIO, options: ImportOptions = _NO_WISHES
) -> ImportReport:
    """Add what a stream holds, as `import_file` does with a file."""
    plan_import = _planner(fmt, options)
    return _add(session, plan_import(session, _read(stream, "standard input")))


def _add(session: Session, plan: ImportPlan) -> ImportReport:
    if plan.records:
        session.store.append(plan.records)
    deleted = {each.id: each.ref for each in session.reads.deleted()}
    refs = tuple(ref for inc, ref in deleted.items() if inc in plan.incidents)
    return replace(plan.report, deleted=refs)


def read_file(path: Path) -> bytes:
    """Return a file's bytes, without a byte order mark; raises ImportRefusedError in words."""
    try:
        with path.open("rb") as file:
            return _read(file, f"the file {path}")
    except OSError as error:
        raise _unreadable(f"the file {path}", error) from error


def _read(stream: BinaryIO, name: str) -> bytes:
    shown = name[:1].upper() + name[1:]
    try:
        data = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise _unreadable(name, error) from error
    if len(data) > MAX_BYTES:
        raise ImportRefusedError(
            f"{shown} is larger than {MAX_BYTES // 1024 // 1024} MB.",
            "Split it, and import the parts.",
        )
    if not data.strip():
        raise ImportRefusedError(f"{shown} is empty.", "Nothing was imported.")
    return data.removeprefix(b"\xef\xbb\xbf")


def _unreadable(name: str, error: OSError) -> ImportRefusedError:
    shown = name[:1].upper() + name[1:]
    return ImportRefusedError(
        f"{shown} cannot be read: {error.strerror or error}.", "Nothing was imported."
    )


def _page_planner(fmt: str) -> Callable[[Session, Mapping[str, bytes]], ImportPlan] | None:
    """Return the planner of a format whose pages are known by the names of their files."""
    planner: Callable[[Session, Mapping[str, bytes]], ImportPlan] | None
    planner = getattr(_importer(fmt.strip().lower()), "plan_files", None)
    return planner


def _planner(fmt: str, options: ImportOptions) -> Callable[[Session, bytes], ImportPlan]:
    name = fmt.strip().lower()
    if name not in FORMATS:
        raise expected("an import format", fmt, FORMATS)
    options.check(name)
    planner: Callable[..., ImportPlan] = _importer(name).plan
    return partial(planner, options=options) if name in REPORTS else planner


def _importer(name: str) -> ModuleType:
    """Load the module of one format; all of them together take as long as a small import."""
    return import_module(f"cockpit.service.importers.{_MODULES.get(name, name)}")
