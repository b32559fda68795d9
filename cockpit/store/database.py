"""The store: one open database file with its reads and its one write door."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from cockpit.domain.envelope import Op, Record
from cockpit.sqlite_engine import engine_note
from cockpit.store.connection import Connection
from cockpit.store.opening import open_connection
from cockpit.store.queries import Reads
from cockpit.store.redactions import forget_redacted
from cockpit.store.tables import PROJECTION_VERSION
from cockpit.store.writing import (
    AppendResult,
    NewEvent,
    Stamper,
    append_records,
    write_events,
)

if TYPE_CHECKING:
    from cockpit.store.integrity import Finding
    from cockpit.store.remotes import Remotes

__all__ = ["AppendResult", "NewEvent", "Reads", "Store"]

TRIAL_CHARACTERS = 65_536
KEPT_BACKUPS = 10
"""How many rotated backups stay."""


class Store:
    """An open cockpit database; belongs to the thread that opened it."""

    def __init__(
        self,
        connection: Connection,
        *,
        now_ms: Callable[[], int],
        random_hex: Callable[[int], str],
    ) -> None:
        """Work on an open connection; use `Store.open`."""
        self._connection = connection
        self._now_ms = now_ms
        self.path = connection.path
        self.device = str(connection.value("SELECT value FROM meta WHERE key = 'device'"))
        self.engine_note = engine_note()
        self.reads = Reads(connection)
        self.share: str | None = None
        """Where incidents that begin now are shared, see `places.find_share`."""

        self._stamper = Stamper(self.device, now_ms, random_hex)

    @classmethod
    def open(
        cls,
        path: Path,
        *,
        now_ms: Callable[[], int],
        random_hex: Callable[[int], str],
        create: bool = True,
        readonly: bool = False,
    ) -> Store:
        """Open the database, creating or upgrading it when that is due.

        now_ms: the wall clock in Unix ms; random_hex: n random bytes as hex digits.
        Raises ForeignDatabaseError, NewerDatabaseError, DamagedDatabaseError or
        StoreUnavailableError.
        """
        connection = open_connection(path, device=random_hex(4), create=create, readonly=readonly)
        try:
            store = cls(connection, now_ms=now_ms, random_hex=random_hex)
            if not readonly:
                store._renew_projections()
        except BaseException:
            connection.close()
            raise
        return store

    def write(self, build: Callable[[Reads], Sequence[NewEvent]], *, author: str) -> tuple[Op, ...]:
        """Append what `build` returns and return its ops; returning means that it is stored.

        `build` runs inside the transaction: what it reads cannot change before it is written.
        """
        with self._connection.writing():
            events = build(self.reads)
            ops = write_events(self._connection, self._stamper, events, author, self.share)
        forget_redacted(self._connection, ops)
        return ops

    @property
    def remotes(self) -> Remotes:
        """Return what is kept of shared workspaces, for the exchange of events."""
        # Loaded only where events are exchanged: most commands never do.
        from cockpit.store.remotes import Remotes

        return Remotes(self._connection, self._stamper, self._now_ms)

    def try_to_write(self) -> None:
        """Write as much as the longest entry, and remove it; raises what stands in the way."""
        for value in ("0" * TRIAL_CHARACTERS, ""):
            with self._connection.writing():
                self._connection.execute(
                    "INSERT OR REPLACE INTO meta VALUES ('tried', ?)", (value,)
                )

    def append(self, records: Iterable[Record]) -> AppendResult:
        """Take in events made elsewhere (import, sync), all or nothing; known ones stay.

        Raises InvalidInputError with the record's number, counted from 1.
        """
        seen: list[Op] = []

        def watch() -> Iterable[Record]:
            for record in records:
                if record.op.k == "entry.redact":
                    seen.append(record.op)
                yield record

        with self._connection.writing():
            result = append_records(self._connection, self._stamper, watch())
        forget_redacted(self._connection, seen)
        return result

    def data_version(self) -> int:
        """Return a number that changes when another connection wrote.

        Raises StoreUnavailableError when the file was deleted, moved or replaced.
        """
        self._connection.check_identity()
        return int(self._connection.value("PRAGMA data_version"))

    def backup(self, target: Path) -> None:
        """Copy the database to a new private file, which appears only once it is verified."""
        from cockpit.store.backup import write_backup

        write_backup(self._connection, target)

    def backup_into(self, directory: Path, name: str, *, keep: int = KEPT_BACKUPS) -> Path:
        """Write the backup `name` (sorts by time) and remove all but the last `keep`."""
        from cockpit.store.backup import rotate_backups

        return rotate_backups(self._connection, directory, name, keep)

    def check(self) -> tuple[Finding, ...]:
        """Check the whole database against itself; slow with many events."""
        from cockpit.store.integrity import check_database

        return check_database(self._connection, self._now_ms())

    def rebuild(self) -> None:
        """Make all projections again from the events, in one transaction."""
        from cockpit.store.integrity import rebuild_projections

        with self._connection.writing():
            rebuild_projections(self._connection)

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def __enter__(self) -> Store:
        """Return the store."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the database."""
        self.close()

    def _renew_projections(self) -> None:
        """Make projections again that an older cockpit made; once, whoever comes first."""
        if self._projections() < PROJECTION_VERSION:
            from cockpit.store.integrity import rebuild_projections

            with self._connection.writing():
                if self._projections() < PROJECTION_VERSION:
                    rebuild_projections(self._connection)

    def _projections(self) -> int:
        value = self._connection.value("SELECT value FROM meta WHERE key = 'projections'")
        return int(value or 0)
