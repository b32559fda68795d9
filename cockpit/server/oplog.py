"""The log of a workspace: appended without gaps under the lock of its counter, read by cursor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec import Struct

from cockpit.domain.wire import format_cursor, next_chain
from cockpit.server.engine import RefusedError, Row, Transaction
from cockpit.server.envelopes import NewOp, blank, is_about

MAX_PAGE_BYTES = 4 * 1024 * 1024
"""How much one page holds, but for its last event."""

_KNOWN = """
SELECT id, seq, inc, 0 FROM op{by_id} WHERE ws = ? AND id {any}
UNION ALL SELECT about, seq, inc, 1 FROM op{by_about}
WHERE ws = ? AND about {any} AND about <> '' AND redacts = 1"""
_ABOUT = """
SELECT seq, body FROM op{by_id} WHERE ws = ? AND id = ? AND inc = ? AND redacts = 0
UNION SELECT seq, body FROM op{by_about}
WHERE ws = ? AND about = ? AND about <> '' AND inc = ? AND redacts = 0"""
_PAGE = """
SELECT workspace.here, mark.chain,
    page.seq, page.at, page.relayed_by, page.body, page.chain, page.following
FROM workspace LEFT JOIN op AS mark ON mark.ws = workspace.id AND mark.seq = ?
LEFT JOIN (
    SELECT seq, at, relayed_by, body, chain, LEAD(seq) OVER (ORDER BY seq) AS following,
        SUM({size}) OVER (ORDER BY seq) - {size} AS size_before
    FROM (SELECT seq, at, relayed_by, body, chain FROM {slice} ORDER BY seq LIMIT ?) AS slice
) AS page ON page.size_before < ?
WHERE workspace.id = ?"""
_ALL = "op WHERE ws = ? AND seq > ?"
_ONLY = "op{by_inc} WHERE ws = ? AND seq > ? AND inc = ?"


class Found(Struct, frozen=True):
    """A page: rows (seq, at, relayed_by, body, chain, …), whether more wait, presence's version."""

    rows: list[Row]
    more: bool
    here: int


def append(tx: Transaction, ws: str, ops: Sequence[NewOp], now: int) -> tuple[list[int], str, int]:
    """Append what is new; return every event's number, the head's cursor and how many were new.

    now: Unix ms; the time of receipt never goes back within a workspace.
    """
    head, chain, last_at = tx.rows(
        "SELECT head, chain, last_at FROM workspace WHERE id = ?{lock}", ws
    )[0]
    at = max(now, last_at)
    found = tx.rows(_KNOWN, ws, [op.id for op in ops], ws, [op.about for op in ops if op.about])
    seqs = {row[0]: row[1] for row in found if not row[3]}
    gone = {(row[2], row[0]) for row in found if row[3]}
    fresh: list[Row] = []
    for op in ops:
        if op.id in seqs:
            continue
        head, chain = head + 1, next_chain(chain, op.id, at)
        seqs[op.id] = head
        # Nearly every event is an entry, about itself: its id says so and needs no second index.
        about = "" if op.about == op.id and not op.redacts else op.about
        fresh.append(
            (head, op.id, chain, at, op.inc, about, int(op.redacts), op.relayed_by, op.body)
        )
        if op.redacts:
            gone.add((op.inc, op.about))
    if fresh:
        tx.append(ws, fresh)
        tx.rows(
            "UPDATE workspace SET head = ?, chain = ?, last_at = ? WHERE id = ?",
            *(head, chain, at, ws),
        )
        _blank_all(tx, ws, gone)
    return [seqs[op.id] for op in ops], format_cursor(head, chain), len(fresh)


def read_page(
    tx: Transaction, ws: str, after: tuple[int, str], limit: int, inc: str, *, sure: bool = False
) -> Found:
    """Return the events after a cursor (number, chain), those of the incident `inc` unless "".

    sure: hold the workspace's row, which only the primary of a cluster can, before it is said
    that the history is another one.
    Raises RefusedError (409) when the event at the cursor is not the one that it names.
    """
    if sure:
        tx.rows("SELECT head FROM workspace WHERE id = ?{lock}", ws)
    seq, chain = after
    found = tx.rows(
        _PAGE.replace("{slice}", _ONLY if inc else _ALL),
        *(seq, ws, seq, *([inc] if inc else []), limit + 1, MAX_PAGE_BYTES, ws),
    )
    here, mark = found[0][:2]
    if seq and mark != chain:
        raise RefusedError(409, "rewound", "This server's history is another one from there on.")
    rows = sorted(row[2:] for row in found if row[2] is not None)[:limit]
    return Found(rows, bool(rows) and rows[-1][5] is not None, here)


def read_heads(tx: Transaction, workspaces: list[str]) -> dict[str, tuple[int, int]]:
    """Return for each workspace the last number and the presence's version."""
    rows = tx.rows("SELECT id, head, here FROM workspace WHERE id {any}", workspaces)
    return {ws: (head, here) for ws, head, here in rows}


def _blank_all(tx: Transaction, ws: str, gone: Iterable[tuple[str, str]]) -> None:
    for inc, entry in gone:
        for seq, body in tx.rows(_ABOUT, ws, entry, inc, ws, entry, inc):
            if is_about(body, entry):
                tx.rows("UPDATE op SET body = ? WHERE ws = ? AND seq = ?", blank(body), ws, seq)
