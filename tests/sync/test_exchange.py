"""The steps of an exchange against the model of a server: what is sent, held, begun anew."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from cockpit.domain.envelope import Record
from cockpit.domain.events import EntryAdded, EntryRedacted, FieldSet
from cockpit.domain.wire import Limits, Role
from cockpit.store.integrity import differing_projections
from cockpit.sync.faults import RefusedError, UnreachableError
from tests.store.store_events import INC, START, TickingClock, opened, record, texts
from tests.sync.replicas import Replica, quick_directory, team
from tests.sync.server_model import WS, ModelServer


@pytest.fixture
def server() -> ModelServer:
    return ModelServer(TickingClock())


@pytest.fixture
def pair(server: ModelServer) -> Iterator[tuple[Replica, Replica]]:
    with team("ana", "ben", server=server) as members:
        yield members[0], members[1]


def test_what_one_writes_the_other_sees(pair: tuple[Replica, Replica]) -> None:
    ana, ben = pair
    ana.write(INC, opened(), EntryAdded(START, "errors"))
    ana.settle()
    ben.settle()
    assert texts(ben.store) == texts(ana.store) != []
    ben.write(INC, FieldSet("status", "monitoring"))
    ben.settle()
    ana.settle()
    assert ana.store.reads.view(INC).status == "monitoring"
    assert ana.cursor() == ben.cursor() != "0"
    assert ana.remotes.standing(WS).unsent == ben.remotes.standing(WS).unsent == 0
    for each in pair:
        assert differing_projections(each.store._connection) == ()


def test_an_acknowledged_event_is_sent_only_once_it_was_seen(pair: tuple[Replica, Replica]) -> None:
    ana, _ = pair
    ana.write(INC, opened())
    assert ana.exchange.push().sent == 1
    assert ana.remotes.standing(WS).unsent == 1
    assert ana.exchange.pull().confirmed == 1
    assert ana.remotes.standing(WS).unsent == 0


def test_a_push_made_twice_adds_nothing(server: ModelServer, pair: tuple[Replica, Replica]) -> None:
    ana, _ = pair
    ana.write(INC, opened(), EntryAdded(START, "errors"))
    ana.exchange.push()
    ana.exchange.push()
    assert len(server.log.rows) == 2


def test_a_server_that_lost_its_last_events_gets_them_back_from_anybody(
    server: ModelServer, pair: tuple[Replica, Replica]
) -> None:
    ana, ben = pair
    ana.write(INC, opened(), EntryAdded(START, "errors"))
    ana.settle()
    ben.settle()
    ana.write(INC, EntryAdded(START, "by ana"))
    ana.settle()
    ben.settle()
    server.lose_last(2)
    assert ben.exchange.settle().rewinds == 1
    assert [row.relayed_by for row in server.log.rows] == [None, "ben", "ben"]
    ana.settle()
    assert texts(ana.store) == texts(ben.store)
    assert ana.cursor() == ben.cursor()
    assert ana.ids() == ben.ids()


def test_an_event_that_cannot_be_read_is_found_and_set_aside(
    server: ModelServer, pair: tuple[Replica, Replica]
) -> None:
    ana, _ = pair
    ops = ana.write(INC, opened(), *(EntryAdded(START, f"note {n}") for n in range(20)))
    server.cannot_read = lambda fields: fields["id"] == ops[7].id
    ana.settle()
    assert {row.op_id for row in server.log.rows} == {op.id for op in ops} - {ops[7].id}
    (held,) = ana.remotes.held(WS)
    assert (held.id, held.code, held.outgoing) == (ops[7].id, "malformed", True)
    assert (ana.remotes.standing(WS).unsent, ana.remotes.standing(WS).held) == (0, 1)
    server.cannot_read = lambda fields: False
    assert ana.remotes.release(WS) == 1
    ana.settle()
    assert len(server.log.rows) == len(ops)
    assert ana.remotes.held() == ()


def test_a_rejected_event_is_set_aside_with_the_servers_words(
    server: ModelServer, pair: tuple[Replica, Replica]
) -> None:
    ana, _ = pair
    ops = ana.write(INC, opened(), EntryAdded(START, "errors"))
    server.refuse = lambda fields: "role" if fields["id"] == ops[1].id else ""
    ana.settle()
    (held,) = ana.remotes.held(WS)
    assert (held.id, held.code, held.words) == (ops[1].id, "role", "Not this one.")


def test_pushes_are_cut_to_what_the_server_takes(server: ModelServer) -> None:
    server.limits = Limits(max_ops=3, max_bytes=2000, max_page=2)
    with team("ana", "ben", server=server) as (ana, ben):
        ana.write(INC, opened(), *(EntryAdded(START, "x" * 900) for _ in range(7)))
        ana.settle()
        ben.settle()
        assert len(server.log.rows) == 8
        assert ben.ids() == ana.ids()


@pytest.mark.parametrize(("fault", "kept"), [("", 8), ("lost reply", 4), ("cut", 4)])
def test_pages_that_follow_are_taken_in_at_once_and_kept_before_one_that_fails(
    server: ModelServer, fault: str, kept: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.limits = Limits(max_page=2)
    with team("ana", "ben", server=server) as (ana, ben):
        ana.write(INC, opened(), *(EntryAdded(START, str(number)) for number in range(7)))
        ana.settle()
        ben.exchange.greet()
        answers = iter(["", "", fault, ""])

        def pull(*what: Any, **how: Any) -> Any:
            return answer(next(answers), *what, **how)

        def answer(now: str, *what: Any, **how: Any) -> Any:
            if now == "lost reply":
                raise UnreachableError("timeout", "It did not answer in time.")
            page = plain(*what, **how)
            return replace(page, ops=page.ops[:1]) if now == "cut" else page

        plain, taken = ben.client.pull, []
        take_in = ben.remotes.take_in
        monkeypatch.setattr(ben.client, "pull", pull)
        monkeypatch.setattr(
            ben.remotes, "take_in", lambda *what: taken.append(len(what[2])) or take_in(*what)
        )
        assert ben.exchange.pull().more is (kept < 8)
        assert (taken, len(ben.ids())) == ([kept], kept)
        monkeypatch.undo()
        ben.settle()
        assert ben.ids() == ana.ids()


def test_a_server_that_takes_less_than_it_says_gets_less(server: ModelServer) -> None:
    with team("ana", server=server) as (ana,):
        ana.write(INC, opened(), *(EntryAdded(START, "x" * 900) for _ in range(7)))
        ana.exchange.greet()
        server.limits = Limits(max_ops=500, max_bytes=3000)
        ana.exchange.push()
        assert len(server.log.rows) == 8
        assert ana.remotes.held() == ()


def test_another_server_at_the_address_is_refused_and_deletes_nothing(
    server: ModelServer, pair: tuple[Replica, Replica]
) -> None:
    ana, _ = pair
    ana.write(INC, opened(), EntryAdded(START, "errors"))
    ana.settle()
    before = (ana.ids(), texts(ana.store), ana.cursor())
    server.server_id = "another"
    server.log.rows.clear()
    with pytest.raises(RefusedError, match="Another server"):
        ana.settle()
    assert (ana.ids(), texts(ana.store), ana.cursor()) == before
    assert server.log.rows == []


@pytest.mark.parametrize(
    ("proto", "hint"), [((2, 3), "Upgrade this cockpit."), ((0, 0), "Upgrade the server.")]
)
def test_a_server_of_another_version_is_told_apart_and_takes_nothing(
    server: ModelServer, pair: tuple[Replica, Replica], proto: tuple[int, int], hint: str
) -> None:
    ana, _ = pair
    ana.write(INC, opened())
    server.proto = proto
    with pytest.raises(RefusedError) as refused:
        ana.settle()
    assert (refused.value.code, refused.value.hint) == ("proto", hint)
    assert server.log.rows == []
    assert ana.remotes.standing(ana.ws).unsent == 1
    server.proto = (1, 2)
    ana.settle()
    assert len(server.log.rows) == 1


def test_an_empty_history_of_the_same_server_deletes_nothing_and_is_filled(
    server: ModelServer, pair: tuple[Replica, Replica]
) -> None:
    ana, _ = pair
    ana.write(INC, opened(), EntryAdded(START, "errors"))
    ana.settle()
    server.log.rows.clear()
    before = ana.ids()
    ana.settle()
    assert ana.ids() == before == {row.op_id for row in server.log.rows}


def test_a_redaction_blanks_the_text_everywhere_and_keeps_cursors(
    server: ModelServer, pair: tuple[Replica, Replica]
) -> None:
    ana, ben = pair
    _, secret = ana.write(INC, opened(), EntryAdded(START, "password1"))
    ana.settle()
    ben.settle()
    cursor = ben.cursor()
    ben.write(INC, EntryRedacted(secret.id))
    ben.settle()
    ana.settle()
    assert not any(b"password1" in row.raw for row in server.log.rows)
    for each in (ana, ben):
        assert not any("password1" in kept.op.d for kept in each.store.reads.ops())
    with team("new", server=server) as (new,):
        new.settle()
        assert texts(new.store) == texts(ana.store)
    assert server.log.chain_at(2) == cursor.partition("-")[2]


def test_an_unknown_kind_is_kept_and_relayed_word_for_word(
    server: ModelServer, pair: tuple[Replica, Replica]
) -> None:
    ana, ben = pair
    ana.write(INC, opened())
    made = record(77, EntryAdded(START, "x"))
    strange = replace(made.op, k="poll.add", d='{"choices":["a","b"]}', v=3, extra={"zone": 7})
    ana.store.append([Record(strange)])
    ana.settle()
    ben.settle()
    server.lose_last(1)
    ben.settle()
    sent = server.log.rows[-1].raw
    assert b'"k":"poll.add"' in sent
    assert b'"zone":7' in sent
    assert ben.store.reads.view(INC).unknown_ops == 1


def test_a_guest_sees_one_incident_only(server: ModelServer, pair: tuple[Replica, Replica]) -> None:
    ana, _ = pair
    ana.write(INC, opened(), EntryAdded(START, "errors"))
    ana.write("ef" * 16, opened("Another", number=43))
    ana.settle()
    layer = httpx.MockTransport(server.handle)
    with quick_directory() as place:
        token = server.token("guest", Role.GUEST, INC)
        guest = Replica("guest", place / "guest", layer, token, role=Role.GUEST, inc=INC)
        guest.settle()
        guest.write(INC, EntryAdded(START, "from outside"))
        guest.settle()
        assert {each.op.inc for each in guest.store.reads.ops()} == {INC}
        assert guest.remotes.standing(WS).unsent == 0
        guest.close()
    ana.settle()
    assert "from outside" in texts(ana.store)


def test_a_reader_pulls_and_sends_nothing(
    server: ModelServer, pair: tuple[Replica, Replica]
) -> None:
    ana, _ = pair
    ana.write(INC, opened())
    ana.settle()
    layer = httpx.MockTransport(server.handle)
    with quick_directory() as place:
        token = server.token("rea", Role.READER)
        reader = Replica("rea", place / "rea", layer, token, role=Role.READER)
        reader.settle()
        reader.write(INC, EntryAdded(START, "only here"))
        reader.settle()
        assert reader.ids() > ana.ids()
        assert reader.remotes.standing(WS).unsent == 1
        reader.close()


def test_a_revoked_token_says_so_and_keeps_what_is_here(
    server: ModelServer, pair: tuple[Replica, Replica]
) -> None:
    ana, _ = pair
    ana.write(INC, opened())
    server.members.clear()
    with pytest.raises(RefusedError) as caught:
        ana.settle()
    assert (caught.value.code, "invite" in caught.value.hint) == ("unknown_token", True)
    assert ana.remotes.standing(WS).unsent == 1
