"""No news: when it is time for it, and what is sent instead before and after."""

from __future__ import annotations

import pytest

from cockpit.errors import InvalidInputError
from cockpit.service.changes import set_field
from cockpit.service.no_news import is_copied, is_time_for_no_news, no_news_stage
from cockpit.service.session import Session
from cockpit.service.updates import compose, copied, sent
from tests.service.conftest import MovedClock


def test_no_news_before_the_first_word_is_the_first_word_and_none_when_it_is_over(
    session: Session, inc: str, clock: MovedClock
) -> None:
    view = session.reads.view(inc)
    assert no_news_stage(view, clock.now) == "first word"
    view = sent(session, compose(session, inc))
    assert no_news_stage(view, clock.now) == "no news"
    view = sent(session, compose(session, inc, stage="resolved"))
    with pytest.raises(InvalidInputError, match="is over"):
        no_news_stage(view, clock.now)


def test_it_is_time_for_no_news_at_red_and_only_when_nothing_is_new(
    session: Session, inc: str, clock: MovedClock
) -> None:
    def is_time() -> bool:
        return is_time_for_no_news(session.reads.view(inc), session.playbook, clock.now)

    clock.move(20)
    assert not is_time()  # the first word is owed
    sent(session, compose(session, inc))
    sent(session, compose(session, inc, stage="investigating"))
    assert not is_time()
    clock.move(25)
    assert is_time()
    clock.move(60)
    assert is_time()
    view = copied(session, compose(session, inc, stage="no news"))
    assert is_copied(view)
    set_field(session, inc, "status", "identified")
    assert not is_time()  # there is news: the cause is known
