"""The countdown in people's hands: moved, paused, resumed, slowed down; each is one act."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.config import Config
from cockpit.domain.cadence import ClockState, RingClock, clock, situation
from cockpit.domain.view import TimelineFilter
from cockpit.domain.vocabulary import Ring
from cockpit.errors import InvalidInputError
from cockpit.paths import Paths
from cockpit.service import promises
from cockpit.service.changes import set_field
from cockpit.service.incidents import Declaration, declare
from cockpit.service.session import Session, open_session
from cockpit.service.undo import redo, undo
from cockpit.service.updates import compose, sent
from tests.service.conftest import START, MovedClock


def _clock(session: Session, inc: str, ring: Ring = Ring.CUSTOMERS) -> RingClock:
    facts = situation(session.reads.view(inc))
    return clock(ring, facts, session.playbook, session.clock())


def _texts(session: Session, inc: str) -> list[str]:
    return [each.text for each in session.reads.timeline(inc, TimelineFilter(), 0, 999)]


@pytest.fixture
def told(session: Session, inc: str, clock: MovedClock) -> str:
    """An incident whose customers were promised an update by 09:30."""
    sent(session, compose(session, inc))
    assert _clock(session, inc).due_at == START + timedelta(minutes=30)
    clock.move(20)
    return inc


def test_a_moved_promise_is_what_counts(session: Session, told: str) -> None:
    to = START + timedelta(minutes=45)
    done = promises.extend(session, told, "customers", to, " the fix  is\nbeing tested ")
    assert (done.clock.due_at, done.clock.extended, done.warning) == (to, 1, "")
    assert done.clock.reason == "the fix is being tested"
    assert done.clock == _clock(session, told)
    assert _clock(session, told, Ring.EXECUTIVES).extended == 0
    assert any("the fix is being tested" in text for text in _texts(session, told))


def test_one_that_had_passed_was_missed(session: Session, told: str, clock: MovedClock) -> None:
    clock.move(15)
    late = _clock(session, told)
    assert late.state is ClockState.OVERDUE
    to = promises.later(late, 10, session.clock())
    assert to == START + timedelta(minutes=45)
    done = promises.extend(session, told, "customers", to, "the writer was away")
    assert done.clock.missed_at == START + timedelta(minutes=30)
    assert (done.clock.due_at, done.clock.extended) == (to, 0)


def test_an_extension_counts_from_the_deadline(session: Session, told: str) -> None:
    assert promises.later(_clock(session, told), 15, session.clock()) == START + timedelta(
        minutes=45
    )


def test_more_than_customers_should_wait_is_done_and_said(session: Session, told: str) -> None:
    to = START + timedelta(minutes=75)
    done = promises.extend(session, told, "customers", to, "the vendor sleeps")
    assert done.clock.due_at == to
    assert done.warning == (
        "That is 1 h 15 min after the last update; the playbook lets customers wait at most 1 h."
    )
    assert promises.extend(session, told, "executives", to, "same").warning == ""


def test_the_same_value_after_another_update_is_written_again(
    session: Session, told: str, clock: MovedClock
) -> None:
    to = START + timedelta(minutes=40)
    promises.extend(session, told, "customers", to, "first")
    clock.move(3)
    sent(session, compose(session, told, stage="no news"))
    assert _clock(session, told).extended == 0
    promises.extend(session, told, "customers", to, "second")
    assert (_clock(session, told).due_at, _clock(session, told).reason) == (to, "second")


@pytest.mark.parametrize(
    ("minutes", "reason", "wanted"),
    [(-1, "why", "has passed"), (45, "  ", "reason is needed"), (30, "why", "already")],
)
def test_what_cannot_be_is_refused(
    session: Session, told: str, minutes: int, reason: str, wanted: str
) -> None:
    before = session.reads.view(told).last_op
    to = START + timedelta(minutes=minutes)
    with pytest.raises(InvalidInputError, match=wanted):
        promises.extend(session, told, "customers", to, reason)
    assert session.reads.view(told).last_op == before


def test_a_wrong_audience_names_the_nearest(session: Session, told: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        promises.resume(session, told, "custmers")
    assert "customers" in f"{caught.value} {caught.value.hint}"


def test_a_reason_has_an_end(session: Session, told: str) -> None:
    with pytest.raises(InvalidInputError, match="at most 500"):
        promises.pause(session, told, "customers", "x" * 501)


def test_a_pause_lasts_until_somebody_ends_it(
    session: Session, told: str, clock: MovedClock
) -> None:
    done = promises.pause(session, told, "customers", "waiting for the vendor")
    assert (done.clock.state, done.clock.reason) == (ClockState.PAUSED, "waiting for the vendor")
    assert "tell them that updates pause" in done.warning
    clock.move(120)
    assert _clock(session, told).state is ClockState.PAUSED
    resumed = promises.resume(session, told, "customers").clock
    assert resumed.state is ClockState.ON_TIME
    assert resumed.due_at == session.clock() + timedelta(minutes=30)
    with pytest.raises(InvalidInputError, match="not paused"):
        promises.resume(session, told, "customers")


def test_a_pause_with_an_end_ends_by_itself(session: Session, told: str, clock: MovedClock) -> None:
    until = START + timedelta(minutes=50)
    done = promises.pause(session, told, "customers", "waiting for the vendor", until)
    assert (done.clock.paused_until, done.warning) == (until, "")
    clock.move(31)
    after = _clock(session, told)
    assert (after.state, after.due_at) == (ClockState.ON_TIME, until + timedelta(minutes=30))
    with pytest.raises(InvalidInputError, match="has passed"):
        promises.pause(session, told, "customers", "again", until)


def test_an_extension_ends_a_pause_in_the_same_act(session: Session, told: str) -> None:
    promises.pause(session, told, "customers", "waiting for the vendor")
    to = START + timedelta(minutes=45)
    done = promises.extend(session, told, "customers", to, "the vendor answered")
    assert (done.clock.state, done.clock.due_at) == (ClockState.ON_TIME, to)
    assert undo(session, told).startswith("Undone: the new time of the update to customers")
    assert _clock(session, told).state is ClockState.PAUSED


def test_a_slower_rhythm_and_back(session: Session, told: str) -> None:
    view, now = session.reads.view(told), session.clock()
    assert promises.slower_rhythm(view, session.playbook, "customers", now) == 60
    done = promises.set_rhythm(session, told, "customers", 60, "nothing new is expected")
    assert (done.clock.every, done.clock.slowed) == (60, True)
    assert promises.slower_rhythm(done.view, session.playbook, "customers", now) == 0
    back = promises.set_rhythm(session, told, "customers", 0, "")
    assert (back.clock.every, back.clock.slowed) == (30, False)
    with pytest.raises(InvalidInputError, match="holds already"):
        promises.set_rhythm(session, told, "customers", 0, "")


@pytest.mark.parametrize(
    ("audience", "minutes", "wanted"),
    [
        ("customers", 90, "at most 60 min"),
        ("customers", 10, "every 30 min"),
        ("executives", -5, "number of minutes"),
        ("executives", 99_999, "number of minutes"),
    ],
)
def test_a_rhythm_that_cannot_be_is_refused(
    session: Session, told: str, audience: str, minutes: int, wanted: str
) -> None:
    with pytest.raises(InvalidInputError, match=wanted):
        promises.set_rhythm(session, told, audience, minutes, "why")


def test_inside_a_slower_step_goes_beyond_the_hour(session: Session, told: str) -> None:
    view = session.reads.view(told)
    assert promises.slower_rhythm(view, session.playbook, "executives", session.clock()) == 120
    assert promises.slower_rhythm(view, session.playbook, "nobody", session.clock()) == 0


@pytest.mark.parametrize("what", ["extend", "pause", "rhythm"])
def test_each_is_one_act_with_undo_and_redo(session: Session, told: str, what: str) -> None:
    before = _clock(session, told)
    if what == "extend":
        promises.extend(session, told, "customers", START + timedelta(minutes=45), "why")
    elif what == "pause":
        promises.pause(session, told, "customers", "why")
    else:
        promises.set_rhythm(session, told, "customers", 60, "why")
    decided = _clock(session, told)
    assert decided != before
    assert undo(session, told).endswith("customers")
    undone = _clock(session, told)
    assert (undone.state, undone.due_at, undone.every) == (
        before.state,
        before.due_at,
        before.every,
    )
    redo(session, told)
    again = _clock(session, told)
    assert (again.state, again.due_at, again.every) == (
        decided.state,
        decided.due_at,
        decided.every,
    )


def test_what_is_done_again_does_not_read_as_undone(session: Session, told: str) -> None:
    promises.extend(session, told, "customers", START + timedelta(minutes=45), "a test runs")
    set_field(session, told, "severity", "SEV1")
    said = _texts(session, told)[-2:]
    for _ in range(2):
        undo(session, told)
        undo(session, told)
        assert all(each.endswith("(undone)") for each in _texts(session, told)[-2:])
        redo(session, told)
        redo(session, told)
        moved, severity = _texts(session, told)[-2:]
        assert moved == said[0]
        assert severity == f"{said[1]} (done again)"


def test_what_is_over_is_refused_in_words(session: Session, told: str) -> None:
    set_field(session, told, "status", "resolved")
    to = session.clock() + timedelta(minutes=9)
    for act in (
        lambda: promises.extend(session, told, "customers", to, "why"),
        lambda: promises.pause(session, told, "customers", "why"),
        lambda: promises.resume(session, told, "customers"),
        lambda: promises.set_rhythm(session, told, "customers", 60, "why"),
    ):
        with pytest.raises(InvalidInputError, match="is over: no update is due"):
            act()


def test_a_worse_severity_brings_the_playbook_s_rhythm_back(
    session: Session, told: str, clock: MovedClock
) -> None:
    promises.set_rhythm(session, told, "customers", 60, "nothing new is expected")
    clock.move(1)
    set_field(session, told, "severity", "1")
    assert (_clock(session, told).every, _clock(session, told).slowed) == (15, False)


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["extend", "pause", "pause until", "resume", "rhythm", "send", "undo"]),
        st.integers(1, 90),
    ),
    max_size=8,
)


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(_STEPS)
def test_after_a_restart_the_countdown_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    home: Path = tmp_path_factory.mktemp("home")
    paths, now = Paths(home, home), MovedClock()
    with open_session(paths, Config(author="ops"), clock=now) as session:
        inc = declare(session, Declaration("Checkout fails", "SEV2")).id
        for what, minutes in steps:
            now.move(minutes)
            _try(session, inc, what, minutes)
        before = {ring: _clock(session, inc, ring) for ring in Ring}
        summary = session.reads.summaries()[0]
        assert summary.plans == session.reads.view(inc).plans
    with open_session(paths, Config(author="ops"), clock=now) as session:
        assert {ring: _clock(session, inc, ring) for ring in Ring} == before
        now.move(40)
        # Forty minutes without the program move every deadline by nothing, and the time left by 40.
        for ring, each in before.items():
            after = _clock(session, inc, ring)
            if each.due_at is not None and after.due_at == each.due_at:
                moved = each.remaining(session.clock() - timedelta(minutes=40))
                assert moved - after.remaining(session.clock()) == timedelta(minutes=40)


def _try(session: Session, inc: str, what: str, minutes: int) -> None:
    """Do it, or be refused in words."""
    ahead = session.clock() + timedelta(minutes=minutes)
    with suppress(InvalidInputError):
        if what == "extend":
            promises.extend(session, inc, "customers", ahead, "why")
        elif what.startswith("pause"):
            promises.pause(session, inc, "customers", "why", ahead if "until" in what else None)
        elif what == "resume":
            promises.resume(session, inc, "customers")
        elif what == "rhythm":
            promises.set_rhythm(session, inc, "executives", minutes, "why")
        elif what == "send":
            sent(session, compose(session, inc, stage="no news"))
        else:
            undo(session, inc)


def test_a_clock_put_back_keeps_the_promised_time(
    session: Session, told: str, clock: MovedClock
) -> None:
    to = START + timedelta(minutes=45)
    promises.extend(session, told, "customers", to, "why")
    clock.move(-15)
    back = _clock(session, told)
    assert (back.due_at, back.state) in (
        (to, ClockState.ON_TIME),
        (START + timedelta(minutes=30), ClockState.ON_TIME),
    )
    clock.move(15 + 30)
    assert (_clock(session, told).due_at, _clock(session, told).state) == (to, ClockState.OVERDUE)


def test_times_are_stored_in_utc_whatever_the_zone_shown(session: Session, told: str) -> None:
    from zoneinfo import ZoneInfo

    to = datetime(2026, 3, 4, 10, 45, tzinfo=ZoneInfo("Europe/Berlin"))
    promises.extend(session, told, "customers", to, "why")
    register = session.reads.register(told, "", "promise.customers")
    assert register is not None
    assert register.value == "2026-03-04T09:45:00+00:00"
    assert _clock(session, told).due_at == to.astimezone(UTC)


def test_an_extension_taken_back_is_not_counted(session: Session, told: str) -> None:
    first, second = (START + timedelta(minutes=each) for each in (40, 50))
    promises.extend(session, told, "customers", first, "a test runs")
    promises.extend(session, told, "customers", second, "it runs longer")
    undo(session, told)
    once = _clock(session, told)
    assert (once.due_at, once.extended, once.reason) == (first, 1, "a test runs")
    undo(session, told)
    assert (_clock(session, told).due_at, _clock(session, told).extended) == (
        START + timedelta(minutes=30),
        0,
    )


def test_a_move_that_is_undone_and_done_again_counts_once(session: Session, told: str) -> None:
    to = START + timedelta(minutes=40)
    promises.extend(session, told, "customers", to, "a test runs")
    for _ in range(2):
        undo(session, told)
        assert _clock(session, told).extended == 0
        redo(session, told)
        again = _clock(session, told)
        assert (again.due_at, again.extended, again.reason) == (to, 1, "a test runs")


def test_undo_does_not_bring_back_a_time_of_an_earlier_update(
    session: Session, told: str, clock: MovedClock
) -> None:
    promises.extend(session, told, "customers", START + timedelta(minutes=40), "a test runs")
    clock.move(10)
    sent(session, compose(session, told, stage="no news"))
    promised = _clock(session, told).due_at
    assert promised == START + timedelta(minutes=60)
    promises.extend(session, told, "customers", START + timedelta(minutes=70), "it runs longer")
    undo(session, told)
    assert (_clock(session, told).due_at, _clock(session, told).extended) == (promised, 0)


def test_a_pause_that_undo_brings_back_has_its_reason(session: Session, told: str) -> None:
    promises.pause(session, told, "customers", "waiting for the vendor")
    promises.resume(session, told, "customers")
    undo(session, told)
    again = _clock(session, told)
    assert (again.state, again.reason) == (ClockState.PAUSED, "waiting for the vendor")
