"""The write door: hostile text, sizes, clocks, and taking in what was made elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.clock import stamp_ms, to_ms
from cockpit.domain.envelope import decode_op, encode_op
from cockpit.domain.events import EntryAdded
from cockpit.errors import InvalidInputError
from cockpit.store.database import NewEvent, Store
from tests.store.store_events import (
    INC,
    START,
    TickingClock,
    count_ops,
    declare,
    note,
    open_store,
    record,
    texts,
)

HOSTILE = [
    "a\0b",
    "\0",
    "x" * 60_000,
    "[bold]x[/nothing] [@click=app.quit]",
    "\x1b]52;c;aGk=\x07\x1b[31m",
    "\u202egnp.exe",
    "Z̷̢͖a̸l̶g̴o̸" * 50,
    "'; DROP TABLE op; --",
    '{"x": 1}',
    "\r\n\t\x7f\x85\u2028",
    "🏴‍☠️ 障害 \U0010ffff",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_word_for_word(store: Store, text: str) -> None:
    declare(store)
    note(store, text)
    assert texts(store)[-1] == text
    assert all(each.ok for each in store.check())


@settings(max_examples=60)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_kept_word_for_word(shared: Store, text: str) -> None:
    op = note(shared, text)
    found = shared.reads.entry(INC, op.id)
    assert found is not None
    assert found.text == text


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store that many examples write to."""
    store = open_store(tmp_path_factory.mktemp("shared") / "a.sqlite")
    declare(store)
    return store


@pytest.mark.parametrize("text", ["half \ud83d", "\udcff", "x" * 66_000, "é" * 40_000])
def test_text_that_cannot_be_kept_is_refused_in_words(store: Store, text: str) -> None:
    declare(store)
    with pytest.raises(InvalidInputError) as caught:
        note(store, text)
    assert caught.value.hint
    with pytest.raises(InvalidInputError):
        store.write(lambda _: [NewEvent(INC, EntryAdded(START, "x"))], author="half \ud83d")
    assert count_ops(store) == 1


def test_stamps_rise_although_the_wall_clock_goes_back(path: Path) -> None:
    clock = TickingClock()
    with open_store(path, clock=clock) as store:
        declare(store)
        clock.ms -= 10**9
        late = note(store, "after the step back")
    with open_store(path, clock=TickingClock(to_ms(START) - 10**10)) as store:
        again = note(store, "after a restart")
        stamps = [each.op.t for each in store.reads.ops()]
    assert stamps == sorted(set(stamps))
    assert again.t > late.t


def test_a_clock_a_year_ahead_does_not_drag_this_one_along(store: Store) -> None:
    declare(store)
    year = 365 * 86_400_000
    store.append([record(5, EntryAdded(START, "ahead"), ms=to_ms(START) + year)])
    own = note(store, "mine")
    assert stamp_ms(own.t) < to_ms(START) + 3_600_000


def test_what_was_taken_in_before_adds_nothing(store: Store) -> None:
    declare(store)
    records = [record(number, EntryAdded(START, str(number))) for number in range(1, 1200)]
    first = store.append(records)
    assert (len(first.added), first.known) == (1199, 0)
    again = store.append([*records, records[0], record(5000, EntryAdded(START, "new"))])
    assert (again.added, again.known) == ((f"{5000:032x}",), 1200)
    assert store.reads.view(INC).entry_count == 1201


def test_duplicates_within_one_import_are_taken_in_once(store: Store) -> None:
    declare(store)
    one = record(1, EntryAdded(START, "once"))
    result = store.append([one, one])
    assert (result.added, result.known) == ((one.op.id,), 1)
    assert texts(store).count("once") == 1


def test_an_import_is_all_or_nothing_and_names_the_record(store: Store) -> None:
    declare(store)
    good = [record(number, EntryAdded(START, str(number))) for number in range(1, 700)]
    for change in (
        {"t": "yesterday"},
        {"id": "x"},
        {"inc": ""},
        {"d": "{"},
        {"d": "[" * 5000},
        {"dev": "?"},
    ):
        bad = replace(good[-1], op=replace(good[-1].op, **{"id": "ef" * 16, **change}))
        with pytest.raises(InvalidInputError, match="Record 700:"):
            store.append([*good, bad])
        assert count_ops(store) == 1
    for change in ({"v": 2**70}, {"skew": 2**70}, {"t": "f" * 12 + "-0000-0000000a"}):
        bad = replace(good[-1], op=replace(good[-1].op, **change))
        with pytest.raises(InvalidInputError, match="Record 1:"):
            store.append([bad])


def test_an_event_written_twice_under_one_id_is_refused(store: Store) -> None:
    declare(store)
    event = NewEvent(INC, EntryAdded(START, "once"), "ef" * 16)
    store.write(lambda _: [event], author="ops")
    with pytest.raises(InvalidInputError):
        store.write(lambda _: [event], author="ops")
    assert texts(store)[1:] == ["once"]


def test_events_leave_as_they_came(store: Store) -> None:
    declare(store)
    note(store, "a\0b 障害")
    sent = [encode_op(each.op) for each in store.reads.ops()]
    assert [encode_op(decode_op(each)) for each in sent] == sent
