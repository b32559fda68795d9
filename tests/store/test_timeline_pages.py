"""Pages of the timeline against a plain list, and their speed with many entries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.clock import to_ms
from cockpit.domain.events import EntryAdded, FieldSet, Told
from cockpit.domain.fold import order_key
from cockpit.domain.view import TimelineEntry, TimelineFilter
from cockpit.errors import InvalidInputError
from cockpit.store.database import Store
from tests.store.store_events import INC, START, declare, minutes, open_store, record, whole

WORDS = ("error", "errors", "db-01", "DB-01", "Straße", "checkout")
FILTERS = st.builds(
    TimelineFilter,
    st.lists(
        st.sampled_from(["err", "error", "db-01", "01", "check", "zzz", "!!"]), max_size=2
    ).map(" ".join),
    st.lists(st.sampled_from(["note", "decision", "status"]), max_size=2).map(tuple),
    st.booleans(),
    st.booleans(),
    st.one_of(st.none(), st.sampled_from([minutes(1), minutes(3)])),
    st.one_of(st.none(), st.sampled_from([minutes(2), minutes(4)])),
)


@pytest.fixture(scope="module")
def filled() -> Iterator[Store]:
    """A store whose entries share times, kinds and words."""
    with TemporaryDirectory() as directory, open_store(Path(directory) / "a") as store:
        declare(store)
        kinds = ("note", "decision")
        records = [
            record(
                number,
                EntryAdded(
                    minutes(number % 5),
                    f"{WORDS[number % 6]} {WORDS[number % 4]}",
                    kinds[number % 2],
                ),
            )
            for number in range(1, 60)
        ]
        for number in range(1, 60, 7):
            field = FieldSet("star" if number % 2 else "hidden", v=True, obj=f"entry:{number:032x}")
            records.append(record(100 + number, field))
        records.append(record(300, Told("a", minutes(2), "Ann error", act=f"{3:032x}")))
        store.append(records)
        yield store


def matches(entry: TimelineEntry, wanted: TimelineFilter) -> bool:
    """Say what a filter means, without the database."""
    words = entry.text.casefold().replace("-", " ").split()

    def occurs(term: str) -> bool:
        if not any(each.isalnum() for each in term):
            return term in entry.text
        parts = term.casefold().replace("-", " ").split()
        heads, last = parts[:-1], parts[-1]
        return any(
            words[place : place + len(heads)] == heads
            and place + len(heads) < len(words)
            and words[place + len(heads)].startswith(last)
            for place in range(len(words))
        )

    terms = wanted.text.split()
    worded = [term for term in terms if any(each.isalnum() for each in term)]
    return (
        (wanted.hidden or not entry.hidden)
        and (entry.starred or not wanted.starred)
        and (not wanted.kinds or entry.kind in wanted.kinds)
        and (wanted.since is None or entry.at >= wanted.since)
        and (wanted.until is None or entry.at <= wanted.until)
        and all(occurs(term) for term in worded or terms)
    )


@given(FILTERS, st.integers(0, 70), st.integers(0, 70))
def test_pages_are_slices_of_the_filtered_list(
    filled: Store, wanted: TimelineFilter, start: int, stop: int
) -> None:
    expected = [each for each in whole(filled) if matches(each, wanted)]
    assert list(filled.reads.timeline(INC, wanted, start, stop)) == expected[start:stop]
    assert filled.reads.timeline_count(INC, wanted) == len(expected)
    assert expected == sorted(expected, key=order_key)
    for place in {0, len(expected) // 2, len(expected) - 1} & set(range(len(expected))):
        found = filled.reads.position(INC, wanted, expected[place].id)
        assert found is not None
        assert expected[found].id == expected[place].id


def test_an_entry_that_the_filter_hides_has_no_place(filled: Store) -> None:
    hidden = next(each for each in whole(filled) if each.hidden)
    assert filled.reads.position(INC, TimelineFilter(), hidden.id) is None
    assert filled.reads.position(INC, TimelineFilter(), "0" * 32) is None


def test_a_page_before_the_first_line_is_refused(filled: Store) -> None:
    with pytest.raises(InvalidInputError):
        filled.reads.timeline(INC, TimelineFilter(), -1, 5)


def test_pages_of_many_entries_stay_quick(path: Path) -> None:
    many = 30_000
    with open_store(path) as store:
        declare(store)
        ms = to_ms(START)
        store.append(
            record(
                number,
                EntryAdded(START + timedelta(seconds=number), f"line {number} of the log"),
                ms=ms + number,
            )
            for number in range(1, many)
        )
        took = {}
        for start in (0, many // 2, many - 200):
            began = process_time()
            page = store.reads.timeline(INC, TimelineFilter(), start, start + 200)
            took[start] = process_time() - began
            assert len(page) == 200
        # Reading the middle may skip over 15,000 index rows, but no entry is read for it.
        assert max(took.values()) < 0.25
        plan = store._connection.rows(
            "EXPLAIN QUERY PLAN SELECT n FROM entry WHERE inc = 'x' AND hidden = 0 "
            "ORDER BY at, t, id, told LIMIT 5 OFFSET 9"
        )
        assert "COVERING INDEX entry_order" in str(plan)
        assert "TEMP B-TREE FOR ORDER BY" not in str(plan)
