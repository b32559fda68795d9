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
    ids = [_read_id(row[3]) for row in page.ops]
    numbers = [row[0] for row in page.ops]
    times = [row[1] for row in page.ops]
    if not _leads(page.cursor, since, numbers, list(zip(ids, times, strict=True)), part=part):
        raise TroubledError("The server's answer is not whole.")
    return tuple(
        _read_row(number, at, relayed_by, op_id, raw, envelopes)
        for (number, at, relayed_by, raw), op_id in zip(page.ops, ids, strict=True)
    )


def _leads(
    cursor: str, since: str, numbers: Sequence[int], links: Sequence[tuple[str, int]], *, part: bool
) -> bool:
    """Say whether the events lead from one cursor to the other, each of them once.

    links: id and time of receipt of each event.
    """
    try:
        last, chain = parse_cursor(since)
        end, _ = parse_cursor(cursor)
    except InvalidInputError:
        return False
    if len({op_id for op_id, _ in links}) != len(links):
        return False
    if part:
        ordered = all(a < b for a, b in zip([last, *numbers], numbers, strict=False))
        return ordered and end == (numbers[-1] if numbers else last)
    for op_id, at in links:
        chain = next_chain(chain, op_id, at)
    whole = list(numbers) == list(range(last + 1, last + 1 + len(links)))
    return whole and cursor == format_cursor(last + len(links), chain)


def _read_id(raw: Raw) -> str:
    try:
        return _decode_identity(raw).id
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise TroubledError("The server's answer makes no sense.") from error


def _read_row(
    number: int, at: int, relayed_by: str | None, op_id: str, raw: Raw, envelopes: Envelopes
) -> Arrival:
    try:
        op = envelopes.decode(bytes(raw))
    except HeldError as error:
        if _is_purged(raw):
            return Arrival(number, at, relayed_by, op_id)
        words = f"{error.message} {error.hint}".strip()
        return Arrival(number, at, relayed_by, op_id, None, error.code, words)
    return Arrival(number, at, relayed_by, op_id, op)


def _is_purged(raw: Raw) -> bool:
    """Say whether nothing but the id is left of an envelope."""
    try:
        return _decode_content(raw).inc is None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
