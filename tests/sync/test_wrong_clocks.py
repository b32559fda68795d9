"""A machine with a wrong clock, a right one, and a real server: the countdown of all is right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.domain.cadence import RingClock, clocks
from cockpit.domain.vocabulary import Ring
from cockpit.paths import Paths
from cockpit.service import incidents, people, promises, timeline, updates
from cockpit.service.session import Session, open_session, wall_clock
from cockpit.store.integrity import differing_projections
from cockpit.sync.sealing import OpenEnvelopes
from tests.store.store_events import whole
from tests.sync.served import Device, Served, make_workspace, serve

DAY, YEAR = timedelta(days=1), timedelta(days=365)
SOON = timedelta(minutes=2)
"""More than a test takes, and much less than the clocks differ."""


def open_machine(home: Path, name: str, off: timedelta = timedelta()) -> Session:
    """Open somebody's cockpit on a machine whose clock is wrong by `off`."""
    config = Config(author=name)
    return open_session(Paths(home, home), config, clock=lambda: wall_clock() + off, author=name)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def owner(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Device]:
    with open_machine(tmp_path_factory.mktemp("owner"), "ana") as session:
        device = Device(
            session, make_workspace(served, session, sealed=False), served.url, OpenEnvelopes()
        )
        yield device
        device.client.close()


@pytest.fixture(scope="module")
def declared(owner: Device) -> list[str]:
    """Incidents from before anybody spoke whose clock is wrong: stamps follow by up to 5 s."""
    made = [incidents.declare(owner.session, incidents.Declaration("x")) for _ in range(4)]
    owner.settle()
    return [each.id for each in made]


@pytest.fixture(params=[YEAR, DAY, -DAY, -YEAR], ids=lambda off: f"{off.days} days")
def wrong(
    request: pytest.FixtureRequest,
    served: Served,
    owner: Device,
    declared: list[str],
    tmp_path: Path,
) -> Iterator[Device]:
    """A machine whose clock is wrong, and who has heard the server."""
    with ExitStack() as stack:
        name = f"ben {tmp_path.name}"
        session = stack.enter_context(open_machine(tmp_path, name, request.param))
        joined = owner.invite(name, session)
        device = Device(session, joined, served.url, OpenEnvelopes())
        device.settle()
        yield device
        device.client.close()


def countdown(session: Session, inc: str, ring: Ring = Ring.CUSTOMERS) -> RingClock:
    """Return a countdown as a machine with a right clock shows it in a moment."""
    now = wall_clock() + timedelta(seconds=2)
    found = clocks(session.reads.view(inc), session.playbook, now)
    return next(each for each in found if each.ring is ring)


def is_now(at: datetime | None) -> bool:
    return at is not None and abs(at - wall_clock()) < SOON


def settle(*devices: Device) -> None:
    for each in devices:
        each.settle()


def alike(one: Device, other: Device, inc: str) -> bool:
    """Say whether both machines, and what each makes of the events alone, say the same."""
    sessions = one.session, other.session
    assert [differing_projections(each.store._connection) for each in sessions] == [(), ()]
    views = [each.reads.view(inc) for each in sessions]
    entries = [whole(each.store, inc) for each in sessions]
    return views[0] == views[1] and entries[0] == entries[1]


def test_an_incident_that_it_declares_begins_now(owner: Device, wrong: Device) -> None:
    inc = incidents.declare(wrong.session, incidents.Declaration("Checkout fails")).id
    settle(wrong, owner)
    view = owner.session.reads.view(inc)
    assert is_now(view.declared_at)
    assert is_now(view.started_at)
    (line,) = (each for each in owner.session.reads.summaries() if each.id == inc)
    assert is_now(line.declared_at)
    assert is_now(line.last_activity)
    due_at = countdown(owner.session, inc).due_at
    assert due_at is not None
    assert due_at - view.declared_at <= timedelta(hours=1)
    assert alike(owner, wrong, inc)


def test_what_it_marks_as_sent_and_told_misleads_nobodys_countdown(
    owner: Device, wrong: Device
) -> None:
    inc = incidents.declare(owner.session, incidents.Declaration("Checkout fails")).id
    settle(owner, wrong)
    session = wrong.session
    text = updates.compose(session, inc, stage="investigating")
    assert text.next_at is not None
    updates.sent(session, text)
    people.tell_waiting(session, inc)
    settle(wrong, owner)
    shown = countdown(owner.session, inc)
    assert is_now(shown.last_at)
    assert shown.due_at is not None
    # People read a time of day, which is that of a clock wrong by whole days, too.
    assert f"{shown.due_at:%H:%M}" in text.text
    assert timedelta() < shown.due_at - wall_clock() < timedelta(hours=2)
    view = owner.session.reads.view(inc)
    assert view.told
    assert all(is_now(each.at) for each in view.told)
    assert is_now(view.messages[-1].at)
    (line,) = (each for each in owner.session.reads.summaries() if each.id == inc)
    assert is_now(line.last_sent["customers"])
    assert line.promised["customers"] == shown.due_at
    assert all(is_now(each.recorded_at) for each in whole(owner.session.store, inc))
    assert alike(owner, wrong, inc)


def test_a_promise_that_it_moves_is_moved_by_as_much(
    owner: Device, wrong: Device, declared: list[str]
) -> None:
    inc = declared.pop()
    settle(owner, wrong)
    session = wrong.session
    to = session.clock().replace(second=0, microsecond=0) + timedelta(minutes=50)
    promises.extend(session, inc, "customers", to, "the vendor answers then")
    settle(wrong, owner)
    due_at = countdown(owner.session, inc).due_at
    assert due_at is not None
    assert timedelta(minutes=45) < due_at - wall_clock() <= timedelta(minutes=50)
    assert alike(owner, wrong, inc)


def test_what_a_person_typed_stays(owner: Device, wrong: Device) -> None:
    inc = incidents.declare(owner.session, incidents.Declaration("Checkout fails")).id
    settle(owner, wrong)
    typed = wall_clock().replace(microsecond=0) - timedelta(hours=1)
    entry = timeline.log(wrong.session, inc, "errors began", at=typed)
    settle(wrong, owner)
    found = owner.session.reads.entry(inc, entry.id)
    assert found is not None
    assert found.at == typed
    assert is_now(found.recorded_at)
    assert alike(owner, wrong, inc)


def test_what_it_wrote_before_it_heard_the_server_is_set_right_once_it_does(
    owner: Device, served: Served, tmp_path: Path
) -> None:
    """Nothing was measured; only a clock ahead can be told by its receipt."""
    with open_machine(tmp_path, "cy", YEAR) as session:
        joined = owner.invite("cy", session)
        device = Device(session, joined, served.url, OpenEnvelopes())
        inc = incidents.declare(session, incidents.Declaration("Checkout fails")).id
        updates.sent(session, updates.compose(session, inc))
        entry = timeline.log(session, inc, "CPU at 95 %")
        assert not is_now(countdown(session, inc).last_at)
        device.settle()
        owner.settle()
        for each in (session, owner.session):
            assert is_now(countdown(each, inc).last_at)
            found = each.reads.entry(inc, entry.id)
            assert found is not None
            assert is_now(found.at)
        assert alike(owner, device, inc)
        device.client.close()
