"""A slower rhythm begins with the text that announces it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.cadence import clocks
from cockpit.domain.vocabulary import Ring
from cockpit.service.promises import set_rhythm
from cockpit.service.session import Session
from cockpit.service.slowing import said_rhythm
from cockpit.service.undo import undo
from cockpit.service.updates import compose, sent
from tests.domain.shipped_texts import AT, default_playbook, make_view
from tests.service.conftest import MovedClock


def test_a_slower_rhythm_begins_with_the_text_that_says_so_and_one_undo_takes_it_back(
    session: Session, inc: str, clock: MovedClock
) -> None:
    sent(session, compose(session, inc))
    clock.move(25)
    slower = compose(session, inc, stage="slower rhythm")
    assert (slower.rhythm, slower.unfilled) == (60, ())
    assert "every hour" in slower.text
    assert slower.next_at == clock.now.replace(hour=10, minute=25)
    assert all(each.ok for each in slower.checks if each.id == "next-update")
    view = sent(session, slower)
    plan = view.plans["customers"]
    assert [(each.every, each.reason) for each in plan.rhythms] == [(60, "as told to customers")]
    found = clocks(view, session.playbook, clock.now)
    assert next(each for each in found if each.ring is Ring.CUSTOMERS).due_at == slower.next_at
    assert compose(session, inc, stage="no news").next_at == slower.next_at
    undo(session, inc)
    view = session.reads.view(inc)
    assert view.plans["customers"].rhythm_at(clock.now) is None
    assert len(view.messages) == 1


def test_a_persons_own_words_choose_the_slower_rhythm(session: Session, inc: str) -> None:
    sent(session, compose(session, inc))
    text = "Payments fail. From now on we write every 45 minutes. Next update by 09:45 UTC."
    own = compose(session, inc, stage="slower rhythm", text=text)
    assert own.rhythm == 45
    assert sent(session, own).plans["customers"].rhythms[-1].every == 45
    faster = text.replace("45 minutes", "5 minutes")
    assert compose(session, inc, stage="slower rhythm", text=faster).rhythm != 5
    assert compose(session, inc, stage="no news", text=text).rhythm == 0


def test_a_rhythm_that_was_slowed_down_already_is_only_said(
    session: Session, inc: str, clock: MovedClock
) -> None:
    sent(session, compose(session, inc))
    clock.move(10)
    set_rhythm(session, inc, "customers", 45, "nothing new for two hours")
    slower = compose(session, inc, stage="slower rhythm")
    assert (slower.rhythm, "every 45 minutes" in slower.text) == (0, True)
    view = sent(session, slower)
    assert [each.every for each in view.plans["customers"].rhythms] == [45]


@given(st.text(max_size=80), st.integers(0, 240))
def test_any_words_name_a_slower_rhythm_or_none(text: str, number: int) -> None:
    view, playbook = make_view(), default_playbook()
    words = f"{text} every {number} minutes {text}"
    assert said_rhythm(text, view, playbook, "customers", AT) in range(60 * 1000)
    if "every" not in text.casefold():
        said = said_rhythm(words, view, playbook, "customers", AT)
        assert said == (number if number > 30 else 0)
