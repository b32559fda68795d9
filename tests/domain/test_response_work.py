"""Small timers of what was asked, and what was tried: against a slow, obvious reference."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from cockpit.domain.fold import fold
from cockpit.domain.response_work import (
    Eliminated,
    find_action,
    find_theory,
    late_asks,
    next_ask,
    open_theories,
    theories_eliminated,
    timers,
    tried,
    verdict_words,
)
from cockpit.domain.view import Hypothesis, IncidentView, ResponseAction
from cockpit.errors import InvalidInputError
from tests.domain.incident_events import START, minutes, opened

BLANK = fold([opened()]).view

ASKED = st.builds(
    ResponseAction,
    id=st.text("0123456789abcdef", min_size=6, max_size=6),
    title=st.text(max_size=8),
    owner=st.sampled_from(("", "ana", "ben")),
    asked_at=st.none() | st.integers(0, 60).map(minutes),
    back_at=st.none() | st.integers(0, 60).map(minutes),
    state=st.sampled_from(("open", "done", "dropped")),
    helped=st.sampled_from(("", "yes", "no", "unclear")),
    why=st.text(max_size=8),
)
THEORY = st.builds(
    Hypothesis,
    id=st.text("0123456789abcdef", min_size=6, max_size=6),
    text=st.text(max_size=8),
    state=st.sampled_from(("open", "confirmed", "eliminated")),
    why=st.text(max_size=8),
)


def view_with(*things: ResponseAction | Hypothesis) -> IncidentView:
    asked = tuple(each for each in things if isinstance(each, ResponseAction))
    supposed = tuple(each for each in things if isinstance(each, Hypothesis))
    return replace(BLANK, response_actions=asked, hypotheses=supposed)


def seconds_left(action: ResponseAction, now: datetime) -> int:
    """Count second by second until the answer is due, or back to when it was."""
    assert action.back_at is not None
    count, at = 0, now
    step = timedelta(seconds=1 if action.back_at > now else -1)
    while at != action.back_at:
        at += step
        count += 1 if step > timedelta() else -1
    return count


@given(st.lists(ASKED, max_size=6), st.integers(0, 3_600))
def test_timers_count_down_and_then_up(asked: list[ResponseAction], second: int) -> None:
    now = START + timedelta(seconds=second)
    view = view_with(*asked)
    found = timers(view, now)
    assert len(found) == sum(each.state == "open" for each in asked)
    for each in found:
        assert each.action.state == "open"
        if each.action.back_at is None:
            assert (each.back_in, each.is_late, each.late) == (None, False, timedelta())
            continue
        left = seconds_left(each.action, now)
        assert each.is_late is (left <= 0)
        assert each.back_in == timedelta(seconds=max(left, 0))
        assert each.late == timedelta(seconds=max(-left, 0))
    for before, after in pairwise(found):
        if after.action.back_at is not None:
            assert before.action.back_at is not None
            assert before.action.back_at <= after.action.back_at
    assert list(late_asks(view, now)) == [each for each in found if each.is_late]
    first = next_ask(view, now)
    timed = [each for each in found if each.action.back_at is not None]
    assert first == (timed[0] if timed else None)


@given(st.lists(ASKED, max_size=6), st.lists(THEORY, max_size=6))
def test_what_failed_is_known_to_be_no_cause(
    asked: list[ResponseAction], supposed: list[Hypothesis]
) -> None:
    view = view_with(*asked, *supposed)
    wrong = [Eliminated(each.text, each.why) for each in supposed if each.state == "eliminated"]
    failed = [each for each in asked if (each.state, each.helped) == ("done", "no")]
    wrong += [Eliminated(f"{each.title} did not help", each.why) for each in failed]
    assert list(theories_eliminated(view)) == wrong
    assert list(tried(view)) == [each for each in asked if each.state == "done"]
    assert {each.state for each in open_theories(view)} <= {"open"}


def asked(**fields: object) -> ResponseAction:
    values = {"id": "a1b2c3d4e5f6", "title": "restart the cache", "owner": "ana", **fields}
    return ResponseAction(**values)


@pytest.mark.parametrize(
    ("action", "at", "sentence"),
    [
        (asked(back_at=minutes(10)), 4, "ana, back in 6 min: restart the cache"),
        (asked(back_at=minutes(10)), 13, "ana is 3 min late: restart the cache"),
        (asked(back_at=minutes(10)), 10, "ana is 0 s late: restart the cache"),
        (asked(owner="", back_at=minutes(1)), 3, "An answer is 2 min late: restart the cache"),
        (asked(owner="", back_at=minutes(10)), 9.5, "back in 30 s: restart the cache"),
        (asked(), 9, "ana, no time was said: restart the cache"),
    ],
)
def test_a_timer_speaks_in_words(action: ResponseAction, at: float, sentence: str) -> None:
    assert timers(view_with(action), minutes(at))[0].sentence == sentence


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "open"}, ""),
        ({"state": "done", "helped": "no", "why": "same errors"}, "did not help: same errors"),
        ({"state": "done", "helped": "yes"}, "helped"),
        ({"state": "done", "helped": "unclear"}, "unclear whether it helped"),
        ({"state": "done", "helped": "of another version"}, "done"),
        ({"state": "dropped", "why": "fixed already"}, "dropped: fixed already"),
    ],
)
def test_what_came_of_it(fields: dict[str, object], words: str) -> None:
    assert verdict_words(asked(**fields)) == words


ONE = asked()
TWO = asked(id="a1ffff000000", title="roll back the cache", owner="ben")
OVER = asked(id="beef00000000", title="restart the queue", state="done")


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("a1b2c3d4e5f6", ONE),
        ("A1B", ONE),
        ("a1f", TWO),
        ("restart", ONE),
        ("ben", TWO),
        ("roll CACHE", TWO),
        ("queue", OVER),
        ("beef", OVER),
    ],
)
def test_the_beginning_of_an_id_or_words_are_a_name(name: str, found: ResponseAction) -> None:
    assert find_action(view_with(ONE, TWO, OVER), name) == found


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("cache", "“cache” means more than one action that was asked. They are a1b2c3 ana: re"),
        ("", "There is more than one"),
        ("disk", "No action that was asked is called “disk”. Open now: a1b2c3 ana: restart"),
    ],
)
def test_another_name_is_refused_with_what_there_is(name: str, words: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        find_action(view_with(ONE, TWO, OVER), name)
    assert words in f"{refused.value.message} {refused.value.hint}"


def test_the_only_one_needs_no_name() -> None:
    theory = Hypothesis("c0ffee000000", "the cache is full")
    assert find_theory(view_with(theory), "") == theory
    with pytest.raises(InvalidInputError, match="No theory is open"):
        find_theory(view_with(), "")
    with pytest.raises(InvalidInputError, match="No action that was asked is open"):
        find_action(view_with(OVER), "")


@given(st.text(max_size=20), st.lists(ASKED, max_size=5))
def test_any_name_finds_one_or_is_refused_in_words(name: str, many: list[ResponseAction]) -> None:
    with suppress(InvalidInputError):
        assert find_action(view_with(*many), name) in many
