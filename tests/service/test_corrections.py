"""Corrected is not new: a sent text is put right, and no clock begins again."""

from __future__ import annotations

import pytest

from cockpit.domain.cadence import clocks
from cockpit.errors import InvalidInputError
from cockpit.service import timeline
from cockpit.service.corrections import (
    changed_promise,
    check_correction,
    correct_sent,
    find_sent,
    sent_texts,
)
from cockpit.service.exports import export_incident
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session
from cockpit.service.undo import redo, undo
from cockpit.service.updates import compose, sent
from tests.service.conftest import MovedClock

WRONG = "Some paymnets fail. We are on it. Next update by 09:30 UTC."
RIGHT = "Some payments fail. We are on it. Next update by 09:30 UTC."


def send(session: Session, inc: str, text: str = WRONG) -> str:
    return sent(session, compose(session, inc, text=text)).messages[-1].entry


def corrections(session: Session, inc: str) -> list[str]:
    return [
        each.text
        for each in read_timeline(session, inc)
        if each.text.startswith("Corrected") and not each.hidden
    ]


def test_the_sent_text_is_right_and_the_original_is_kept(
    session: Session, inc: str, clock: MovedClock
) -> None:
    entry = send(session, inc)
    clock.move(4)
    corrected = correct_sent(session, inc, entry, RIGHT, "a typo")
    assert (corrected.text, corrected.original, corrected.corrected) == (RIGHT, WRONG, True)
    assert corrections(session, inc) == [
        "Corrected the update to customers of 09:00 UTC: “paymnets” → “payments” (a typo)"
    ]
    (message,) = session.reads.view(inc).messages
    assert (message.text, message.corrected) == (RIGHT, True)


def test_no_clock_begins_again_and_nobody_is_told_anew(
    session: Session, inc: str, clock: MovedClock
) -> None:
    entry = send(session, inc)
    before = session.reads.view(inc)
    counted = clocks(before, session.playbook, clock.now)
    clock.move(4)
    correct_sent(session, inc, entry, RIGHT)
    after = session.reads.view(inc)
    assert (after.told, after.status) == (before.told, before.status)
    for was, each in zip(counted, clocks(after, session.playbook, clock.now), strict=True):
        assert (each.due_at, each.last_at) == (was.due_at, was.last_at)


def test_one_undo_takes_both_back_and_redo_brings_them_again(session: Session, inc: str) -> None:
    entry = send(session, inc)
    correct_sent(session, inc, entry, RIGHT)
    undo(session, inc)
    (message,) = session.reads.view(inc).messages
    assert (message.text, message.corrected, corrections(session, inc)) == (WRONG, False, [])
    redo(session, inc)
    assert session.reads.view(inc).messages[0].text == RIGHT
    assert len(corrections(session, inc)) == 1


def test_correcting_the_entry_in_the_timeline_is_the_same(session: Session, inc: str) -> None:
    entry = send(session, inc)
    timeline.correct(session, inc, entry, RIGHT)
    assert len(corrections(session, inc)) == 1
    note = timeline.log(session, inc, "a note with a tpyo")
    timeline.correct(session, inc, note.id, "a note with a typo")
    assert len(corrections(session, inc)) == 1


def test_what_cannot_be_corrected_is_refused_in_words(session: Session, inc: str) -> None:
    with pytest.raises(InvalidInputError, match="Nothing was sent yet"):
        find_sent(session, inc, "last")
    entry = send(session, inc)
    note = timeline.log(session, inc, "no text for customers")
    for wrong, text, words in (
        (entry, WRONG, "Nothing was changed"),
        (entry, " ", "cannot become empty"),
        (note.id, "x", "no text that was sent"),
        ("f" * 32, "x", "no text that was sent"),
    ):
        with pytest.raises(InvalidInputError, match=words):
            correct_sent(session, inc, wrong, text)
    with pytest.raises(InvalidInputError, match="No sent text begins"):
        find_sent(session, inc, "zzzz")


def test_the_last_sent_text_is_found_by_its_word_or_its_id(
    session: Session, inc: str, clock: MovedClock
) -> None:
    first = send(session, inc)
    clock.move(20)
    second = send(session, inc, RIGHT.replace("09:30", "09:50"))
    assert find_sent(session, inc, "last").entry == second
    assert find_sent(session, inc, first).entry == first
    view = session.reads.view(inc)
    assert [each.entry for each in sent_texts(view)] == [second, first]
    assert sent_texts(view, "executives") == ()


def test_another_promised_time_is_no_correction_and_is_said(session: Session, inc: str) -> None:
    entry = send(session, inc)
    message = find_sent(session, inc, entry)
    assert changed_promise(message, RIGHT) == ""
    assert "keeps 09:30 UTC" in changed_promise(message, RIGHT.replace("09:30", "10:00"))


def test_a_correction_is_checked_but_its_promise_may_have_passed(
    session: Session, inc: str, clock: MovedClock
) -> None:
    entry = send(session, inc)
    clock.move(300)
    found = {each.id: each for each in check_correction(session, inc, entry, f"{RIGHT} See db-07.")}
    assert not found["host"].ok
    assert found["next-update"].ok


def test_an_export_shows_the_corrected_text_and_says_so(session: Session, inc: str) -> None:
    entry = send(session, inc)
    correct_sent(session, inc, entry, RIGHT)
    page = export_incident(session, inc, "md").split("## Timeline")[1]
    assert "(corrected)" in page
    assert page.count("paymnets") == 1  # in the sentence that says what was corrected
