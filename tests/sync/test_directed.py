"""Histories that chance hardly ever meets, told step by step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from cockpit.domain.clock import stamp_ms
from cockpit.domain.events import EntryAdded, FieldSet, Message, Told
from cockpit.errors import SyncError
from tests.store.store_events import INC, START, opened, texts, whole
from tests.sync.faulty_layer import FaultyLayer
from tests.sync.replicas import Replica, quick_directory
from tests.sync.server_model import ModelServer
from tests.sync.team_machine import YEAR, ServerClock, WrongClock

MINUTE = 60_000


class Scene:
    """A server, its clock, and members who join one after the other."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.clock = ServerClock()
        self.server = ModelServer(self.clock)
        self.members: list[Replica] = []

    def join(self, name: str, off: int = 0, device: str = "") -> Replica:
        """Let somebody join whose clock is wrong by `off` ms; device: its name, 8 hex digits."""
        clock = WrongClock(self.clock)
        clock.off = off
        layer = httpx.MockTransport(self.server.handle)
        member = Replica(
            name, self._place / name, layer, self.server.token(name), clock=clock, device=device
        )
        self.members.append(member)
        return member

    def wait(self, ms: int) -> None:
        """Let time pass."""
        self.clock.ms += ms


@contextmanager
def scene() -> Iterator[Scene]:
    """A scene with nobody in it."""
    with quick_directory() as place:
        made = Scene(place)
        try:
            yield made
        finally:
            for each in made.members:
                each.close()


def settle(*members: Replica) -> None:
    """Let members exchange everything, in that order."""
    for each in members:
        each.settle()


def places(replica: Replica) -> list[tuple[object, ...]]:
    """Return the place of every event and when the server got it."""
    return replica.store._connection.rows("SELECT id, seq, at FROM op ORDER BY id")


def status(replica: Replica) -> str:
    """Return the public status that a member sees."""
    return replica.store.reads.view(INC).status.value


def the_same_event_at_the_same_place_after_another_one() -> None:
    """The server lost two events; one came back at its old place, after a new one."""
    with scene() as now:
        ana, ben, cy = now.join("ana"), now.join("ben"), now.join("cy")
        ana.write(INC, opened())
        settle(ana, ben, cy)
        ana.write(INC, EntryAdded(START, "lost"))
        settle(ana)
        ana.write(INC, EntryAdded(START, "last"))
        settle(ana)
        last = now.server.log.rows[2]
        now.server.lose_last(2)
        ben.write(INC, EntryAdded(START, "new"))
        settle(ben)
        now.server._append(last.raw, {"id": last.op_id, "inc": INC, "by": "ana"}, last.at, "ana")
        assert now.server.log.rows[2].op_id == last.op_id
        settle(ana, ben, cy, ana, ben)
        assert ana.ids() == ben.ids() == cy.ids()
        assert {"lost", "last", "new"} <= set(texts(ana.store))
        assert ana.cursor() == ben.cursor() == cy.cursor() == now.server.log.head


def a_clock_a_year_ahead_neither_wins_nor_drags_the_others() -> None:
    """Once the server has seen it, who writes later counts, and the others keep their time."""
    with scene() as now:
        ana, ben = now.join("ana", YEAR), now.join("ben")
        ana.write(INC, opened(), FieldSet("status", "identified"))
        settle(ana, ben)
        now.wait(10 * MINUTE)
        (op,) = ben.write(INC, FieldSet("status", "monitoring"))
        settle(ben, ana)
        assert status(ana) == status(ben) == "monitoring"
        assert stamp_ms(op.t) <= now.clock.ms


def a_fast_clock_offline_wins_no_longer_once_it_is_online() -> None:
    """What it wrote offline counts as of when the server got it, on its own machine, too."""
    with scene() as now:
        ana, ben = now.join("ana"), now.join("ben")
        ben.write(INC, opened())
        settle(ben, ana)
        ana.clock.off = YEAR  # type: ignore[attr-defined]
        ana.write(INC, FieldSet("status", "identified"))
        now.wait(5 * MINUTE)
        ana.exchange.push()
        now.wait(5 * MINUTE)
        ben.write(INC, FieldSet("status", "monitoring"))
        settle(ben, ana)
        assert status(ana) == status(ben) == "monitoring"


def a_fast_clock_misleads_nobodys_countdown() -> None:
    """What it marked as sent was sent by its receipt, also where it had been folded before."""
    with scene() as now:
        ana, ben = now.join("ana", YEAR), now.join("ben")
        sent = START + timedelta(milliseconds=YEAR)
        promised = Message("sent", "customers", next_at=sent + timedelta(minutes=30))
        ana.write(INC, opened(), EntryAdded(sent, "aware", msg=promised), Told("board", sent))
        settle(ana, ben)
        for each in (ana, ben):
            view = each.store.reads.view(INC)
            (message,), (mark,) = view.messages, view.told
            moments = view.declared_at, message.at, mark.at, message.msg.next_at
            assert all(at and at < START + timedelta(hours=1) for at in moments)
            (line,) = each.store.reads.summaries()
            assert line.last_sent == {"customers": message.at}
            assert whole(each.store) == each.folded(INC).entries


def a_laptop_that_is_gone_lives_on_in_the_others() -> None:
    """Its owner's events come back to a server that lost them, from whoever has them."""
    with scene() as now:
        ana, ben = now.join("ana"), now.join("ben")
        ana.write(INC, opened(), EntryAdded(START, "only ana knew"))
        settle(ana, ben)
        now.server.lose_last(2)
        settle(ben)
        cy = now.join("cy")
        settle(cy)
        assert "only ana knew" in texts(cy.store)
        assert [row.relayed_by for row in now.server.log.rows] == ["ben", "ben"]


def events_that_came_back_at_another_time_count_by_that_everywhere() -> None:
    """A restored server got the same events in the same order, later: nobody keeps the old time."""
    with scene() as now:
        ana, ben = now.join("ana", YEAR), now.join("ben")
        ana.write(INC, opened(), FieldSet("status", "identified"))
        settle(ana, ben)
        now.server.lose_last(2)
        now.wait(60 * MINUTE)
        settle(ana)
        settle(ben)
        assert places(ana) == places(ben)
        assert ana.store.reads.view(INC) == ben.store.reads.view(INC)


def what_was_answered_stays_answered_after_a_restore() -> None:
    """A later receipt lets a fast clock count for more; who saw its value had replaced it."""
    with scene() as now:
        ana, ben = now.join("ana", YEAR), now.join("ben")
        (_, seen) = ana.write(INC, opened(), FieldSet("status", "identified"))
        settle(ana, ben)
        now.wait(MINUTE)
        ben.write(INC, FieldSet("status", "monitoring", base=seen.id))
        settle(ben, ana)
        now.server.lose_last(3)
        now.wait(24 * 60 * MINUTE)
        settle(ana, ben, ana)
        assert status(ana) == status(ben) == "monitoring"


def an_event_that_was_answered_and_lost_is_sent_again() -> None:
    """The server took it, lost it, and gave its number to another before it was ever shown."""
    with scene() as now:
        ana, ben = now.join("ana"), now.join("ben")
        ana.write(INC, opened())
        settle(ana, ben)
        ana.write(INC, EntryAdded(START, "answered"))
        ana.exchange.push()
        now.server.lose_last(1)
        ben.write(INC, EntryAdded(START, "in its place"))
        settle(ben, ana, ben)
        assert texts(ana.store) == texts(ben.store)
        assert "answered" in texts(ben.store)


def a_page_that_is_not_whole_is_not_taken() -> None:
    """A page that was cut or reordered on its way, or came twice, changes nothing."""
    with scene() as now:
        ana, ben = now.join("ana"), now.join("ben")
        ana.write(INC, opened(), EntryAdded(START, "one"), EntryAdded(START, "two"))
        settle(ana)
        layer = FaultyLayer(now.server.handle)
        ben.transport._layer = layer
        for fault in ("cut", "reordered", "without cursor's end", "lost reply"):
            layer.faults = ["", fault]
            with suppress(SyncError):
                ben.settle()
            assert (ben.ids(), ben.cursor()) == (set(), "0"), fault
            ben.transport.close()
        layer.faults = ["", "doubled"]
        settle(ben)
        assert ben.ids() == ana.ids()


def two_copies_of_a_machine_that_write_at_once_agree() -> None:
    """A copied disk gives two machines one name, so that stamps alone cannot order them."""
    with scene() as now:
        ana, ben = now.join("ana", device="0000000a"), now.join("ben", device="0000000a")
        ana.write(INC, opened())
        settle(ana, ben)
        now.wait(MINUTE)
        ana.write(INC, FieldSet("status", "identified"))
        ben.write(INC, FieldSet("status", "monitoring"))
        settle(ana, ben, ana)
        assert status(ana) == status(ben)


def a_fast_clock_keeps_the_order_of_what_it_wrote() -> None:
    """What was written far ahead is cut to one time; the later of two values still counts."""
    with scene() as now:
        ana, ben = now.join("ana", YEAR), now.join("ben")
        ana.write(INC, opened(), FieldSet("title", "x"), FieldSet("status", "identified"))
        now.wait(MINUTE)
        ana.write(INC, FieldSet("status", "monitoring"))
        settle(ana, ben)
        assert status(ana) == status(ben) == "monitoring"


def an_unknown_kind_comes_back_from_whoever_has_it() -> None:
    """A machine that does not know a kind keeps and relays it."""
    with scene() as now:
        ana, ben = now.join("ana"), now.join("ben")
        ana.write(INC, opened())
        settle(ana)
        row = now.server.log.rows[0]
        raw = row.raw.replace(b'"inc.open"', b'"poll.add"').replace(row.op_id.encode(), b"d" * 32)
        fields = {"id": "d" * 32, "inc": INC, "by": "ana"}
        now.server._append(raw, fields, row.at + 1, "ana")
        settle(ben)
        now.server.lose_last(1)
        settle(ben, ana)
        assert "d" * 32 in ana.ids()


HISTORIES: tuple[Callable[[], None], ...] = (
    the_same_event_at_the_same_place_after_another_one,
    a_clock_a_year_ahead_neither_wins_nor_drags_the_others,
    a_fast_clock_offline_wins_no_longer_once_it_is_online,
    a_fast_clock_misleads_nobodys_countdown,
    a_laptop_that_is_gone_lives_on_in_the_others,
    events_that_came_back_at_another_time_count_by_that_everywhere,
    what_was_answered_stays_answered_after_a_restore,
    an_event_that_was_answered_and_lost_is_sent_again,
    a_page_that_is_not_whole_is_not_taken,
    two_copies_of_a_machine_that_write_at_once_agree,
    a_fast_clock_keeps_the_order_of_what_it_wrote,
    an_unknown_kind_comes_back_from_whoever_has_it,
)


@pytest.mark.parametrize("history", HISTORIES, ids=lambda each: each.__name__)
def test_a_history_ends_well(history: Callable[[], None]) -> None:
    history()
