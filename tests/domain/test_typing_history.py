"""What was typed can be taken back step by step, whatever others write, and after a restart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.text_merge import Splice, compare
from cockpit.domain.typing_history import (
    MOST_CHARACTERS,
    MOST_STEPS,
    Change,
    Step,
    TypingHistory,
    apply,
    read_history,
    transform,
)
from cockpit.errors import InvalidInputError

TEXTS = st.text("ab\n\U0001f980é", max_size=12)


def change_all(step: Step, text: str) -> str:
    for each in step:
        after = apply(each, text)
        assert after is not None, (each, text)
        text = after
    return text


def edit(history: TypingHistory, text: str, wanted: str, *, fresh: bool = True) -> str:
    for each in reversed(tuple(compare(text, wanted))):
        history.record(each.start, text[each.start : each.stop], each.text, fresh=fresh)
        fresh = False
    return wanted


@st.composite
def changes(draw: st.DrawFn, text: str) -> tuple[Change, ...]:
    found: list[Change] = []
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(text)))
        gone = text[at : draw(st.integers(at, len(text)))]
        change = Change(at, gone) if gone and draw(st.booleans()) else Change(at, "", "xyz")
        text = change_all((change,), text)
        found.append(change)
    return tuple(found)


@given(st.data(), TEXTS)
def test_both_orders_of_two_edits_end_at_one_text(data: st.DataObject, text: str) -> None:
    mine, theirs = data.draw(changes(text)), data.draw(changes(text))
    mine_after, theirs_after = transform(mine, theirs)
    one = change_all(mine_after, change_all(theirs, text))
    assert one == change_all(theirs_after, change_all(mine, text))


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_undo_goes_back_through_every_text_and_redo_forward(texts: list[str]) -> None:
    history, text = TypingHistory(), texts[0]
    seen = [text]
    for wanted in texts[1:]:
        if wanted != text:
            text = edit(history, text, wanted)
            seen.append(text)
    for wanted in reversed(seen[:-1]):
        text = change_all(history.undo(), text)
        assert text == wanted
    assert history.undo() == ()
    for wanted in seen[1:]:
        text = change_all(history.redo(), text)
        assert text == wanted
    assert history.redo() == ()


@given(st.lists(TEXTS, min_size=2, max_size=5), st.integers(0, 40), st.text("XYZ", min_size=1))
def test_what_others_write_stays_when_all_is_taken_back(
    texts: list[str], place: int, theirs: str
) -> None:
    history, text = TypingHistory(), texts[0]
    for wanted in texts[1:]:
        text = edit(history, text, wanted)
    place %= len(text) + 1
    history.move_around([Splice(place, place, theirs)], text)
    text = text[:place] + theirs + text[place:]
    while step := history.undo():
        text = change_all(step, text)
    assert text.replace(theirs, "", 1) == texts[0]
    while step := history.redo():
        text = change_all(step, text)
    assert text.replace(theirs, "", 1) == texts[-1]


@given(st.lists(TEXTS, min_size=2, max_size=5), TEXTS, st.integers(0, 4))
def test_a_kept_history_goes_on_from_the_text_of_today(
    texts: list[str], today: str, back: int
) -> None:
    history, text = TypingHistory(), texts[0]
    for wanted in texts[1:]:
        text = edit(history, text, wanted)
    for _ in range(back):
        text = change_all(history.undo(), text)
    kept = history.dump("inc/summary", text)
    if not kept:
        return
    again = read_history(kept, "inc/summary", text)
    assert again.steps == history.steps
    before = text
    while step := again.undo():
        before = change_all(step, before)
    assert before == texts[0]
    moved = read_history(kept, "inc/summary", today)
    while step := moved.undo():
        today = change_all(step, today)


@given(st.text(max_size=80) | st.from_regex(r'\{"version":1,"key":"k","text":"ab",.*\}'))
def test_a_damaged_history_is_refused_in_words(kept: str) -> None:
    with pytest.raises(InvalidInputError, match="steps of undo"):
        read_history(kept, "k", "ab")


@pytest.mark.parametrize(
    "steps",
    ['[[[5,"x",""]]]', '[[[0,"b",""]]]', '[[[-1,"","x"]]]', '[[[0,"",""]]]', '[[[0,"a","b"]]]'],
)
def test_steps_that_do_not_fit_are_refused(steps: str) -> None:
    for undo, redo in ((steps, "[]"), ("[]", steps)):
        kept = f'{{"version":1,"key":"k","text":"ab","undo":{undo},"redo":{redo}}}'
        with pytest.raises(InvalidInputError, match="do not fit"):
            read_history(kept, "k", "ab")


def test_another_section_s_history_is_refused() -> None:
    history = TypingHistory()
    history.record(0, "", "a", fresh=True)
    with pytest.raises(InvalidInputError, match="another text"):
        read_history(history.dump("one", "a"), "other", "a")
    assert TypingHistory().dump("one", "a") == ""


def test_typing_on_is_one_step_and_a_correction_in_it_too() -> None:
    history = TypingHistory()
    for at, letter in enumerate("abc"):
        history.record(at, "", letter, fresh=not at)
    history.record(2, "c", "", fresh=True)
    history.record(1, "b", "", fresh=False)
    assert history.steps == (2, 0)
    assert history.undo() == (Change(1, "", "bc"),)
    assert history.undo() == (Change(0, "abc"),)


def test_no_more_is_kept_than_is_bounded() -> None:
    history = TypingHistory()
    for _ in range(MOST_STEPS + 50):
        history.record(0, "", "a", fresh=True)
    assert history.steps[0] == MOST_STEPS
    history.record(0, "", "b" * MOST_CHARACTERS, fresh=True)
    assert history.steps[0] == 1
    history.record(0, "", "c" * (MOST_CHARACTERS + 1), fresh=True)
    assert history.steps[0] == 1
