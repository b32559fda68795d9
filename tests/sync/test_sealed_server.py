"""A real server of an encrypted workspace: it carries everything and can read nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from cockpit.service import changes, incidents, people, postmortems, timeline
from cockpit.sync.keys import WorkspaceKeys, write_key
from cockpit.sync.sealing import OpenEnvelopes, SealedEnvelopes
from tests.service.bundle_copies import open_copy, what_is_there
from tests.sync.served import Device, Served, make_workspace, serve

KEY, NEW_KEY = b"k" * 32, b"n" * 32
CANARIES = (
    *("canary-title", "canary-entry", "canary-correction", "canary-field", "canary-section"),
    *("canary-redacted", "inc.open", "entry.add", "entry.edit", "reg.set", "told.add", "pm.y"),
)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path) as running:
        yield running


@pytest.fixture
def pair(served: Served, tmp_path: Path) -> Iterator[tuple[Device, Device]]:
    """Two members of one encrypted workspace."""
    with ExitStack() as stack:
        ana, ben = (stack.enter_context(open_copy(tmp_path, name)) for name in ("ana", "ben"))
        envelopes = SealedEnvelopes(WorkspaceKeys((KEY,)), os.urandom)
        first = Device(ana, make_workspace(served, ana, sealed=True), served.url, envelopes)
        second = Device(ben, first.invite("ben", ben), served.url, envelopes)
        yield first, second
        first.client.close()
        second.client.close()


def write_everything(device: Device) -> str:
    """Write an event of every kind that a person makes; return the incident."""
    session = device.session
    inc = incidents.declare(session, incidents.Declaration("canary-title")).id
    entry = timeline.log(session, inc, "canary-entry")
    timeline.correct(session, inc, entry.id, "canary-correction")
    changes.set_field(session, inc, "impact_text", "canary-field")
    people.tell_waiting(session, inc)
    postmortems.write_section(session, inc, "summary", "canary-section")
    secret = timeline.log(session, inc, "canary-redacted")
    device.settle()
    timeline.redact(session, inc, secret.id)
    device.settle()
    return inc


def stored_bytes(served: Served) -> bytes:
    """Return all bytes that the server keeps: database, its journals, its log."""
    places = [*served.database.parent.glob("server.db*"), served.log]
    assert served.database in places
    return b"".join(place.read_bytes() for place in places)


def test_the_server_keeps_no_kind_and_no_text(served: Served, pair: tuple[Device, Device]) -> None:
    ana, ben = pair
    assert ana.joined.sealed
    assert ben.joined.sealed
    inc = write_everything(ana)
    ben.settle()
    assert what_is_there(ben.session)[inc][0].title == "canary-title"
    found = stored_bytes(served)
    assert [word for word in CANARIES if word.encode() in found] == []
    assert write_key(KEY).encode() not in found
    assert KEY not in found
    # The test can see: what travels in the clear is there.
    assert inc.encode() in found


def test_both_members_see_the_same(pair: tuple[Device, Device]) -> None:
    ana, ben = pair
    inc = write_everything(ana)
    ben.settle()
    timeline.log(ben.session, inc, "from the other side")
    ben.settle()
    ana.settle()
    mine, theirs = what_is_there(ana.session)[inc], what_is_there(ben.session)[inc]
    assert mine[0].title == theirs[0].title
    assert [each.text for each in mine[1]] == [each.text for each in theirs[1]]
    assert ana.session.store.remotes.standing(ana.joined.ws).held == 0


def test_a_redacted_text_is_gone_on_the_server_and_for_whoever_comes_later(
    served: Served, pair: tuple[Device, Device]
) -> None:
    ana, ben = pair
    inc = write_everything(ana)
    ben.settle()
    entries = what_is_there(ben.session)[inc][1]
    (redacted,) = [entry for entry in entries if entry.redacted]
    assert (redacted.text, redacted.author) == ("", "ana")
    assert not ben.session.store.remotes.held()


def test_a_new_key_seals_and_whoever_lacks_it_sees_what_is_missing(
    pair: tuple[Device, Device],
) -> None:
    ana, ben = pair
    inc = write_everything(ana)
    ben.settle()
    keys = WorkspaceKeys((KEY,)).rotated(NEW_KEY)
    ana.read_as(SealedEnvelopes(keys, os.urandom))
    timeline.log(ana.session, inc, "under the new key")
    ana.settle()
    ben.settle()
    (held,) = ben.session.store.remotes.held()
    assert held.code == "no_key"
    assert keys.current in held.words
    assert "under the new key" not in texts(ben, inc)
    ben.read_as(SealedEnvelopes(keys, os.urandom))
    ben.session.store.remotes.release(ben.joined.ws)
    ben.settle()
    assert texts(ben, inc) == texts(ana, inc)
    assert not ben.session.store.remotes.held()


def test_an_event_that_was_sent_in_the_open_is_held_in_sight(pair: tuple[Device, Device]) -> None:
    ana, ben = pair
    inc = write_everything(ana)
    ben.settle()
    ana.read_as(OpenEnvelopes())
    timeline.log(ana.session, inc, "slipped out")
    ana.exchange.push()
    ben.settle()
    held = ben.session.store.remotes.held() or ana.session.store.remotes.held()
    assert [each.code for each in held] == ["unsealed"]
    assert "slipped out" not in texts(ben, inc)


def test_a_text_of_another_event_is_never_applied(
    served: Served, pair: tuple[Device, Device]
) -> None:
    ana, ben = pair
    inc = write_everything(ana)
    ben.settle()
    envelopes = SealedEnvelopes(WorkspaceKeys((KEY,)), os.urandom)
    op = next(record.op for record in ana.session.reads.ops(inc) if record.op.k == "entry.add")
    one, other = (envelopes.encode(replace(op, id=digit * 32)) for digit in "ef")
    swapped = one.replace(cipher_of(one), cipher_of(other))
    ana.client.push([swapped])
    ben.settle()
    (held,) = ben.session.store.remotes.held()
    assert (held.id, held.code) == ("e" * 32, "tampered")
    assert "e" * 32 not in {record.op.id for record in ben.session.reads.ops()}


def cipher_of(data: bytes) -> bytes:
    return data.partition(b'"c":"')[2].partition(b'"')[0]


def texts(device: Device, inc: str) -> list[str]:
    return [entry.text for entry in postmortems.read_timeline(device.session, inc)]
