"""Insights over many incidents agree with plain SQL, and cost not much more."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from benchmarks.plain_stats import Range, plain_debts, plain_figures
from cockpit.domain.events import ComponentChange, EntryAdded, FieldSet, Message
from cockpit.domain.insight_period import Stretch
from cockpit.domain.insight_reading import read_facts
from cockpit.domain.insights import Dimension, Insights, Wish, count_insights
from cockpit.domain.vocabulary import MessageState, Severity, Stage
from cockpit.store.database import NewEvent, Store
from tests.domain.incident_events import default_playbook
from tests.store.store_events import START, open_store, opened

GENEROUS = 6.0
"""The promise is three times; this allows for a machine that does other things meanwhile."""

STAGES = (Stage.ACKNOWLEDGED, Stage.CONTAINED, Stage.FIXED)
NOW = START + timedelta(days=1)
EVER = Range(START - timedelta(days=2000), NOW)


def life(number: int, rng: random.Random) -> list[NewEvent]:
    """Return the events of an incident: 20 entries, 5 updates, 5 changes, 2 action items."""
    begin = START - timedelta(hours=7 * number)
    inc = f"{number:032x}"

    def at(minute: float) -> datetime:
        return begin + timedelta(minutes=minute)

    severity = rng.choice(list(Severity)).value
    bodies: list[object] = [
        opened(f"Incident {number}", number=number, at=begin, severity=severity)
    ]
    bodies += [
        EntryAdded(at(rng.randint(1, 30)), "seen", rng.choice(("observation", "note")))
        for _ in range(20)
    ]
    component = ComponentChange(f"Service {number % 7}", "major_outage")
    for place in range(5):
        promised = at(10 * place + rng.choice((12, 25))) if place < 4 else None
        msg = Message(MessageState.SENT, "customers", next_at=promised, components=(component,))
        bodies.append(EntryAdded(at(10 * place + 5), "text", "communication", msg))
    bodies += [
        FieldSet("stage", stage.value, at=at(rng.randint(1, 10) + 10 * place))
        for place, stage in enumerate(STAGES)
    ]
    bodies.append(FieldSet("status", "resolved", at=at(50)))
    bodies.append(FieldSet("area", rng.choice(("orders", "accounts", "platform"))))
    for place, kind in enumerate(("debt", "prevent")):
        bodies.append(FieldSet("title", "Work", obj=f"act:{place}"))
        bodies.append(FieldSet("kind", kind, obj=f"act:{place}"))
    return [NewEvent(inc, body) for body in bodies]


def fill(store: Store, count: int) -> None:
    rng = random.Random(7)
    for first in range(0, count, 50):
        events = [
            each
            for number in range(first, min(count, first + 50))
            for each in life(number + 1, rng)
        ]
        store.write(lambda _, events=events: events, author="ops")


def ask_plainly(store: Store) -> tuple[dict[str, Any], Sequence[tuple[Any, ...]]]:
    """Return the figures and the open debt, asked as statements for each."""
    ask = store._connection.rows
    return plain_figures(ask, EVER), plain_debts(ask, EVER)


def count_all(store: Store) -> Insights:
    playbook = default_playbook()
    facts = [read_facts(each, playbook, NOW) for each in store.reads.traces()]
    stretch = Stretch(EVER.since, EVER.until)
    return count_insights(facts, Wish(stretch, "week"), playbook, NOW)


def seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


@pytest.fixture(scope="module", params=[200, pytest.param(1_000, marks=pytest.mark.slow)])
def many(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Store]:
    with open_store(Path(tmp_path_factory.mktemp("many")) / "cockpit.sqlite") as store:
        fill(store, request.param)
        yield store


def test_figures_agree_with_plain_sql(many: Store) -> None:
    (plain, debts), found = ask_plainly(many), count_all(many)
    for each in found.measures:
        count, median, p90 = plain[each.measure.value]
        assert len(each.cases) == count
        assert each.median is not None
        assert each.p90 is not None
        assert each.median.total_seconds() == pytest.approx(median, abs=0.1)
        assert each.p90.total_seconds() == pytest.approx(p90, abs=0.1)
    assert plain["promises"] == [(found.promises.kept, found.promises.missed)]
    assert sum(row[2] for row in plain["counts"]) == len(found.cases)
    for name, dimension in (("areas", Dimension.AREA), ("services", Dimension.SERVICE)):
        groups = {each.id: each for each in found.groups if each.dimension is dimension}
        assert {row[0].strip('"'): row[1] for row in plain[name]} == {
            key: len(each.cases) for key, each in groups.items()
        }
        for value, _, refs in plain[name]:
            cases = groups[value.strip('"')].cases
            assert {each.ref for each in cases} == set(refs.split(","))
    assert sorted(row[0] for row in debts) == sorted(each.facts.ref for each in found.debts)


def test_figures_cost_little_more_than_plain_sql(many: Store) -> None:
    count_all(many)
    ask_plainly(many)
    rounds = [
        (seconds(lambda: count_all(many)), seconds(lambda: ask_plainly(many))) for _ in range(7)
    ]
    ours, plain = (min(each) for each in zip(*rounds, strict=True))
    assert ours <= GENEROUS * plain, (
        f"{ours / plain:.1f} times: {ours * 1000:.1f} ms against {plain * 1000:.1f} ms"
    )
