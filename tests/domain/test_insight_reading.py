"""What is read out of an incident's traces: times that held, promises as the report has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cockpit.domain.insight_facts import IncidentFacts, Measure, SentWord, Step, Traces
from cockpit.domain.insight_reading import read_facts
from cockpit.domain.ring_plan import Pause, PromiseMove, RingPlan
from cockpit.domain.view import ActionItem
from cockpit.domain.vocabulary import PublicStatus, Severity, Stage
from tests.domain.incident_events import START, default_playbook, minutes

NOW = minutes(600)


def read(**fields: Any) -> IncidentFacts:
    values = {
        "severity": Severity.SEV2,
        "status": PublicStatus.INVESTIGATING,
        "stage": Stage.DETECTED,
        "started": START,
        "declared": minutes(10),
        **fields,
    }
    return read_facts(Traces("i", "INC-1", "Title", **values), default_playbook(), NOW)


def stages(*steps: tuple[float, str]) -> tuple[Step, ...]:
    return tuple(Step("stage", value, minutes(at)) for at, value in steps)


def after(found: IncidentFacts, measure: Measure) -> float | None:
    span = found.span(measure)
    return None if span is None else span / timedelta(minutes=1)


def test_detection_is_the_first_that_anybody_saw() -> None:
    assert after(read(), Measure.DETECT) == 10
    assert after(read(observed=minutes(4)), Measure.DETECT) == 4
    assert after(read(observed=minutes(14)), Measure.DETECT) == 10
    assert after(read(declared=START), Measure.DETECT) is None
    assert after(read(observed=minutes(-5)), Measure.DETECT) is None
    assert after(read(source="statuspage"), Measure.DETECT) is None
    assert after(read(source="postmortem", observed=minutes(4)), Measure.DETECT) == 4
    over = {"status": PublicStatus.RESOLVED, "resolved": minutes(9)}
    assert after(read(**over), Measure.DETECT) is None
    assert after(read(**over, observed=minutes(4)), Measure.DETECT) == 4


def test_a_stage_counts_from_when_it_held() -> None:
    steps = stages((5, "acknowledged"), (20, "contained"), (25, "acknowledged"), (40, "fixed"))
    found = read(steps=steps)
    assert after(found, Measure.ACKNOWLEDGE) == 5
    assert after(found, Measure.CONTAIN) == 40
    back = read(steps=stages((5, "acknowledged"), (9, "detected")))
    assert after(back, Measure.ACKNOWLEDGE) is None


def test_steps_are_taken_in_order_of_time() -> None:
    found = read(steps=stages((40, "contained"), (5, "acknowledged")))
    assert after(found, Measure.CONTAIN) == 40


def test_a_jump_over_a_stage_says_nothing_of_it() -> None:
    found = read(steps=stages((30, "resolved")))
    assert after(found, Measure.ACKNOWLEDGE) is None
    assert after(found, Measure.CONTAIN) is None
    assert after(read(steps=stages((30, "worked-around"))), Measure.CONTAIN) == 30
    assert after(read(steps=stages((30, "sabotaged"))), Measure.CONTAIN) is None


def test_an_imported_record_that_begins_with_something_says_nothing_of_it() -> None:
    sent = (SentWord(START),)
    assert after(read(sent=sent), Measure.FIRST_WORD) == 0
    assert after(read(sent=sent, source="statuspage"), Measure.FIRST_WORD) is None


def test_only_open_debt_is_owed() -> None:
    items = [
        ActionItem(state, "x", kind="debt", state=state) for state in ("open", "done", "dropped")
    ]
    assert [each.id for each in read(debts=tuple(items)).debts] == ["open"]


@pytest.mark.parametrize(
    ("sent", "kept", "missed"),
    [
        ([], 0, 0),
        ([(5, None)], 0, 0),
        ([(5, 20), (20, None)], 1, 0),
        ([(5, 20), (21, None)], 0, 1),
        ([(5, 20), (15, 30), (40, None)], 1, 1),
        ([(5, 5), (40, None)], 0, 0),
        ([(5, 20)], 0, 1),
        ([(5, 700)], 0, 0),
    ],
)
def test_promises_are_kept_by_the_next_word(
    sent: list[tuple[float, float | None]], kept: int, missed: int
) -> None:
    words = tuple(
        SentWord(minutes(at), None if next_at is None else minutes(next_at)) for at, next_at in sent
    )
    found = read(sent=words)
    assert (found.kept, found.missed) == (kept, missed)


def test_nothing_is_owed_once_it_is_over() -> None:
    steps = (Step("status", "resolved", minutes(15)),)
    over = {"status": PublicStatus.RESOLVED, "resolved": minutes(15), "steps": steps}
    found = read(sent=(SentWord(minutes(5), minutes(20)), SentWord(minutes(50))), **over)
    assert (found.kept, found.missed) == (0, 0)
    assert found.over == minutes(15)


def test_moved_and_paused_promises_are_those_of_the_countdown() -> None:
    sent = (SentWord(minutes(5), minutes(20)), SentWord(minutes(35)))
    moved = RingPlan(moves=(PromiseMove(minutes(18), minutes(40)),))
    late = RingPlan(moves=(PromiseMove(minutes(22), minutes(40)),))
    paused = RingPlan(pauses=(Pause(minutes(15), None),))
    results = [read(sent=sent, plan=plan) for plan in (None, moved, late, paused)]
    assert [(each.kept, each.missed) for each in results] == [(0, 1), (1, 0), (0, 1), (0, 0)]
