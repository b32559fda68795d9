"""Drafting again adds what is new, once, and never takes away what a person wrote."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cockpit.domain.redraft import mark_of, redraft

THEN = """\
Checkout fails: SEV2 (critical), has lasted so far 20m.

| Milestone | Time | After the start |
| --- | --- | --- |
| Declared | 2026-03-04 09:00 UTC | 0s |
| Acknowledged | 2026-03-04 09:04 UTC | 4m |

_Which conditions had to come together?_"""

NOW = """\
Checkout fails: SEV1 (worst), lasted 1h 5m.

| Milestone | Time | After the start |
| --- | --- | --- |
| Declared | 2026-03-04 09:00 UTC | 0s |
| Acknowledged | 2026-03-04 09:04 UTC | 4m |
| Resolved | 2026-03-04 10:05 UTC | 1h 5m |

Resolved at 2026-03-04 10:05 UTC.

_Which conditions had to come together?_"""


def test_a_text_that_nobody_touched_becomes_the_draft_now() -> None:
    found = redraft(THEN, mark_of(THEN), NOW)
    assert found.text == NOW
    assert (found.added, found.renewed, found.gone) == (2, 1, 0)
    assert found.mark == mark_of(NOW)


def test_drafting_twice_changes_nothing() -> None:
    once = redraft(THEN, mark_of(THEN), NOW)
    again = redraft(once.text, once.mark, NOW)
    assert (again.text, again.added, again.renewed, again.gone) == (once.text, 0, 0, 0)


def test_what_a_person_changed_or_took_out_stays_so() -> None:
    text = THEN.replace("Checkout fails: SEV2", "Nobody could pay: SEV2").replace(
        "| Acknowledged | 2026-03-04 09:04 UTC | 4m |\n", ""
    )
    found = redraft(text, mark_of(THEN), NOW)
    assert found.text.startswith("Nobody could pay: SEV2 (critical), has lasted so far 20m.\n")
    assert "SEV1" not in found.text
    assert "Acknowledged" not in found.text
    assert "| Declared | 2026-03-04 09:00 UTC | 0s |\n| Resolved |" in found.text


def test_what_was_added_and_then_taken_out_does_not_come_back() -> None:
    once = redraft(THEN, mark_of(THEN), NOW)
    text = once.text.replace("Resolved at 2026-03-04 10:05 UTC.\n\n", "")
    later = NOW.replace("lasted 1h 5m", "lasted 1h 6m")
    found = redraft(text, once.mark, later)
    assert "Resolved at" not in found.text
    assert "lasted 1h 6m" in found.text


def test_a_remark_stays_below_the_fact_it_was_written_under() -> None:
    text = THEN.replace(
        "| Acknowledged | 2026-03-04 09:04 UTC | 4m |",
        "| Acknowledged | 2026-03-04 09:04 UTC | 4m |\n| by phone | | |",
    )
    found = redraft(text, mark_of(THEN), NOW)
    assert "| 4m |\n| by phone | | |\n| Resolved |" in found.text


def test_a_prompt_goes_once_the_draft_answers_it() -> None:
    then, now = "_No action items yet._", "- [ ] Raise the limit (prevent, owner: ana, due: x)"
    assert redraft(then, mark_of(then), now).text == now
    text = "Ours:\n\n_No action items yet._ Really?"
    found = redraft(text, mark_of(then), now)
    assert found.text == f"{text}\n\n{now}"


def test_an_action_item_follows_its_owner_and_date_unless_a_person_wrote_there() -> None:
    then = "- [ ] A (prevent, owner: nobody yet)\n- [ ] B (debt, owner: ben)"
    now = "- [x] A (prevent, owner: ana)\n- [ ] B (debt, owner: chris)\n- [ ] C (debt, owner: ana)"
    text = then.replace("owner: ben)", "owner: ben), see the wiki")
    assert redraft(text, mark_of(then), now).text == (
        "- [x] A (prevent, owner: ana)\n- [ ] B (debt, owner: ben), see the wiki\n"
        "- [ ] C (debt, owner: ana)"
    )


def test_an_entry_of_several_lines_is_one_fact() -> None:
    one = "- 2026-03-04 09:10 UTC note: first  \n  ok"
    two = "- 2026-03-04 09:20 UTC note: second  \n  ok"
    text = f"{one}\n  a remark"
    found = redraft(text, mark_of(one), f"{one}\n{two}")
    assert found.text == f"{one}\n  a remark\n{two}"
    assert redraft(found.text, mark_of(f"{one}\n{two}"), one).text == text


def test_what_another_machine_added_already_is_not_added_again() -> None:
    once = redraft(THEN, mark_of(THEN), NOW)
    found = redraft(once.text, mark_of(THEN), NOW)
    assert found.text == once.text
    assert found.added == 0


def test_a_second_fact_of_the_same_words_is_new() -> None:
    then = "- 2026-03-04 09:10 UTC note: again"
    assert redraft(then, mark_of(then), f"{then}\n{then}").text == f"{then}\n{then}"


def test_what_a_person_wrote_in_the_very_words_of_the_draft_stays() -> None:
    then = "- It is odd.\n- It is late."
    text = f"{then}\n\n- It is late."
    assert redraft(text, mark_of(then), "- It is odd.").text == text


def test_a_draft_without_facts_changes_nothing() -> None:
    assert redraft("Mine.", mark_of(THEN), "").text == "Mine."
    assert redraft("", "", "- a fact").text == "- a fact"


@pytest.mark.parametrize("mark", ["x", "0" * 15, "zz" * 8, "a\nb"])
def test_a_mark_that_is_none_counts_as_no_draft(mark: str) -> None:
    assert redraft("Mine.", mark, "- a fact").text == "Mine.\n\n- a fact"


def _fact(number: int) -> str:
    """Return a fact that is like no other; some go on in a second line, some are rows."""
    stamp = f"2026-03-04 {9 + number // 60:02}:{number % 60:02} UTC"
    forms = (
        f"- {stamp} note: fact <{number}>",
        f"- {stamp} note: fact <{number}>  \n  goes on",
        f"| {stamp} | note | fact <{number}> |",
        f"- [ ] Item <{number}> (prevent, owner: nobody yet)",
        f"Sentence {'abcdefghij'[number % 10] * (1 + number // 10)}: fact <{number}>.",
    )
    return forms[number % len(forms)]


@st.composite
def drafts(draw: st.DrawFn) -> tuple[str, str, list[int], list[int]]:
    """Return a draft, a later one with more facts in between, and the numbers of both."""
    now = draw(st.lists(st.integers(0, 90), unique=True, max_size=14).map(sorted))
    then = [each for each in now if draw(st.booleans())]
    gaps = {each: draw(st.sampled_from(["\n", "\n", "\n\n"])) for each in now}
    texts = ["".join(f"{_fact(each)}{gaps[each]}" for each in some) for some in (then, now)]
    return texts[0].strip("\n"), texts[1].strip("\n"), then, now


@given(drafts(), st.data())
@settings(max_examples=400, deadline=None)
def test_no_word_of_a_person_goes_and_each_new_fact_comes_once_in_its_order(
    both: tuple[str, str, list[int], list[int]], data: st.DataObject
) -> None:
    then, now, old, numbers = both
    text, written = then, ""
    for count in range(data.draw(st.integers(0, 5))):
        at = data.draw(st.integers(0, len(text)))
        if data.draw(st.booleans()):
            letter = chr(0x4E00 + count)
            written += letter
            piece = data.draw(st.sampled_from([letter, f"\n{letter}\n", f"\n\n{letter}\n\n"]))
            text = text[:at] + piece + text[at:]
        else:
            stop = data.draw(st.integers(at, min(len(text), at + 60)))
            written = "".join(each for each in written if each not in text[at:stop])
            text = text[:at] + text[stop:]
    found = redraft(text, mark_of(then), now)
    assert all(letter in found.text for letter in written)
    for number in set(numbers) - set(old):
        assert found.text.count(_fact(number)) == 1
    for line in text.split("\n"):
        assert not line.strip() or line in found.text.split("\n")
    places = [found.text.find(_fact(each)) for each in numbers if each not in old]
    assert places == sorted(places)
    again = redraft(found.text, found.mark, now)
    assert again.text == found.text
