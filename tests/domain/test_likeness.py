"""Likeness: rare shared words count, and the words say why."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.likeness import (
    MOST_WORDS,
    PLACES,
    Likeness,
    Sighting,
    Sought,
    rank,
    rarity,
    sought_words,
    worth_showing,
)


def words(*texts: tuple[str, str], ignored: tuple[str, ...] = ()) -> list[str]:
    return [each.word for each in sought_words(texts, ignored)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The pool, the POOLS and a pool", ["the", "pool", "and"]),
        ("Timeouts on ci.example.com:", ["timeouts", "on", "ci.example.com"]),
        ("INC-12 on 2026-03-04 at 12:14, 3rd time", ["inc-12", "on", "at", "time"]),
        ("Überlast", ["uberlast"]),
        ("! ? …", []),
    ],
)
def test_words_are_what_says_something(text: str, expected: list[str]) -> None:
    assert words(("title", text)) == expected


def test_ignored_words_are_left_out_but_of_the_names_of_services() -> None:
    texts = (("title", "issues again"), ("services", "Issues"))
    assert words(*texts, ignored=("issues", "again")) == ["issues"]


def test_a_word_says_what_its_first_place_says() -> None:
    found = sought_words((("title", "pool"), ("post-mortem", "pools of threads")), ())
    assert [(each.word, each.weight) for each in found] == [
        ("pool", 1.0),
        ("of", 0.3),
        ("threads", 0.3),
    ]


@pytest.mark.parametrize(
    ("word", "query"),
    [
        ("exhausted", '"exhaust"*'),
        ("down", '"down" OR "downs"'),
        ("slowly", '"slowly" OR "slow" OR "slows"'),
        ("db-01", '"db-01"'),
    ],
)
def test_forms_of_a_word_are_asked_for_together(word: str, query: str) -> None:
    assert [each.query for each in sought_words((("title", word),), ())] == [query]


@given(st.text(max_size=2000))
def test_any_text_has_few_words(text: str) -> None:
    found = sought_words((("title", text),), ())
    assert len(found) <= MOST_WORDS
    assert len({each.word for each in found}) == len(found)


def test_a_rare_word_in_a_title_says_more_than_many_common_ones() -> None:
    common = {Sought(f"w{n}", ""): [Sighting(str(i), "entry") for i in range(90)] for n in range(3)}
    rare = {Sought("pool", ""): [Sighting("200", "title"), Sighting("200", "entry")]}
    ranked = rank({**common, **rare}, 100)
    assert ranked[0] == Likeness("200", pytest.approx(3.0), ("pool",))  # type: ignore[arg-type]
    assert ranked[1].shared == ("w0", "w1", "w2")
    assert ranked[1].score < 0.3
    assert worth_showing(ranked, 1.0) == ranked[:1]
    assert worth_showing(ranked, 0.0) == ranked[:1]
    assert worth_showing((), 1.0) == ()


def test_what_both_say_in_less_telling_places_counts_less() -> None:
    seen = [Sighting("1", "post-mortem")]
    alone = rank({Sought("pool", "", 1.0): seen}, 50)[0].score
    assert rank({Sought("pool", "", 0.3): seen}, 50)[0].score == pytest.approx(0.3 * alone)


@given(st.integers(1, 5000), st.integers(0, 5000))
def test_rarity_lies_between_0_and_1_and_falls(total: int, count: int) -> None:
    assert 0.0 <= rarity(count, total) <= 1.0
    if 0 < count < total:
        assert rarity(count, total) > rarity(count + 1, total)


@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=3).map(lambda each: Sought(each, "")),
        st.lists(st.builds(Sighting, st.sampled_from("12345"), st.sampled_from(list(PLACES)))),
        max_size=5,
    )
)
def test_order_and_reasons_hold_for_whatever_was_seen(
    seen: dict[Sought, list[Sighting]],
) -> None:
    ranked = rank(seen, 5)
    assert [each.score for each in ranked] == sorted((e.score for e in ranked), reverse=True)
    for each in ranked:
        assert {word for word, places in seen.items() if each.inc in {p.inc for p in places}} == {
            word for word in seen if word.word in each.shared
        }
