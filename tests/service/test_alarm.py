"""The alarm: once for each missed promise, also after a clock that jumped."""

from __future__ import annotations

import tomllib
from datetime import timedelta

from msgspec.structs import replace

from cockpit.domain.playbook_merge import load_playbook
from cockpit.domain.ring_plan import Pause, PromiseMove, RingPlan
from cockpit.resources import data_file
from cockpit.service.alarm import Alarm
from tests.app.world import NOW, make_summary


def make_alarm() -> Alarm:
    return Alarm(load_playbook(tomllib.loads(data_file("playbook.toml")), None))


def test_it_rings_once_for_a_missed_promise():
    alarm = make_alarm()
    alarm.know([make_summary(1, "Payments", due=5), make_summary(2, "Search", due=50)])
    assert alarm.ring(NOW) == ()
    assert [each.number for each in alarm.ring(NOW + timedelta(minutes=6))] == [1]
    assert alarm.ring(NOW + timedelta(minutes=7)) == ()


def test_it_rings_after_a_suspended_laptop_wakes_up_late():
    alarm = make_alarm()
    alarm.know([make_summary(1, "Payments", due=5)])
    assert [each.number for each in alarm.ring(NOW + timedelta(hours=9))] == [1]


def test_a_new_promise_that_is_missed_rings_again():
    alarm = make_alarm()
    alarm.know([make_summary(1, "Payments", due=5)])
    alarm.ring(NOW + timedelta(minutes=6))
    alarm.know([make_summary(1, "Payments", due=30)])
    assert alarm.ring(NOW + timedelta(minutes=20)) == ()
    assert len(alarm.ring(NOW + timedelta(minutes=31))) == 1


def test_a_past_incident_never_rings():
    alarm = make_alarm()
    alarm.know([make_summary(1, "Payments", lasted=5)])
    assert alarm.ring(NOW + timedelta(days=3)) == ()


def test_a_pause_is_silent_and_what_follows_it_rings():
    alarm = make_alarm()
    late = make_summary(1, "Payments", due=5)
    until = NOW + timedelta(minutes=20)
    paused = replace(late, plans={"customers": RingPlan(pauses=(Pause(NOW, until),))})
    alarm.know([paused])
    assert alarm.ring(NOW + timedelta(minutes=19)) == ()
    # After the pause an update is due one interval later: 15 minutes for this severity.
    assert alarm.ring(NOW + timedelta(minutes=34)) == ()
    assert len(alarm.ring(NOW + timedelta(minutes=36))) == 1


def test_a_moved_promise_rings_at_its_new_time():
    alarm = make_alarm()
    late = make_summary(1, "Payments", due=5)
    alarm.know([late])
    assert len(alarm.ring(NOW + timedelta(minutes=6))) == 1
    move = PromiseMove(NOW + timedelta(minutes=7), NOW + timedelta(minutes=20), "ops", "why")
    moved = replace(late, plans={"customers": RingPlan(moves=(move,))})
    alarm.know([moved])
    assert alarm.ring(NOW + timedelta(minutes=19)) == ()
    assert len(alarm.ring(NOW + timedelta(minutes=21))) == 1
    assert alarm.ring(NOW + timedelta(minutes=22)) == ()


def test_a_clock_put_back_does_not_ring_a_second_time():
    alarm = make_alarm()
    alarm.know([make_summary(1, "Payments", due=5)])
    assert len(alarm.ring(NOW + timedelta(minutes=6))) == 1
    assert alarm.ring(NOW - timedelta(minutes=30)) == ()
    assert alarm.ring(NOW + timedelta(minutes=6)) == ()
