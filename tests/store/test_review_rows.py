"""Lessons read from rows are those of the incidents' own views."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cockpit.domain.events import FieldSet, Source
from cockpit.domain.review import Lesson, lesson_of
from cockpit.store.database import Store
from tests.store.store_events import declare, put

TIMES = ("2026-03-09T10:00:00+00:00", "", "soon", None)
SETS = st.one_of(
    st.tuples(st.just(""), st.just("status"), st.sampled_from(["resolved", "monitoring"])),
    st.tuples(st.just(""), st.just("stage"), st.sampled_from(["resolved", "closed", "fixed"])),
    st.tuples(
        st.just(""),
        st.sampled_from(["waive.owner", "waive.meeting", "waive.", "waive/x", "waived"]),
        st.sampled_from(["agreed", "", None, 3]),
    ),
    st.tuples(
        st.just("pm"), st.sampled_from(["owner", "reviewed_by"]), st.sampled_from(["ana", 7])
    ),
    st.tuples(
        st.just("pm"), st.sampled_from(["meeting_at", "reviewed_at"]), st.sampled_from(TIMES)
    ),
    st.tuples(st.just("pm"), st.just("review"), st.sampled_from(["in review", "", None])),
    st.tuples(st.just("act:1"), st.sampled_from(["title", "owner"]), st.sampled_from(["x", None])),
    st.tuples(st.sampled_from(["pmx", "p"]), st.just("owner"), st.just("nobody")),
)


def told_by_views(store: Store) -> list[Lesson]:
    views = [store.reads.view(each.id) for each in store.reads.summaries()]
    found = [lesson for view in views if (lesson := lesson_of(view)) is not None]
    return sorted(found, key=lambda each: each.inc)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sets=st.lists(SETS, max_size=8), imported=st.booleans())
def test_they_are_those_of_the_views(store: Store, sets: list[object], imported: bool) -> None:
    number = store.reads.count()
    inc = f"{number:032x}"
    src = Source("statuspage", "1") if imported else None
    declare(store, f"Number {number}", inc=inc, number=number, drill=bool(number % 2), src=src)
    put(store, FieldSet("status", "resolved"), inc=inc)
    for obj, name, value in sets:
        put(store, FieldSet(name, value, obj=obj), inc=inc)
    assert list(store.reads.lessons()) == told_by_views(store)


def test_a_deleted_incident_teaches_nothing(store: Store) -> None:
    declare(store)
    put(store, FieldSet("status", "resolved"))
    assert len(store.reads.lessons()) == 1
    put(store, FieldSet("archived", True))
    assert store.reads.lessons() == ()
