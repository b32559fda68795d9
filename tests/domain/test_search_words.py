"""What was typed to search: its terms, and the words around a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.search_words import fold, make_snippet, mark_places, quote_terms, split_terms


def test_terms_are_few_short_and_whole() -> None:
    assert split_terms("a b a \0c x\ud800") == ("a", "b", "c", "x?")
    assert len(split_terms(" ".join(map(str, range(100))))) == 32
    assert len(split_terms("x" * 1000)[0]) == 200


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ('"connection pool" full', ("connection pool", "full")),
        ('"connection pool', ('"connection', "pool")),
        ('certificate "', ("certificate",)),
        ('say "" twice', ("say", "twice")),
        ("checkout - “slow” … 🔥", ("checkout", "“slow”", "🔥")),
        ('"', ('"',)),
        ("-- ..", ("--", "..")),
        ("  ", ()),
    ],
)
def test_what_stands_between_quotes_is_one_term(text: str, terms: tuple[str, ...]) -> None:
    assert split_terms(text) == terms


def test_terms_are_quoted_whatever_they_hold() -> None:
    assert quote_terms(["a", 'b"c']) == '"a"* "b""c"*'
    assert quote_terms(["NOT"], whole=True) == '"NOT"'


@given(st.text(max_size=400), st.text(min_size=1, max_size=5))
def test_a_snippet_is_one_short_line(text: str, term: str) -> None:
    snippet = make_snippet(text, (term,))
    assert len(snippet) <= 122
    assert snippet == " ".join(snippet.split()) or "  " not in snippet


@pytest.mark.parametrize("word", ["Needle", "needle", "NÉEDLE", "é-needle"])
def test_a_snippet_shows_the_place(word: str) -> None:
    text = "hay \n " * 100 + word + " hay" * 100
    snippet = make_snippet(text, ("needle",))
    assert word in snippet
    assert snippet[0] == snippet[-1] == "…"


@given(st.text(max_size=80), st.lists(st.text(min_size=1, max_size=4), max_size=4))
def test_marked_places_are_apart_and_in_the_text(text: str, terms: list[str]) -> None:
    assert len(fold(text)) == len(text)
    end = 0
    for start, stop in mark_places(text, terms):
        assert end <= start < stop <= len(text)
        end = stop


def test_words_are_marked_where_they_begin_like_a_term() -> None:
    text = "Überlauf: pools, pool and whirlpool"
    marked = [text[start:stop] for start, stop in mark_places(text, ("uber", "pool"))]
    assert marked == ["Überlauf", "pools", "pool"]
