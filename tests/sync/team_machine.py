"""Three machines that write, lose connections and clocks, and in the end must agree."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from cockpit.domain.clock import from_ms, to_ms
from cockpit.domain.envelope import Op, Record
from cockpit.domain.events import (
    BODY_TYPES,
    Body,
    EntryAdded,
    EntryEdited,
    EntryRedacted,
    FieldSet,
    Message,
    TextUpdated,
    Told,
)
from cockpit.domain.fold import fold
from cockpit.domain.registers import entry_object
from cockpit.domain.text_merge import SectionDocument, merged_text
from cockpit.errors import SyncError
from cockpit.store.database import NewEvent, Reads
from cockpit.store.integrity import differing_projections
from tests.store.store_events import START, minutes, opened, record, whole
from tests.sync.backends import INCS, Backend
from tests.sync.faulty_layer import FAULTS
from tests.sync.replicas import Replica

DAY = 24 * 3600 * 1000
YEAR = 365 * DAY
NAMES = ("ana", "ben", "cy")
OLD = "cy"
"""Runs a program that does not know the kind `told.add`."""

_MEMORY = Path("/dev/shm")
_WHO = st.sampled_from(NAMES)
_INC = st.sampled_from(INCS)
_FAULTS = st.lists(st.sampled_from(FAULTS), max_size=3)
_TEXT = st.sampled_from(["errors", "errors above 20 %", "👩‍🚒 café", "", "障害\r\n"])
_VALUE = st.sampled_from(["resolved", "SEV1", "ana", True, None])
_REGISTERS = st.sampled_from(
    [("", "status"), ("", "severity"), ("", "title"), ("act:1", "title"), ("sec:cause", "title")]
)


class ServerClock:
    """The server's clock goes on by what tests say, and a ms with every look."""

    def __init__(self) -> None:
        self.ms = to_ms(START)

    def __call__(self) -> int:
        self.ms += 1
        return self.ms


class WrongClock:
    """A machine's clock: the server's, wrong by `off` ms."""

    def __init__(self, right: ServerClock) -> None:
        self._right = right
        self.off = 0

    def __call__(self) -> int:
        return self._right.ms + self.off


@contextmanager
def as_old_program() -> Iterator[None]:
    """Do not know a kind."""
    kept = BODY_TYPES.pop(Told.kind)
    try:
        yield
    finally:
        BODY_TYPES[Told.kind] = kept


class TeamMachine(RuleBasedStateMachine):
    """Rules are what happens; `teardown` heals the network and compares."""

    backend_type: type[Backend]

    def __init__(self) -> None:
        super().__init__()
        self.place = Path(tempfile.mkdtemp(dir=_MEMORY if _MEMORY.is_dir() else None))
        self.clock = ServerClock()
        self.backend = self.backend_type(self.place, self.clock)
        self.written: dict[str, str] = {}
        self.entries: list[str] = []
        self.updates = 0
        self.team: dict[str, Replica] = {}

    @initialize(copied=st.booleans())
    def join(self, copied: bool) -> None:
        """Let all join; copied: a disk was copied, so that two machines have one name."""
        for number, name in enumerate(NAMES):
            clock = WrongClock(self.clock)
            device = f"{1 if copied and number < 2 else number + 1:08x}"
            self.team[name] = Replica(
                name,
                self.place / name,
                self.backend.layer(),
                self.backend.token(name),
                clock=clock,
                device=device,
                ws=self.backend.ws,
                server_id=self.backend.server_id,
            )
        self.put("ana", INCS[0], lambda _: opened())
        for each in self.team.values():
            each.settle()

    @rule(who=_WHO, inc=_INC, text=_TEXT, at=st.integers(0, 30))
    def note(self, who: str, inc: str, text: str, at: int) -> None:
        """Note a fact; now and then in an incident that was never declared here."""
        (op,) = self.put(who, inc, lambda _: EntryAdded(minutes(at), text))
        self.entries.append(op.id)

    @rule(who=_WHO, inc=_INC, spot=_REGISTERS, value=_VALUE, blind=st.booleans())
    def set_field(
        self, who: str, inc: str, spot: tuple[str, str], value: object, blind: bool
    ) -> None:
        """Set a register; blind: as an import does, without looking at what holds."""
        self.put(who, inc, lambda reads: _setting(reads, inc, spot, value, blind=blind))

    @rule(who=_WHO, inc=_INC, field=st.sampled_from(["star", "hidden", "text"]), data=st.data())
    def mark(self, who: str, inc: str, field: str, data: st.DataObject) -> None:
        """Set a field of an entry, wherever that may be."""
        obj = entry_object(data.draw(st.sampled_from(self.entries or ["0" * 32])))
        self.put(who, inc, lambda reads: _setting(reads, inc, (obj, field), "x", blind=False))

    @rule(who=_WHO, inc=_INC, text=_TEXT, data=st.data())
    def correct(self, who: str, inc: str, text: str, data: st.DataObject) -> None:
        """Correct an entry."""
        entry = data.draw(st.sampled_from(self.entries or ["0" * 32]))
        self.put(who, inc, lambda _: EntryEdited(entry, text))

    @rule(who=_WHO, inc=_INC, data=st.data())
    def redact(self, who: str, inc: str, data: st.DataObject) -> None:
        """Remove the text of an entry for good."""
        entry = data.draw(st.sampled_from(self.entries or ["0" * 32]))
        self.put(who, inc, lambda _: EntryRedacted(entry))

    @rule(who=_WHO, inc=_INC, at=st.integers(0, 30), act=st.sampled_from(["", "a" * 32]))
    def tell(self, who: str, inc: str, at: int, act: str) -> None:
        """Note that somebody was told."""
        self.put(who, inc, lambda _: Told("s1", minutes(at), "Sam", "call", act=act))

    @rule(who=_WHO, inc=_INC, ahead=st.sampled_from([0, 30, 2000]))
    def send(self, who: str, inc: str, ahead: int) -> None:
        """Mark an update as sent, by one's own clock, with a promise; move that, tell somebody."""
        now = from_ms(self.team[who].clock())
        promise = now + timedelta(minutes=ahead)
        update = EntryAdded(now, "aware", msg=Message("sent", "customers", next_at=promise))
        self.put(who, inc, lambda _: update)
        self.put(who, inc, lambda _: FieldSet("promise.customers", promise.isoformat(), at=now))
        self.put(who, inc, lambda _: Told("s2", now, "Kim"))

    @rule(who=_WHO, inc=_INC, text=_TEXT)
    def write_section(self, who: str, inc: str, text: str) -> None:
        """Write in a section of the post-mortem."""
        self.updates += 1

        def typed(reads: Reads) -> Body:
            document = SectionDocument(reads.section_updates(inc, "cause"), self.updates)
            return TextUpdated("cause", document.replace(text))

        self.put(who, inc, typed)

    @rule(who=_WHO, inc=_INC)
    def know_more(self, who: str, inc: str) -> None:
        """Take in an event of a kind that nobody knows yet."""
        made = record(10**6 + len(self.written), EntryAdded(START, "x"), inc=inc)
        fields = {name: getattr(made.op, name) for name in ("id", "inc", "t", "dev")}
        op = Op(**fields, k="poll.add", by=who, d='{"of":["a","b"]}', v=2, extra={"zone": 7})
        self.team[who].store.append([Record(op)])
        self._remember(op)

    @rule(who=_WHO, page=st.sampled_from([1, 2, 1000]), faults=_FAULTS)
    def pull(self, who: str, page: int, faults: list[str]) -> None:
        """Take in a page, which may not come as it was sent."""
        with self._acting(who, faults) as replica, suppress(SyncError):
            replica.exchange._page = page
            replica.exchange.pull()

    @rule(who=_WHO, size=st.sampled_from([1, 3, 500]), faults=_FAULTS)
    def push(self, who: str, size: int, faults: list[str]) -> None:
        """Send some events; the call or its answer may be lost."""
        with self._acting(who, faults) as replica, suppress(SyncError):
            replica.exchange._batch = size
            replica.exchange.push()

    @rule(who=_WHO, faults=_FAULTS)
    def settle(self, who: str, faults: list[str]) -> None:
        """Exchange everything, as far as the network lets it."""
        with self._acting(who, faults) as replica, suppress(SyncError):
            replica.settle()

    @rule(who=_WHO, off=st.sampled_from([0, -1000, 7000, DAY, -DAY, YEAR, -YEAR]))
    def set_clock(self, who: str, off: int) -> None:
        """Set a machine's clock wrong, or right again."""
        self.team[who].clock.off = off  # type: ignore[attr-defined]

    @rule(ms=st.sampled_from([1000, 60_000, 3_600_000]))
    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.clock.ms += ms

    @rule(count=st.integers(1, 6))
    def lose(self, count: int) -> None:
        """Put an older copy of its database under the server."""
        self.backend.lose_last(count)

    def put(self, who: str, inc: str, build: Callable[[Reads], Body]) -> tuple[Op, ...]:
        """Write an event as one machine; returning means that it is kept."""
        with self._acting(who) as replica:
            ops = replica.store.write(lambda reads: [NewEvent(inc, build(reads))], author=who)
            replica.remotes.share(inc, self.backend.ws)
        for op in ops:
            self._remember(op)
        return ops

    def teardown(self) -> None:
        """Heal everything, and compare."""
        try:
            if self.team:
                self._heal()
                self._compare()
        finally:
            for each in self.team.values():
                each.close()
            self.backend.close()
            shutil.rmtree(self.place)

    def _remember(self, op: Op) -> None:
        self.written[op.id] = op.k

    @contextmanager
    def _acting(self, who: str, faults: list[str] | None = None) -> Iterator[Replica]:
        replica = self.team[who]
        layer = replica.transport._layer
        layer.faults = list(faults or [])  # type: ignore[union-attr]
        if who != OLD:
            yield replica
            return
        with as_old_program():
            yield replica

    def _heal(self) -> None:
        for who in (*NAMES, *NAMES, *NAMES):
            with self._acting(who) as replica:
                for inc in INCS:
                    replica.remotes.share(inc, self.backend.ws)
                replica.settle()

    def _compare(self) -> None:
        kept = self.backend.ids()
        assert set(self.written) <= set(kept)
        assert len(kept) == len(set(kept))
        self._upgrade()
        first, *others = self.team.values()
        for each in self.team.values():
            assert each.ids() == set(kept)
            assert each.cursor() == self.backend.head()
            assert each.remotes.standing(each.ws).unsent == 0
            assert each.remotes.held() == ()
            assert differing_projections(each.store._connection) == ()
            for inc in INCS:
                assert _folded(each, inc) == _projected(each, inc)
        for other in others:
            assert _rows(other) == _rows(first)
            assert _seen(other) == _seen(first)

    def _upgrade(self) -> None:
        """Let the old program's machine have the new one."""
        replica = self.team[OLD]
        with as_old_program():
            told = [op for op, kind in self.written.items() if kind == Told.kind]
            assert set(told) <= replica.ids()
        replica.store.rebuild()


def _setting(
    reads: Reads, inc: str, spot: tuple[str, str], value: object, *, blind: bool
) -> FieldSet:
    held = None if blind else reads.register(inc, *spot)
    base = held.op if held else ""
    over = tuple(each.op for each in held.rivals) if held else ()
    return FieldSet(spot[1], value, obj=spot[0], base=base, over=over)


def _rows(replica: Replica) -> list[tuple[object, ...]]:
    """Return all events with their places, without the order in which they came here."""
    return replica.store._connection.rows(
        'SELECT id, ws, inc, k, t, dev, "by", seq, at, relayed_by, v, extra, body FROM op '
        "ORDER BY id"
    )


def _folded(replica: Replica, inc: str) -> object:
    """Return what the fold says of an incident, None while it was not declared."""
    known = [each for each in replica.store.reads.summaries() if each.id == inc]
    if not known:
        return None
    text = merged_text(replica.store.reads.section_updates(inc, "cause"))
    made = fold(replica.store.reads.ops(inc), ref=known[0].ref, section_texts={"cause": text})
    return made.view, made.entries


def _projected(replica: Replica, inc: str) -> object:
    """Return what the tables say of an incident, None while it was not declared."""
    if not any(each.id == inc for each in replica.store.reads.summaries()):
        return None
    return replica.store.reads.view(inc), whole(replica.store, inc)


def _seen(replica: Replica) -> list[object]:
    """Return what a person sees of every incident."""
    summaries = replica.store.reads.summaries()
    found: list[object] = [summaries]
    for each in summaries:
        found += [replica.store.reads.view(each.id), whole(replica.store, each.id)]
    return found
