"""Projections: whatever order events come in, they say what the fold says, and a rebuild agrees."""

from __future__ import annotations

import random
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.clock import stamp_ms, to_ms
from cockpit.domain.envelope import Op, Record
from cockpit.domain.events import (
    Body,
    EntryAdded,
    EntryEdited,
    EntryRedacted,
    FieldSet,
    IncidentOpened,
    Message,
    Source,
    TextUpdated,
    Told,
)
from cockpit.domain.fold import fold
from cockpit.domain.text_merge import SectionDocument, merged_text
from cockpit.domain.timeline import entry_of, written_line
from cockpit.domain.view import TimelineFilter
from cockpit.store.database import Store
from cockpit.store.integrity import differing_projections
from cockpit.store.rows import write_entry, write_plain_entry
from tests.store.store_events import (
    INC,
    START,
    count_ops,
    declare,
    minutes,
    open_store,
    opened,
    put,
    record,
    whole,
)

NUMBERS = range(1, 13)
"""Few ids, so that events often speak of one another."""

IDS = st.sampled_from([f"{number:032x}" for number in NUMBERS])
TIMES = st.sampled_from([minutes(each) for each in (-1, 0, 0.5, 3, 70)])
TEXTS = st.sampled_from(["errors", "errors above 20 %", "db-01", "障害", "a\0b", "[/b]", ""])
VALUES = st.sampled_from([True, False, None, "resolved", "SEV1", 12.5, "monitoring", ["x"], "Ann"])
OBJECTS = st.one_of(
    st.sampled_from(["", "", "sh:a", "act:b", "pm", "sec:c", "entry;", "told", "\0"]),
    IDS.map(lambda each: f"entry:{each}"),
    IDS.map(lambda each: f"told:{each}"),
)
FIELDS = st.sampled_from(
    [
        "status",
        "stage",
        "severity",
        "title",
        "hidden",
        "star",
        "text",
        "at",
        "kind",
        "role.commander",
    ]
)
ACTS = st.one_of(st.just(""), IDS)
MESSAGES = st.one_of(
    st.none(),
    st.builds(
        Message,
        st.sampled_from(["sent", "copied"]),
        st.sampled_from(["customers", "support"]),
        next_at=st.one_of(st.none(), TIMES),
    ),
)
UPDATE = SectionDocument((), 7).replace("the cache")
BODIES: st.SearchStrategy[Body] = st.one_of(
    st.builds(EntryAdded, TIMES, TEXTS, st.just("note"), MESSAGES, act=ACTS),
    st.builds(EntryEdited, IDS, TEXTS, st.one_of(st.just(""), IDS), act=ACTS),
    st.builds(FieldSet, FIELDS, VALUES, OBJECTS, st.one_of(st.just(""), IDS)),
    st.builds(Told, st.sampled_from(["a", "b"]), TIMES, TEXTS, TEXTS, TEXTS, via=ACTS, act=ACTS),
    st.builds(EntryRedacted, IDS),
    st.builds(TextUpdated, st.sampled_from(["cause", "impact"]), st.sampled_from([UPDATE, "bad"])),
    st.builds(IncidentOpened, TEXTS, VALUES.map(str), st.integers(1, 3), TIMES),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Record]:
    """Events of one incident, in any order, now and then with an unknown or a malformed one."""
    records = [record(99, opened(), ms=to_ms(START))]
    for number in NUMBERS:
        ms = to_ms(START) + draw(st.integers(-3, 3))
        made = record(
            number, draw(BODIES), ms=ms, device=draw(st.sampled_from(["0000000a", "0000000b"]))
        )
        if draw(st.integers(0, 9)) == 0:
            kind = draw(st.sampled_from(["poll.add", "entry.add"]))
            made = Record(replace(made.op, k=kind, d='{"x":1}'))
        if draw(st.integers(0, 4)) == 0:
            made = replace(made, received_ms=ms - draw(st.sampled_from([0, 6000, 90_000])))
        records.append(made)
    return draw(st.permutations(records))


def check_against_fold(store: Store) -> None:
    """Compare view, timeline and texts with the pure fold of the kept events."""
    records = list(store.reads.ops(INC))
    sections = {
        section: merged_text(store.reads.section_updates(INC, section))
        for section in ("cause", "impact")
    }
    view = store.reads.view(INC)
    folded = fold(records, ref=view.ref, section_texts=sections)
    assert view == folded.view
    assert whole(store) == folded.entries
    assert store.reads.timeline_count(INC, TimelineFilter()) == folded.view.entry_count


@settings(max_examples=60)
@given(histories(), st.integers(1, 13), st.randoms(use_true_random=False))
def test_any_order_in_any_portions_says_what_the_fold_says(
    records: list[Record], size: int, rng: random.Random
) -> None:
    with TemporaryDirectory() as directory, open_store(Path(directory) / "a") as store:
        for start in range(0, len(records), size):
            store.append(records[start : start + size])
        check_against_fold(store)
        assert differing_projections(store._connection) == ()
        view, entries = store.reads.view(INC), whole(store)
        with open_store(Path(directory) / "b") as other:
            rng.shuffle(records)
            other.append(records)
            assert other.reads.view(INC) == view
            assert [_plain(each) for each in whole(other)] == [_plain(each) for each in entries]
        store.rebuild()
        assert (store.reads.view(INC), whole(store)) == (view, entries)


def _plain(entry: Any) -> Any:
    """Return an entry for comparison between stores."""
    return replace(entry, src=None)


@settings(max_examples=40)
@given(histories())
def test_the_time_of_receipt_may_come_later(records: list[Record]) -> None:
    with TemporaryDirectory() as directory, open_store(Path(directory) / "a") as store:
        store.append(replace(each, received_ms=None) for each in records)
        result = store.append(records)
        assert (result.added, result.known) == ((), len(records))
        check_against_fold(store)
        assert differing_projections(store._connection) == ()


@given(
    st.builds(EntryAdded, TIMES, TEXTS, st.just("note"), MESSAGES, act=ACTS),
    st.sampled_from([None, 0, -3_000, -9_000, 60_000]),
)
def test_an_entry_that_nobody_changed_has_the_same_row_by_the_short_way(
    body: EntryAdded, ahead_ms: int | None
) -> None:
    made = record(1, body)
    if ahead_ms is not None:
        made = replace(made, received_ms=stamp_ms(made.op.t) + ahead_ms)
    line = written_line(made.op, body)
    row = write_entry(entry_of(made, line, {}, redacted=False))
    assert write_plain_entry(made, body) == write_plain_entry(made, line) == row


def test_the_list_knows_what_was_decided_about_the_countdown(store: Store) -> None:
    declare(store)
    put(store, FieldSet("pause.customers", "open", reason="the vendor looks into it"))
    (line,) = store.reads.summaries()
    assert line.plans == store.reads.view(INC).plans
    assert [each.reason for each in line.plans["customers"].pauses] == ["the vendor looks into it"]


def test_a_damaged_projection_is_found_and_rebuilt(store: Store) -> None:
    store.append([record(1, opened()), record(2, EntryAdded(START, "kept"))])
    view = store.reads.view(INC)
    store._connection.execute("UPDATE entry SET text = 'changed' WHERE text = 'kept'")
    store._connection.execute("UPDATE incident SET entry_count = 7")
    assert differing_projections(store._connection) == ("incident", "entry")
    assert not all(each.ok for each in store.check())
    store.rebuild()
    assert all(each.ok for each in store.check())
    assert store.reads.view(INC) == view
    assert count_ops(store) == 2


def test_an_older_file_gets_its_projections_made_again(path: Path) -> None:
    with open_store(path) as store:
        store.append([record(1, opened()), record(2, EntryAdded(START, "kept"))])
        store._connection.execute("UPDATE entry SET text = 'old meaning'")
        store._connection.execute("UPDATE meta SET value = '0' WHERE key = 'projections'")
    with open_store(path) as store:
        assert [each.text for each in whole(store)] == ["Declared SEV2: Checkout fails", "kept"]


def test_an_event_of_a_later_version_is_kept_word_for_word(store: Store) -> None:
    later = Op(
        f"{5:032x}", INC, "poll.add", record(5, opened()).op.t, "0000000a", "them", '{"x":1}',
        v=3, extra={"kid": "k1"},
    )  # fmt: skip
    store.append([record(1, opened()), Record(later)])
    assert [each.op for each in store.reads.ops(INC)][1] == later
    assert store.reads.view(INC).unknown_ops == 1
    assert "Unknown entry (poll.add)" in [each.text for each in whole(store)]


@pytest.mark.parametrize("late", [False, True])
def test_a_redacted_text_is_nowhere_in_the_files(store: Store, path: Path, late: bool) -> None:
    secret = "hunter2secret"
    source = Source("chat", "m1", {"text": secret})
    said = [
        record(1, opened()),
        record(2, EntryAdded(START, f"token {secret}", src=source)),
        record(3, EntryEdited(f"{2:032x}", f"the token {secret}", f"{2:032x}")),
        record(4, FieldSet("text", secret, obj=f"entry:{2:032x}", was=secret)),
    ]
    gone = record(5, EntryRedacted(f"{2:032x}"))
    for records in ([*said[:1], gone], said) if late else (said, [gone]):
        store.append(records)
    found = store.reads.entry(INC, f"{2:032x}")
    assert found is not None
    assert (found.redacted, found.text, found.original) == (True, "", "")
    assert found.src == Source("chat", "m1")
    assert store.reads.search(secret) == ()
    assert store.reads.search("token") == ()
    if not late:
        files = [each for each in path.parent.iterdir() if each.is_file()]
        assert [each.name for each in files if secret.encode() in each.read_bytes()] == []
    assert all(each.ok for each in store.check())
