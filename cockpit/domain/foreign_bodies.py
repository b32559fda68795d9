"""The JSON documents of a file: one, a list of them, or one per line as loggers write them."""

from __future__ import annotations

from typing import Any

import msgspec

from cockpit.domain.statuspage import UNCHANGED, decode_json
from cockpit.errors import ImportRefusedError


def read_bodies(data: bytes) -> tuple[Any, ...]:
    """Return the documents of a file in order; raises ImportRefusedError in words."""
    lines = [line for line in data.splitlines() if line.strip()]
    if len(lines) > 1 and _is_document(lines[0]):
        return tuple(_decode_line(line, place) for place, line in enumerate(lines, start=1))
    document = decode_json(data)
    if isinstance(document, list) and not document:
        raise ImportRefusedError("The file holds an empty list.", UNCHANGED)
    return tuple(document) if isinstance(document, list) else (document,)


def _is_document(line: bytes) -> bool:
    try:
        return isinstance(msgspec.json.decode(line), dict)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _decode_line(line: bytes, place: int) -> Any:
    try:
        return decode_json(line)
    except ImportRefusedError as error:
        raise ImportRefusedError(f"Record {place}: {error.message}", error.hint) from error
