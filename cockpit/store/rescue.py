"""Rescue: reads the events that a damaged file still holds, without changing it.

They go to a database of its own that is shared with nobody: what comes out of a damaged file is
looked at by a person before anybody else gets it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct

from cockpit.domain.envelope import Record
from cockpit.errors import DamagedDatabaseError, InvalidInputError, NewerDatabaseError
from cockpit.store.database import Store
from cockpit.store.faults import explain
from cockpit.store.rows import read_record
from cockpit.store.table_pages import (
    Row,
    Value,
    logged_pages,
    page_size,
    read_rows,
    split_pages,
)
from cockpit.store.tables import APPLICATION_ID, SCHEMA_VERSION
from cockpit.store.writing import check_record

_ID = re.compile(r"[0-9a-f]{32}")
_STAMP = re.compile(r"[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{8}")
_COLUMNS = ("n", "id", "ws", "inc", "k", "t", "dev", "by", "seq", "at", "relayed_by", "v", "skew")
_WIDTH = len(_COLUMNS) + 2
_KIND = re.compile(r"[a-z0-9._-]{1,60}")


class Rescued(Struct, frozen=True):
    """What a damaged file still held; `lost` counts the events of which it holds only a trace."""

    records: tuple[Record, ...]
    lost: int

    @property
    def incidents(self) -> int:
        """Return how many incidents they belong to."""
        return len({record.op.inc for record in self.records})


def read_damaged(path: Path) -> Rescued:
    """Return every event that can be read from the file at `path` and from its log.

    Nothing in this process may have the file open: closing it here would drop the engine's locks.
    Raises StoreUnavailableError, NewerDatabaseError, or DamagedDatabaseError where none is left.
    """
    data = _read_file(path)
    _refuse_newer(path, data)
    size = page_size(data)
    pages = split_pages(data, size)
    log = path.with_name(f"{path.name}-wal")
    newer = logged_pages(_read_file(log), size) if log.exists() else {}
    # What the log holds is newer; the older copy of a page counts where that one is damaged.
    found, named = _collect(read_rows({**pages, **newer}, size))
    if newer:
        older, older_names = _collect(read_rows(pages, size))
        found, named = {**older, **found}, {**older_names, **named}
    if not found:
        raise DamagedDatabaseError(
            f"Nothing in {path} can be read as an event of the cockpit.",
            "Restore the last backup.",
        )
    numbered = sorted(found.values(), key=lambda each: each[0])
    # Events are numbered without gaps. Where an index names another number for an event that is
    # there, the index is damaged.
    last = max([numbered[-1][0], *(named[each] for each in named.keys() - found.keys())])
    return Rescued(tuple(record for _, record in numbered), last - len(numbered))


def rescue_into(
    path: Path, target: Path, *, now_ms: Callable[[], int], random_hex: Callable[[int], str]
) -> Rescued:
    """Read the damaged file at `path` and put its events into a new database at `target`.

    Raises InvalidInputError when something is at `target`, else what `read_damaged` does.
    """
    if target.exists() or target.is_symlink():
        raise InvalidInputError(f"{target} is there already.", "Choose another place.")
    rescued = read_damaged(path)
    with Store.open(target, now_ms=now_ms, random_hex=random_hex) as store:
        store.append(rescued.records)
    return rescued


def _collect(rows: Iterable[Row]) -> tuple[dict[str, tuple[int, Record]], dict[str, int]]:
    """Return the events by id with their numbers, and the numbers of all ids an index names."""
    found: dict[str, tuple[int, Record]] = {}
    named: dict[str, int] = {}
    for row in rows:
        if row.rowid is not None:
            record = _read_event(row.values)
            if record is not None and row.rowid > 0:
                found.setdefault(record.op.id, (row.rowid, record))
        elif len(row.values) == 2:
            op_id, number = row.values
            if _matches(_ID, op_id) and isinstance(number, int) and number > 0:
                named[str(op_id)] = number
    return found, named


def _read_event(values: tuple[Value, ...]) -> Record | None:
    """Return the event of a row, None for a row of another table or one that is damaged."""
    if len(values) != _WIDTH:
        return None
    op_id, _, inc, kind, stamp, device, author = values[1:8]
    at, _, version, skew, extra, body = values[9:]
    if not (
        _matches(_ID, op_id)
        and _matches(_ID, inc)
        and _matches(_KIND, kind)
        and _matches(_STAMP, stamp)
    ):
        return None
    row = (op_id, inc, kind, stamp, device, author, body, skew, version, extra, at)
    if not (isinstance(body, str) and isinstance(author, str) and isinstance(version, int)):
        return None
    try:
        record = read_record(row)
        check_record(record)
    except (InvalidInputError, DamagedDatabaseError):
        return None
    return record


def _matches(pattern: re.Pattern[str], value: Value) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _refuse_newer(path: Path, data: bytes) -> None:
    if len(data) < 72:
        return
    version, application = (struct.unpack_from(">I", data, at)[0] for at in (60, 68))
    if application == APPLICATION_ID and SCHEMA_VERSION < version < 1000:
        raise NewerDatabaseError(
            f"The database at {path} was written by a newer cockpit "
            f"(schema {version}; this one knows {SCHEMA_VERSION}).",
            "Upgrade this cockpit; nothing was changed.",
        )


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise explain(error, path) from error
