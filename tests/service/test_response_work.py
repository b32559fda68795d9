"""Asking, hearing back, supposing: one action each, and one undo takes all of it back."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

import pytest

from cockpit.config import Config
from cockpit.domain.view import IncidentView
from cockpit.errors import InvalidInputError
from cockpit.paths import Paths
from cockpit.service import changes, postmortems, response_work, timeline
from cockpit.service.exports import export_incident
from cockpit.service.imports import import_stream
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session, open_session
from cockpit.service.undo import redo, undo
from tests.service.conftest import MovedClock


def texts(session: Session, inc: str) -> list[str]:
    return [each.text for each in read_timeline(session, inc)]


def view(session: Session, inc: str) -> IncidentView:
    return session.reads.view(inc)


def test_an_action_is_asked_with_the_time_to_hear_back(
    session: Session, inc: str, clock: MovedClock
) -> None:
    asked = response_work.ask(session, inc, "restart\n the cache", "@ana")
    assert (asked.title, asked.owner, asked.state) == ("restart the cache", "ana", "open")
    assert asked.asked_at == clock.now
    assert asked.back_at == clock.now + timedelta(minutes=10)
    assert texts(session, inc)[-1] == "Asked ana: restart the cache (back by 09:10 UTC)"
    later = response_work.ask(session, inc, "look at the disks", within="1 h 30 min")
    assert later.back_at == clock.now + timedelta(minutes=90)
    assert texts(session, inc)[-1] == "Asked for: look at the disks (back by 10:30 UTC)"
    far = response_work.ask(session, inc, "ask the vendor", within="2d")
    assert far.back_at == clock.now + timedelta(days=2)
    assert texts(session, inc)[-1].endswith("(back by 2026-03-06 09:00 UTC)")


@pytest.mark.parametrize(
    ("title", "owner", "within", "words"),
    [
        ("  ", "ana", "", "what is asked is missing"),
        ("restart", "", "soon", "not a span of time"),
        ("restart", "", "8d", "up to 7 days"),
        ("restart", "", "999999d", "up to 7 days"),
        ("x" * 2_001, "", "", "longer than 2,000"),
        ("restart", "a" * 101, "", "at most 100"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    session: Session, inc: str, title: str, owner: str, within: str, words: str
) -> None:
    with pytest.raises(InvalidInputError) as refused:
        response_work.ask(session, inc, title, owner, within)
    assert words in str(refused.value)
    assert view(session, inc).response_actions == ()


def test_one_undo_takes_an_ask_and_its_sentence_back(session: Session, inc: str) -> None:
    before = texts(session, inc)
    asked = response_work.ask(session, inc, "restart the cache", "ana")
    assert undo(session, inc) == "Undone: “Asked ana: restart the cache (back by 09:10 UTC)”"
    assert view(session, inc).response_actions == ()
    assert texts(session, inc) == before
    redo(session, inc)
    assert view(session, inc).response_actions == (asked,)


def test_an_answer_says_whether_it_helped_and_why(session: Session, inc: str) -> None:
    asked = response_work.ask(session, inc, "restart the cache", "ana")
    done = response_work.finish(session, inc, "cache", "NO", "same errors")
    assert (done.id, done.state, done.helped, done.why) == (asked.id, "done", "no", "same errors")
    assert texts(session, inc)[-1] == "Done: restart the cache — did not help: same errors"
    last = view(session, inc).last_op
    response_work.finish(session, inc, asked.id[:6], "no", "same errors")
    assert view(session, inc).last_op == last
    response_work.finish(session, inc, asked.id, "unclear")
    assert texts(session, inc)[-1] == "Done: restart the cache — unclear whether it helped"
    undo(session, inc)
    undo(session, inc)
    assert view(session, inc).response_actions == (asked,)
    assert texts(session, inc)[-1].startswith("Asked ana")
    redo(session, inc)
    assert view(session, inc).response_actions == (done,)


def test_an_unknown_answer_is_refused(session: Session, inc: str) -> None:
    response_work.ask(session, inc, "restart the cache")
    with pytest.raises(InvalidInputError) as refused:
        response_work.finish(session, inc, "", "maybe")
    assert "yes" in str(refused.value)


def test_an_action_is_dropped_or_gets_more_time(
    session: Session, inc: str, clock: MovedClock
) -> None:
    asked = response_work.ask(session, inc, "restart the cache", "ana")
    clock.move(12)
    later = response_work.give_time(session, inc, "cache", "5m")
    assert later.back_at == clock.now + timedelta(minutes=5)
    assert texts(session, inc)[-1] == "More time for ana: restart the cache (back by 09:17 UTC)"
    undo(session, inc)
    assert view(session, inc).response_actions == (asked,)
    dropped = response_work.drop(session, inc, "cache", "fixed already")
    assert (dropped.state, dropped.why) == ("dropped", "fixed already")
    assert texts(session, inc)[-1] == "Dropped: restart the cache — fixed already"
    with pytest.raises(InvalidInputError, match="nobody waits"):
        response_work.give_time(session, inc, "cache", "5m")


def test_a_theory_is_confirmed_or_eliminated(session: Session, inc: str) -> None:
    cache = response_work.suppose(session, inc, "the cache is full")
    queue = response_work.suppose(session, inc, "the queue is stuck")
    assert texts(session, inc)[-1] == "Theory: the queue is stuck"
    wrong = response_work.eliminate(session, inc, "cache", "half empty")
    assert (wrong.id, wrong.state, wrong.why) == (cache.id, "eliminated", "half empty")
    assert texts(session, inc)[-1] == "Theory eliminated: the cache is full — half empty"
    right = response_work.confirm(session, inc, queue.id[:4])
    assert right.state == "confirmed"
    assert texts(session, inc)[-1] == "Theory confirmed: the queue is stuck"
    assert view(session, inc).hypotheses == (wrong, right)
    assert response_work.eliminate(session, inc, cache.id) == wrong
    undo(session, inc)
    undo(session, inc)
    assert {each.state for each in view(session, inc).hypotheses} == {"open"}
    undo(session, inc)
    assert view(session, inc).hypotheses == (cache,)


def test_one_undo_takes_a_confirmed_cause_back(session: Session, inc: str) -> None:
    response_work.suppose(session, inc, "the cache is full")
    before = (view(session, inc).hypotheses, view(session, inc).cause, texts(session, inc))
    response_work.confirm(session, inc, "cache", "it grows", is_cause=True)
    after = view(session, inc)
    assert (after.cause, after.hypotheses[0].state) == ("the cache is full", "confirmed")
    assert undo(session, inc).startswith("Undone: “")
    now = view(session, inc)
    assert now.cause == before[1]
    assert now.hypotheses == before[0]
    redo(session, inc)
    assert view(session, inc).cause == "the cache is full"
    assert view(session, inc).hypotheses[0].state == "confirmed"


def test_no_words_mean_only_what_is_open(session: Session, inc: str) -> None:
    response_work.ask(session, inc, "restart the cache")
    response_work.finish(session, inc, "", "yes")
    with pytest.raises(InvalidInputError):
        response_work.drop(session, inc, "")
    assert view(session, inc).response_actions[0].state == "done"
    response_work.suppose(session, inc, "the cache is full")
    response_work.eliminate(session, inc, "")
    with pytest.raises(InvalidInputError):
        response_work.confirm(session, inc, "")


def test_the_entry_line_asks_and_supposes(session: Session, inc: str, clock: MovedClock) -> None:
    entry = timeline.log_line(session, inc, "/ask @ana 5m restart the cache")
    assert (entry.kind, entry.text) == (
        "action",
        "Asked ana: restart the cache (back by 09:05 UTC)",
    )
    timeline.log_line(session, inc, "-3m /ask look at the disks")
    timeline.log_line(session, inc, "/theory the cache is full")
    first, second = view(session, inc).response_actions
    assert (first.title, first.owner, second.owner) == ("look at the disks", "", "ana")
    assert first.back_at == clock.now + timedelta(minutes=7)
    assert view(session, inc).hypotheses[0].text == "the cache is full"
    undo(session, inc)
    assert view(session, inc).hypotheses == ()


def test_the_export_carries_what_was_asked_and_supposed(session: Session, inc: str) -> None:
    response_work.ask(session, inc, "restart the *cache*", "ana")
    response_work.finish(session, inc, "", "no", "same errors")
    response_work.ask(session, inc, "roll back")
    response_work.suppose(session, inc, "the queue is stuck")
    response_work.eliminate(session, inc, "", "it is empty")
    page = export_incident(session, inc, "md")
    assert "## What was tried\n" in page
    assert "- ana: restart the \\*cache\\* (did not help: same errors)\n" in page
    assert "- roll back (no answer yet)\n" in page
    assert "- the queue is stuck (eliminated: it is empty)\n" in page
    assert "What was tried" not in postmortems.markdown(session, inc, public=True)
    assert '"response_actions": [' in export_incident(session, inc, "json")


def _take_over(session: Session, other: Session, inc: str) -> None:
    """Let `session` know all that `other` knows."""
    document = export_incident(other, inc, "json")
    import_stream(session, "cockpit", io.BytesIO(document.encode()))


def _second_home(session: Session, inc: str, home: Path, clock: MovedClock) -> Session:
    """Return another machine's session that knows the incident so far."""
    other = open_session(Paths(home, home), Config(author="ben"), clock=clock)
    _take_over(other, session, inc)
    return other


def test_two_people_finish_the_same_ask_at_once(
    session: Session, inc: str, clock: MovedClock, tmp_path: Path
) -> None:
    asked = response_work.ask(session, inc, "restart the cache", "ana")
    with _second_home(session, inc, tmp_path / "other", clock) as other:
        response_work.finish(session, inc, asked.id, "yes", "fewer errors")
        clock.move(1)
        response_work.finish(other, inc, asked.id, "no", "same errors")
        _take_over(session, other, inc)
        _take_over(other, session, inc)
        assert view(session, inc).response_actions == view(other, inc).response_actions
    (merged,) = view(session, inc).response_actions
    assert (merged.helped, merged.why) == ("no", "same errors")
    rivals = {(each.field, each.value) for each in view(session, inc).rivals}
    assert rivals == {("helped", "yes"), ("why", "fewer errors")}
    for field, value in rivals:
        changes.settle(session, inc, f"do:{asked.id}", field, value)
    assert view(session, inc).rivals == ()
    assert view(session, inc).response_actions[0].helped == "yes"


def test_a_new_answer_settles_what_two_people_said(
    session: Session, inc: str, clock: MovedClock, tmp_path: Path
) -> None:
    asked = response_work.ask(session, inc, "restart the cache", "ana")
    with _second_home(session, inc, tmp_path / "other", clock) as other:
        response_work.finish(session, inc, asked.id, "yes")
        clock.move(1)
        response_work.finish(other, inc, asked.id, "no")
        _take_over(session, other, inc)
    assert view(session, inc).rivals
    response_work.finish(session, inc, asked.id, "no")
    assert view(session, inc).rivals == ()


def test_a_theory_is_not_how_it_was_detected(session: Session, inc: str) -> None:
    response_work.suppose(session, inc, "the cache is full")
    response_work.eliminate(session, inc, "", "half empty")
    assert "How it was detected: _to be added_." in export_incident(session, inc, "md")
    timeline.log(session, inc, "alert received", kind="observation")
    assert "How it was detected: alert received (" in export_incident(session, inc, "md")
