"""Turns what the engine and the file system report into sentences that a person can act on."""

from __future__ import annotations

from pathlib import Path

from cockpit.errors import (
    CockpitError,
    DamagedDatabaseError,
    ForeignDatabaseError,
    InvalidInputError,
    StoreError,
    StoreUnavailableError,
)
from cockpit.sqlite_engine import sqlite3

_BUSY = frozenset({5, 6})
_AGAIN = "Try again when that is solved."
_LOOK = f"{_AGAIN} To look only: cockpit --readonly."
DAMAGED_HINT = "cockpit doctor says what is wrong; cockpit rescue saves what can still be read."

_SENTENCES: dict[int, tuple[type[StoreError], str, str]] = {
    3: (StoreUnavailableError, "The database at {path} may not be opened.", _AGAIN),
    5: (StoreUnavailableError, "Another program keeps the database at {path} locked.", _AGAIN),
    6: (StoreUnavailableError, "Another program keeps the database at {path} locked.", _AGAIN),
    7: (StoreUnavailableError, "There is not enough memory to use {path}.", _AGAIN),
    8: (StoreUnavailableError, "The database at {path} is read-only.", _LOOK),
    10: (
        StoreUnavailableError,
        "The disk under {path} does not answer as it should.",
        f"A quota may be used up. {_AGAIN}",
    ),
    11: (DamagedDatabaseError, "The database at {path} is damaged.", DAMAGED_HINT),
    13: (StoreUnavailableError, "There is no space left for the database at {path}.", _AGAIN),
    14: (
        StoreUnavailableError,
        "The database at {path} cannot be opened.",
        "Check that the file and its directory exist and are yours.",
    ),
    26: (
        ForeignDatabaseError,
        "The file {path} is not a cockpit database.",
        "Nothing was changed. If it was one, restore the last backup.",
    ),
}
_SIGNS_OF_DAMAGE = ("malformed", "no such ", "Could not decode", "has no column", "fts5")
"""Errors without a code of their own that our constant statements meet in damaged tables only."""

_INPUT = {
    18: "That is too large for one event.",
    19: "That cannot be kept: it is already there, or is not well-formed.",
    20: "That cannot be kept: a value has the wrong type.",
}


def primary_code(error: sqlite3.Error) -> int:
    """Return SQLite's primary result code, 0 for an error that the library itself raised."""
    return int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF


def is_busy(error: sqlite3.Error) -> bool:
    """Say whether the error passes by itself when others let go of the file."""
    return primary_code(error) in _BUSY


def explain(error: sqlite3.Error | OSError | UnicodeError, path: Path) -> CockpitError:
    """Return the error to raise in place of what the engine or the file system said."""
    if isinstance(error, UnicodeDecodeError):
        return _explain_code(11, path)
    if isinstance(error, UnicodeError):
        return InvalidInputError("The text holds half a character.", "Type it again.")
    if isinstance(error, OSError):
        return StoreUnavailableError(f"{path}: {error.strerror or error}.", _AGAIN)
    code = primary_code(error)
    if code in _SENTENCES:
        return _explain_code(code, path)
    if any(sign in str(error) for sign in _SIGNS_OF_DAMAGE):
        return _explain_code(11, path)
    if code in _INPUT:
        return InvalidInputError(_INPUT[code], "Shorten it, or check where it came from.")
    return StoreError(f"The database at {path} refused: {error}.", _AGAIN)


def _explain_code(code: int, path: Path) -> StoreError:
    """Return the error for one of SQLite's primary result codes that has a sentence."""
    kind, sentence, hint = _SENTENCES[code]
    return kind(sentence.format(path=path), hint)
