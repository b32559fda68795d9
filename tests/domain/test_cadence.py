"""Cadence: the promise counts, then the rhythm, then the first word."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.cadence import ClockState, clocks, next_promise, situation
from cockpit.domain.cadence_report import kept_words, report
from cockpit.domain.envelope import Record
from cockpit.domain.fold import fold
from cockpit.domain.playbook import Playbook
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import MessageState, PublicStatus, Ring, Severity
from tests.domain.incident_events import START, default_playbook, field, minutes, opened, update


@pytest.fixture(scope="module")
def playbook() -> Playbook:
    return default_playbook()


def _customers(view: IncidentView, playbook: Playbook, now: datetime):  # type: ignore[no-untyped-def]
    return next(each for each in clocks(view, playbook, now) if each.ring is Ring.CUSTOMERS)


def _sev1(*records: Record) -> IncidentView:
    return fold([opened(severity="SEV1"), *records]).view


def test_the_first_word_is_due_five_minutes_after_a_sev1_is_declared(playbook: Playbook) -> None:
    clock = _customers(_sev1(), playbook, minutes(1))
    assert (clock.due_at, clock.state, clock.promised) == (minutes(5), ClockState.ON_TIME, False)
    assert _customers(_sev1(), playbook, minutes(5)).state is ClockState.OVERDUE


def test_the_printed_promise_counts_and_not_the_rhythm(playbook: Playbook) -> None:
    view = _sev1(update(2, "We are aware.", minutes(3), next_at=minutes(40)))
    clock = _customers(view, playbook, minutes(42))
    assert (clock.due_at, clock.promised) == (minutes(40), True)
    assert clock.remaining(minutes(42)) == timedelta(minutes=-2)


def test_copied_is_not_sent(playbook: Playbook) -> None:
    view = _sev1(update(2, "We are aware.", minutes(3), state="copied", next_at=minutes(40)))
    assert _customers(view, playbook, minutes(4)).due_at == minutes(5)


def test_a_resolved_incident_owes_nothing(playbook: Playbook) -> None:
    view = _sev1(field(2, "status", "resolved", minutes(3)))
    assert {each.state for each in clocks(view, playbook, minutes(90))} == {ClockState.NONE}


@given(
    st.sampled_from(list(Severity)),
    st.sampled_from(list(PublicStatus)[:3]),
    st.datetimes(START.replace(tzinfo=None), (START + timedelta(days=3)).replace(tzinfo=None)),
)
def test_a_promise_is_later_than_now_and_within_the_rhythm(
    severity: Severity, status: PublicStatus, moment: datetime
) -> None:
    playbook, now = default_playbook(), moment.replace(tzinfo=START.tzinfo)
    view = fold([opened(severity=severity.value), field(2, "status", status.value, START)]).view
    at = next_promise(situation(view), playbook, "customers", now)
    rule = playbook.rule(severity, Ring.CUSTOMERS)
    every = getattr(rule, status.value) if rule else 0
    if not every:
        assert at is None
        return
    assert at is not None
    assert now < at <= now + timedelta(minutes=min(every, 60))


SENT = st.lists(st.tuples(st.integers(1, 300), st.none() | st.integers(1, 90)), max_size=8)


@given(st.sampled_from(list(Severity)), SENT, st.integers(0, 400))
def test_the_countdown_agrees_with_a_slow_reference(
    severity: Severity, sent: list[tuple[int, int | None]], now_minute: int
) -> None:
    playbook, now = default_playbook(), minutes(now_minute)
    records = [
        update(10 + place, "x", minutes(at), next_at=minutes(at + ahead) if ahead else None)
        for place, (at, ahead) in enumerate(sent)
    ]
    view = fold([opened(severity=severity.value), *records]).view
    assert _customers(view, playbook, now).due_at == _slow_deadline(view, playbook)


def _slow_deadline(view: IncidentView, playbook: Playbook) -> datetime | None:
    rule = next(
        (r for r in playbook.cadence if (r.severity, r.ring) == (view.severity.value, "customers")),
        None,
    )
    last = None
    for message in view.messages:
        if message.msg.state is MessageState.SENT and message.msg.audience == "customers":
            last = message
    if last is None:
        return START + timedelta(minutes=rule.first) if rule and rule.first else None
    if last.msg.next_at:
        return last.msg.next_at
    every = min(rule.investigating, 60) if rule else 0
    return last.at + timedelta(minutes=every) if every else None


def test_the_report_counts_promises_kept_and_missed(playbook: Playbook) -> None:
    view = _sev1(
        update(2, "one", minutes(4), next_at=minutes(20)),
        update(3, "two", minutes(19), next_at=minutes(30)),
        update(4, "three", minutes(37), next_at=minutes(60)),
        field(5, "status", "resolved", minutes(50)),
    )
    found = report(view, playbook)
    ring = found.ring(Ring.CUSTOMERS)
    assert ring is not None
    assert (ring.updates, ring.kept, ring.missed) == (3, 2, 1)
    assert ring.first_word == timedelta(minutes=4)
    assert ring.longest_silence == timedelta(minutes=18)
    assert found.promises == 2


def test_the_report_is_said_in_a_few_words(playbook: Playbook) -> None:
    texts = [(6, 20), (20, 40), (62, 80)]
    records = [opened(severity="SEV1")]
    for place, (at, by) in enumerate(texts):
        records.append(update(10 + place, "We know.", minutes(at), next_at=minutes(by)))
    records.append(field(30, "status", "resolved", minutes(70)))
    assert kept_words(report(fold(records).view, playbook)) == (
        "1 of 3 deadlines kept",
        "longest silence 42 min",
        "first word after 6 min",
    )
    silent = fold([opened(), field(30, "status", "resolved", minutes(70))]).view
    assert kept_words(report(silent, playbook)) == ("no update was sent to customers",)
