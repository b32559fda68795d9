"""Two people's edits of one text both survive, whatever characters they write."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.text_merge import (
    SectionDocument,
    adopt,
    byte_offset,
    compare,
    merged_text,
)
from cockpit.errors import InvalidInputError

AWKWARD = st.text(
    alphabet=st.one_of(
        st.sampled_from("ab \n\r\té漢👩‍🚒\u0301\u200d\ufe0f\U0001f3fd\0"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=40,
)
LINES = st.lists(AWKWARD, max_size=6).map("\n".join)


def document(*updates: str, client: int = 7) -> SectionDocument:
    return SectionDocument(updates, client)


def test_text_written_once_is_read_back() -> None:
    update = document().replace("Disk was full.\r\nWe made room. 🧯")
    assert merged_text([update]) == "Disk was full.\r\nWe made room. 🧯"


def test_no_change_makes_no_update() -> None:
    doc = document()
    doc.replace("same")
    assert doc.replace("same") == ""


@given(LINES, LINES)
@settings(max_examples=200, deadline=None)
def test_replace_gives_exactly_the_new_text(old: str, new: str) -> None:
    doc = document()
    updates = [doc.replace(old), doc.replace(new)]
    assert doc.text == new
    assert merged_text([each for each in updates if each]) == new


@given(LINES, LINES)
@settings(max_examples=200, deadline=None)
def test_comparison_applied_by_hand_gives_the_new_text(old: str, new: str) -> None:
    text = old
    for splice in reversed(tuple(compare(old, new))):
        text = text[: splice.start] + splice.text + text[splice.stop :]
    assert text == new


@given(AWKWARD, st.data())
def test_byte_offsets_count_utf8(text: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(text)))
    assert text.encode()[: byte_offset(text, position)].decode() == text[:position]


@given(base=LINES, head=AWKWARD, tail=AWKWARD, order=st.permutations(range(3)))
@settings(max_examples=200, deadline=None)
def test_concurrent_edits_both_survive(base: str, head: str, tail: str, order: list[int]) -> None:
    start = document(client=1).replace("<" + base + ">")
    first, second = document(start, client=2), document(start, client=3)
    updates = [
        start,
        first.replace("one" + head + first.text),
        second.replace(second.text + tail + "two"),
    ]
    merged = merged_text([updates[place] for place in order])
    assert merged == "one" + head + "<" + base + ">" + tail + "two"
    assert merged_text(updates + updates) == merged


def test_edits_of_different_lines_keep_their_places() -> None:
    start = document(client=1).replace("alpha\nbeta\ngamma\ndelta\n")
    first, second = document(start, client=2), document(start, client=3)
    updates = [
        start,
        first.replace("ALPHA\nbeta\ngamma\nDELTA\n"),
        second.replace("alpha\nbeta and more\ngamma\ndelta\n"),
    ]
    assert merged_text(updates) == "ALPHA\nbeta and more\ngamma\nDELTA\n"


def test_the_same_draft_adopted_by_two_people_stands_there_once() -> None:
    draft = "Détection : 5 min 🚨"
    first, second = document(client=2), document(client=3)
    updates = [first.adopt(draft, "summary", "a" * 32), second.adopt(draft, "summary", "a" * 32)]
    updates.append(first.replace(first.text + " (by alert)"))
    updates.append(second.replace("Short. " + second.text))
    assert merged_text(updates) == "Short. Détection : 5 min 🚨 (by alert)"


def test_adopting_twice_adds_nothing() -> None:
    doc = document()
    assert doc.adopt("A draft.", "impact", "b" * 32)
    assert doc.adopt("A draft.", "impact", "b" * 32) == ""
    update = adopt("A draft.", "impact", "b" * 32)
    assert merged_text([update, update]) == "A draft."


def test_a_draft_comes_back_after_it_was_removed() -> None:
    doc = document()
    updates = [doc.adopt("A draft.", "impact", "b" * 32), doc.replace("")]
    updates.append(doc.adopt("A draft.", "impact", "b" * 32))
    assert merged_text(updates) == doc.text == "A draft."


def test_a_draft_is_added_below_what_somebody_wrote() -> None:
    doc = document()
    doc.replace("Mine.")
    doc.adopt("A draft.", "impact", "b" * 32)
    assert doc.text == "Mine.\n\nA draft."


def test_a_client_id_that_wrote_before_is_refused() -> None:
    update = document(client=9).replace("text")
    with pytest.raises(InvalidInputError, match="client id"):
        document(update, client=9)


@pytest.mark.parametrize("client", [-1, 2**53])
def test_a_client_id_out_of_range_is_refused(client: int) -> None:
    with pytest.raises(InvalidInputError):
        document(client=client)


def test_unreadable_updates_are_left_out_of_the_merge_and_refused_by_hand() -> None:
    good = document().replace("kept")
    assert merged_text(["", "%%%", "AAAA/w==", good, "/////w=="]) == "kept"
    with pytest.raises(InvalidInputError, match="not a text update"):
        document().apply("/////w==")


@given(st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_bytes_can_break_the_merge(data: bytes) -> None:
    from base64 import b64encode

    assert isinstance(merged_text([b64encode(data).decode()]), str)


def test_halves_of_surrogate_pairs_are_replaced() -> None:
    doc = document()
    doc.replace("a\ud800b\ud83d\ude00")
    assert doc.text == "a\ufffdb😀"


def test_pycrdt_is_loaded_only_when_text_is_merged() -> None:
    check = "import sys, cockpit.domain.text_merge; sys.exit('pycrdt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


@given(LINES, LINES)
@settings(max_examples=100, deadline=None)
def test_writing_in_pieces_gives_exactly_the_new_text(old: str, new: str) -> None:
    doc = document()
    updates = (*doc.write(old), *doc.write(new))
    assert doc.text == new
    assert merged_text(reversed(updates)) == new


def test_a_long_text_is_written_in_updates_that_one_event_can_hold() -> None:
    doc = document()
    long = "\U0001f9ef漢é a\n" * 30_000
    updates = [*doc.write(long), *doc.write(long.replace("a", "b c"))]
    assert max(map(len, updates)) < 60_000
    assert merged_text(updates) == long.replace("a", "b c")


def test_a_long_draft_is_adopted_in_pieces_and_only_once() -> None:
    doc = document()
    long = "line\n" * 10_000
    updates = doc.adopt_whole(long, "summary", "inc")
    assert doc.text == merged_text(updates) == long
    assert len(updates) > 1
    assert doc.adopt_whole(long, "summary", "inc") == ()
    assert document().adopt_whole("short", "summary", "inc") == (adopt("short", "summary", "inc"),)
