"""Facts read without folding are those of each incident's whole view, whatever happened to it."""

from __future__ import annotations

import random
from datetime import timedelta

from cockpit.domain.cadence_report import report
from cockpit.domain.events import Body, EntryAdded, FieldSet, Message
from cockpit.domain.insight_reading import read_facts
from cockpit.domain.view import IncidentView
from cockpit.domain.vocabulary import EntryKind, MessageState, PublicStatus, Ring, Severity, Stage
from cockpit.store.database import NewEvent, Store
from tests.domain.incident_events import default_playbook
from tests.store.store_events import START, opened

MANY = 150
NOW = START + timedelta(days=1)


def anything(rng: random.Random) -> Body:
    """Return anything that may happen in an incident within eight hours."""
    at = START + timedelta(minutes=rng.randint(0, 480))
    later = at + timedelta(minutes=rng.choice((-5, 20, 60, 120, 240)))
    entry = EntryAdded(at, "text", rng.choice((EntryKind.OBSERVATION, EntryKind.NOTE)).value)
    msg = Message(
        rng.choice((MessageState.SENT, MessageState.SENT, MessageState.COPIED)),
        rng.choice(("customers", "customers", "customers", "core", "elsewhere")),
        next_at=rng.choice((later, None)),
    )
    pause = rng.choice(("open", "", later.isoformat()))
    return rng.choice(
        (
            entry,
            *[EntryAdded(at, "text", EntryKind.COMMUNICATION.value, msg)] * 16,
            FieldSet("stage", rng.choice(list(Stage)).value, at=at + timedelta(hours=4)),
            FieldSet("status", rng.choice(list(PublicStatus)).value, at=at + timedelta(hours=5)),
            FieldSet("severity", rng.choice(list(Severity)).value, at=at),
            FieldSet("kind", rng.choice(("defect", "data", "planned"))),
            FieldSet("criterion", "data-loss"),
            FieldSet("area", "orders"),
            FieldSet("started_at", (START - timedelta(hours=1)).isoformat()),
            FieldSet("promise.customers", rng.choice((later.isoformat(), "")), at=at),
            FieldSet("pause.customers", pause, at=at),
            FieldSet("rhythm.customers", rng.choice((0, 60)), at=at),
            FieldSet("kind", "debt", obj="act:1"),
            FieldSet("title", "Work", obj="act:1"),
            FieldSet("state", rng.choice(("open", "done")), obj="act:1"),
            FieldSet("archived", rng.choice((True, False)), obj="act:1"),
            FieldSet("stage", 7, at=at),
        )
    )


def fill(store: Store) -> None:
    rng = random.Random(11)
    for number in range(1, MANY + 1):
        inc = f"{number:032x}"
        first = opened(number=number, drill=rng.random() < 0.2, severity=rng.choice(list(Severity)))
        bodies: list[Body] = [first, *(anything(rng) for _ in range(rng.randint(0, 24)))]
        ops = store.write(
            lambda _, inc=inc, wanted=bodies: [NewEvent(inc, e) for e in wanted], author="o"
        )
        undone = [op for op in ops[1:] if op.k == "entry.add" and rng.random() < 0.2]
        hidden = [NewEvent(inc, FieldSet("hidden", v=True, obj=f"entry:{op.id}")) for op in undone]
        store.write(lambda _, events=hidden: events, author="o")


def promises(view: IncidentView) -> tuple[int, int]:
    ring = report(view, default_playbook(), NOW).ring(Ring.CUSTOMERS)
    return (ring.promises.kept, ring.promises.missed) if ring else (0, 0)


def test_facts_are_those_of_the_views(store: Store) -> None:
    fill(store)
    kept = missed = 0
    for traces in store.reads.traces():
        view, found = store.reads.view(traces.id), read_facts(traces, default_playbook(), NOW)
        assert (found.kept, found.missed) == promises(view), view.ref
        kept, missed = kept + found.kept, missed + found.missed
        words = [
            each.at
            for each in view.messages
            if each.msg.state is MessageState.SENT and each.msg.audience == "customers"
        ]
        assert found.first_word == min(words, default=None)
        for name in ("ref", "title", "severity", "kind", "criterion", "area", "drill", "private"):
            assert getattr(found, name) == getattr(view, name), name
        assert (found.started, found.over) == (view.started_at, view.over_at)
        debts = [each for each in view.actions if each.kind == "debt" and each.state == "open"]
        assert list(found.debts) == debts
    assert kept > MANY // 10, "the random incidents are worth comparing"
    assert missed > MANY // 10
