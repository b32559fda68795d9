"""Action items over all incidents say what each incident's own view says."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.events import FieldSet
from cockpit.store.database import Store
from tests.store.store_events import declare, put

FIELDS = {
    "title": st.sampled_from(["Alert", "", "[/x]\x1b", 7]),
    "owner": st.sampled_from(["ana", "ana, ben", None]),
    "due": st.sampled_from(["2026-03-01", "soon", ""]),
    "state": st.sampled_from(["open", "done", "odd", None]),
    "kind": st.sampled_from(["debt", "odd"]),
    "automate": st.sampled_from([True, False, "yes"]),
    "archived": st.booleans(),
    "of_a_later_version": st.just([1]),
}


def seen(store: Store) -> set[tuple[str, str, object]]:
    return {(each.inc, each.ref, each.item) for each in store.reads.action_items()}


def told_by_views(store: Store) -> set[tuple[str, str, object]]:
    views = [store.reads.view(each.id) for each in store.reads.summaries()]
    return {(view.id, view.ref, item) for view in views for item in view.actions}


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_they_are_those_of_the_views(store: Store, data: st.DataObject) -> None:
    number = store.reads.count()
    inc = f"{number:032x}"
    declare(store, f"Number {number}", inc=inc, number=number, drill=bool(number % 2))
    for _ in range(data.draw(st.integers(0, 6))):
        field = data.draw(st.sampled_from(sorted(FIELDS)))
        item = data.draw(st.sampled_from(["act:a", "act:b", "act:", "act", "ask:a", "acu:a"]))
        put(store, FieldSet(field, data.draw(FIELDS[field]), obj=item), inc=inc)
    assert seen(store) == told_by_views(store)


def test_they_come_with_their_incident_and_go_with_it(store: Store) -> None:
    declare(store, "Checkout fails", drill=True, private=True, number=7)
    put(store, FieldSet("title", "Alert sooner", obj="act:1"))
    (found,) = store.reads.action_items()
    assert (found.ref, found.number, found.incident) == ("INC-7", 7, "Checkout fails")
    assert (found.severity.value, found.drill, found.private) == ("SEV2", True, True)
    put(store, FieldSet("archived", True))
    assert store.reads.action_items() == ()
