"""Projects events to the tables that screens read; the same whatever order events come in."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import datetime
from itertools import chain, repeat

from cockpit.domain.envelope import Record
from cockpit.domain.events import (
    Body,
    EntryAdded,
    EntryEdited,
    EntryRedacted,
    FieldSet,
    IncidentOpened,
    TextSnapshot,
    TextUpdated,
    Told,
)
from cockpit.domain.receipt import read_body, read_held
from cockpit.domain.registers import Candidate, candidate, entry_object, resolve
from cockpit.store.connection import Connection, Row, compose
from cockpit.store.entry_rows import (
    Kept,
    Made,
    Placed,
    find_shown,
    insert_rows,
    keep_rows,
    keep_told,
    make_rows,
    shown_by,
)
from cockpit.store.incident_rows import refresh_activity, refresh_head, refresh_messages
from cockpit.store.page_rows import Pages, item_page, keep_pages, service_page
from cockpit.store.redactions import blank_entry, has_redactions, redacted_entries
from cockpit.store.rows import (
    CANDIDATE_COLUMNS,
    read_candidate,
    write_candidate,
    write_json,
    write_time,
)
from cockpit.store.section_rows import keep_sections
from cockpit.store.word_index import forget_words

_KEEP_CANDIDATE = (
    'INSERT INTO reg_op (n, op, inc, obj, f, value, eff, t, "by", seen, reason, at, undoes) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_KEEP_TOLD = (
    'INSERT INTO told (op, inc, act, sh, name, at, t, "by", ch, note, via, hidden) '
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
)
_KEEP_REGISTER = "INSERT OR REPLACE INTO reg (inc, obj, f, value, op, rivals) VALUES (?,?,?,?,?,?)"
_CANDIDATES = compose("SELECT inc,", CANDIDATE_COLUMNS, "FROM reg_op WHERE (inc, obj, f) IN")
_COUNT_OP = (
    "INSERT INTO incident (id, unknown_ops, last_t, last_op) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (id) DO UPDATE SET unknown_ops = unknown_ops + excluded.unknown_ops, "
    "last_op = iif((excluded.last_t, excluded.last_op) > (last_t, last_op), "
    "excluded.last_op, last_op), last_t = max(last_t, excluded.last_t)"
)

_NEVER = ("", "")
Key = tuple[str, str]
RegisterKey = tuple[str, str, str]


class Projector:
    """Takes in some events inside the open transaction, then settles what they touched once."""

    def __init__(self, connection: Connection) -> None:
        """Work on `connection`, whose transaction is open."""
        self._connection = connection
        self._registers: dict[RegisterKey, None] = {}
        self._new_candidates: list[Row] = []
        self._new_told: list[Row] = []
        self._entries: dict[Key, Made | None] = {}
        self._told: dict[Key, None] = {}
        self._sections: dict[str, dict[str, None]] = defaultdict(dict)
        self._redactions: dict[Key, None] = {}
        self._items: dict[Key, None] = {}
        self._heads: dict[str, None] = {}
        self._pages: Pages = {}
        self._redacted: dict[str, set[str]] = {}
        self._any_redacted: bool | None = None
        self._forget = False

    def add(
        self,
        numbers: Iterable[int],
        records: Iterable[Record],
        bodies: Iterable[Body | None] = (),
    ) -> None:
        """Project ops that are new in the `op` table.

        numbers: theirs in that table; bodies: theirs as far as known, the others are read.
        """
        unknown: Counter[str] = Counter()
        last: dict[str, tuple[str, str]] = {}
        for n, record, given in zip(numbers, records, chain(bodies, repeat(None)), strict=False):
            op = record.op
            if (op.t, op.id) > last.get(op.inc, _NEVER):
                last[op.inc] = (op.t, op.id)
            body = given or read_body(record)
            if body is None and not op.known:
                unknown[op.inc] += 1
            self._collect(n, record, body)
        rows = [(inc, unknown[inc], *latest) for inc, latest in last.items()]
        self._connection.execute_many(_COUNT_OP, rows)
        self._settle()

    def receive(self, records: Iterable[Record], again: Set[str] = frozenset()) -> None:
        """Merge known ops anew by the time at which the server received them.

        again: ids of those that it had received before, at another time.
        """
        for record in records:
            op, (body, held) = record.op, read_held(record)
            moved = held or op.id in again
            if isinstance(body, FieldSet | EntryEdited):
                each = candidate(op, body, record.received_ms)
                # No text is held back, and what came may hold one that was removed here.
                value = write_json(each.value) if moved and each.f != "text" else None
                self._connection.execute(
                    "UPDATE reg_op SET eff = ?, at = ?, value = coalesce(?, value) "
                    "WHERE n = (SELECT n FROM op WHERE id = ?)",
                    (each.eff, each.at, value, op.id),
                )
                self._registers[op.inc, each.obj, each.f] = None
            elif isinstance(body, IncidentOpened):
                self._heads[op.inc] = None
            elif isinstance(body, Told):
                if moved:
                    self._tell_anew(op.inc, body.act or op.id, op.id, body.at)
                continue
            if moved:
                self._entries[op.inc, op.id] = None
        self._settle()

    def _tell_anew(self, inc: str, act: str, op_id: str, at: datetime) -> None:
        self._connection.execute("UPDATE told SET at = ? WHERE op = ?", (write_time(at), op_id))
        self._told[inc, act] = None

    def _collect(self, n: int, record: Record, body: Body | None) -> None:
        op = record.op
        if isinstance(body, EntryAdded):
            if op.id in self._redacted_in(op.inc):
                self._redactions[op.inc, op.id] = None
        elif isinstance(body, Told):
            self._collect_told(record, body)
            return
        elif isinstance(body, FieldSet | EntryEdited):
            each = candidate(op, body, record.received_ms)
            self._new_candidates.append(write_candidate(n, op.inc, each))
            self._registers[op.inc, each.obj, each.f] = None
            self._collect_late_text(op.inc, each.obj, each.f)
        elif isinstance(body, EntryRedacted):
            self._collect_redaction(record, body)
        elif isinstance(body, IncidentOpened):
            self._heads[op.inc] = None
        elif isinstance(body, TextUpdated | TextSnapshot):
            self._sections[op.inc][body.s] = None
        shown = shown_by(record, body)
        if shown is not None:
            self._entries[op.inc, op.id] = (n, record, shown)

    def _collect_told(self, record: Record, body: Told) -> None:
        op = record.op
        act, name = body.act or op.id, body.name or body.sh
        at = write_time(body.at)
        row = (op.id, op.inc, act, body.sh, name, at, op.t, op.by, body.ch, body.note, body.via)
        self._new_told.append(row)
        self._told[op.inc, act] = None

    def _collect_redaction(self, record: Record, body: EntryRedacted) -> None:
        op = record.op
        self._redacted_in(op.inc).add(body.entry)
        self._connection.execute(
            "INSERT OR IGNORE INTO redaction (inc, entry) VALUES (?, ?)", (op.inc, body.entry)
        )
        self._redactions[op.inc, body.entry] = None
        self._forget = True

    def _collect_late_text(self, inc: str, obj: str, field: str) -> None:
        """Blank a correction that comes after its entry was redacted."""
        entry = obj.removeprefix(entry_object(""))
        if field == "text" and entry != obj and entry in self._redacted_in(inc):
            self._redactions[inc, entry] = None

    def _redacted_in(self, inc: str) -> set[str]:
        if self._any_redacted is None:
            self._any_redacted = has_redactions(self._connection)
        if inc not in self._redacted:
            found = redacted_entries(self._connection, inc) if self._any_redacted else set()
            self._redacted[inc] = found
        return self._redacted[inc]

    def _settle(self) -> None:
        connection = self._connection
        connection.execute_many(_KEEP_CANDIDATE, self._new_candidates)
        connection.execute_many(_KEEP_TOLD, self._new_told)
        for inc, entry in self._redactions:
            blank_entry(connection, inc, entry)
            self._registers[inc, entry_object(entry), "text"] = None
            self._entries[inc, entry] = None
        self._settle_registers()
        kept = self._settle_timeline()
        for inc, sections in self._sections.items():
            self._pages |= keep_sections(connection, inc, sections)
        for inc in self._heads:
            self._pages |= refresh_head(connection, inc)
        for item in self._items:
            self._pages |= item_page(connection, *item)
        self._settle_heads(kept)
        keep_pages(connection, self._pages)
        if self._forget:
            forget_words(connection)

    def _settle_heads(self, kept: Iterable[Kept]) -> None:
        """Write what an incident's row says of its timeline."""
        deltas: Counter[str] = Counter()
        messages: dict[str, None] = {}
        for each in kept:
            deltas[each.inc] += each.delta
            if each.has_message:
                messages[each.inc] = None
        for inc, delta in deltas.items():
            refresh_activity(self._connection, inc, delta)
        for inc in messages:
            refresh_messages(self._connection, inc)
        for inc in self._heads | messages:
            self._pages |= service_page(self._connection, inc)

    def _settle_timeline(self) -> list[Kept]:
        connection = self._connection
        new: dict[str, list[Made]] = defaultdict(list)
        old: dict[str, list[Made]] = defaultdict(list)
        for (inc, op_id), known in self._entries.items():
            if known is not None:
                new[inc].append(known)
            elif (made := find_shown(connection, inc, op_id)) is not None:
                old[inc].append(made)
        return [
            *keep_rows(connection, self._make_rows(old)),
            *insert_rows(connection, self._make_rows(new)),
            *keep_told(connection, list(self._told)),
        ]

    def _make_rows(self, made: Mapping[str, Sequence[Made]]) -> list[Placed]:
        return [
            each
            for inc, several in made.items()
            for each in make_rows(self._connection, inc, several, self._redacted_in(inc))
        ]

    def _settle_registers(self) -> None:
        """Write the values that hold of the registers that were touched."""
        settled = []
        for (inc, obj, field), candidates in self._read_candidates():
            register = resolve(candidates)
            if register is not None:
                rivals = write_json([each.op for each in register.rivals])
                value = write_json(register.value)
                settled.append((inc, obj, field, value, register.op, rivals))
                self._touch(inc, obj)
        self._connection.execute_many(_KEEP_REGISTER, settled)

    def _read_candidates(self) -> Iterator[tuple[RegisterKey, list[Candidate]]]:
        found: dict[RegisterKey, list[Candidate]] = {key: [] for key in self._registers}
        for row in self._connection.rows_for(_CANDIDATES, list(found)):
            each = read_candidate(row[1:])
            found[row[0], each.obj, each.f].append(each)
        yield from found.items()

    def _touch(self, inc: str, obj: str) -> None:
        """Note what else depends on a register of this object."""
        kind, _, target = obj.partition(":")
        if not obj:
            self._heads[inc] = None
        elif kind == "entry":
            self._entries.setdefault((inc, target), None)
        elif kind == "told":
            self._touch_told(inc, target)
        elif kind == "act":
            self._items[inc, obj] = None

    def _touch_told(self, inc: str, op_id: str) -> None:
        query = "SELECT act FROM told WHERE op = ? AND inc = ?"
        act = self._connection.value(query, (op_id, inc))
        if act is not None:
            self._told[inc, act] = None
