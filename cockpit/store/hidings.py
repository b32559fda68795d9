"""Many incidents that others would put away at once: that waits for a person's word.

A server that was taken over, or a script that went wrong, must not empty the screen of whoever is
in the middle of an incident.
"""

from __future__ import annotations

from collections.abc import Sequence

from cockpit.domain.envelope import decode_leniently
from cockpit.domain.events import FieldSet
from cockpit.domain.remotes import Arrival
from cockpit.store.connection import Connection
from cockpit.store.rows import write_json

HIDES = "hides"
LET_IN = "let_in"
"""Codes of what is set aside for that, and of what a person then let in."""

MOST_AT_ONCE = 5
"""How many incidents that were worked on here may be put away by one page of a history."""

_WORKED_ON = (
    "SELECT 1 FROM op WHERE inc = ?1 AND dev = ?2 AND NOT EXISTS (SELECT 1 FROM reg "
    "WHERE inc = ?1 AND obj = '' AND f = 'archived' AND value = 'true') LIMIT 1"
)
_LET_IN = "SELECT id FROM held WHERE code = ? AND id IN (SELECT value FROM json_each(?))"


def find_hiding(connection: Connection, rows: Sequence[Arrival], device: str) -> list[Arrival]:
    """Return the events of others that would put away too much at once, set aside with words.

    device: this machine's name, 8 hex digits.
    """
    hiding = [row for row in rows if _hides(row, device)]
    incs = {row.op.inc for row in hiding if row.op}
    if len(incs) <= MOST_AT_ONCE:
        return []
    worked_on = {inc for inc in incs if connection.value(_WORKED_ON, (inc, device))}
    if len(worked_on) <= MOST_AT_ONCE:
        return []
    let_in = _let_in(connection, [row.id for row in hiding])
    words = f"It would delete {len(worked_on)} incidents at once that were worked on here."
    return [
        Arrival(row.seq, row.at, row.relayed_by, row.id, None, HIDES, words)
        for row in hiding
        if row.id not in let_in
    ]


def _hides(row: Arrival, device: str) -> bool:
    op = row.op
    if op is None or op.dev == device or op.k != FieldSet.kind or '"archived"' not in op.d:
        return False
    body = decode_leniently(op)
    return isinstance(body, FieldSet) and (body.obj, body.f, body.v) == ("", "archived", True)


def _let_in(connection: Connection, ids: Sequence[str]) -> set[str]:
    return {row[0] for row in connection.rows(_LET_IN, (LET_IN, write_json(ids)))}
