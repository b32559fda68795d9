"""The largest event that may be written is taken by a real server, in the open and sealed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cockpit.domain.envelope import MAX_BYTES, encode_op
from cockpit.domain.events import EntryAdded
from cockpit.domain.wire import MAX_ENVELOPE_BYTES
from cockpit.errors import InvalidInputError
from cockpit.service import incidents
from cockpit.store.database import NewEvent
from cockpit.sync.keys import WorkspaceKeys
from cockpit.sync.sealing import OpenEnvelopes, SealedEnvelopes
from tests.service.bundle_copies import START, open_copy
from tests.store.store_events import whole
from tests.sync.served import Device, make_workspace, serve


@pytest.fixture(params=[False, True], ids=["open", "sealed"])
def pair(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Device, Device]]:
    """Two members of a workspace, open or encrypted."""
    kind = SealedEnvelopes(WorkspaceKeys((b"k" * 32,)), os.urandom)
    envelopes = kind if request.param else OpenEnvelopes()
    with ExitStack() as stack:
        served = stack.enter_context(serve(tmp_path))
        ana, ben = (stack.enter_context(open_copy(tmp_path, name)) for name in ("ana", "ben"))
        joined = make_workspace(served, ana, sealed=request.param)
        first = Device(ana, joined, served.url, envelopes)
        second = Device(ben, first.invite("ben", ben), served.url, envelopes)
        yield first, second
        first.client.close()
        second.client.close()


def test_the_largest_event_is_taken_and_a_larger_one_is_refused_before_it_is_written(
    pair: tuple[Device, Device],
) -> None:
    ana, ben = pair
    inc = incidents.declare(ana.session, incidents.Declaration("Checkout fails")).id
    ana.settle()

    def note(characters: int) -> int:
        """Return the bytes of an event with a text of that length."""
        event = NewEvent(inc, EntryAdded(START, "x" * characters))
        (op,) = ana.session.write(lambda _: [event])
        return len(encode_op(op))

    room = MAX_BYTES - note(0)
    with pytest.raises(InvalidInputError, match="65,537 bytes; one event holds at most 65,536"):
        note(room + 1)
    assert note(room) == MAX_BYTES
    ana.settle()
    ben.settle()
    assert ana.session.store.remotes.held() == ()
    assert ana.session.store.remotes.standing(ana.joined.ws).unsent == 0
    assert room in {len(each.text) for each in whole(ben.session.store, inc)}


@pytest.mark.parametrize("over", [0, 1])
def test_the_server_holds_the_same_bounds(pair: tuple[Device, Device], over: int) -> None:
    """Whoever asks it without this program meets them, too."""
    ana, _ = pair
    most = MAX_ENVELOPE_BYTES if ana.joined.sealed else MAX_BYTES
    field = b'"c":"%s"' if ana.joined.sealed else b'"d":{"text":"%s"},"k":"entry.add"'
    head = b'{"v":1,"id":"%s","inc":"%s","t":"019a2f3c4d5e-0003-ab12cd34","dev":"ab12cd34",'
    raw = head % (b"1" * 32, b"2" * 32) + b'"by":"ana",' + field + b"}"
    raw %= b"x" * (most + over - len(raw) + 2)
    assert len(raw) == most + over
    answer = ana.client.push([raw])
    assert [each.code for each in answer.rejected] == ["too_large"] * over
    assert answer.acks == (1 - over,)
