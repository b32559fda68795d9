"""Search: any string is a search, and words are found where they stand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cockpit.domain.events import ComponentChange, EntryEdited, FieldSet, Message, TextUpdated
from cockpit.domain.text_merge import adopt
from cockpit.domain.view import TimelineFilter
from cockpit.store.database import Store
from tests.store.store_events import INC, declare, flag, minutes, note, open_store, put

ENTRIES = (
    "db-01 timeout: can't connect (pool)",
    "C++ NOT AND OR NEAR",
    "障害 発生しました",
    "Straße über 500% 10.0.0.1",
    "https://status.example/y?z=1",
    "a\0b nul",
)


@pytest.fixture(scope="module")
def filled() -> Iterator[Store]:
    """A store with words that are hard to look for."""
    with TemporaryDirectory() as directory, open_store(Path(directory) / "a") as store:
        declare(store, "Payments (EU) fail")
        for number, text in enumerate(ENTRIES):
            note(store, text, minutes(number))
        yield store


def found(store: Store, text: str) -> list[str]:
    return [hit.snippet for hit in store.reads.search(text)]


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(max_size=40),
        st.text(st.characters(codec=None), max_size=20),
        st.text(alphabet="\"'()*:^-+{}ANDORTNE \t\n\0ab\ud800", max_size=30),
    )
)
@example("a " * 3000)
@example("x" * 100_000)
@example('"' * 500)
@example("\ud800")
def test_any_string_is_a_search(filled: Store, text: str) -> None:
    filled.reads.search(text)
    filled.reads.search_inside(text)
    wanted = TimelineFilter(text=text)
    count = filled.reads.timeline_count(INC, wanted)
    assert len(filled.reads.timeline(INC, wanted, 0, 100)) == count


@pytest.mark.slow
def test_ten_thousand_strings_are_searches(filled: Store) -> None:
    rng = random.Random(11)
    signs = "\"'()*:^-+{}[]<>~|&!?.,;/\\ \t\n\0aAbBzZ09äß障🙂\u202e\ud800ANDORNOTNEAR"
    for _ in range(10_000):
        text = "".join(rng.choices(signs, k=rng.randint(0, 60)))
        filled.reads.search(text)
        filled.reads.search_inside(text)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("db-01", 0),
        ("DB-01 can't", 0),
        ("time", 0),
        ("(pool)", 0),
        ("C++ OR", 1),
        ("NEAR", 1),
        ("not and", 1),
        ("発生", 2),
        ("障害", 2),
        ("strasse", None),
        ("uber", 3),
        ("10.0.0", 3),
        ('"connect (pool"', 0),
        ('"pool connect"', None),
        ("500%", 3),
        ("https://status.example/y?z=1", 4),
        ("nul", 5),
        ("nothing like that", None),
    ],
)
def test_words_are_found_where_they_stand(filled: Store, text: str, place: int | None) -> None:
    hits = [hit for hit in filled.reads.search(text) if hit.where == "entry"]
    expected = [] if place is None else [" ".join(ENTRIES[place].split())]
    assert [hit.snippet for hit in hits] == expected


def test_an_empty_search_finds_nothing(filled: Store) -> None:
    assert found(filled, "") == found(filled, " \t") == found(filled, "\0") == []


def test_hits_say_where_they_are(store: Store) -> None:
    declare(store, "Payments fail")
    note(store, "payments are slow", minutes(1))
    note(store, "Payments are back.", minutes(2), msg=Message("sent", "customers"))
    hits = store.reads.search("payments")
    assert [hit.where for hit in hits][:3] == ["title", "update", "entry"]
    assert {(hit.inc, hit.ref, hit.title) for hit in hits} == {(INC, "INC-42", "Payments fail")}
    assert len(store.reads.search("payments", limit=2)) == 2


def test_search_follows_corrections_undo_and_new_titles(store: Store) -> None:
    declare(store, "Payments fail")
    entry = note(store, "the first guess")
    put(store, EntryEdited(entry.id, "the second guess", entry.id))
    put(store, FieldSet("title", "Everything fails"))
    assert (found(store, "first"), found(store, "second")) == ([], ["the second guess"])
    assert store.reads.search("everything")[0].where == "title"
    assert "title" not in [hit.where for hit in store.reads.search("payments")]
    flag(store, f"entry:{entry.id}", "hidden", value=True)
    assert found(store, "second") == []


def places(store: Store, text: str, limit: int = 50) -> list[str]:
    return [hit.where for hit in store.reads.search(text, limit)]


def test_whatever_is_written_about_an_incident_is_found(store: Store) -> None:
    declare(store, "Orders fail")
    component = ComponentChange("Zebra desk", "major_outage")
    note(store, "We look.", msg=Message("sent", "customers", components=(component,)))
    put(store, FieldSet("cause", "zebra in the pool"))
    put(store, FieldSet("impact_text", "customers see a zebra"))
    put(store, FieldSet("title", "Watch the zebra", obj="act:7"))
    put(store, TextUpdated("lessons", adopt("The zebra was lucky.", "lessons", INC)))
    found = store.reads.search("zebra")
    assert [(hit.where, hit.entry_id) for hit in found] == [
        ("cause", ""),
        ("impact", ""),
        ("services", ""),
        ("post-mortem", "lessons"),
        ("action item", "7"),
    ]
    put(store, FieldSet("cause", ""))
    put(store, FieldSet("archived", True, obj="act:7"))
    assert places(store, "zebra") == ["impact", "services", "post-mortem"]
    store.rebuild()
    assert places(store, "zebra") == ["impact", "services", "post-mortem"]
    assert all(each.ok for each in store.check() if "search index" in each.text)


def test_whole_words_come_before_longer_ones_and_titles_before_all(store: Store) -> None:
    declare(store, "Poolside fails")
    for number, text in enumerate(("pooling", "pool", "pools")):
        note(store, text, minutes(number))
    assert [hit.snippet for hit in store.reads.search("pool")] == [
        "Poolside fails",
        "pool",
        "pools",
        "pooling",
    ]


def test_one_long_incident_does_not_hide_the_others(store: Store) -> None:
    declare(store, "Early one", inc="01" * 16, number=1)
    note(store, "zebra seen", inc="01" * 16)
    declare(store, "Long one")
    for number in range(60):
        note(store, f"zebra {number}", minutes(number))
    hits = store.reads.search("zebra", 20)
    assert len(hits) == 20
    assert {hit.title for hit in hits} == {"Early one", "Long one"}
    assert [hit.snippet for hit in store.reads.search("zebra", 1)] == ["zebra 59"]


def test_what_no_word_begins_with_is_found_inside_words(filled: Store) -> None:
    assert found(filled, "imeout") == []
    assert [hit.snippet for hit in filled.reads.search_inside("imeout")] == [ENTRIES[0]]
    assert filled.reads.search_inside("imeout", 0) == ()
    assert filled.reads.search_inside("\0") == ()
