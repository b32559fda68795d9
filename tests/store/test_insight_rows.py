"""The traces of all incidents are what was written of them."""

from __future__ import annotations

import pytest

from cockpit.domain.events import ComponentChange, EntryAdded, FieldSet, Message
from cockpit.domain.insight_facts import Traces
from cockpit.domain.vocabulary import MessageState, Severity
from cockpit.errors import DamagedDatabaseError
from cockpit.store.database import Store
from tests.store.store_events import declare, flag, minutes, note, put


def one(store: Store) -> Traces:
    found = store.reads.traces()
    assert len(found) == 1
    return found[0]


def sent(at: float, next_at: float | None = None, **fields: object) -> EntryAdded:
    msg = Message(
        MessageState.SENT,
        str(fields.pop("audience", "customers")),
        next_at=None if next_at is None else minutes(next_at),
        components=(ComponentChange("Checkout", "major_outage"),),
    )
    return EntryAdded(minutes(at), "text", "communication", msg)


def test_traces_are_what_was_written(store: Store) -> None:
    declare(store, "Nobody can pay", criterion="system-down", severity="SEV1")
    note(store, "graphs look odd", minutes(3), entry_kind="note")
    note(store, "alert", minutes(7), entry_kind="observation")
    note(store, "first alert", minutes(2), entry_kind="observation")
    put(store, sent(9, 30))
    put(store, sent(8, audience="core"))
    put(store, sent(30))
    put(store, FieldSet("area", "orders"))
    put(store, FieldSet("component.Login", "degraded_performance"))
    put(store, FieldSet("severity", "SEV2", at=minutes(20)))
    put(store, FieldSet("stage", "contained", at=minutes(25)))
    flag(store, "act:1", "title", "Rotate keys")
    flag(store, "act:1", "kind", "debt")
    flag(store, "act:2", "title", "Write a test")
    found = one(store)
    assert (found.ref, found.title, found.severity) == ("INC-42", "Nobody can pay", Severity.SEV2)
    assert found.observed == minutes(2)
    assert [(each.at, each.next_at) for each in found.sent] == [
        (minutes(9), minutes(30)),
        (minutes(30), None),
    ]
    assert (found.kind, found.criterion, found.area) == ("outage", "system-down", "orders")
    assert set(found.services) == {"Checkout", "Login"}
    assert [(each.field, each.value, each.at) for each in found.steps] == [
        ("severity", "SEV2", minutes(20)),
        ("stage", "contained", minutes(25)),
    ]
    assert [each.title for each in found.debts] == ["Rotate keys"]
    assert found.opened_severity == "SEV1"
    assert found.plan is None


def test_undone_and_deleted_things_leave_no_trace(store: Store) -> None:
    declare(store)
    wrong = note(store, "not an alert", minutes(1), entry_kind="observation")
    flag(store, f"entry:{wrong.id}", "hidden", value=True)
    gone = put(store, sent(5))
    flag(store, f"entry:{gone.id}", "hidden", value=True)
    found = one(store)
    assert found.observed is None
    assert found.sent == ()
    assert found.services == ()
    put(store, FieldSet("archived", v=True))
    assert store.reads.traces() == ()


def test_a_moved_promise_comes_with_its_plan(store: Store) -> None:
    declare(store)
    put(store, FieldSet("promise.customers", minutes(40).isoformat(), reason="no news"))
    plan = one(store).plan
    assert plan is not None
    assert [each.to for each in plan.moves] == [minutes(40)]


def test_a_damaged_row_is_said_in_words(store: Store) -> None:
    declare(store)
    store._connection.execute("UPDATE incident SET started_at = 'soon'")
    with pytest.raises(DamagedDatabaseError, match="A row of the database is damaged"):
        store.reads.traces()
