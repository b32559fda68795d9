"""Entries: logged at once, corrected with their history, taken back and brought back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cockpit.domain.view import TimelineFilter
from cockpit.domain.vocabulary import EntryKind
from cockpit.errors import InvalidInputError
from cockpit.service.changes import set_field
from cockpit.service.people import tell
from cockpit.service.postmortems import read_timeline
from cockpit.service.session import Session
from cockpit.service.timeline import (
    MAX_ENTRY_CHARACTERS,
    correct,
    hide,
    log,
    log_line,
    move,
    redact,
    split_text,
    star,
)
from cockpit.service.undo import redo, undo
from tests.service.conftest import START, MovedClock


def _headlines(session: Session, inc: str) -> tuple[str, str, str]:
    view = session.reads.view(inc)
    return view.impact_text, view.cause, view.next_step


def test_the_headline_says_what_the_corrected_entry_says(session: Session, inc: str) -> None:
    entry = log_line(session, inc, "/impact one in tree cards fails")
    correct(session, inc, entry.id, "one in three cards fails")
    assert _headlines(session, inc) == ("one in three cards fails", "", "")
    undo(session, inc)
    assert _headlines(session, inc) == ("one in tree cards fails", "", "")


def test_an_older_entry_of_the_kind_is_corrected_and_the_headline_stays(
    session: Session, inc: str
) -> None:
    older = log_line(session, inc, "/next wait")
    log_line(session, inc, "/next decide at noon")
    correct(session, inc, older.id, "wait for the vendor")
    hide(session, inc, older.id)
    assert _headlines(session, inc) == ("", "", "decide at noon")


def test_the_headline_of_an_entry_that_is_taken_back_is_the_one_before(
    session: Session, inc: str, clock: MovedClock
) -> None:
    log_line(session, inc, "/cause the disk is full")
    clock.move(1)
    entry = log_line(session, inc, "/cause the vendor is down")
    hide(session, inc, entry.id)
    assert _headlines(session, inc) == ("", "the disk is full", "")
    undo(session, inc)
    assert _headlines(session, inc) == ("", "the vendor is down", "")
    assert "the vendor is down" in _texts(session, inc)
    for each in (entry.id, read_timeline(session, inc, TimelineFilter(kinds=("cause",)))[0].id):
        hide(session, inc, each)
    assert _headlines(session, inc) == ("", "", "")


def test_no_headline_goes_on_saying_what_was_removed(session: Session, inc: str) -> None:
    log_line(session, inc, "/impact nobody can pay")
    entry = log_line(session, inc, "/impact the key tulip was seen")
    redact(session, inc, entry.id)
    assert _headlines(session, inc) == ("nobody can pay", "", "")
    last = list(session.reads.ops(inc))[-1]
    assert "nobody can pay" in last.op.d
    assert "tulip" not in last.op.d


def _texts(session: Session, inc: str) -> list[str]:
    return [entry.text for entry in read_timeline(session, inc) if entry.editable]


def test_an_entry_is_there_when_log_returns(session: Session, inc: str) -> None:
    entry = log(session, inc, "pool exhausted", kind="observation")
    assert (entry.text, entry.kind, entry.at, entry.author) == (
        "pool exhausted",
        EntryKind.OBSERVATION,
        START,
        "ops",
    )
    assert _texts(session, inc) == ["pool exhausted"]


def test_a_line_says_kind_time_and_headline(session: Session, inc: str) -> None:
    log_line(session, inc, "/cause @08:50 v413 keeps a transaction open")
    entry = read_timeline(session, inc)[0]
    assert (entry.kind, entry.at) == (EntryKind.CAUSE, START - timedelta(minutes=10))
    assert session.reads.view(inc).cause == "v413 keeps a transaction open"


def test_back_dated_entries_stand_where_they_happened(
    session: Session, inc: str, clock: MovedClock
) -> None:
    clock.move(10)
    log(session, inc, "second")
    log(session, inc, "first", at=START + timedelta(minutes=5))
    assert _texts(session, inc) == ["first", "second"]


def test_a_correction_keeps_the_original(session: Session, inc: str) -> None:
    entry = log(session, inc, "20 % fail")
    fixed = correct(session, inc, entry.id, "30 % fail")
    assert (fixed.text, fixed.original, fixed.corrected) == ("30 % fail", "20 % fail", True)
    undo(session, inc)
    assert _texts(session, inc) == ["20 % fail"]
    redo(session, inc)
    assert _texts(session, inc) == ["30 % fail"]


def test_undo_goes_back_step_by_step_and_redo_forward(session: Session, inc: str) -> None:
    log(session, inc, "one")
    log(session, inc, "two")
    set_field(session, inc, "severity", "1", reason="worse")
    for _ in range(3):
        undo(session, inc)
    assert _texts(session, inc) == []
    assert session.reads.view(inc).severity == "SEV2"
    with pytest.raises(InvalidInputError):
        undo(session, inc)
    for _ in range(3):
        redo(session, inc)
    assert _texts(session, inc) == ["one", "two"]
    assert session.reads.view(inc).severity == "SEV1"
    with pytest.raises(InvalidInputError):
        redo(session, inc)


def test_one_field_goes_back_and_forth_through_all_its_values(session: Session, inc: str) -> None:
    for level in ("1", "3", "4"):
        set_field(session, inc, "severity", level)
    for _ in range(2):
        for level in ("SEV3", "SEV1", "SEV2"):
            undo(session, inc)
            assert session.reads.view(inc).severity == level
        for level in ("SEV1", "SEV3", "SEV4"):
            redo(session, inc)
            assert session.reads.view(inc).severity == level


def test_a_text_goes_back_and_forth_through_all_its_corrections(session: Session, inc: str) -> None:
    entry = log(session, inc, "20 % fail")
    for text in ("30 % fail", "40 % fail"):
        correct(session, inc, entry.id, text)
    for _ in range(2):
        for text in ("30 % fail", "20 % fail"):
            undo(session, inc)
            assert _texts(session, inc) == [text]
        for text in ("30 % fail", "40 % fail"):
            redo(session, inc)
            assert _texts(session, inc) == [text]


def test_people_told_together_are_undone_together(session: Session, inc: str) -> None:
    people = [each.id for each in session.reads.view(inc).stakeholders][:3]
    tell(session, inc, people)
    assert len(session.reads.view(inc).told) == 3
    undone = undo(session, inc)
    assert undone.startswith("Undone: told ")
    assert session.reads.view(inc).told == ()
    assert redo(session, inc) == undone.replace("Undone", "Done again")
    assert len(session.reads.view(inc).told) == 3


def test_something_new_after_an_undo_leaves_nothing_to_redo(session: Session, inc: str) -> None:
    log(session, inc, "one")
    undo(session, inc)
    log(session, inc, "two")
    with pytest.raises(InvalidInputError):
        redo(session, inc)


def test_an_entry_taken_back_can_be_seen_when_asked_for(session: Session, inc: str) -> None:
    entry = log(session, inc, "one")
    hide(session, inc, entry.id)
    assert _texts(session, inc) == []
    shown = read_timeline(session, inc, TimelineFilter(hidden=True))
    assert [each.text for each in shown if each.editable] == ["one"]


def test_starred_and_moved(session: Session, inc: str) -> None:
    entry = log(session, inc, "one")
    assert star(session, inc, entry.id, on=True).starred
    assert move(session, inc, entry.id, START - timedelta(hours=1)).at == START - timedelta(hours=1)
    assert not star(session, inc, entry.id, on=False).starred


def test_a_redaction_cannot_be_read_anywhere(session: Session, inc: str) -> None:
    entry = log(session, inc, "token abc123")
    correct(session, inc, entry.id, "token abc124")
    redact(session, inc, entry.id, "secret")
    assert read_timeline(session, inc)[-1].text == ""
    session.store.rebuild()
    assert session.reads.search("abc123") == ()


def test_an_empty_entry_and_an_unknown_kind_are_refused(session: Session, inc: str) -> None:
    for text, kind in (("  ", "note"), ("x", "decsion")):
        with pytest.raises(InvalidInputError):
            log(session, inc, text, kind=kind)


@given(st.text(max_size=200), st.integers(1, 5))
def test_a_long_text_loses_nothing(text: str, times: int) -> None:
    long = text * times + "x" * (MAX_ENTRY_CHARACTERS * (times - 1))
    parts = split_text(long)
    joined = (
        "".join(part.rsplit("\n(part ", 1)[0] for part in parts) if len(parts) > 1 else parts[0]
    )
    assert joined == long
    assert all(len(part) <= MAX_ENTRY_CHARACTERS + 40 for part in parts)


def test_a_megabyte_on_one_line_is_kept_whole(session: Session, inc: str) -> None:
    log(session, inc, "€" * 1_000_000)
    kept = sum(text.count("€") for text in _texts(session, inc))
    assert kept == 1_000_000
