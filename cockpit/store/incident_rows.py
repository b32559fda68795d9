"""Keeps one summary row per incident, and puts an incident's full view together from rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from cockpit.domain.clock import effective_ms, from_ms
from cockpit.domain.envelope import Op
from cockpit.domain.events import IncidentOpened
from cockpit.domain.receipt import read_body
from cockpit.domain.reference import Claim, references
from cockpit.domain.registers import Candidate, Register
from cockpit.domain.view import IncidentView, OutgoingMessage, ToldMark
from cockpit.domain.vocabulary import MessageState
from cockpit.store.connection import Connection, Row, compose
from cockpit.store.page_rows import Pages, head_pages
from cockpit.store.rows import (
    CANDIDATE_COLUMNS,
    OP_COLUMNS,
    read_candidate,
    read_json,
    read_message,
    read_record,
    read_time,
    write_integer,
    write_json,
    write_optional_time,
    write_time,
)

if TYPE_CHECKING:
    from cockpit.domain.assembly import RegisterKey

_OPENINGS = compose(
    "SELECT", OP_COLUMNS, "FROM op WHERE inc = ? AND k = 'inc.open' AND k <> 'entry.add'"
)
_CANDIDATE = compose(
    "SELECT", CANDIDATE_COLUMNS, "FROM reg_op WHERE n = (SELECT op.n FROM op WHERE op.id = ?)"
)
_HISTORY = compose("SELECT", CANDIDATE_COLUMNS, "FROM reg_op WHERE inc = ? AND obj = ''")
_REGISTERS = compose(
    "SELECT reg.rivals,",
    ", ".join(f"reg_op.{name}" for name in CANDIDATE_COLUMNS.split(", ")),
    "FROM reg CROSS JOIN op ON op.id = reg.op CROSS JOIN reg_op ON reg_op.n = op.n",
    "WHERE reg.inc = ?",
)
ARCHIVED = (
    "EXISTS (SELECT 1 FROM reg WHERE reg.inc = incident.id AND reg.obj = '' "
    "AND reg.f = 'archived' AND reg.value = 'true')"
)
"""The condition that an incident (the table's row at hand) was deleted."""
_CONTESTED = "AND reg.obj >= 'entry:' AND reg.obj < 'entry;' AND reg.rivals <> '[]'"
_OWN = (("", "\x01"),)
_ALL = (("", "entry:"), ("entry;", "told:"), ("told;", "\U0010ffff"))
"""Ranges of register objects: the incident's own, and all but those of entries and told marks."""


class Opening(Struct, frozen=True):
    """The event that opened an incident, and its effective time in Unix ms."""

    op: Op
    body: IncidentOpened
    eff: int


def find_opening(connection: Connection, inc: str) -> Opening | None:
    """Return the first event that opened the incident, None while it is missing."""
    rows = connection.rows(_OPENINGS, (inc,))
    found = []
    for row in rows:
        record = read_record(row)
        body = read_body(record)
        if isinstance(body, IncidentOpened):
            eff = effective_ms(record.op.t, record.received_ms)
            found.append(Opening(record.op, body, eff))
    return min(found, key=lambda each: (each.eff, each.op.id), default=None)


def refresh_head(connection: Connection, inc: str) -> Pages:
    """Write what the incident's own registers and its opening say; nothing before it opened.

    Returns what of it is to be found by words.
    """
    from cockpit.domain.assembly import IncidentRows, assemble

    opening = find_opening(connection, inc)
    if opening is None:
        return {}
    rows = IncidentRows(
        inc,
        "",
        opening.op,
        opening.body,
        from_ms(opening.eff),
        _registers(connection, inc, _OWN),
        _history(connection, inc),
    )
    view = assemble(rows)
    connection.execute(
        "UPDATE incident SET opened = ?, title = ?, severity = ?, status = ?, stage = ?, "
        "is_open = ?, started_at = ?, declared_at = ?, commander = ?, impact = ?, "
        "resolved_at = ?, closed_at = ?, drill = ?, private = ?, source = ?, plans = ? "
        "WHERE id = ?",
        (
            opening.op.id,
            view.title,
            view.severity.value,
            view.status.value,
            view.stage.value,
            int(view.is_open),
            write_time(view.started_at),
            write_time(view.declared_at),
            view.holder("commander"),
            view.impact.value if view.impact else None,
            write_optional_time(view.resolved_at),
            write_optional_time(view.closed_at),
            int(view.drill),
            int(view.private),
            view.src.format if view.src else "",
            msgspec.json.encode(view.plans).decode(),
            inc,
        ),
    )
    _claim(connection, inc, opening)
    return head_pages(view)


def refresh_messages(connection: Connection, inc: str) -> None:
    """Write when each audience was last written to, and what it was promised."""
    sent: dict[str, str] = {}
    promised: dict[str, str | None] = {}
    for each in _messages(connection, inc):
        if each.msg.state is MessageState.SENT:
            sent[each.msg.audience] = write_time(each.at)
            promised[each.msg.audience] = write_optional_time(each.msg.next_at)
    kept = {audience: at for audience, at in promised.items() if at is not None}
    connection.execute(
        "UPDATE incident SET last_sent = ?, promised = ? WHERE id = ?",
        (write_json(sent), write_json(kept), inc),
    )


def refresh_activity(connection: Connection, inc: str, delta: int) -> None:
    """Write how many entries show (`delta` more than before) and when the last one was."""
    connection.execute(
        "UPDATE incident SET entry_count = entry_count + ?, last_activity = ("
        "SELECT at FROM entry WHERE inc = ? AND hidden = 0 ORDER BY at DESC LIMIT 1) "
        "WHERE id = ?",
        (delta, inc, inc),
    )


def load_view(connection: Connection, inc: str) -> IncidentView | None:
    """Return all that is known of an incident but its timeline, None while it is not open here."""
    from cockpit.domain.assembly import IncidentRows, assemble

    head = connection.row(
        "SELECT opened, ref, entry_count, unknown_ops, last_op FROM incident "
        "WHERE id = ? AND opened IS NOT NULL",
        (inc,),
    )
    opening = find_opening(connection, inc) if head else None
    if head is None or opening is None:
        return None
    _, ref, entry_count, unknown_ops, last_op = head
    sections = connection.rows("SELECT s, text FROM pm_section WHERE inc = ?", (inc,))
    return assemble(
        IncidentRows(
            id=inc,
            ref=ref,
            opened_op=opening.op,
            opened=opening.body,
            declared_at=from_ms(opening.eff),
            registers=_registers(connection, inc, _ALL) | _contested_entries(connection, inc),
            history=_history(connection, inc),
            told=_told(connection, inc),
            messages=_messages(connection, inc),
            section_texts=dict(sections),
            entry_count=entry_count,
            unknown_ops=unknown_ops,
            last_op=last_op,
        )
    )


def refer_again(connection: Connection, inc: str) -> None:
    """Write the references of all incidents with an incident's number, once it is shared."""
    row = connection.row("SELECT prefix, number FROM incident WHERE id = ?", (inc,))
    if row is not None:
        _refer(connection, row[0], row[1])


def load_register(connection: Connection, inc: str, obj: str, field: str) -> Register | None:
    """Return one register with its rivals, None while nobody set it."""
    row = connection.row(compose(_REGISTERS, "AND reg.obj = ? AND reg.f = ?"), (inc, obj, field))
    return None if row is None else _register(connection, row)


def _register(connection: Connection, row: Row) -> Register:
    winner = read_candidate(row[1:])
    losers = []
    for op in read_json(row[0]):
        found = connection.row(_CANDIDATE, (op,))
        if found is not None:
            losers.append(read_candidate(found))
    return Register(winner.value, winner, tuple(losers))


def _registers(
    connection: Connection, inc: str, ranges: tuple[tuple[str, str], ...]
) -> dict[RegisterKey, Register]:
    found = {}
    for start, stop in ranges:
        rows = connection.rows(
            compose(_REGISTERS, "AND reg.obj >= ? AND reg.obj < ?"),
            (inc, start, stop),
        )
        for row in rows:
            register = _register(connection, row)
            found[register.winner.obj, register.winner.f] = register
    return found


def _contested_entries(connection: Connection, inc: str) -> dict[RegisterKey, Register]:
    """Return the registers of entries that several people corrected at the same time."""
    rows = connection.rows(compose(_REGISTERS, _CONTESTED), (inc,))
    found = (_register(connection, row) for row in rows)
    return {(each.winner.obj, each.winner.f): each for each in found}


def _history(connection: Connection, inc: str) -> tuple[Candidate, ...]:
    return tuple(read_candidate(row) for row in connection.rows(_HISTORY, (inc,)))


def _told(connection: Connection, inc: str) -> tuple[ToldMark, ...]:
    rows = connection.rows(
        'SELECT op, sh, at, "by", ch, note, via FROM told '
        "WHERE inc = ? AND hidden = 0 ORDER BY at, op",
        (inc,),
    )
    return tuple(
        ToldMark(op, sh, read_time(at), by, channel, note, via)
        for op, sh, at, by, channel, note, via in rows
    )


def _messages(connection: Connection, inc: str) -> tuple[OutgoingMessage, ...]:
    rows = connection.rows(
        "SELECT id, at, author, text, msg, corrected FROM entry "
        "WHERE inc = ? AND msg IS NOT NULL AND hidden = 0 ORDER BY at, t, id",
        (inc,),
    )
    return tuple(
        OutgoingMessage(entry, read_time(at), author, text, read_message(msg), bool(corrected))
        for entry, at, author, text, msg, corrected in rows
    )


def _claim(connection: Connection, inc: str, opening: Opening) -> None:
    """Write the incident's number; incidents that claim one number show with a suffix."""
    body = opening.body
    number = write_integer(body.number)
    before = connection.row(
        "SELECT prefix, number, opened_ms, ref FROM incident WHERE id = ?", (inc,)
    )
    if before is not None and before[:3] == (body.prefix, number, opening.eff) and before[3]:
        return
    connection.execute(
        "UPDATE incident SET prefix = ?, number = ?, opened_ms = ? WHERE id = ?",
        (body.prefix, number, opening.eff, inc),
    )
    _refer(connection, body.prefix, number)
    if before is not None and before[3]:
        _refer(connection, before[0], before[1])


def _refer(connection: Connection, prefix: str, number: int) -> None:
    rows = connection.rows(
        "SELECT id, opened_ms, prefix, place.inc IS NOT NULL FROM incident "
        "LEFT JOIN place ON place.inc = id "
        "WHERE prefix = ? AND number = ? AND opened IS NOT NULL",
        (prefix, number),
    )
    claims = [Claim(inc, eff, bool(shared)) for inc, eff, _, shared in rows]
    for inc, _, own, _ in rows:
        ref = references(own, number, claims)[inc]
        connection.execute("UPDATE incident SET ref = ? WHERE id = ?", (ref, inc))
