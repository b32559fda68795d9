"""References stay unique when two machines took the same number while offline."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.reference import (
    Claim,
    ParsedReference,
    clash_words,
    parse_reference,
    references,
    suffix_of,
)

IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
CLAIMS = st.lists(st.builds(Claim, IDS, st.integers(0, 5)), min_size=1, unique_by=lambda c: c.inc)


@given(CLAIMS, st.randoms(use_true_random=False))
def test_every_machine_resolves_a_clash_alike(claims: list[Claim], rng) -> None:  # type: ignore[no-untyped-def]
    first = references("INC", 42, claims)
    shuffled = list(claims)
    rng.shuffle(shuffled)
    assert references("INC", 42, shuffled) == first
    assert sum(ref == "INC-42" for ref in first.values()) == 1


def test_the_first_declared_keeps_the_plain_number() -> None:
    early, late = Claim("f" * 32, 1), Claim("0" * 32, 2)
    found = references("INC", 42, [late, early])
    assert found[early.inc] == "INC-42"
    assert found[late.inc] == f"INC-42-{suffix_of(late.inc)}"


def test_what_people_type_is_understood() -> None:
    for text in ("INC-42", "inc42", "inc-42", "INC 42"):
        assert parse_reference(text) == ParsedReference("INC", 42, "")
    assert parse_reference("42") == ParsedReference("", 42, "")
    assert parse_reference("INC-42-k7q") == ParsedReference("INC", 42, "K7Q")
    assert parse_reference("pool exhausted") is None


@given(IDS)
def test_a_suffixed_reference_reads_back(inc: str) -> None:
    parsed = parse_reference(f"INC-7-{suffix_of(inc)}")
    assert parsed is not None
    assert parsed.suffix == suffix_of(inc)


def test_what_nobody_else_knows_gives_way() -> None:
    mine, theirs = Claim("1" * 32, 1, shared=False), Claim("2" * 32, 2)
    found = references("INC", 42, [mine, theirs])
    assert found[theirs.inc] == "INC-42"
    assert found[mine.inc].startswith("INC-42-")


def test_a_clash_is_told_in_words() -> None:
    assert clash_words({}, {"a": "INC-1"}) == ""
    assert clash_words({"a": "INC-1"}, {"a": "INC-1", "b": "INC-2"}) == ""
    assert clash_words({"a": "INC-1", "c": "INC-3"}, {"a": "INC-1"}) == ""
    words = clash_words({"a": "INC-12"}, {"a": "INC-12-K7Q", "b": "INC-12"})
    assert words.startswith("INC-12 is called INC-12-K7Q now")
    words = clash_words({"a": "INC-12"}, {"a": "INC-12", "b": "INC-12-K7Q"})
    assert words.startswith("INC-12-K7Q came from elsewhere with the number of INC-12")
    both = clash_words({"a": "INC-1", "b": "INC-2"}, {"a": "INC-1-AAA", "b": "INC-2-BBB"})
    assert "1 more changed likewise" in both
