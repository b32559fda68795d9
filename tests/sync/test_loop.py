"""The exchange that goes on by itself: quick, quiet when it fails, gone when it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from msgspec.structs import replace

from cockpit.domain.events import EntryAdded
from cockpit.domain.sync_state import Contact
from cockpit.domain.wire import Beat, Joined, Role
from cockpit.store.database import NewEvent
from tests.store.store_events import INC, START, opened
from tests.sync.fault_proxy import FaultProxy
from tests.sync.looping import QUICK, Live, invite, join, running, until
from tests.sync.rogue_server import RogueServer, answer
from tests.sync.served import Served, serve
from tests.sync.server_model import WS, ModelServer


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("server")) as running_server:
        yield running_server


@pytest.fixture(scope="module")
def owner(served: Served) -> Joined:
    return join(served.url, served.code, "owner")


@pytest.fixture
def ana(served: Served, owner: Joined, tmp_path: Path) -> Live:
    return Live(tmp_path / "ana", served.url, invite(served.url, owner, f"ana {tmp_path.name}"))


@pytest.fixture
def ben(served: Served, owner: Joined, tmp_path: Path) -> Live:
    return Live(tmp_path / "ben", served.url, invite(served.url, owner, f"ben {tmp_path.name}"))


def write(machine: Live, text: str, inc: str = INC) -> str:
    (op,) = machine.store.write(
        lambda _: [NewEvent(inc, EntryAdded(START, text))], author=machine.name
    )
    machine.store.remotes.share(inc, machine.ws)
    return op.id


def declare(machine: Live, inc: str) -> None:
    machine.store.write(lambda _: [NewEvent(inc, opened())], author=machine.name)


def test_what_one_writes_the_other_has_within_a_second(ana: Live, ben: Live) -> None:
    with running(ana, ben):
        until(lambda: ana.state.contact is ben.state.contact is Contact.SYNCED)
        late = []
        for number in range(20):
            op_id = write(ana, f"note {number}")
            ana.loop.notify()
            began = time.monotonic()
            until(lambda op_id=op_id: op_id in ben.ids())
            late.append(time.monotonic() - began)
        # The usual one: a machine that runs other tests may be late now and then.
        assert sorted(late)[10] < 1.0
        until(lambda: ana.state.unsent == 0)


def test_an_event_that_another_process_wrote_goes_out_unasked(ana: Live, ben: Live) -> None:
    with running(ana, ben):
        op_id = write(ana, "unasked")
        until(lambda: op_id in ben.ids())


def test_a_new_incident_goes_to_the_only_team_there_is(ana: Live, ben: Live) -> None:
    inc = "e1" * 16
    with running(ana, ben):
        declare(ana, inc)
        until(lambda: any(each.id == inc for each in ben.store.reads.summaries()))


def test_an_incident_that_is_shared_late_goes_out_at_once(ana: Live, ben: Live) -> None:
    ana.store.share = ""
    with running(ana, ben):
        op_id = write(ana, "first, so that later numbers were sent")
        until(lambda: op_id in ben.ids())
        inc = "e2" * 16
        declare(ana, inc)
        write(ana, "sent")
        until(lambda: ana.state.unsent == 0)
        ana.store.remotes.share(inc, ana.ws)
        until(lambda: any(each.id == inc for each in ben.store.reads.summaries()))


def test_who_is_here_is_seen_and_who_leaves_is_gone(ana: Live, ben: Live) -> None:
    with running(ana, ben):
        ana.loop.tell(Beat(INC, "update:customers"))
        until(lambda: any(each.doing == "update:customers" for each in ben.state.here))
        ana.loop.stop()
        until(lambda: not any(each.member == ana.name for each in ben.state.here))


def test_a_partition_loses_nothing_and_heals_by_itself(ana: Live, ben: Live) -> None:
    port = urlsplit(ana.doors.url).port
    assert port is not None
    with FaultProxy(port) as proxy:
        for each in (ana, ben):
            each.doors.url = proxy.url
        with running(ana, ben):
            until(lambda: ana.state.contact is ben.state.contact is Contact.SYNCED)
            proxy.cut_off = True
            proxy.sever()
            until(lambda: ana.state.contact is ben.state.contact is Contact.OFFLINE)
            written = {write(ana, "by ana, alone"), write(ben, "by ben, alone")}
            until(lambda: ana.state.unsent == 1)
            assert ana.state.since > 0
            assert "127.0.0.1" in ana.state.words
            proxy.cut_off = False
            until(lambda: written <= ana.ids() & ben.ids())
            until(lambda: ana.state.contact is Contact.SYNCED)


@pytest.mark.parametrize("count", [25, pytest.param(300, marks=pytest.mark.slow)])
def test_a_network_that_fails_in_six_calls_of_ten_doubles_and_loses_nothing(
    count: int, ana: Live, ben: Live
) -> None:
    port = urlsplit(ana.doors.url).port
    assert port is not None
    with FaultProxy(port, rate=0.6, seed=count, hang_s=0.2) as proxy:
        for each in (ana, ben):
            each.doors.url = proxy.url
        with running(ana, ben):
            written = set()
            for number in range(count):
                written |= {write(ana, f"a{number}"), write(ben, f"b{number}")}
                time.sleep(0.01)
            until(lambda: written <= ana.ids() & ben.ids(), 60 + count)
            until(lambda: ana.state.unsent == ben.state.unsent == 0, 60)
    assert sum(proxy.met.values()) - proxy.met[""] > 10, proxy.met
    assert min(proxy.met.values()) > 0 or count < 100, proxy.met


def test_no_event_came_twice(served: Served, owner: Joined, ana: Live) -> None:
    with running(ana):
        until(lambda: ana.state.contact is Contact.SYNCED and ana.state.unsent == 0)
        found = ana.store.remotes.find(ana.ws)
        assert found is not None
        count = ana.store._connection.value("SELECT count(*) FROM op WHERE seq IS NOT NULL")
    assert found.cursor.partition("-")[0] == str(count)


def test_it_stops_at_once_while_calls_hang(ana: Live) -> None:
    with RogueServer(lambda connection: connection.recv(1)) as server:  # type: ignore[arg-type, return-value]
        ana.doors.url = server.url
        ana.loop.start()
        until(lambda: len(server.requests) >= 2)
        assert ana.loop.stop(within_s=10)
        ana.store.close()
    assert not [each for each in threading.enumerate() if each.name.startswith("cockpit-sync-pu")]


def test_it_stops_at_once_while_it_waits_for_news(
    served: Served, owner: Joined, tmp_path: Path
) -> None:
    patient = replace(QUICK, wait=25)
    joined = invite(served.url, owner, f"ana {tmp_path.name}")
    ana = Live(tmp_path / "ana", served.url, joined, patient)
    ana.loop.start()
    until(lambda: ana.state.contact is Contact.SYNCED)
    time.sleep(0.1)
    assert ana.loop.stop(within_s=10)
    ana.store.close()


def refusing(machine: Live, code: str, status: str) -> RogueServer:
    """Return a server that greets as the one that was joined, and then refuses."""
    remote = machine.store.remotes.find(machine.ws)
    assert remote is not None
    hello = f'{{"server_id":"{remote.server_id}","proto":[1,1],"time":1}}'.encode()
    server: RogueServer

    def behave(connection: object) -> None:
        greeting = b"/v1/hello" in server.requests[-1]
        body = hello if greeting else f'{{"error":"{code}"}}'.encode()
        answer("200 OK" if greeting else status, body, "Connection: close")(connection)  # type: ignore[arg-type]

    server = RogueServer(behave)
    return server


def test_a_refusal_is_said_and_not_tried_again_by_itself(ana: Live) -> None:
    with refusing(ana, "revoked", "401 Unauthorized") as server:
        ana.doors.url = server.url
        with running(ana):
            until(lambda: ana.state.contact is Contact.REFUSED)
            count = wait_until_quiet(server)
            op_id = write(ana, "still written")
            time.sleep(0.7)
            assert len(server.requests) == count
            assert op_id in ana.ids()
            ana.loop.retry()
            until(lambda: len(server.requests) > count)


def wait_until_quiet(server: RogueServer) -> int:
    """Wait until nothing more is asked; return how many requests there were by then."""
    count = -1
    for _ in range(20):
        if count == len(server.requests):
            break
        count = len(server.requests)
        time.sleep(0.5)
    return count


PAGE = b"<html>Sign in</html>"


@pytest.mark.parametrize(
    ("status", "body", "contact"),
    [
        ("200 OK", PAGE, Contact.OFFLINE),
        ("302 Found", b"", Contact.OFFLINE),
        ("401 Unauthorized", b"a proxy says so", Contact.TROUBLED),
        ("500 Internal Server Error", b"", Contact.TROUBLED),
        ("429 Too Many Requests", b"", Contact.TROUBLED),
    ],
)
def test_other_failures_are_tried_again_for_ever(
    status: str, body: bytes, contact: Contact, ana: Live
) -> None:
    with RogueServer(answer(status, body, "Connection: close")) as server:
        ana.doors.url = server.url
        with running(ana):
            until(lambda: ana.state.contact is contact)
            count = len(server.requests)
            until(lambda: len(server.requests) > count + 3)
            began = time.monotonic()
            for number in range(20):
                write(ana, f"{number}")
            assert time.monotonic() - began < 15, "writing waited for calls"
            assert ana.state.contact is contact


def test_a_reader_sees_news_and_keeps_quiet(served: Served, owner: Joined, tmp_path: Path) -> None:
    joined = invite(served.url, owner, f"rea {tmp_path.name}", Role.READER)
    reader = Live(tmp_path / "reader", served.url, joined)
    with running(reader):
        write(reader, "mine alone")
        until(lambda: reader.state.contact is Contact.SYNCED and reader.state.unsent == 1)


def test_a_workspace_that_was_left_ends_its_exchange(ana: Live) -> None:
    ana.store.remotes.forget(ana.ws)
    with running(ana):
        until(lambda: ana.state.contact is Contact.REFUSED)
        assert "left" in ana.state.words


def test_a_server_that_does_not_wait_is_not_asked_all_the_time(tmp_path: Path) -> None:
    server = ModelServer(lambda: 10**12)
    token = server.token("ana")
    joined = Joined(WS, "ana", token, Role.EDITOR, server.server_id)
    ana = Live(tmp_path / "ana", "http://127.0.0.1:1", joined)
    ana.doors.layer = httpx.MockTransport(server.handle)
    began = time.monotonic()
    with running(ana):
        until(lambda: ana.state.contact is Contact.SYNCED)
        time.sleep(1.5)
    assert len(server.calls) < 8 * (time.monotonic() - began)
