"""The log: one line of JSON for a record, and one line for many that say the same."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import TextIO

REPEAT_SECONDS = 10.0
"""How often at most the same trouble is written, with how many times it came meanwhile."""

_LOGGED = ("call", "status", "ms", "error", "times")
_LONGEST = 300
"""Characters of an error: some name every server that was tried."""


def make_handler(place: TextIO) -> logging.Handler:
    """Return what writes the log to `place`."""
    handler = logging.StreamHandler(place)
    handler.setFormatter(_Lines())
    handler.addFilter(_Repeats())
    return handler


class _Lines(logging.Formatter):
    """A record as one line of JSON: what happened, never with what secrets."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields = {"at": at, "level": record.levelname.lower(), "what": record.getMessage()}
        fields |= {name: value for name in _LOGGED if (value := getattr(record, name, None))}
        if error := fields.get("error"):
            fields["error"] = error[:_LONGEST]
        if record.exc_info and record.exc_info[2]:
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields)


class _Repeats(logging.Filter):
    """Holds back what was written a moment ago; the next line says how often it came."""

    def __init__(self) -> None:
        super().__init__()
        self._written: dict[tuple[object, ...], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno < logging.WARNING:
            return True
        kind = str(getattr(record, "error", "")).partition("(")[0]
        raised = record.exc_info[0] if record.exc_info else None
        said = (record.name, record.msg, *map(vars(record).get, ("call", "status")), kind, raised)
        last, held = self._written.get(said, (0.0, 0))
        if 0 <= record.created - last < REPEAT_SECONDS:
            self._written[said] = (last, held + 1)
            return False
        self._written[said] = (record.created, 0)
        record.times = held + 1 if held else None
        return True
