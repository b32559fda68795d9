"""Errors that a person can act on: what happened, and what to do next.

Exit codes follow the command line's table: 1 failure, 2 usage, 3 no such or no open incident,
4 sync or network.
"""

from __future__ import annotations

from typing import ClassVar


class CockpitError(Exception):
    """A problem told in one sentence, with an optional next step."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, hint: str = "") -> None:
        """Keep what happened (`message`) and what to do next (`hint`)."""
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Return both sentences on one line."""
        return f"{self.message} {self.hint}".strip()


class InvalidInputError(CockpitError):
    """A value is not one that the cockpit understands."""

    exit_code = 2


class IncidentNotFoundError(CockpitError):
    """No incident answers to that name, or none is open."""

    exit_code = 3


class StoreError(CockpitError):
    """The database cannot be opened, read or written."""


class StoreUnavailableError(StoreError):
    """The database cannot be written now (full, read-only, gone); what was typed must be kept."""


class ReadOnlyError(StoreError):
    """The cockpit was started read-only and was asked to write."""

    def __init__(self) -> None:
        """Say so in one sentence."""
        super().__init__("This cockpit is read-only; nothing was changed.")


class ReaderError(StoreError):
    """The incident is shared in a workspace in which one may only read."""


class ForeignDatabaseError(StoreError):
    """The file is not a cockpit database."""


class NewerDatabaseError(StoreError):
    """The file was written by a newer cockpit."""


class DamagedDatabaseError(StoreError):
    """The file is corrupted."""


class PlaybookError(CockpitError):
    """A playbook, template or config file is wrong; says file, line and the nearest known key."""

    exit_code = 2


class ImportRefusedError(CockpitError):
    """An import was refused as a whole; names the record's number."""


class ExportRefusedError(CockpitError):
    """An export was not written."""


class SyncError(CockpitError):
    """The server or the network did not do what was asked."""

    exit_code = 4
