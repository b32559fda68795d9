"""Reads a page of a workspace's history, and finds out one that was cut, doubled or reordered."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Raw, Struct

from cockpit.domain.remotes import Arrival
from cockpit.domain.wire import Page, format_cursor, next_chain, parse_cursor
from cockpit.errors import InvalidInputError
from cockpit.sync.faults import TroubledError
from cockpit.sync.sealing import Envelopes, HeldError


class _Identity(Struct):
    id: str


class _Content(Struct):
    inc: str | None = None


_decode_identity = msgspec.json.Decoder(_Identity).decode
_decode_content = msgspec.json.Decoder(_Content).decode


def read_page(page: Page, since: str, envelopes: Envelopes, *, part: bool) -> tuple[Arrival, ...]:
    """Return the events of a page that was asked for with the cursor `since`.

    part: only one incident's events are in it, so that their numbers have gaps.
    Raises TroubledError for a page that does not lead from `since` to its own cursor.
    """
    rows = tuple(_read_row(*row, envelopes) for row in page.ops)
    if not _leads(page.cursor, since, rows, part=part):
        raise TroubledError("The server's answer is not whole.")
    return rows


def _leads(cursor: str, since: str, rows: Sequence[Arrival], *, part: bool) -> bool:
    """Say whether the events lead from one cursor to the other, each of them once."""
    try:
        last, chain = parse_cursor(since)
        end, _ = parse_cursor(cursor)
    except InvalidInputError:
        return False
    if len({row.id for row in rows}) != len(rows):
        return False
    numbers = [row.seq for row in rows]
    if part:
        ordered = all(a < b for a, b in zip([last, *numbers], numbers, strict=False))
        return ordered and end == (numbers[-1] if numbers else last)
    for row in rows:
        chain = next_chain(chain, row.id, row.at)
    whole = numbers == list(range(last + 1, last + 1 + len(rows)))
    return whole and cursor == format_cursor(last + len(rows), chain)


def _read_id(raw: Raw) -> str:
    try:
        return _decode_identity(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TroubledError("The server's answer makes no sense.") from error


def _read_row(
    number: int, at: int, relayed_by: str | None, raw: Raw, envelopes: Envelopes
) -> Arrival:
    try:
        op = envelopes.decode(bytes(raw))
    except HeldError as error:
        op_id = _read_id(raw)
        if _is_purged(raw):
            return Arrival(number, at, relayed_by, op_id)
        words = f"{error.message} {error.hint}".strip()
        return Arrival(number, at, relayed_by, op_id, None, error.code, words)
    return Arrival(number, at, relayed_by, op.id, op)


def _is_purged(raw: Raw) -> bool:
    """Say whether nothing but the id is left of an envelope."""
    try:
        return _decode_content(raw).inc is None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
