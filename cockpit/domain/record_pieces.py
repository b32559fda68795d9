"""Large foreign records in pieces that events can hold, and back together."""

from __future__ import annotations

from typing import Any

import msgspec

ROOMY = 24_000
"""Bytes of JSON up to which a record stays in one piece: an event holds the text beside it."""

_LIST_PIECE = 40
_TEXT_PIECE = 6_000


def cut_record(raw: dict[str, Any]) -> tuple[dict[str, Any], tuple[tuple[str, Any], ...]]:
    """Return the record without its largest lists and texts, and these as named pieces in order."""
    rest = dict(raw)
    pieces: list[tuple[str, Any]] = []
    while _size(rest) > ROOMY:
        name = max(rest, key=lambda each: _size(rest[each]))
        value = rest[name]
        if not isinstance(value, list | str) or not value:
            break
        step = _TEXT_PIECE if isinstance(value, str) else _LIST_PIECE
        starts = range(0, len(value), step)
        pieces += [
            (f"{name}.{place:04d}", value[at : at + step]) for place, at in enumerate(starts)
        ]
        del rest[name]
    return rest, tuple(pieces)


def add_piece(raw: dict[str, Any], name: str, value: Any) -> dict[str, Any]:
    """Return the record with its next piece."""
    field = name.rpartition(".")[0]
    return {**raw, field: raw[field] + value if field in raw else value}


def _size(value: Any) -> int:
    return len(msgspec.json.encode(value))
