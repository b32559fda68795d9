"""Who is here and what they write: a small table outside the log, with a version that counts."""

from __future__ import annotations

from cockpit.domain.wire import PRESENT_SECONDS, Beat, Presence
from cockpit.server.engine import Transaction
from cockpit.server.members import Grant

_PRESENT_MS = PRESENT_SECONDS * 1000


def beat(tx: Transaction, who: Grant, state: Beat, now: int) -> tuple[int, bool]:
    """Note what a device says of itself (now: Unix ms); return the version, and if it is a new one.

    Whoever was not heard of for too long is taken off here too, so that no timer is needed.
    """
    mine = (who.ws, who.member, who.dev)
    gone = tx.rows(
        "DELETE FROM presence WHERE ws = ? AND seen < ? RETURNING member", who.ws, now - _PRESENT_MS
    )
    before = tx.rows(
        "SELECT inc, doing FROM presence WHERE ws = ? AND member = ? AND dev = ?", *mine
    )
    if state.leaving:
        tx.rows("DELETE FROM presence WHERE ws = ? AND member = ? AND dev = ?", *mine)
        changed = bool(before)
    elif changed := before != [(state.inc, state.doing)]:
        tx.rows(
            "INSERT INTO presence(ws, member, dev, inc, doing, since, seen) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT(ws, member, dev) DO UPDATE SET "
            "inc = excluded.inc, doing = excluded.doing, since = excluded.since, "
            "seen = excluded.seen",
            *(*mine, state.inc, state.doing, now, now),
        )
    else:
        tx.rows("UPDATE presence SET seen = ? WHERE ws = ? AND member = ? AND dev = ?", now, *mine)
    news = changed or bool(gone)
    version = tx.rows(
        "UPDATE workspace SET here = here + ? WHERE id = ? RETURNING here", int(news), who.ws
    )
    return version[0][0], news


def read_here(tx: Transaction, ws: str, inc: str, now: int) -> tuple[Presence, ...]:
    """Return who is present, for a guest in the incident `inc` alone ("" for everywhere)."""
    rows = tx.rows(
        "SELECT member, dev, inc, doing, since, seen FROM presence "
        "WHERE ws = ? AND seen >= ? ORDER BY since, member, dev",
        *(ws, now - _PRESENT_MS),
    )
    return tuple(Presence(*row) for row in rows if not inc or row[2] == inc)
